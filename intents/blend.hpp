#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace wasl::intents {

/// What the two parts of the ensemble say to a line, label by label in one order.
struct PartScores {
  std::vector<float> fast;    ///< fastText's, raw
  std::vector<float> linear;  ///< the linear model's, raw
  double known = 0.0;         ///< share of the line's grams that training had seen
  std::size_t known_words = 0;
};

/// How raw scores become probabilities: a softmax over a weighted sum of both parts.  The weights
/// depend on how much of the line is known: who reads half a sentence should be less sure.
struct Blend {
  static constexpr std::size_t kTerms = 4;
  /// Of fast, linear, (known − 1)·fast, (known − 1)·linear.
  std::array<double, kTerms> weights{0.5, 5.0, 0.0, 0.0};
};

/// The weighted sum of both parts for one label.
[[nodiscard]] double logit(const PartScores& scores, const Blend& blend, std::size_t label);

/// The probability of each label, given that it is one of the intents; 0 for label `oos` (an index,
/// or -1).  They sum to 1, if there is an intent at all.
[[nodiscard]] std::vector<double> chances(const PartScores& scores, const Blend& blend, int oos);

/// Scores of a row the model had not seen, and its right label.
struct Seen {
  const PartScores* scores = nullptr;
  int truth = -1;  ///< an intent's index; rows without one are passed over
  double weight = 1.0;
};

/// The blend under which the truth of `rows` is likeliest, by Newton's method from a fixed start;
/// few rows leave it near that start.  Deterministic.
[[nodiscard]] Blend fit_blend(const std::vector<Seen>& rows, int oos);

}  // namespace wasl::intents
