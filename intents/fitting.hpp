#pragma once

#include "intents/blend.hpp"
#include "intents/decide.hpp"
#include "intents/held_out.hpp"
#include "intents/metrics.hpp"
#include "intents/strangeness.hpp"

#include <string>
#include <vector>

namespace wasl::intents {

/// Everything a model needs beside its parts, fitted on rows the parts had not seen.
struct Fit {
  Blend blend;
  Strangeness strangeness;
  Thresholds thresholds;
};

/// What an out-of-scope bar may cost: this share of in-scope rows that would have been right.
inline constexpr double kBarCostMax = 0.01;

/// `held_out`: by models of the folds.  `dev`: by the shipped parts, rows set aside by the author;
/// where there are some, they alone decide on blend and thresholds.
/// `rarity`: Parts::rarity.
/// The rules of the thresholds: `oos_min` is the lowest bar that costs at most kBarCostMax;
/// `act_min` the lowest of 0.50, 0.55 … 0.80 over which at most 6 % of acts are wrong.
[[nodiscard]] Fit fit(const std::vector<Verdict>& held_out, const std::vector<Verdict>& dev,
                      const std::vector<std::string>& labels, std::vector<float> rarity, int oos);

/// Rows as a fitted model judges them, strangers among the rows out of scope.
[[nodiscard]] std::vector<Judged> judge(const std::vector<Verdict>& verdicts, const Fit& fit,
                                        const std::vector<std::string>& labels, int oos);

}  // namespace wasl::intents
