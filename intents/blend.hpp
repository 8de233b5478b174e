#pragma once

#include "intents/sureness.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace wasl::intents {

/// What the two parts of the ensemble say to a line, label by label in one order.
struct PartScores {
  std::vector<float> fast;    ///< fastText's, raw
  std::vector<float> linear;  ///< the linear model's, raw
  std::vector<float> near;    ///< how alike the likest example is; of no labels if none are kept
  double known = 0.0;         ///< share of the line's grams that training had seen
  std::size_t known_words = 0;
};

/// How raw scores become probabilities: a softmax over a weighted sum of the parts.  Where labels
/// have very different numbers of rows, what pleases most rows is not what finds the rare label:
/// then its sum is raised.
struct Blend {
  static constexpr std::size_t kTerms = 3;
  std::array<double, kTerms> weights{0.5, 5.0, 2.0};  ///< of fast, of linear, of near
  Sureness sureness;
  double evenness = 0.0;      ///< how far rare labels are helped: 0 to 1
  std::vector<float> rarity;  ///< of each label (Parts::rarity); may be empty when evenness is 0
};

/// The weighted sum of the parts for one label.
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
/// few rows leave it near that start.  Where examples are kept, `sureness` is fitted afterwards, to
/// how often the best guess is right; elsewhere it changes nothing: in large sets the softmax is
/// honest, and what doubt it has left is needed where texts are of another kind.  `evenness` is the
/// one of 0, 0.1 … 1 that makes the sum of accuracy and macro-F1 greatest; 0 with fewer than 300
/// rows a label.  Deterministic.
[[nodiscard]] Blend fit_blend(const std::vector<Seen>& rows, std::vector<float> rarity, int oos);

}  // namespace wasl::intents
