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
/// Immutable once it serves; safe for many threads.  Cost of a score: a look-up and a row for each
/// pair of words, a row for each remembered word, some 25 look-ups and rows for any other.
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
  /// The same of its words; `ids` are their places among the remembered words, or beyond them.
  [[nodiscard]] Scores score(const std::vector<std::string_view>& words,
                             const std::vector<std::size_t>& ids) const;

  /// Computes once what each of `words` brings by itself, as far as memory is well spent: a
  /// remembered word costs one row.
  void remember(const std::vector<std::string>& words);

  [[nodiscard]] std::size_t labels() const { return bias_.size(); }
  [[nodiscard]] std::size_t grams() const { return keys_.size(); }

 private:
  using Key = std::uint32_t;  ///< the upper half of a gram's hash

  /// What part of a line brings, before it is divided by its length.
  struct Sum {
    float* row;
    float squares = 0.0F;
    std::uint32_t grams = 0;
    std::uint32_t known = 0;
  };
  /// A word's sum, without its row.
  struct Word {
    float squares = 0.0F;
    std::uint32_t grams = 0;
    std::uint32_t known = 0;
  };

  void index();
  void add(const std::vector<Gram>& grams, Sum& sum) const;
  void finish(const Sum& sum, Scores& scores) const;
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
  std::vector<Word> words_;       ///< remembered
  std::vector<float> word_rows_;  ///< stride_ each
};

}  // namespace wasl::intents
