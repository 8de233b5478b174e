#include "intents/card.hpp"

#include "intents/bot_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace wasl::intents {
namespace {

constexpr std::size_t kMistakenMax = 60;

std::string percent(std::optional<double> share) {
  return share ? fmt::format("{:.1f} %", 100.0 * *share) : "-";
}

/// Rows by what they are: of the folds, intents kept back apart.
struct Split {
  std::vector<Judged> rows;
  std::vector<Judged> strangers;
};

Split split_of(const CardFacts& facts) {
  Split split;
  for (std::size_t i = 0; i < facts.judged.size(); ++i) {
    (facts.verdicts[i].stranger ? split.strangers : split.rows).push_back(facts.judged[i]);
  }
  return split;
}

std::string summary(const char* name, const Figures& f) {
  return fmt::format("| {} | {} | {} | {} | {} | {} | {:.3f} |\n", name, f.rows,
                     percent(f.accuracy_top1), percent(f.accuracy_joint), percent(f.oos_recall),
                     percent(f.oos_auroc), f.ece);
}

/// How well the rows of intents kept back are told from in-scope rows.
double strangers_area(const Split& split) {
  std::vector<std::pair<double, bool>> scored;
  for (const Judged& row : split.rows) {
    if (!row.truth.empty()) scored.emplace_back(row.oos_score, false);
  }
  for (const Judged& row : split.strangers) scored.emplace_back(row.oos_score, true);
  return area_under_curve(std::move(scored));
}

std::string bars(const Split& split) {
  std::string text =
      "\n| out-of-scope bar | in scope, right | `oos` found | intents kept back, found |\n"
      "|---|---|---|---|\n";
  for (const double bar : {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}) {
    const BarFigures f = at_bar(split.rows, bar);
    text += fmt::format("| {:.1f} | {} | {} | {} |\n", bar, percent(f.accuracy_joint),
                        percent(f.oos_recall), percent(at_bar(split.strangers, bar).oos_recall));
  }
  return text;
}

std::string by_language(const std::vector<Judged>& rows) {
  std::map<std::string, std::vector<Judged>> groups;
  for (const Judged& row : rows) groups[row.group].push_back(row);
  std::string text =
      "\n| language | rows | best guess right | right and in scope | `oos` found | AUROC | "
      "calibration error |\n|---|---|---|---|---|---|---|\n";
  for (const auto& [name, members] : groups) text += summary(name.c_str(), figures(members));
  return text;
}

/// A label or sentence inside a table cell.
std::string cell(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '|') safe += '\\';
    safe += c;
  }
  return safe;
}

std::string mistaken(const CardFacts& facts) {
  std::string text =
      "\nMistaken (at most 60):\n\n| intent | taken for | confidence | example |\n"
      "|---|---|---|---|\n";
  std::size_t told = 0;
  for (std::size_t i = 0; i < facts.judged.size() && told < kMistakenMax; ++i) {
    const Judged& row = facts.judged[i];
    if (row.truth.empty() || row.best == row.truth) continue;
    text += fmt::format("| {} | {} | {:.2f} | {} |\n", cell(row.truth), cell(row.best),
                        row.confidence, cell(facts.verdicts[i].sample->text));
    ++told;
  }
  return text;
}

}  // namespace

std::string model_card(const CardFacts& facts) {
  const Split split = split_of(facts);
  const Figures own = figures(split.rows);
  std::string text = fmt::format(
      "# Intent model\n\nWritten by `wasl train`; do not edit.\n\n- examples: {}, intents: {}, "
      "model: {} bytes\n- {}\n- seed {}\n- data: {}\n- acts from a confidence of {:.2f} on; out of "
      "scope from a score of {:.3f} on\n\nMeasured on examples the measuring models had not seen "
      "({} folds; near-duplicates share a fold; with ten intents or more, each of these models was "
      "also kept from a tenth of the intents, whose examples stand for strangers' questions):\n\n"
      "| rows | number | best guess right | right and in scope | `oos` found | AUROC | calibration "
      "error |\n|---|---|---|---|---|---|---|\n",
      facts.data.samples.size(), facts.data.intents.size(), facts.model_bytes, facts.settings,
      facts.seed, facts.data.hash, facts.model.thresholds.act_min, facts.model.thresholds.oos_min,
      facts.folds);
  text += summary("folds", own);
  if (!facts.dev.empty()) text += summary("dev file", figures(facts.dev));
  if (!split.strangers.empty()) {
    text += fmt::format("\nIntents kept back told from the others: AUROC {}.\n",
                        percent(strangers_area(split)));
  }
  text += by_language(split.rows);
  text += bars(split);
  text += "\n| intent | examples | recall | precision | F1 |\n|---|---|---|---|---|\n";
  for (const IntentFigures& intent : own.intents) {
    text += fmt::format("| {} | {} | {:.2f} | {:.2f} | {:.2f} |\n", cell(intent.intent),
                        intent.rows, intent.recall(), intent.precision(), intent.f1());
  }
  text += "\nOut of scope is a logistic sum of these signs:\n\n| sign | weight |\n|---|---|\n";
  for (std::size_t i = 0; i < Strangeness::kSigns; ++i) {
    text += fmt::format("| {} | {:.3f} |\n", Strangeness::kNames[i],
                        facts.model.strangeness.weights[i]);
  }
  return text + mistaken(facts);
}

}  // namespace wasl::intents
