#include "intents/word_sums.hpp"

#include "wasl/core/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

// A place: its head, the linear model's columns, fastText's, from the start of a cache line on.
// Each half has a scale of its own, so that two bytes tell a sum to one part in 32,767 of its
// largest column.

namespace wasl::intents {
namespace {

constexpr float kUnitMax = 32'767.0F;
constexpr std::size_t kBlock = 16;  ///< columns the compiler makes vectors of

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

std::size_t WordSums::padded(std::size_t width) {
  return (width + kBlock - 1) / kBlock * kBlock;
}

WordSums::WordSums(std::size_t linear_width, std::size_t fast_width, std::size_t count)
    : linear_(padded(linear_width)), fast_(padded(fast_width)) {
  const std::size_t bytes = sizeof(Head) + (linear_ + fast_) * sizeof(std::int16_t);
  lines_ = (bytes + sizeof(Line) - 1) / sizeof(Line);
  places_max_ = std::min(count, kBytesMax / (lines_ * sizeof(Line)));
  places_ = std::make_unique<Line[]>(places_max_ * lines_);
  keys_ = KeyTable(places_max_);
}

void WordSums::add(Key key, const LineSums& sums) {
  WASL_CHECK(!full());
  const std::size_t place = keys_.size();
  if (keys_.add(key) != place) return;
  const auto small = [](std::uint32_t value) {
    return static_cast<std::uint16_t>(
        std::min<std::uint32_t>(value, std::numeric_limits<std::uint16_t>::max()));
  };
  std::int16_t* const units = places_[place * lines_].units;
  std::int16_t* const columns = units + sizeof(Head) / sizeof(std::int16_t);
  Head head;
  head.linear_scale = pack(sums.linear, linear_, columns);
  head.fast_scale = pack(sums.fast, fast_, columns + linear_);
  head.squares = sums.squares;
  head.grams = small(sums.grams);
  head.known = small(sums.known);
  head.rows = sums.rows;
  std::memcpy(units, &head, sizeof head);
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
