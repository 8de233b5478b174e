#pragma once

#include "wasl/core/result.hpp"

#include "intents/grams.hpp"
#include "intents/linear_training.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// The linear model as it is shipped and read: one byte for a weight.
///
/// Immutable; safe for many threads.  Cost of a score: a look-up and a row for each gram.
class LinearModel {
 public:
  LinearModel() = default;
  explicit LinearModel(const LinearWeights& weights);

  /// Errors: invalid_input  not what write() gives: cut, forged, of another version.
  static Result<LinearModel> read(std::string_view bytes);
  [[nodiscard]] std::string write() const;

  struct Scores {
    std::vector<float> labels;
    std::size_t grams = 0;  ///< of the line
    std::size_t known = 0;  ///< of those, seen in training
  };
  /// Of a line of features.
  [[nodiscard]] Scores score(std::string_view line) const;

  [[nodiscard]] std::size_t labels() const { return bias_.size(); }
  [[nodiscard]] std::size_t grams() const { return keys_.size(); }

 private:
  using Key = std::uint32_t;  ///< the upper half of a gram's hash

  void index();
  [[nodiscard]] std::size_t find(Key key) const;  ///< the row, or grams()

  std::vector<Key> keys_;          ///< sorted, none twice
  std::vector<float> rarity_;      ///< of each row
  std::vector<float> scale_;       ///< what 1 in a row is worth
  std::vector<std::int8_t> rows_;  ///< labels() weights for each key, times rarity
  std::vector<float> bias_;
  std::vector<std::uint32_t> slots_;  ///< open addressing: row + 1, or 0
  std::uint32_t shift_ = 0;
};

}  // namespace wasl::intents
