#pragma once

#include "wasl/core/result.hpp"

#include "intents/blend.hpp"
#include "intents/fasttext_training.hpp"
#include "intents/linear_model.hpp"
#include "intents/scorer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
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
};
[[nodiscard]] PartSettings part_settings_for(std::size_t examples, std::size_t labels);
[[nodiscard]] std::string to_string(const PartSettings& settings);

/// Of each label, the logarithm of a fair share of the lessons over its own; 0 without lessons.
[[nodiscard]] std::vector<float> label_rarity(const std::vector<Lesson>& lessons,
                                              std::size_t labels);

/// The two models of the ensemble: fastText, which shares what it learns between labels, and a
/// linear one, which remembers single n-grams.  Immutable; safe for many threads.
class Parts {
 public:
  /// Trains both on `lessons` in an order drawn from `seed`; one thread each, the linear one as
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

  /// label_rarity() of the lessons.
  [[nodiscard]] const std::vector<float>& rarity() const { return rarity_; }

  /// What a line of features looks like to each label.
  [[nodiscard]] PartScores score(std::string_view features) const;

 private:
  Parts(std::vector<std::string> labels, std::vector<float> rarity, Scorer fast,
        LinearModel linear);
  [[nodiscard]] bool join_labels();

  std::vector<std::string> labels_;
  std::vector<float> rarity_;
  Scorer fast_;
  std::vector<std::size_t> fast_at_;  ///< for each label of fast_, ours
  LinearModel linear_;
};

}  // namespace wasl::intents
