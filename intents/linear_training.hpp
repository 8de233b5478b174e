#pragma once

#include "intents/grams.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// The score of a label without rows, whatever the line.
inline constexpr float kNeverSeen = -2.0F;

/// How the linear model is trained.  The defaults were chosen on validation splits: ADR 0011.
struct LinearSettings {
  double cost = 1.0;         ///< of a mistake, beside the squared weights
  double rarity = 0.5;       ///< exponent of the inverse document frequency
  double balance = 0.5;      ///< 0: every row counts the same; 1: every label does
  double ratio = 0.0;        ///< how far grams count by how they divide the label from the rest
  double tolerance = 0.1;    ///< when the solver stops
  std::size_t rows_min = 1;  ///< a gram of fewer rows is left out
  std::size_t grams_max = 100'000;  ///< were there more, so would those of the fewest rows
  std::size_t threads = 1;          ///< labels are trained beside one another; no effect on weights
};

/// Settings for that many examples of that many labels.
[[nodiscard]] LinearSettings linear_settings_for(std::size_t examples, std::size_t labels);
[[nodiscard]] std::string to_string(const LinearSettings& settings);

/// One example: a line of features and the index of its label.
struct LinearRow {
  std::string_view line;
  std::size_t label = 0;
};

/// A linear model as it was trained: full precision, nothing left out.
struct LinearWeights {
  std::size_t labels = 0;
  float unseen = 0.0F;         ///< rarity of grams that training had not seen: they bring no
                               ///< weight, but length, so that a strange line scores low
  std::vector<Gram> grams;     ///< sorted
  std::vector<float> rarity;   ///< of each gram: how much an occurrence counts
  std::vector<float> weights;  ///< a row of `labels` for each gram
  std::vector<float> bias;     ///< of each label

  /// What a line looks like to each label: the slow, obvious twin of LinearModel::score().
  [[nodiscard]] std::vector<float> score(std::string_view line) const;
};

/// Trains one label against all others, for each label, with liblinear's Newton method: no random
/// numbers, the same weights for the same rows in the same order.  A label without rows scores low.
/// REQUIRES: `labels` ≥ 1; each row's label below it.
/// Cost: about 5 s on one core for 7,000 rows of 77 labels.
[[nodiscard]] LinearWeights train_linear(const std::vector<LinearRow>& rows, std::size_t labels,
                                         const LinearSettings& settings);

}  // namespace wasl::intents
