#include "intents/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace wasl::intents {
namespace {

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
}

double harmonic(double a, double b) {
  return a + b > 0.0 ? 2.0 * a * b / (a + b) : 0.0;
}

bool in_scope(const Judged& row) {
  return !row.truth.empty();
}

}  // namespace

double IntentFigures::recall() const {
  return share(right, rows);
}
double IntentFigures::precision() const {
  return share(right, claimed);
}
double IntentFigures::f1() const {
  return harmonic(recall(), precision());
}

Figures figures(const std::vector<Judged>& rows) {
  Figures result;
  result.rows = rows.size();
  std::map<std::string, IntentFigures> intents;
  std::size_t top1 = 0;
  std::size_t joint = 0;
  std::size_t judged_oos = 0;
  std::size_t found_oos = 0;
  std::vector<std::pair<double, bool>> scored;
  scored.reserve(rows.size());
  const auto oos_rows =
      static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), std::not_fn(in_scope)));
  for (const Judged& row : rows) {
    scored.emplace_back(row.oos_score, !in_scope(row));
    judged_oos += row.judged_oos ? 1U : 0U;
    const bool claims = !row.best.empty() && (oos_rows == 0 || !row.judged_oos);
    if (claims) ++intents[row.best].claimed;
    if (!in_scope(row)) {
      found_oos += row.judged_oos ? 1U : 0U;
      continue;
    }
    ++result.in_scope;
    const bool right = row.best == row.truth;
    top1 += right ? 1U : 0U;
    joint += right && !row.judged_oos ? 1U : 0U;
    ++intents[row.truth].rows;
    if (right && claims) ++intents[row.truth].right;
  }
  result.accuracy_top1 = share(top1, result.in_scope);
  result.accuracy_joint = share(joint, result.in_scope);
  if (oos_rows > 0) {
    result.oos_recall = share(found_oos, oos_rows);
    result.oos_precision = share(found_oos, judged_oos);
    result.oos_f1 = harmonic(*result.oos_recall, *result.oos_precision);
    if (result.in_scope > 0) result.oos_auroc = area_under_curve(std::move(scored));
  }
  std::size_t occurring = 0;
  for (auto& [name, intent] : intents) {
    intent.intent = name;
    if (intent.rows > 0) {
      ++occurring;
      result.macro_f1 += intent.f1();
    }
    result.intents.push_back(intent);
  }
  if (occurring > 0) result.macro_f1 /= static_cast<double>(occurring);
  result.ece = calibration_error(calibration_curve(rows));
  return result;
}

std::vector<Bin> calibration_curve(const std::vector<Judged>& rows) {
  std::vector<Bin> curve(kBins);
  for (const Judged& row : rows) {
    if (!in_scope(row)) continue;
    const double at = std::ceil(std::clamp(row.confidence, 0.0, 1.0) * kBins) - 1.0;
    Bin& bin = curve[static_cast<std::size_t>(std::max(at, 0.0))];
    ++bin.rows;
    bin.confidence += row.confidence;
    bin.accuracy += row.best == row.truth ? 1.0 : 0.0;
  }
  for (Bin& bin : curve) {
    if (bin.rows == 0) continue;
    bin.confidence /= static_cast<double>(bin.rows);
    bin.accuracy /= static_cast<double>(bin.rows);
  }
  return curve;
}

double calibration_error(const std::vector<Bin>& curve) {
  double sum = 0.0;
  std::size_t rows = 0;
  for (const Bin& bin : curve) {
    sum += static_cast<double>(bin.rows) * std::abs(bin.confidence - bin.accuracy);
    rows += bin.rows;
  }
  return rows == 0 ? 0.0 : sum / static_cast<double>(rows);
}

double area_under_curve(std::vector<std::pair<double, bool>> scored) {
  std::sort(scored.begin(), scored.end());
  double ranks = 0.0;
  double strange = 0.0;
  for (std::size_t i = 0; i < scored.size();) {
    std::size_t end = i;
    while (end < scored.size() && scored[end].first == scored[i].first) ++end;
    const double rank = static_cast<double>(i + end + 1) / 2.0;  // mean of equals, from 1
    for (; i < end; ++i) {
      if (!scored[i].second) continue;
      ranks += rank;
      strange += 1.0;
    }
  }
  const double familiar = static_cast<double>(scored.size()) - strange;
  if (strange == 0.0 || familiar == 0.0) return 0.5;
  return (ranks - strange * (strange + 1.0) / 2.0) / (strange * familiar);
}

BarFigures at_bar(const std::vector<Judged>& rows, double bar) {
  std::size_t familiar = 0;
  std::size_t right = 0;
  std::size_t strange = 0;
  std::size_t found = 0;
  for (const Judged& row : rows) {
    const bool over = row.oos_score >= bar;
    if (in_scope(row)) {
      ++familiar;
      right += !over && row.best == row.truth ? 1U : 0U;
    } else {
      ++strange;
      found += over ? 1U : 0U;
    }
  }
  return {bar, share(right, familiar), share(found, strange)};
}

double lowest_bar(const std::vector<Judged>& rows, double points_max) {
  std::vector<double> right;  // scores of rows that a bar would take away
  std::size_t familiar = 0;
  for (const Judged& row : rows) {
    if (!in_scope(row)) continue;
    ++familiar;
    if (row.best == row.truth) right.push_back(row.oos_score);
  }
  const auto lost_max =
      static_cast<std::size_t>(std::floor(points_max * static_cast<double>(familiar)));
  if (right.empty() || lost_max >= right.size()) return 0.0;
  std::sort(right.begin(), right.end(), std::greater<>());
  // A bar just above the first score that may not be lost.
  return std::nextafter(right[lost_max], 2.0);
}

std::vector<Confusion> confusions(const std::vector<Judged>& rows) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const Judged& row : rows) {
    if (in_scope(row) && row.best != row.truth) ++counts[{row.truth, row.best}];
  }
  std::vector<Confusion> result;
  for (const auto& [pair, count] : counts) result.push_back({pair.first, pair.second, count});
  std::stable_sort(result.begin(), result.end(),
                   [](const Confusion& a, const Confusion& b) { return a.rows > b.rows; });
  return result;
}

}  // namespace wasl::intents
