#pragma once

#include <cstddef>
#include <vector>

namespace wasl::intents {

/// How raw scores become probabilities.
struct Calibration {
  double slope = 1.0;  ///< how much a score counts
  double none = 0.0;   ///< the score of "none of these"
};

/// The probability of each label, given its score; what is left to 1 is "none of these".
[[nodiscard]] std::vector<double> probabilities(const std::vector<float>& scores,
                                                const Calibration& calibration);

/// Scores of an example the model had not seen.
struct HeldOut {
  std::vector<float> scores;
  int truth = -1;  ///< index of the right label; -1: none of the labels
  double weight = 1.0;
};

/// The calibration under which the truth of `examples` is likeliest.  `also_none` is the label
/// that means "none" too, or -1.  Deterministic.
[[nodiscard]] Calibration fit_calibration(const std::vector<HeldOut>& examples, int also_none);

}  // namespace wasl::intents
