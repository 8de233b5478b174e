#pragma once

#include "intents/key_table.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace wasl::intents {

/// What a line, or a part of one, brings to both models before it is divided by its length.
/// The rows are the caller's and a whole number of blocks wide (WordSums::padded).
struct LineSums {
  float* linear = nullptr;  ///< weights of n-grams, a column for each label
  float* fast = nullptr;    ///< fastText's rows, a column for each dimension
  float squares = 0.0F;     ///< rarities of n-grams, squared
  std::uint32_t grams = 0;  ///< n-grams of the linear model
  std::uint32_t known = 0;  ///< of those, seen in training
  std::uint32_t rows = 0;   ///< fastText's, in `fast`
};

/// What words, and pairs of words that follow each other, bring to both models, summed in advance.
///
/// A word has some 25 n-grams and a pair six, each in a place of its own in tables larger than any
/// cache; here each is found by one hash and has all it brings in one place of three cache lines,
/// two bytes a column.  A model remembers what occurs often and looks up the rest gram by gram.
/// Immutable once filled; safe for many threads.
class WordSums {
 public:
  using Key = KeyTable::Key;
  static constexpr std::size_t kNone = KeyTable::kNone;
  static constexpr std::size_t kBytesMax = 8U << 20;  ///< of all places together

  [[nodiscard]] static Key word_key(std::string_view word) { return KeyTable::key_of(word); }
  [[nodiscard]] static Key pair_key(Key first, Key second) { return KeyTable::join(first, second); }
  /// Columns a row of LineSums needs for `width` of them.
  [[nodiscard]] static std::size_t padded(std::size_t width);

  WordSums() = default;
  /// Room for `count` places, or for as many of them as kBytesMax allows.
  WordSums(std::size_t linear_width, std::size_t fast_width, std::size_t count);

  [[nodiscard]] bool full() const { return keys_.size() == places_max_; }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  /// Remembers.  A key that is there already stays as it is.  REQUIRES: !full().
  void add(Key key, const LineSums& sums);

  /// Begins to read what find() will.
  void fetch(Key key) const { keys_.fetch(key); }
  [[nodiscard]] std::size_t find(Key key) const { return keys_.find(key); }
  void fetch_sums(std::size_t place) const;  ///< begins to read what add_to() will
  /// Adds the sums of a place that find() gave.
  void add_to(std::size_t place, LineSums& sums) const;

 private:
  struct alignas(64) Line {
    std::int16_t units[32];
  };
  /// Stands before the columns of a place.
  struct Head {
    float linear_scale = 0.0F;  ///< what 1 in a column is worth
    float fast_scale = 0.0F;
    float squares = 0.0F;
    std::uint16_t grams = 0;
    std::uint16_t known = 0;
    std::uint32_t rows = 0;
  };

  std::size_t linear_ = 0;  ///< columns, padded
  std::size_t fast_ = 0;
  std::size_t lines_ = 0;  ///< of a place
  std::size_t places_max_ = 0;
  KeyTable keys_;
  std::unique_ptr<Line[]> places_;
};

}  // namespace wasl::intents
