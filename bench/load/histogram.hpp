#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace wasl::bench {

/// Durations in nanoseconds, each kept to within 1/64 of itself.
class Histogram {
 public:
  void add(std::int64_t nanoseconds) {
    const auto value = static_cast<std::uint64_t>(nanoseconds < 0 ? 0 : nanoseconds);
    ++counts_[slot(value)];
    ++total_;
  }

  void clear() { *this = Histogram{}; }

  [[nodiscard]] std::uint64_t total() const { return total_; }

  /// The middle of the slot that holds the `share` quantile (0 to 1), in microseconds.
  [[nodiscard]] double quantile_us(double share) const {
    if (total_ == 0) return 0.0;
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(total_ - 1));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kSlots; ++i) {
      seen += counts_[i];
      if (seen > rank) return static_cast<double>(lowest(i) + lowest(i + 1)) / 2000.0;
    }
    return 0.0;
  }

 private:
  static constexpr unsigned kFineBits = 6;
  static constexpr std::uint64_t kFine = 1U << kFineBits;
  static constexpr std::size_t kSlots = kFine * 40;

  // Below kFine one slot for each value, then kFine slots for each power of two.
  static std::size_t slot(std::uint64_t value) {
    if (value < kFine) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kFineBits;
    const std::size_t index = (shift + 1) * kFine + ((value >> shift) - kFine);
    return index < kSlots ? index : kSlots - 1;
  }

  static std::uint64_t lowest(std::size_t slot) {
    if (slot < kFine) return slot;
    const std::uint64_t shift = slot / kFine - 1;
    return (slot % kFine + kFine) << shift;
  }

  std::array<std::uint32_t, kSlots> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace wasl::bench
