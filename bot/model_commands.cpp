#include "bot/model_commands.hpp"

#include "wasl/intents/evaluation.hpp"
#include "wasl/intents/training.hpp"

#include "bot/eval_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr int kUsage = 2;
constexpr int kBadData = 3;
constexpr int kEnvironment = 4;
constexpr std::size_t kTopMax = 1'000;

void say(std::string_view line) {
  fmt::print(stderr, "{}\n", line);
}

int usage(std::string_view what) {
  fmt::print(stderr, "wasl: {}\n", what);
  return kUsage;
}

/// Of training and evaluating: bad data is the author's, all else the environment's.
int failed(const Error& error) {
  fmt::print(stderr, "wasl: {}\n", error.what);
  return error.code == Error::Code::invalid_input ? kBadData : kEnvironment;
}

/// Of a model that cannot be read: whatever is wrong with it, the environment.
int no_model(const std::filesystem::path& folder, const Error& error) {
  fmt::print(stderr, "wasl: {}: {}\n", folder.string(), error.what);
  return kEnvironment;
}

std::string to_line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

json optional(const std::optional<double>& value) {
  return value ? json(rounded(*value)) : json(nullptr);
}

json to_json(const intents::Evaluation& e) {
  json per_intent = json::object();
  for (const intents::IntentResult& one : e.per_intent) {
    per_intent[one.intent] = {{"rows", one.rows},
                              {"precision", rounded(one.precision)},
                              {"recall", rounded(one.recall)},
                              {"f1", rounded(one.f1)}};
  }
  json result = {{"rows", e.rows},
                 {"accuracy_in_scope_top1", rounded(e.accuracy_in_scope_top1)},
                 {"accuracy_in_scope_joint", rounded(e.accuracy_in_scope_joint)},
                 {"oos_recall", optional(e.oos_recall)},
                 {"oos_precision", optional(e.oos_precision)},
                 {"oos_f1", optional(e.oos_f1)},
                 {"oos_auroc", optional(e.oos_auroc)},
                 {"macro_f1", rounded(e.macro_f1)},
                 {"per_intent", std::move(per_intent)},
                 {"ece", rounded(e.ece)},
                 {"us_p50", rounded(e.us_p50)},
                 {"us_p99", rounded(e.us_p99)}};
  if (!e.per_language.empty()) {
    json languages = json::object();
    for (const auto& [name, one] : e.per_language) languages[name] = to_json(one);
    result["per_language"] = std::move(languages);
  }
  return result;
}

void print_table(const intents::Evaluation& e, const char* indent = "") {
  const auto share = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.1f} %", 100.0 * *value) : std::string("-");
  };
  fmt::print("{}rows                    {}\n", indent, e.rows);
  fmt::print("{}in scope, best guess    {}\n", indent, share(e.accuracy_in_scope_top1));
  fmt::print("{}in scope, joint         {}\n", indent, share(e.accuracy_in_scope_joint));
  fmt::print("{}out of scope, recall    {}\n", indent, share(e.oos_recall));
  fmt::print("{}out of scope, precision {}\n", indent, share(e.oos_precision));
  fmt::print("{}out of scope, AUROC     {}\n", indent, share(e.oos_auroc));
  fmt::print("{}macro F1                {}\n", indent, share(e.macro_f1));
  fmt::print("{}calibration error       {:.3f}\n", indent, e.ece);
  if (e.us_p50 > 0.0) {
    fmt::print("{}µs a text, p50 / p99    {:.1f} / {:.1f}\n", indent, e.us_p50, e.us_p99);
  }
  for (const auto& [name, one] : e.per_language) {
    fmt::print("{}:\n", name);
    print_table(one, "  ");
  }
}

int roll_back(const ModelOptions& options) {
  const bool own = !options.model.empty();
  const auto done = own ? intents::roll_back_data(options.model) : intents::roll_back(options.bot);
  if (!done) return no_model(own ? options.model : options.bot, done.error());
  say("the previous model is back; the one it replaced is the previous now");
  if (options.json) fmt::print("{}\n", to_line({{"rolled_back", true}}));
  return 0;
}

json prediction_json(const intents::Prediction& said) {
  json ranking = json::array();
  for (const IntentScore& score : said.ranking) {
    ranking.push_back(
        {{"intent", score.intent}, {"confidence", rounded(static_cast<double>(score.confidence))}});
  }
  const bool none = said.out_of_scope || said.ranking.empty();
  return {{"intent", none ? json(nullptr) : json(said.ranking[0].intent)},
          {"confidence",
           said.ranking.empty() ? 0.0 : rounded(static_cast<double>(said.ranking[0].confidence))},
          {"oos_score", rounded(static_cast<double>(said.oos_score))},
          {"ranking", std::move(ranking)},
          {"language", name(said.language)}};
}

/// Of a model its folder, of a bot its folder: the last part of the path that has a name.
std::string last_name(const std::filesystem::path& path) {
  const std::filesystem::path whole = std::filesystem::absolute(path).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

ReportSubject subject_of(const ModelOptions& options) {
  if (!options.model.empty()) {
    return {"How well " + last_name(options.model) + " understands",
            "Judged on the rows of " + last_name(options.data) +
                "; languages are as the model recognised them."};
  }
  return {"How well " + last_name(options.bot) + " understands",
          fmt::format("Cross-validation of its examples in {} folds, seed {}: each is judged by a "
                      "classifier that saw neither it nor anything almost like it; the bot's "
                      "patterns are left out.",
                      options.folds, options.seed)};
}

/// 0, or the exit code after saying what is wrong.
int write_report(const ModelOptions& options, const intents::Evaluation& evaluation) {
  std::ofstream file(options.report, std::ios::binary | std::ios::trunc);
  file << eval_report(subject_of(options), evaluation) << std::flush;
  if (!file) {
    fmt::print(stderr, "wasl: cannot write {}\n", options.report.string());
    return kEnvironment;
  }
  say("the report is in " + options.report.string());
  return 0;
}

}  // namespace

namespace {

json to_list(const std::vector<yaml::Mistake>& mistakes) {
  json list = json::array();
  for (const yaml::Mistake& mistake : mistakes) {
    list.push_back({{"file", mistake.file},
                    {"line", mistake.at.line},
                    {"column", mistake.at.column},
                    {"what", mistake.what}});
  }
  return list;
}

}  // namespace

int report_mistakes(const yaml::Mistakes& mistakes, bool as_json,
                    const std::vector<yaml::Mistake>& warnings) {
  const auto sorted = mistakes.sorted();
  if (as_json) {
    json report{{"mistakes", to_list(sorted)}};
    if (!warnings.empty()) report["warnings"] = to_list(warnings);
    fmt::print("{}\n", to_line(report));
  } else {
    for (const yaml::Mistake& mistake : sorted) fmt::print("{}\n", yaml::to_string(mistake));
    for (const yaml::Mistake& warning : warnings) {
      fmt::print("warning: {}\n", yaml::to_string(warning));
    }
  }
  return sorted.empty() ? 0 : kBadData;
}

int run_train(const ModelOptions& options) {
  const bool from_file = !options.data.empty();
  if (options.rollback) return roll_back(options);
  if (from_file == options.model.empty()) return usage("--data and --model go together");
  if (!options.dev.empty() && !from_file) return usage("--dev needs --data");
  yaml::Mistakes mistakes;
  if (!from_file && options.if_needed && intents::is_trained(options.bot)) {
    say("the model is up to date");
    return 0;
  }
  if (!from_file && !std::filesystem::is_directory(options.bot)) {
    mistakes.add(options.bot.string(), {}, "no such bot folder");
    return report_mistakes(mistakes, options.json);
  }
  const auto trained =
      from_file ? intents::train(intents::DataPaths{options.data, options.dev, options.model},
                                 options.seed, say, mistakes)
                : intents::train(options.bot, options.seed, say, mistakes);
  if (!mistakes.empty()) return report_mistakes(mistakes, options.json);
  if (!trained) return failed(trained.error());
  if (options.json) {
    fmt::print("{}\n", to_line({{"examples", trained->examples},
                                {"intents", trained->intents},
                                {"accuracy", trained->accuracy},
                                {"model_bytes", trained->model_bytes},
                                {"seconds", trained->seconds},
                                {"data_hash", trained->data_hash}}));
  } else {
    fmt::print(
        "trained {} intents from {} examples in {:.1f} s; {:.1f} % right on held-out folds\n",
        trained->intents, trained->examples, trained->seconds, 100 * trained->accuracy);
  }
  return 0;
}

int run_eval(const ModelOptions& options) {
  const bool own = !options.model.empty();
  if (own == options.data.empty()) return usage("--model and --data go together");
  // Said before the long work, not after it.
  if (!options.report.empty() &&
      (std::filesystem::is_directory(options.report) ||
       !std::filesystem::is_directory(std::filesystem::absolute(options.report).parent_path()))) {
    fmt::print(stderr, "wasl: cannot write {}\n", options.report.string());
    return kEnvironment;
  }
  yaml::Mistakes mistakes;
  if (!own && !std::filesystem::is_directory(options.bot)) {
    mistakes.add(options.bot.string(), {}, "no such bot folder");
    return report_mistakes(mistakes, options.json);
  }
  auto evaluated =
      own ? intents::evaluate_model(options.model, options.data, mistakes)
          : intents::evaluate_bot(options.bot, options.folds, options.seed, say, mistakes);
  if (!mistakes.empty()) return report_mistakes(mistakes, options.json);
  if (!evaluated) {
    return own ? no_model(options.model, evaluated.error()) : failed(evaluated.error());
  }
  if (!options.report.empty()) {
    if (const int wrong = write_report(options, *evaluated); wrong != 0) return wrong;
  }
  // Of a model languages are only recognised, not known: they stay in the report.
  if (own) evaluated->per_language.clear();
  if (options.json) {
    fmt::print("{}\n", to_line(to_json(*evaluated)));
  } else {
    print_table(*evaluated);
  }
  return 0;
}

int run_predict(const ModelOptions& options) {
  const auto predictor = intents::Predictor::load(options.model);
  if (!predictor) return no_model(options.model, predictor.error());
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line.ends_with('\r')) line.pop_back();
    fmt::print(
        "{}\n",
        to_line(prediction_json((*predictor)->predict(line, std::min(options.top, kTopMax)))));
  }
  return 0;
}

}  // namespace wasl::bot
