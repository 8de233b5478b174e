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
constexpr double kWorthMin = 0.002;            ///< gains below are chance
constexpr std::size_t kRowsForEvenness = 300;  ///< a label
constexpr double kLeast = 1e-3;  ///< of a part's weight: none may speak against itself

using Terms = std::array<double, Blend::kTerms>;

Terms terms(const PartScores& scores, std::size_t label) {
  return {static_cast<double>(scores.fast[label]), static_cast<double>(scores.linear[label]),
          scores.near.empty() ? 0.0 : static_cast<double>(scores.near[label])};
}

/// The pull is weaker on what is measured in small units.
constexpr Terms kUnits{0.5, 5.0, 5.0};

std::size_t best_of(const PartScores& scores, const Blend& blend, int oos) {
  std::size_t best = 0;
  double top = -1e300;
  for (std::size_t i = 0; i < scores.linear.size(); ++i) {
    if (static_cast<int>(i) == oos) continue;
    if (const double here = logit(scores, blend, i); here > top) {
      top = here;
      best = i;
    }
  }
  return best;
}

/// How often the best guess of `rows` is right, beside what is said of it.
std::vector<Guess> guesses_of(const std::vector<Seen>& rows, const Blend& blend, int oos) {
  std::vector<Guess> guesses;
  for (const Seen& row : rows) {
    if (row.truth < 0 || row.truth == oos) continue;
    const auto chance = chances(*row.scores, blend, oos);
    const auto best = std::max_element(chance.begin(), chance.end());
    guesses.push_back({*best, best - chance.begin() == row.truth, row.weight});
  }
  return guesses;
}

/// Accuracy and macro-F1, added.
double worth(const std::vector<Seen>& rows, const Blend& blend, int oos) {
  std::vector<std::array<double, 3>> labels(blend.rarity.size());  // rows, claimed, right
  double right = 0.0;
  double all = 0.0;
  for (const Seen& row : rows) {
    if (row.truth < 0 || row.truth == oos) continue;
    const auto truth = static_cast<std::size_t>(row.truth);
    const std::size_t best = best_of(*row.scores, blend, oos);
    all += 1.0;
    labels[truth][0] += 1.0;
    labels[best][1] += 1.0;
    if (best == truth) {
      right += 1.0;
      labels[truth][2] += 1.0;
    }
  }
  double f1 = 0.0;
  double occurring = 0.0;
  for (const auto& [truths, claimed, hits] : labels) {
    if (truths == 0.0) continue;
    occurring += 1.0;
    f1 += 2.0 * hits / (truths + claimed);
  }
  return all == 0.0 ? 0.0 : right / all + f1 / occurring;
}

void fit_evenness(const std::vector<Seen>& rows, int oos, Blend& best) {
  double most = worth(rows, best, oos);
  Blend tried = best;
  for (int tenths = 1; tenths <= 10; ++tenths) {
    tried.evenness = tenths / 10.0;
    if (const double here = worth(rows, tried, oos); here > most + kWorthMin) {
      most = here;
      best.evenness = tried.evenness;
    }
  }
}

}  // namespace

double logit(const PartScores& scores, const Blend& blend, std::size_t label) {
  double sum = blend.weights[0] * static_cast<double>(scores.fast[label]) +
               blend.weights[1] * static_cast<double>(scores.linear[label]);
  if (!scores.near.empty()) sum += blend.weights[2] * static_cast<double>(scores.near[label]);
  return blend.evenness == 0.0 ? sum
                               : sum + blend.evenness * static_cast<double>(blend.rarity[label]);
}

std::vector<double> chances(const PartScores& scores, const Blend& blend, int oos) {
  std::vector<double> result(scores.linear.size(), 0.0);
  double top = -1e300;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (static_cast<int>(i) == oos) continue;
    result[i] = logit(scores, blend, i);
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

Blend fit_blend(const std::vector<Seen>& rows, std::vector<float> rarity, int oos) {
  Blend start;
  start.rarity = std::move(rarity);
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
      sums.loss -= row.weight * std::log(chance[static_cast<std::size_t>(row.truth)] + 1e-300);
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
  for (std::size_t i = 0; i < found.size(); ++i) best.weights[i] = std::max(found[i], kLeast);

  // With few rows a label, what looks like a gain is chance, and no gain for other rows.
  if (rows.size() >= kRowsForEvenness * best.rarity.size()) fit_evenness(rows, oos, best);
  if (std::any_of(rows.begin(), rows.end(),
                  [](const Seen& row) { return !row.scores->near.empty(); })) {
    best.sureness = fit_sureness(guesses_of(rows, best, oos));
  } else {
    best.weights[2] = 0.0;
  }
  return best;
}

}  // namespace wasl::intents
