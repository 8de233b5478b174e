#include "intents/key_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace wasl::intents {
namespace {

constexpr std::size_t kSlotsMin = 16;

KeyTable::Key stir(KeyTable::Key key) {
  key ^= key >> 32U;
  key *= 0xD6E8FEB86659FD93ULL;
  key ^= key >> 32U;
  return key;
}

}  // namespace

KeyTable::Key KeyTable::key_of(std::string_view text) {
  Key key = 0x9E3779B97F4A7C15ULL ^ text.size();
  while (text.size() >= sizeof key) {
    Key eight = 0;
    std::memcpy(&eight, text.data(), sizeof eight);
    key = stir(key ^ eight);
    text.remove_prefix(sizeof eight);
  }
  Key rest = 0;
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  return stir(stir(key ^ rest));
}

KeyTable::Key KeyTable::join(Key first, Key second) {
  return stir(std::rotl(first, 23) + 0xA0761D6478BD642FULL + second * 0xE7037ED1A0B428DBULL);
}

KeyTable::KeyTable(std::size_t count) {
  keys_.reserve(count);
  spread(std::bit_ceil(std::max(2 * count, kSlotsMin)));
}

void KeyTable::spread(std::size_t slots) {
  slots_.assign(slots, {});
  shift_ = 64U - static_cast<std::uint32_t>(std::countr_zero(slots));
  for (std::size_t i = 0; i < keys_.size(); ++i) put(keys_[i], i);
}

void KeyTable::put(Key key, std::size_t number) {
  std::size_t at = static_cast<std::size_t>(key >> shift_);
  while (slots_[at].number != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(number + 1)};
}

std::size_t KeyTable::add(Key key) {
  std::size_t at = static_cast<std::size_t>(key >> shift_);
  for (; slots_[at].number != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (keys_[slots_[at].number - 1] == key) return slots_[at].number - 1;
  }
  keys_.push_back(key);
  if (2 * keys_.size() > slots_.size()) {
    spread(2 * slots_.size());
  } else {
    put(key, keys_.size() - 1);
  }
  return keys_.size() - 1;
}

std::size_t KeyTable::find(Key key) const {
  std::size_t at = static_cast<std::size_t>(key >> shift_);
  for (; slots_[at].number != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].mark == static_cast<std::uint32_t>(key)) return slots_[at].number - 1;
  }
  return kNone;
}

}  // namespace wasl::intents
