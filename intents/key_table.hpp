#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// Numbers by 64-bit keys: one place to look, mostly in one cache line, and no text to compare.
///
/// A look-up compares the lower half of the key and, by where it begins to look, some of the
/// upper: a key nobody added is taken for another about once in 10^9.  Who cannot bear that
/// compares what the number stands for.  Immutable once filled; safe for many threads.
class KeyTable {
 public:
  using Key = std::uint64_t;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  [[nodiscard]] static Key key_of(std::string_view text);
  /// Of two things one after the other.
  [[nodiscard]] static Key join(Key first, Key second);

  /// Room for `count` keys before it grows.
  explicit KeyTable(std::size_t count = 0);

  /// The number of a key: the one it has, or that of a new one, which are counted from 0.
  std::size_t add(Key key);
  [[nodiscard]] std::size_t find(Key key) const;
  /// Begins to read what find() will.
  void fetch(Key key) const {
    __builtin_prefetch(&slots_[static_cast<std::size_t>(key >> shift_)]);
  }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  struct Slot {
    std::uint32_t mark = 0;    ///< the lower half of the key; its place is by the upper one
    std::uint32_t number = 0;  ///< from 1; 0: free
  };

  void spread(std::size_t slots);
  void put(Key key, std::size_t number);

  std::vector<Slot> slots_;  ///< open addressing, at most half full
  std::vector<Key> keys_;    ///< by number
  std::uint32_t shift_ = 0;
};

}  // namespace wasl::intents
