#include "intents/calibration.hpp"

#include <algorithm>
#include <cmath>

// A softmax over the scores of the labels, scaled, and one constant more for "none of these":
//     p(label) = exp(slope·score) / (exp(none) + Σ exp(slope·score)).
// Two numbers are fitted on held-out examples by likelihood, over a grid that is refined thrice: no
// step size, no starting point, the same result everywhere.  Left out: one slope per label, for
// which a hundred examples are too few.

namespace wasl::intents {
namespace {

double loss(const std::vector<HeldOut>& examples, int also_none, const Calibration& calibration) {
  double sum = 0.0;
  for (const HeldOut& example : examples) {
    double all = std::exp(calibration.none);
    double right = 0.0;
    for (std::size_t i = 0; i < example.scores.size(); ++i) {
      const double mass = std::exp(calibration.slope * static_cast<double>(example.scores[i]));
      all += mass;
      const auto label = static_cast<int>(i);
      if (label == example.truth || (example.truth < 0 && label == also_none)) right += mass;
    }
    if (example.truth < 0 || example.truth == also_none) right += std::exp(calibration.none);
    sum -= example.weight * std::log(right / all + 1e-9);
  }
  return sum;
}

}  // namespace

std::vector<double> probabilities(const std::vector<float>& scores,
                                  const Calibration& calibration) {
  std::vector<double> result(scores.size());
  double top = calibration.none;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    result[i] = calibration.slope * static_cast<double>(scores[i]);
    top = std::max(top, result[i]);
  }
  double all = std::exp(calibration.none - top);
  for (double& value : result) {
    value = std::exp(value - top);
    all += value;
  }
  for (double& value : result) value /= all;
  return result;
}

Calibration fit_calibration(const std::vector<HeldOut>& examples, int also_none) {
  Calibration best{1.0, -2.0};
  if (examples.empty()) return best;
  double slope_step = 0.15;
  double none_step = 1.0;
  double best_loss = loss(examples, also_none, best);
  double slope_low = 0.1;
  double slope_high = 2.5;
  double none_low = -12.0;
  double none_high = 6.0;
  for (int round = 0; round < 3; ++round) {
    const Calibration centre = best;
    if (round > 0) {
      slope_low = std::max(0.05, centre.slope - slope_step);
      slope_high = centre.slope + slope_step;
      none_low = centre.none - none_step;
      none_high = centre.none + none_step;
      slope_step /= 4.0;
      none_step /= 4.0;
    }
    for (double slope = slope_low; slope <= slope_high; slope += slope_step) {
      for (double none = none_low; none <= none_high; none += none_step) {
        const double here = loss(examples, also_none, {slope, none});
        if (here < best_loss) {
          best_loss = here;
          best = {slope, none};
        }
      }
    }
  }
  return best;
}

}  // namespace wasl::intents
