// `wasl test`: every conversation of `tests/`, and what they leave untried.

#include "bot/commands.hpp"
#include "bot/conversation_tests.hpp"
#include "bot/model_commands.hpp"
#include "bot/test_coverage.hpp"
#include "bot/test_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr int kFailed = 1;
constexpr int kUsage = 2;

json to_json(const TestFailure& failure) {
  json value{{"test", failure.test},
             {"file", failure.file},
             {"line", failure.at.line},
             {"column", failure.at.column},
             {"difference", to_text(failure)}};
  if (!failure.end.empty()) {
    value["end"] = failure.end;
    return value;
  }
  value[failure.tapped ? "tap" : "visitor"] = failure.visitor;
  if (failure.understood) {
    const Understanding& understood = *failure.understood;
    json intents = json::array();
    for (const IntentScore& one : understood.intents) {
      intents.push_back(
          {{"intent", one.intent}, {"confidence", one.confidence}, {"source", one.source}});
    }
    value["understood"] = {{"intents", std::move(intents)},
                           {"decision", name(understood.decision)},
                           {"why", understood.why}};
  }
  value["expected"] = json::array();
  for (const ExpectedAnswer& one : failure.expected) {
    value["expected"].push_back({{"answer", one.answer}, {"says", one.says}});
  }
  value["actual"] = json::array();
  for (const TestFailure::Came& one : failure.came) {
    value["actual"].push_back({{"answer", one.answer}, {"text", one.text}});
  }
  return value;
}

json to_json(const Coverage& coverage) {
  json flows = json::array();
  for (const Coverage::OfFlow& flow : coverage.flows) {
    json unreached = json::array();
    for (const flows::StepPlace& place : flow.unreached) {
      unreached.push_back({{"file", place.file}, {"line", place.mark.line}, {"step", place.title}});
    }
    flows.push_back(
        {{"flow", flow.flow}, {"steps", flow.steps}, {"unreached", std::move(unreached)}});
  }
  return {{"steps", coverage.steps()},
          {"steps_reached", coverage.steps_reached()},
          {"flows", std::move(flows)},
          {"intents", coverage.intents},
          {"intents_missed", coverage.intents_missed}};
}

void keep_only(const std::string& part, std::vector<ConversationTest>& tests) {
  std::erase_if(tests, [&](const ConversationTest& test) {
    return test.name.find(part) == std::string::npos && test.file.find(part) == std::string::npos;
  });
}

struct Run {
  std::size_t passed = 0;
  std::size_t failed = 0;
  json failures = json::array();
  Exercised exercised;
};

Run run_all(const std::shared_ptr<const Bot>& bot, const std::vector<ConversationTest>& tests,
            bool as_json) {
  Run run;
  for (const ConversationTest& test : tests) {
    TestResult result = run_conversation_test(bot, test);
    ++(result.failures.empty() ? run.passed : run.failed);
    for (const TestFailure& failure : result.failures) {
      if (as_json) {
        run.failures.push_back(to_json(failure));
      } else {
        fmt::print("{}\n", to_text(failure));
      }
    }
    auto& steps = run.exercised.steps;
    steps.insert(steps.end(), result.exercised.steps.begin(), result.exercised.steps.end());
    run.exercised.intents.merge(result.exercised.intents);
  }
  return run;
}

}  // namespace

int run_tests(const CommandOptions& options, const TestOptions& testing) {
  yaml::Mistakes mistakes;
  const auto bot = load_bot(options.bot, true, mistakes);
  if (!bot) return report_mistakes(mistakes, options.json);
  auto tests = load_conversation_tests(options.bot, mistakes);
  if (!mistakes.empty()) return report_mistakes(mistakes, options.json);
  if (!bot->warning.empty()) fmt::print(stderr, "{}\n", bot->warning);
  if (!testing.only.empty()) {
    keep_only(testing.only, tests);
    if (tests.empty()) {
      fmt::print(stderr, "wasl: no test has '{}' in its name or file\n", testing.only);
      return kUsage;
    }
  }

  Run run = run_all(bot, tests, options.json);
  const Coverage coverage =
      coverage_of(flows::outline(*bot->program), bot->names.intents, run.exercised);
  if (options.json) {
    const json all{{"passed", run.passed},
                   {"failed", run.failed},
                   {"failures", std::move(run.failures)},
                   {"coverage", to_json(coverage)}};
    fmt::print("{}\n", all.dump(-1, ' ', false, json::error_handler_t::replace));
  } else {
    if (testing.coverage) fmt::print("{}\n", table_of(coverage));
    fmt::print("{} passed, {} failed\n{}\n", run.passed, run.failed, summary_of(coverage));
  }
  return run.failed == 0 ? 0 : kFailed;
}

}  // namespace wasl::bot
