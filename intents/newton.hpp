#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace wasl::intents {

/// Value, slope and curvature of a function at a point.
struct NewtonStep {
  explicit NewtonStep(std::size_t size) : gradient(size, 0.0), lower_(size * size, 0.0) {}

  /// REQUIRES: row ≥ column.
  [[nodiscard]] double& curvature(std::size_t row, std::size_t column) {
    return lower_[row * gradient.size() + column];
  }

  double loss = 0.0;
  std::vector<double> gradient;

 private:
  std::vector<double> lower_;  ///< the lower triangle of the second derivatives
};

/// Where a convex function of a few numbers is least.  Steps that do not help are halved; stops
/// after 50 steps at the latest.  Deterministic.
[[nodiscard]] std::vector<double> minimise(
    std::vector<double> start, const std::function<NewtonStep(const std::vector<double>&)>& at);

}  // namespace wasl::intents
