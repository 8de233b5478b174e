// Pieces of the base are found by hashing eight bytes at a time, the longest match from there on
// taken at once.  Snapshots of one conversation differ in a few values, at places that shift, so
// this finds nearly all they share.
//
// A delta is the length of the text, then steps until that length is reached: bytes to add, then
// where to copy from, as a distance from the end of the last copy, and how much.

#include "store/delta.hpp"

#include "store/pack.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace wasl::store {
namespace {

constexpr std::size_t kSeed = 8;         // bytes that must agree before a copy is considered
constexpr std::size_t kStride = 4;       // of the base, every so many bytes one place is remembered
constexpr unsigned kSlotBits = 11;       // 2,048 places
constexpr std::size_t kCopyMin = 12;     // shorter ones cost as much as their bytes
constexpr std::size_t kBaseMax = 65535;  // what fits a slot; beyond, the base is not searched

std::size_t slot_of(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, kSeed);
  return static_cast<std::size_t>((word * 0x9E3779B97F4A7C15U) >> (64U - kSlotBits));
}

std::size_t same_length(std::string_view a, std::string_view b) {
  const std::size_t size_max = std::min(a.size(), b.size());
  std::size_t size = 0;
  for (; size + sizeof(std::uint64_t) <= size_max; size += sizeof(std::uint64_t)) {
    if (std::memcmp(a.data() + size, b.data() + size, sizeof(std::uint64_t)) != 0) break;
  }
  while (size < size_max && a[size] == b[size]) ++size;
  return size;
}

}  // namespace

bool make_delta(std::string_view base, std::string_view text, std::size_t size_max,
                std::string& delta) {
  delta.clear();
  Packer out(delta);
  out.count(text.size());

  std::array<std::uint16_t, 1U << kSlotBits> places{};  // one more than the place; 0: none
  const std::string_view searched = base.substr(0, kBaseMax);
  for (std::size_t i = 0; i + kSeed <= searched.size(); i += kStride) {
    places[slot_of(searched.data() + i)] = static_cast<std::uint16_t>(i + 1);
  }

  std::size_t base_at = 0;  // where the last copy ended
  std::size_t done = 0;     // bytes of the text that are written
  const auto add = [&](std::size_t text_at, std::size_t base_from, std::size_t size) {
    out.text(text.substr(done, text_at - done));
    out.whole(static_cast<std::int64_t>(base_from) - static_cast<std::int64_t>(base_at));
    out.count(size);
    base_at = base_from + size;
    done = text_at + size;
  };

  for (std::size_t i = 0; i + kSeed <= text.size();) {
    const std::size_t place = places[slot_of(text.data() + i)];
    if (place == 0) {
      ++i;
      continue;
    }
    std::size_t from = place - 1;
    std::size_t start = i;
    while (start > done && from > 0 && text[start - 1] == base[from - 1]) --start, --from;
    const std::size_t size = same_length(text.substr(start), base.substr(from));
    if (size < kCopyMin) {
      ++i;
      continue;
    }
    add(start, from, size);
    if (delta.size() > size_max) return false;
    i = done;
  }
  if (done < text.size()) add(text.size(), base_at, 0);
  return delta.size() <= size_max;
}

std::optional<std::string> apply_delta(std::string_view base, std::string_view delta) {
  Unpacker in(delta);
  const std::uint64_t size = in.count();
  std::string text;
  std::int64_t base_at = 0;
  while (!in.broken() && text.size() < size) {
    text += in.text();
    base_at += in.whole();
    const std::uint64_t copied = in.count();
    if (in.broken() || base_at < 0 || static_cast<std::uint64_t>(base_at) > base.size() ||
        copied > base.size() - static_cast<std::uint64_t>(base_at)) {
      return std::nullopt;
    }
    text += base.substr(static_cast<std::size_t>(base_at), copied);
    base_at += static_cast<std::int64_t>(copied);
  }
  if (in.broken() || in.left() != 0 || text.size() != size) return std::nullopt;
  return text;
}

}  // namespace wasl::store
