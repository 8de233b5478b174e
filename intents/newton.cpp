#include "intents/newton.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wasl::intents {
namespace {

constexpr int kStepsMax = 50;
constexpr int kHalvingsMax = 20;
constexpr double kEnough = 1e-9;  ///< relative gain below which no step is worth it

/// Solves curvature · x = gradient by Cholesky's method; flat directions are held still.
std::vector<double> solve(NewtonStep& step) {
  const std::size_t n = step.gradient.size();
  std::vector<double> x = step.gradient;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = step.curvature(i, j);
      for (std::size_t k = 0; k < j; ++k) sum -= step.curvature(i, k) * step.curvature(j, k);
      if (i == j) {
        step.curvature(i, i) = std::sqrt(std::max(sum, 1e-12));
      } else {
        step.curvature(i, j) = sum / step.curvature(j, j);
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= step.curvature(i, k) * x[k];
    x[i] /= step.curvature(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= step.curvature(k, i) * x[k];
    x[i] /= step.curvature(i, i);
  }
  return x;
}

}  // namespace

std::vector<double> minimise(std::vector<double> best,
                             const std::function<NewtonStep(const std::vector<double>&)>& at) {
  NewtonStep here = at(best);
  for (int step = 0; step < kStepsMax; ++step) {
    const std::vector<double> direction = solve(here);
    double length = 1.0;
    bool better = false;
    for (int halving = 0; halving < kHalvingsMax; ++halving, length /= 2.0) {
      std::vector<double> next = best;
      for (std::size_t i = 0; i < next.size(); ++i) next[i] -= length * direction[i];
      NewtonStep there = at(next);
      if (!(there.loss < here.loss)) continue;
      better = here.loss - there.loss > kEnough * (1.0 + std::abs(here.loss));
      best = std::move(next);
      here = std::move(there);
      break;
    }
    if (!better) break;
  }
  return best;
}

}  // namespace wasl::intents
