#include "intents/details.hpp"

#include "intents/bot_files.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace wasl::intents {
namespace {

constexpr int kSteps = 100;

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
}

/// `acts` says of a row whether the bot acts on it, `caught` whether it is left alone.
template <class Acts, class Caught>
BarEffect effect(const std::vector<Judged>& rows, double bar, const Acts& acts,
                 const Caught& caught) {
  std::size_t familiar = 0;
  std::size_t acted_familiar = 0;
  std::size_t acted = 0;
  std::size_t wrong = 0;
  std::size_t left_alone = 0;
  for (const Judged& row : rows) {
    const bool strange = row.truth.empty();
    familiar += strange ? 0U : 1U;
    left_alone += strange && caught(row) ? 1U : 0U;
    if (!acts(row)) continue;
    ++acted;
    acted_familiar += strange ? 0U : 1U;
    wrong += row.best == row.truth ? 0U : 1U;
  }
  BarEffect result{bar, share(acted_familiar, familiar), share(wrong, acted), {}};
  if (familiar < rows.size()) result.caught = share(left_alone, rows.size() - familiar);
  return result;
}

}  // namespace

std::vector<BarEffect> effects_of_act_bar(const std::vector<Judged>& rows) {
  std::vector<BarEffect> effects;
  for (int step = 0; step <= kSteps; ++step) {
    const double bar = static_cast<double>(step) / kSteps;
    const auto acts = [bar](const Judged& row) {
      return !row.judged_oos && row.clear && row.confidence >= bar;
    };
    effects.push_back(effect(rows, bar, acts, [&](const Judged& row) { return !acts(row); }));
  }
  return effects;
}

std::vector<BarEffect> effects_of_oos_bar(const std::vector<Judged>& rows) {
  std::vector<BarEffect> effects;
  for (int step = 0; step <= kSteps; ++step) {
    const double bar = static_cast<double>(step) / kSteps;
    effects.push_back(effect(
        rows, bar, [bar](const Judged& row) { return row.sure && row.oos_score < bar; },
        [bar](const Judged& row) { return row.oos_score >= bar; }));
  }
  return effects;
}

std::vector<ConfusedPair> confused_pairs(const std::vector<Judged>& rows) {
  const bool any_strange =
      std::any_of(rows.begin(), rows.end(), [](const Judged& row) { return row.truth.empty(); });
  std::map<std::pair<std::string, std::string>, ConfusedPair> pairs;
  for (const Judged& row : rows) {
    const bool refused = any_strange && row.judged_oos;
    std::string truth = row.truth.empty() ? std::string(kOutOfScope) : row.truth;
    std::string taken = refused ? std::string(kOutOfScope) : row.best;
    if (truth == taken) continue;
    ConfusedPair& pair = pairs[{truth, taken}];
    ++pair.rows;
    if (pair.texts.size() < kConfusedTextsMax) pair.texts.emplace_back(row.text);
    pair.truth = std::move(truth);
    pair.taken = std::move(taken);
  }
  std::vector<ConfusedPair> result;
  result.reserve(pairs.size());
  for (auto& [names, pair] : pairs) result.push_back(std::move(pair));
  std::stable_sort(result.begin(), result.end(),
                   [](const ConfusedPair& a, const ConfusedPair& b) { return a.rows > b.rows; });
  return result;
}

EvaluationDetails details_of(const std::vector<Judged>& rows) {
  EvaluationDetails result;
  for (const Bin& bin : calibration_curve(rows)) {
    result.calibration.push_back({bin.rows, bin.confidence, bin.accuracy});
  }
  result.by_act_bar = effects_of_act_bar(rows);
  result.by_oos_bar = effects_of_oos_bar(rows);
  result.confused = confused_pairs(rows);
  result.oos_rows = static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const Judged& row) { return row.truth.empty(); }));
  return result;
}

}  // namespace wasl::intents
