#pragma once

#include "wasl/core/result.hpp"

#include "intents/grams.hpp"
#include "intents/linear_training.hpp"
#include "intents/word_sums.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// The linear model as it is shipped and read: one byte for a weight.
///
/// Immutable; safe for many threads.  Cost: a look-up and a row for each n-gram, some 25 a word and
/// six a pair of words; a line can be summed part by part, so that sums which are known already
/// (WordSums) need not be made again.
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
  /// Of a line of features, gram by gram.
  [[nodiscard]] Scores score(std::string_view line) const;
  /// What n-grams bring.
  void add(const std::vector<Gram>& grams, LineSums& sums) const;
  /// What a line's sums come to.
  void finish(const LineSums& sums, std::vector<float>& labels) const;

  [[nodiscard]] std::size_t labels() const { return bias_.size(); }
  [[nodiscard]] std::size_t grams() const { return keys_.size(); }

 private:
  using Key = std::uint32_t;  ///< the upper half of a gram's hash

  void index();
  [[nodiscard]] std::size_t find(Key key) const;  ///< the row, or grams()

  float unseen_ = 0.0F;            ///< LinearWeights::unseen
  std::vector<Key> keys_;          ///< sorted, none twice
  std::vector<float> rarity_;      ///< of each row
  std::vector<float> scale_;       ///< what 1 in a row is worth
  std::size_t stride_ = 0;         ///< labels(), rounded up
  std::vector<std::int8_t> rows_;  ///< stride_ weights for each key, times rarity
  std::vector<float> bias_;

  // Made of these for reading.
  struct Slot {
    Key key = 0;
    std::uint32_t row = 0;  ///< from 1; 0: free
  };
  struct Worth {
    float rarity;
    float scale;
  };
  std::vector<Slot> slots_;  ///< open addressing
  std::uint32_t shift_ = 0;
  std::vector<Worth> worth_;
};

}  // namespace wasl::intents
