#pragma once

#include "wasl/core/result.hpp"

#include "intents/blend.hpp"
#include "intents/fasttext_training.hpp"
#include "intents/linear_model.hpp"
#include "intents/neighbours.hpp"
#include "intents/scorer.hpp"
#include "intents/word_sums.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::intents {

/// One example to learn from.
struct Lesson {
  std::string_view features;
  std::size_t label = 0;
};

struct PartSettings {
  TrainSettings fast;
  LinearSettings linear;
  bool neighbours = false;  ///< whether the examples themselves are kept
};
[[nodiscard]] PartSettings part_settings_for(std::size_t examples, std::size_t labels,
                                             bool neighbours);
[[nodiscard]] std::string to_string(const PartSettings& settings);

/// Of each label, the logarithm of a fair share of the lessons over its own; 0 without lessons.
[[nodiscard]] std::vector<float> label_rarity(const std::vector<Lesson>& lessons,
                                              std::size_t labels);

/// The models of the ensemble: fastText, which shares what it learns between labels, a linear one,
/// which remembers single n-grams, and, where they are few, the examples themselves.  Immutable;
/// safe for many threads.
class Parts {
 public:
  /// Trains them on `lessons` in an order drawn from `seed`; one thread each, the linear one as
  /// many as its settings allow.  Same input, same bytes.  Labels without a lesson score as never.
  /// `scratch` is a file this may write and remove.  Errors: unavailable.
  static Result<Parts> train(std::vector<Lesson> lessons, std::vector<std::string> labels,
                             PartSettings settings, std::uint64_t seed,
                             const std::filesystem::path& scratch);

  /// All of it as one file.
  [[nodiscard]] std::string write() const;

  /// Errors: invalid_input  not what write() gave.
  static Result<Parts> read(std::string_view bytes);

  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }

  /// Words and pairs whose sums are known in advance.
  [[nodiscard]] std::size_t remembered() const { return sums_.size(); }

  /// label_rarity() of the lessons.
  [[nodiscard]] const std::vector<float>& rarity() const { return rarity_; }

  /// What a line of features looks like to each label.  Sums of words and pairs that training saw
  /// often are remembered (WordSums); only the rest is looked up gram by gram.
  [[nodiscard]] PartScores score(std::string_view features) const;
  /// The same without what is remembered: the slow, obvious twin.
  [[nodiscard]] PartScores score_plainly(std::string_view features) const;

 private:
  static constexpr std::size_t kPairsMax = 40'000;
  /// Two words that follow each other, by their numbers in fast_.
  using Pair = std::pair<std::uint32_t, std::uint32_t>;

  Parts(std::vector<std::string> labels, std::vector<float> rarity, Scorer fast, LinearModel linear,
        std::vector<Pair> pairs, Neighbours near);
  [[nodiscard]] static std::vector<Pair> frequent_pairs(const std::vector<Lesson>& lessons,
                                                        const Scorer& fast);
  [[nodiscard]] static std::optional<std::vector<Pair>> read_pairs(std::string_view bytes,
                                                                   std::size_t words);
  [[nodiscard]] bool join_labels();
  void remember();
  [[nodiscard]] PartScores join(const LineSums& sums, std::size_t known_words) const;

  std::vector<std::string> labels_;
  std::vector<float> rarity_;
  Scorer fast_;
  std::vector<std::size_t> fast_at_;  ///< for each label of fast_, ours
  LinearModel linear_;
  std::vector<Pair> pairs_;  ///< that training saw more than once, the most frequent first
  WordSums sums_;            ///< of fast_.words() and pairs_, as far as there is room
  Neighbours near_;
};

}  // namespace wasl::intents
