#include "intents/blend.hpp"

#include "intents/newton.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

// The likelihood is concave in the weights, so Newton's method needs no tuning; a small pull
// towards the start keeps it in place where rows are few.

namespace wasl::intents {
namespace {

constexpr double kPull = 2.0;
constexpr double kLeast = 1e-3;  ///< of a part's weight: none may speak against itself

using Terms = std::array<double, Blend::kTerms>;

Terms terms(const PartScores& scores, std::size_t label) {
  const auto fast = static_cast<double>(scores.fast[label]);
  const auto linear = static_cast<double>(scores.linear[label]);
  const double unknown = scores.known - 1.0;
  return {fast, linear, unknown * fast, unknown * linear};
}

/// The pull is weaker on what is measured in small units.
constexpr Terms kUnits{0.5, 5.0, 0.5, 5.0};

/// How much each part counts for this line.
std::pair<double, double> slopes(const PartScores& scores, const Blend& blend) {
  const double unknown = scores.known - 1.0;
  return {std::max(kLeast, blend.weights[0] + unknown * blend.weights[2]),
          std::max(kLeast, blend.weights[1] + unknown * blend.weights[3])};
}

}  // namespace

double logit(const PartScores& scores, const Blend& blend, std::size_t label) {
  const auto [fast, linear] = slopes(scores, blend);
  return fast * static_cast<double>(scores.fast[label]) +
         linear * static_cast<double>(scores.linear[label]);
}

std::vector<double> chances(const PartScores& scores, const Blend& blend, int oos) {
  const auto [fast, linear] = slopes(scores, blend);
  std::vector<double> result(scores.linear.size(), 0.0);
  double top = -1e300;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (static_cast<int>(i) == oos) continue;
    result[i] =
        fast * static_cast<double>(scores.fast[i]) + linear * static_cast<double>(scores.linear[i]);
    top = std::max(top, result[i]);
  }
  double all = 0.0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (static_cast<int>(i) == oos) continue;
    result[i] = std::exp(result[i] - top);
    all += result[i];
  }
  for (double& value : result) value /= all > 0.0 ? all : 1.0;
  return result;
}

Blend fit_blend(const std::vector<Seen>& rows, int oos) {
  const Blend start;
  Blend best = start;
  const auto step = [&](const std::vector<double>& at) {
    NewtonStep sums(Blend::kTerms);
    Blend here;
    std::copy(at.begin(), at.end(), here.weights.begin());
    for (const Seen& row : rows) {
      if (row.truth < 0 || row.truth == oos) continue;
      const auto chance = chances(*row.scores, here, oos);
      Terms mean{};
      std::array<Terms, Blend::kTerms> square{};
      for (std::size_t k = 0; k < chance.size(); ++k) {
        if (chance[k] < 1e-9) continue;
        const Terms x = terms(*row.scores, k);
        for (std::size_t i = 0; i < x.size(); ++i) {
          mean[i] += chance[k] * x[i];
          for (std::size_t j = 0; j <= i; ++j) square[i][j] += chance[k] * x[i] * x[j];
        }
      }
      const Terms right = terms(*row.scores, static_cast<std::size_t>(row.truth));
      sums.loss -= row.weight * std::log(chance[static_cast<std::size_t>(row.truth)] + 1e-12);
      for (std::size_t i = 0; i < mean.size(); ++i) {
        sums.gradient[i] += row.weight * (mean[i] - right[i]);
        for (std::size_t j = 0; j <= i; ++j) {
          sums.curvature(i, j) += row.weight * (square[i][j] - mean[i] * mean[j]);
        }
      }
    }
    for (std::size_t i = 0; i < Blend::kTerms; ++i) {
      const double off = (at[i] - start.weights[i]) / kUnits[i];
      sums.loss += 0.5 * kPull * off * off;
      sums.gradient[i] += kPull * off / kUnits[i];
      sums.curvature(i, i) += kPull / (kUnits[i] * kUnits[i]);
    }
    return sums;
  };
  const auto found = minimise({start.weights.begin(), start.weights.end()}, step);
  std::copy(found.begin(), found.end(), best.weights.begin());
  return best;
}

}  // namespace wasl::intents
