#include "intents/fitting.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace wasl::intents {
namespace {

constexpr double kOutsideShare = 0.3;    ///< weight of all `oos` rows, beside the in-scope ones
constexpr double kStrangerShare = 0.15;  ///< of all rows of intents kept back
constexpr double kWrongActsMax = 0.06;   ///< share of acts that may be wrong
constexpr int kActPercentMin = 50;
constexpr int kActPercentMax = 80;
constexpr double kNeverReached = 1.0;

enum class Kind { familiar, outside, stranger };

Kind kind_of(const Verdict& verdict, int oos) {
  if (verdict.stranger) return Kind::stranger;
  return verdict.truth < 0 || verdict.truth == oos ? Kind::outside : Kind::familiar;
}

std::vector<Seen> seen(const std::vector<Verdict>& verdicts) {
  std::vector<Seen> rows;
  for (const Verdict& verdict : verdicts) {
    if (!verdict.stranger && verdict.truth >= 0) rows.push_back({&verdict.scores, verdict.truth});
  }
  return rows;
}

void add_strange(const std::vector<Verdict>& verdicts, const Blend& blend, int oos,
                 std::vector<StrangeRow>& rows) {
  std::size_t counts[3] = {0, 0, 0};
  for (const Verdict& verdict : verdicts) ++counts[static_cast<int>(kind_of(verdict, oos))];
  const double familiar = static_cast<double>(std::max<std::size_t>(counts[0], 1));
  for (const Verdict& verdict : verdicts) {
    const Kind kind = kind_of(verdict, oos);
    StrangeRow row;
    row.signs = signs(verdict.scores, chances(verdict.scores, blend, oos), blend, oos);
    row.strange = kind != Kind::familiar;
    if (row.strange) {
      const double share = kind == Kind::outside ? kOutsideShare : kStrangerShare;
      row.weight = share * familiar / static_cast<double>(counts[static_cast<int>(kind)]);
    }
    rows.push_back(row);
  }
}

/// Share of acts that are wrong when acting from `act_min` on; the rows of kept-back intents aside.
double wrong_acts(const std::vector<Verdict>& verdicts, const Fit& fit, int oos) {
  std::size_t right = 0;
  std::size_t wrong = 0;
  for (const Verdict& verdict : verdicts) {
    if (verdict.stranger) continue;
    auto chance = chances(verdict.scores, fit.blend, oos);
    const double strange =
        strangeness(signs(verdict.scores, chance, fit.blend, oos), fit.strangeness);
    if (strange >= fit.thresholds.oos_min) continue;
    make_honest(chance, fit.blend.sureness);
    for (double& value : chance) value *= 1.0 - strange;  // as Understander ranks
    const auto best = std::max_element(chance.begin(), chance.end());
    const double first = *best;
    const auto at = static_cast<int>(best - chance.begin());
    *best = 0.0;
    const double lead = first - *std::max_element(chance.begin(), chance.end());
    if (first < fit.thresholds.act_min || lead < fit.thresholds.margin_min) continue;
    ++(at == verdict.truth ? right : wrong);
  }
  return right + wrong == 0 ? 0.0 : static_cast<double>(wrong) / static_cast<double>(right + wrong);
}

}  // namespace

Fit fit(const std::vector<Verdict>& held_out, const std::vector<Verdict>& dev,
        const std::vector<std::string>& labels, std::vector<float> rarity, int oos) {
  const std::vector<Verdict>& chosen = dev.empty() ? held_out : dev;
  Fit result;
  result.blend = fit_blend(seen(chosen), std::move(rarity), oos);
  std::vector<StrangeRow> rows;
  add_strange(held_out, result.blend, oos, rows);
  add_strange(dev, result.blend, oos, rows);
  const auto outside = [&](const Verdict& v) { return kind_of(v, oos) == Kind::outside; };
  const bool taught = std::any_of(held_out.begin(), held_out.end(), outside) ||
                      std::any_of(dev.begin(), dev.end(), outside);
  result.strangeness = fit_strangeness(rows, taught ? Signs::taught : Signs::untaught);

  const bool any = std::any_of(rows.begin(), rows.end(), [](const auto& r) { return r.strange; });
  result.thresholds.oos_min =
      any ? lowest_bar(judge(chosen, result, labels, oos), kBarCostMax) : kNeverReached;
  for (int percent = kActPercentMin; percent <= kActPercentMax; percent += 5) {
    result.thresholds.act_min = percent / 100.0;
    if (wrong_acts(chosen, result, oos) <= kWrongActsMax) break;
  }
  return result;
}

std::vector<Judged> judge(const std::vector<Verdict>& verdicts, const Fit& fit,
                          const std::vector<std::string>& labels, int oos) {
  std::vector<Judged> rows;
  rows.reserve(verdicts.size());
  for (const Verdict& verdict : verdicts) {
    Judged row;
    auto chance = chances(verdict.scores, fit.blend, oos);
    row.oos_score = strangeness(signs(verdict.scores, chance, fit.blend, oos), fit.strangeness);
    make_honest(chance, fit.blend.sureness);
    const auto best = std::max_element(chance.begin(), chance.end());
    if (kind_of(verdict, oos) == Kind::familiar) {
      row.truth = labels[static_cast<std::size_t>(verdict.truth)];
    }
    row.best = labels[static_cast<std::size_t>(best - chance.begin())];
    row.confidence = *best;
    row.judged_oos = row.oos_score >= fit.thresholds.oos_min;
    *best = 0.0;
    const double lead = row.confidence - *std::max_element(chance.begin(), chance.end());
    row.clear = lead >= fit.thresholds.margin_min;
    row.sure = row.clear && row.confidence >= fit.thresholds.act_min;
    if (verdict.sample != nullptr) {
      row.group = verdict.sample->group;
      row.text = verdict.sample->text;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace wasl::intents
