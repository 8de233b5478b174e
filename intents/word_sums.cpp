#include "intents/word_sums.hpp"

#include "wasl/core/check.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

// A place: its head, the linear model's columns, fastText's, from the start of a cache line on.
// Each half has a scale of its own, so that two bytes tell a sum to one part in 32,767 of its
// largest column.  A key is 64 bits, of which a look-up compares the lower half and, by where it
// begins to look, some of the upper: a word nobody remembered is taken for another about once in
// 10^9.

namespace wasl::intents {
namespace {

constexpr float kUnitMax = 32'767.0F;
constexpr std::size_t kBlock = 16;  ///< columns the compiler makes vectors of
constexpr std::size_t kSlotsMin = 16;

WordSums::Key stir(WordSums::Key key) {
  key ^= key >> 32U;
  key *= 0xD6E8FEB86659FD93ULL;
  key ^= key >> 32U;
  return key;
}

/// Rounds columns to units in place; gives what 1 is worth.
float pack(const float* columns, std::size_t width, std::int16_t* units) {
  float most = 0.0F;
  for (std::size_t k = 0; k < width; ++k) most = std::max(most, std::abs(columns[k]));
  const float scale = std::isfinite(most) ? most / kUnitMax : 0.0F;
  for (std::size_t k = 0; k < width; ++k) {
    const float unit = scale > 0.0F ? columns[k] / scale : 0.0F;
    units[k] = static_cast<std::int16_t>(std::lround(std::clamp(unit, -kUnitMax, kUnitMax)));
  }
  return scale;
}

void add_units(float* to, const std::int16_t* units, float scale, std::size_t width) {
  for (std::size_t block = 0; block < width; block += kBlock) {
    for (std::size_t k = 0; k < kBlock; ++k) {
      to[block + k] += scale * static_cast<float>(units[block + k]);
    }
  }
}

}  // namespace

WordSums::Key WordSums::word_key(std::string_view word) {
  Key key = 0x9E3779B97F4A7C15ULL ^ word.size();
  while (word.size() >= sizeof key) {
    Key eight = 0;
    std::memcpy(&eight, word.data(), sizeof eight);
    key = stir(key ^ eight);
    word.remove_prefix(sizeof eight);
  }
  Key rest = 0;
  if (!word.empty()) std::memcpy(&rest, word.data(), word.size());
  return stir(stir(key ^ rest));
}

WordSums::Key WordSums::pair_key(Key first, Key second) {
  return stir(std::rotl(first, 23) + 0xA0761D6478BD642FULL + second * 0xE7037ED1A0B428DBULL);
}

std::size_t WordSums::padded(std::size_t width) {
  return (width + kBlock - 1) / kBlock * kBlock;
}

WordSums::WordSums(std::size_t linear_width, std::size_t fast_width, std::size_t count)
    : linear_(padded(linear_width)), fast_(padded(fast_width)) {
  const std::size_t bytes = sizeof(Head) + (linear_ + fast_) * sizeof(std::int16_t);
  lines_ = (bytes + sizeof(Line) - 1) / sizeof(Line);
  places_max_ = std::min(count, kBytesMax / (lines_ * sizeof(Line)));
  places_ = std::make_unique<Line[]>(places_max_ * lines_);
  slots_.assign(std::bit_ceil(std::max(2 * places_max_, kSlotsMin)), {});
  shift_ = 64U - static_cast<std::uint32_t>(std::countr_zero(slots_.size()));
}

void WordSums::add(Key key, const LineSums& sums) {
  WASL_CHECK(!full());
  std::size_t at = static_cast<std::size_t>(key >> shift_);
  for (; slots_[at].place != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].mark == static_cast<std::uint32_t>(key)) return;
  }
  const auto small = [](std::uint32_t value) {
    return static_cast<std::uint16_t>(
        std::min<std::uint32_t>(value, std::numeric_limits<std::uint16_t>::max()));
  };
  std::int16_t* const units = places_[count_ * lines_].units;
  std::int16_t* const columns = units + sizeof(Head) / sizeof(std::int16_t);
  Head head;
  head.linear_scale = pack(sums.linear, linear_, columns);
  head.fast_scale = pack(sums.fast, fast_, columns + linear_);
  head.squares = sums.squares;
  head.grams = small(sums.grams);
  head.known = small(sums.known);
  head.rows = sums.rows;
  std::memcpy(units, &head, sizeof head);
  slots_[at] = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(++count_)};
}

void WordSums::fetch(Key key) const {
  if (!slots_.empty()) __builtin_prefetch(&slots_[static_cast<std::size_t>(key >> shift_)]);
}

std::size_t WordSums::find(Key key) const {
  if (slots_.empty()) return kNone;
  std::size_t at = static_cast<std::size_t>(key >> shift_);
  for (; slots_[at].place != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].mark == static_cast<std::uint32_t>(key)) return slots_[at].place - 1;
  }
  return kNone;
}

void WordSums::fetch_sums(std::size_t place) const {
  for (std::size_t i = 0; i < lines_; ++i) __builtin_prefetch(&places_[place * lines_ + i]);
}

void WordSums::add_to(std::size_t place, LineSums& sums) const {
  const std::int16_t* const units = places_[place * lines_].units;
  const std::int16_t* const columns = units + sizeof(Head) / sizeof(std::int16_t);
  Head head;
  std::memcpy(static_cast<void*>(&head), units, sizeof head);
  add_units(sums.linear, columns, head.linear_scale, linear_);
  add_units(sums.fast, columns + linear_, head.fast_scale, fast_);
  sums.squares += head.squares;
  sums.grams += head.grams;
  sums.known += head.known;
  sums.rows += head.rows;
}

}  // namespace wasl::intents
