#include "intents/strangeness.hpp"

#include "intents/linear_training.hpp"
#include "intents/newton.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wasl::intents {
namespace {

constexpr std::size_t kSigns = Strangeness::kSigns;
constexpr double kPull = 1.0;
constexpr std::size_t kLead = 10;
constexpr std::size_t kNear = 11;
constexpr double kNever = -10.0;

double top_of(const std::vector<float>& scores, int oos) {
  double top = -40.0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (static_cast<int>(i) != oos) top = std::max(top, static_cast<double>(scores[i]));
  }
  return top;
}

/// How far the best score is above the mean of the intents the model has seen: a line that is
/// unlike everything scores low everywhere, and that is no sign.
double lead_of(const std::vector<float>& scores, int oos) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (static_cast<int>(i) == oos || scores[i] <= kNeverSeen) continue;
    sum += static_cast<double>(scores[i]);
    ++count;
  }
  return count == 0 ? 0.0 : top_of(scores, oos) - sum / static_cast<double>(count);
}

bool may_use(std::size_t sign, Signs allowed) {
  if (allowed == Signs::taught) return sign != kLead;
  return sign == 0 || sign == kLead || sign == kNear;
}

}  // namespace

std::array<double, kSigns> signs(const PartScores& scores, const std::vector<double>& chance,
                                 const Blend& blend, int oos) {
  double first = 0.0;
  double second = 0.0;
  for (const double value : chance) {
    if (value > first) {
      second = first;
      first = value;
    } else {
      second = std::max(second, value);
    }
  }
  const double fast = top_of(scores.fast, oos);
  const double linear = top_of(scores.linear, oos);
  std::array<double, kSigns> result{1.0,
                                    fast,
                                    linear,
                                    std::log(1.001 - first),
                                    std::log((second + 1e-4) / (first + 1e-4)),
                                    1.0 - scores.known,
                                    0.0,
                                    0.0,
                                    scores.known_words == 0 ? 1.0 : 0.0,
                                    0.0,
                                    lead_of(scores.linear, oos),
                                    scores.near.empty() ? 0.0 : top_of(scores.near, oos)};
  if (oos >= 0) {
    const auto at = static_cast<std::size_t>(oos);
    result[6] = std::max(-15.0, static_cast<double>(scores.fast[at])) - fast;
    result[7] = static_cast<double>(scores.linear[at]) - linear;
    const auto best =
        static_cast<std::size_t>(std::max_element(chance.begin(), chance.end()) - chance.begin());
    const double ahead = logit(scores, blend, at) - logit(scores, blend, best);
    result[9] = 1.0 / (1.0 + std::exp(-std::clamp(ahead, -40.0, 40.0)));
  }
  return result;
}

double strangeness(const std::array<double, kSigns>& signs, const Strangeness& rule) {
  double sum = 0.0;
  for (std::size_t i = 0; i < kSigns; ++i) sum += rule.weights[i] * signs[i];
  return 1.0 / (1.0 + std::exp(-std::clamp(sum, -40.0, 40.0)));
}

Strangeness fit_strangeness(const std::vector<StrangeRow>& rows, Signs allowed) {
  Strangeness rule;
  rule.weights[0] = kNever;
  const bool any = std::any_of(rows.begin(), rows.end(), [](const auto& r) { return r.strange; });
  const bool all = std::all_of(rows.begin(), rows.end(), [](const auto& r) { return r.strange; });
  if (!any || all) return rule;

  // Signs are measured in units of their spread, so that the pull towards 0 is the same for each.
  std::array<double, kSigns> spread{};
  std::array<double, kSigns> mean{};
  double weight = 0.0;
  for (const StrangeRow& row : rows) {
    weight += row.weight;
    for (std::size_t i = 0; i < kSigns; ++i) mean[i] += row.weight * row.signs[i];
  }
  for (double& value : mean) value /= weight;
  for (const StrangeRow& row : rows) {
    for (std::size_t i = 0; i < kSigns; ++i) {
      spread[i] += row.weight * (row.signs[i] - mean[i]) * (row.signs[i] - mean[i]);
    }
  }
  for (double& value : spread) value = std::sqrt(value / weight);
  const auto scaled = [&](const StrangeRow& row, std::size_t i) {
    if (i == 0) return 1.0;
    if (!may_use(i, allowed)) return 0.0;
    return spread[i] > 1e-9 ? (row.signs[i] - mean[i]) / spread[i] : 0.0;
  };
  const auto step = [&](const std::vector<double>& at) {
    NewtonStep sums(kSigns);
    std::array<double, kSigns> x{};
    for (const StrangeRow& row : rows) {
      double sum = 0.0;
      for (std::size_t i = 0; i < kSigns; ++i) {
        x[i] = scaled(row, i);
        sum += at[i] * x[i];
      }
      sum = std::clamp(sum, -40.0, 40.0);
      const double chance = 1.0 / (1.0 + std::exp(-sum));
      sums.loss -= row.weight * std::log((row.strange ? chance : 1.0 - chance) + 1e-15);
      const double slope = row.weight * (chance - (row.strange ? 1.0 : 0.0));
      const double bend = row.weight * chance * (1.0 - chance);
      for (std::size_t i = 0; i < kSigns; ++i) {
        sums.gradient[i] += slope * x[i];
        for (std::size_t j = 0; j <= i; ++j) sums.curvature(i, j) += bend * x[i] * x[j];
      }
    }
    for (std::size_t i = 0; i < kSigns; ++i) {
      const double pull = i == 0 ? 1e-3 : kPull;
      sums.loss += 0.5 * pull * at[i] * at[i];
      sums.gradient[i] += pull * at[i];
      sums.curvature(i, i) += pull;
    }
    return sums;
  };
  const auto found = minimise(std::vector<double>(kSigns, 0.0), step);
  rule.weights.fill(0.0);
  rule.weights[0] = found[0];
  for (std::size_t i = 1; i < kSigns; ++i) {
    if (spread[i] <= 1e-9 || found[i] == 0.0) continue;
    rule.weights[i] = found[i] / spread[i];
    rule.weights[0] -= rule.weights[i] * mean[i];
  }
  return rule;
}

}  // namespace wasl::intents
