#include "wasl/intents/evaluation.hpp"

#include "intents/bot_files.hpp"
#include "intents/details.hpp"
#include "intents/entities.hpp"
#include "intents/fitting.hpp"
#include "intents/held_out.hpp"
#include "intents/labelled_file.hpp"
#include "intents/language.hpp"
#include "intents/metrics.hpp"
#include "intents/model_files.hpp"
#include "intents/training_data.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace wasl::intents {
namespace {

using Clock = std::chrono::steady_clock;

class ModelPredictor final : public Predictor {
 public:
  explicit ModelPredictor(Model model) : model_(std::move(model)) {}

  [[nodiscard]] const Thresholds& thresholds() const { return model_.thresholds; }

  Prediction predict(std::string_view text, std::size_t top) const override {
    Prediction result;
    const Clean cleaned = clean(text);
    const LanguageGuess language = detect_language(cleaned, Language::und);
    result.language = language.language;
    const Reading reading =
        model_.read(plain_features(text, cleaned, language.arabizi, model_.marks));
    std::vector<std::size_t> order;
    order.reserve(reading.chances.size());
    for (std::size_t i = 0; i < reading.chances.size(); ++i) {
      if (static_cast<int>(i) != model_.oos) order.push_back(i);
    }
    const std::size_t count = std::min(top, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](std::size_t a, std::size_t b) {
                        return reading.chances[a] != reading.chances[b]
                                   ? reading.chances[a] > reading.chances[b]
                                   : a < b;
                      });
    for (std::size_t i = 0; i < count; ++i) {
      result.ranking.push_back(
          {model_.labels()[order[i]], static_cast<float>(reading.chances[order[i]]), "classifier"});
    }
    result.oos_score = static_cast<float>(reading.oos);
    result.out_of_scope = reading.oos >= model_.thresholds.oos_min;
    return result;
  }

 private:
  Model model_;
};

Evaluation evaluation_of(const std::vector<Judged>& rows) {
  const Figures f = figures(rows);
  Evaluation result;
  result.rows = f.rows;
  result.accuracy_in_scope_top1 = f.accuracy_top1;
  result.accuracy_in_scope_joint = f.accuracy_joint;
  result.oos_recall = f.oos_recall;
  result.oos_precision = f.oos_precision;
  result.oos_f1 = f.oos_f1;
  result.oos_auroc = f.oos_auroc;
  result.macro_f1 = f.macro_f1;
  result.ece = f.ece;
  for (const IntentFigures& i : f.intents) {
    result.per_intent.push_back({i.intent, i.rows, i.precision(), i.recall(), i.f1()});
  }
  return result;
}

void add_times(std::vector<double> us, Evaluation& evaluation) {
  if (us.empty()) return;
  std::sort(us.begin(), us.end());
  evaluation.us_p50 = us[us.size() / 2];
  evaluation.us_p99 = us[us.size() * 99 / 100];
}

/// Parts::rarity() of a model trained on everything.
std::vector<float> rarity_of(const TrainingData& data) {
  return label_rarity(lessons_of(data, [](const Sample&) { return true; }), data.labels.size());
}

/// With details, and by language.
Evaluation whole_evaluation(const std::vector<Judged>& judged) {
  Evaluation result = evaluation_of(judged);
  result.details = details_of(judged);
  std::map<std::string, std::vector<Judged>> groups;
  for (const Judged& row : judged) groups[row.group].push_back(row);
  for (const auto& [group, rows] : groups) result.per_language[group] = evaluation_of(rows);
  return result;
}

void widen(BarRange& range, double bar, bool first) {
  range.low = first ? bar : std::min(range.low, bar);
  range.high = first ? bar : std::max(range.high, bar);
}

struct Crosswise {
  std::vector<Judged> rows;
  BarRange act_bar;
  BarRange oos_bar;
};

/// Judges each fold by a fit on the others.
Crosswise judge_crosswise(const std::vector<Verdict>& verdicts, const TrainingData& data,
                          int folds) {
  Crosswise judged;
  for (int fold = 0; fold < folds; ++fold) {
    std::vector<Verdict> own;
    std::vector<Verdict> others;
    for (const Verdict& verdict : verdicts) {
      (verdict.sample->fold == fold ? own : others).push_back(verdict);
    }
    if (own.empty()) continue;
    const Fit fitted = fit(others, {}, data.labels, rarity_of(data), data.oos);
    const bool first = judged.rows.empty();
    widen(judged.act_bar, fitted.thresholds.act_min, first);
    widen(judged.oos_bar, fitted.thresholds.oos_min, first);
    for (Judged& row : judge(own, fitted, data.labels, data.oos)) {
      judged.rows.push_back(std::move(row));
    }
  }
  return judged;
}

}  // namespace

Result<std::unique_ptr<Predictor>> Predictor::load(const std::filesystem::path& folder) {
  auto model = load_model(folder);
  if (!model) return model.error();
  return std::unique_ptr<Predictor>(std::make_unique<ModelPredictor>(std::move(*model)));
}

Result<Evaluation> evaluate_model(const std::filesystem::path& model,
                                  const std::filesystem::path& data, yaml::Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  const auto rows = read_labelled(data, mistakes);
  if (mistakes.size() != before) {
    return Error{Error::Code::invalid_input, "the data has mistakes"};
  }
  auto loaded = load_model(model);
  if (!loaded) return loaded.error();
  const ModelPredictor predictor(std::move(*loaded));
  const Thresholds& bars = predictor.thresholds();
  std::vector<Judged> judged;
  std::vector<double> us;
  judged.reserve(rows.size());
  // What the very first has to load is not timed.
  if (!rows.empty()) static_cast<void>(predictor.predict(rows.front().text, 1));
  for (const LabelledRow& row : rows) {
    const auto start = Clock::now();
    const Prediction said = predictor.predict(row.text, 2);
    us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    Judged one;
    if (row.label != kOutOfScope) one.truth = row.label;
    if (!said.ranking.empty()) {
      one.best = said.ranking[0].intent;
      one.confidence = static_cast<double>(said.ranking[0].confidence);
    }
    one.oos_score = static_cast<double>(said.oos_score);
    one.judged_oos = said.out_of_scope;
    const double second =
        said.ranking.size() > 1 ? static_cast<double>(said.ranking[1].confidence) : 0.0;
    one.clear = one.confidence - second >= bars.margin_min;
    one.sure = one.clear && one.confidence >= bars.act_min;
    one.group = name(said.language);
    one.text = row.text;
    judged.push_back(std::move(one));
  }
  Evaluation result = whole_evaluation(judged);
  result.details.act_bar = {bars.act_min, bars.act_min};
  result.details.oos_bar = {bars.oos_min, bars.oos_min};
  add_times(std::move(us), result);
  return result;
}

Result<Evaluation> evaluate_bot(const std::filesystem::path& folder, int folds, std::uint64_t seed,
                                const Progress& progress, yaml::Mistakes& mistakes) {
  const Progress say = progress ? progress : [](std::string_view) {};
  const std::size_t before = mistakes.size();
  const BotFiles files = read_bot_files(folder, mistakes);
  const BotPatterns patterns(files, mistakes);
  if (mistakes.size() != before) {
    return Error{Error::Code::invalid_input, "the bot folder has mistakes"};
  }
  TrainingData data = make_training_data(files, patterns);
  if (data.intents.size() < 2 || data.samples.size() < static_cast<std::size_t>(folds)) {
    return Error{Error::Code::invalid_input, "too few examples to hold some out"};
  }
  const Scratch scratch(std::filesystem::temp_directory_path() /
                        fmt::format("wasl-eval-{}", ::getpid()));
  if (scratch.error()) {
    return Error{Error::Code::unavailable, "cannot write: " + scratch.error().message()};
  }
  const auto verdicts = score_held_out(data, {folds, false}, seed, scratch.path(), say);
  if (!verdicts) return verdicts.error();
  std::vector<double> us;
  for (const Verdict& verdict : *verdicts) us.push_back(verdict.us);
  const Crosswise judged = judge_crosswise(*verdicts, data, folds);
  Evaluation result = whole_evaluation(judged.rows);
  add_times(std::move(us), result);
  result.details.act_bar = judged.act_bar;
  result.details.oos_bar = judged.oos_bar;
  return result;
}

}  // namespace wasl::intents
