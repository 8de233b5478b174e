#include "intents/sureness.hpp"

#include "intents/newton.hpp"

#include <algorithm>
#include <cmath>

// Platt's scaling of the best guess, with a pull towards no change.

namespace wasl::intents {
namespace {

constexpr double kPull = 1.0;
constexpr double kSlopeMin = 0.1;  ///< the surer guess stays the surer one
constexpr double kLeast = 1e-5;    ///< of a chance, from 0 and from 1

double logit_of(double chance) {
  const double inside = std::clamp(chance, kLeast, 1.0 - kLeast);
  return std::log(inside / (1.0 - inside));
}

double logistic(double x) {
  return 1.0 / (1.0 + std::exp(-std::clamp(x, -40.0, 40.0)));
}

}  // namespace

void make_honest(std::vector<double>& chances, const Sureness& sureness) {
  const auto best = std::max_element(chances.begin(), chances.end());
  if (best == chances.end() || *best <= 0.0 || *best >= 1.0) return;
  double second = 0.0;
  for (auto at = chances.begin(); at != chances.end(); ++at) {
    if (at != best) second = std::max(second, *at);
  }
  const double rest = 1.0 - *best;
  const double meet = second / (second + rest);  // where it would be no better than the second
  const double chance = std::max(logistic(sureness.shift + sureness.slope * logit_of(*best)),
                                 meet + kLeast * (1.0 - meet));
  for (auto at = chances.begin(); at != chances.end(); ++at) {
    *at = at == best ? chance : *at * (1.0 - chance) / rest;
  }
}

Sureness fit_sureness(const std::vector<Guess>& guesses) {
  const std::vector<double> start{Sureness{}.shift, Sureness{}.slope};
  const auto step = [&](const std::vector<double>& at) {
    NewtonStep sums(2);
    for (const Guess& guess : guesses) {
      const double logit = logit_of(guess.chance);
      const double chance = logistic(at[0] + at[1] * logit);
      sums.loss -= guess.weight * std::log((guess.right ? chance : 1.0 - chance) + 1e-15);
      const double slope = guess.weight * (chance - (guess.right ? 1.0 : 0.0));
      const double bend = guess.weight * chance * (1.0 - chance);
      sums.gradient[0] += slope;
      sums.gradient[1] += slope * logit;
      sums.curvature(0, 0) += bend;
      sums.curvature(1, 0) += bend * logit;
      sums.curvature(1, 1) += bend * logit * logit;
    }
    for (std::size_t i = 0; i < 2; ++i) {
      const double off = at[i] - start[i];
      sums.loss += 0.5 * kPull * off * off;
      sums.gradient[i] += kPull * off;
      sums.curvature(i, i) += kPull;
    }
    return sums;
  };
  const auto found = minimise(start, step);
  return {found[0], std::max(found[1], kSlopeMin)};
}

}  // namespace wasl::intents
