#include "bot/test_coverage.hpp"

#include "bot/conversation_tests.hpp"
#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

const std::vector<flows::StepPlace> kOutline{
    {"buy", 0, "flows/a.yml", {4, 7}, "ask size"},
    {"buy", 5, "flows/a.yml", {5, 17}, "handoff lost"},
    {"buy", 1, "flows/a.yml", {6, 7}, "say done"},
    {"greet", 0, "flows/b.yml", {2, 7}, "say hello"},
};

TEST(TestCoverage, CountsStepsAndIntents) {
  Exercised exercised;
  exercised.steps = {{"buy", 0}, {"buy", 1}, {"buy", 1}, {"gone", 0}};
  exercised.intents = {"buy", "not_declared"};
  const Coverage coverage = coverage_of(kOutline, {"buy", "greet"}, exercised);
  EXPECT_EQ(summary_of(coverage), "covered: 2 of 4 steps in 2 flows (50%), 1 of 2 intents");
  EXPECT_EQ(table_of(coverage),
            "flow     steps\n"
            "buy        2/3   66%\n"
            "  never reached: flows/a.yml:5: handoff lost\n"
            "greet      0/1    0%\n"
            "  never reached: flows/b.yml:2: say hello\n"
            "never understood: intent greet\n");
}

TEST(TestCoverage, OfNothingIsWhole) {
  EXPECT_EQ(summary_of(coverage_of({}, {}, {})),
            "covered: 0 of 0 steps in 0 flows (100%), 0 of 0 intents");
}

TEST(TestCoverage, OfAConversation) {
  const test::Folder folder;
  folder.write("tests/a.yml", R"(- test: unknown
  given: {parcels.lookup: not_found}
  turns: [{visitor: track A-1032}]
)");
  yaml::Mistakes mistakes;
  const auto tests = load_conversation_tests(folder.path(), mistakes);
  ASSERT_EQ(tests.size(), 1U);
  const auto bot = test::small_bot();
  const TestResult result = run_conversation_test(bot, tests[0]);
  EXPECT_EQ(result.exercised.intents, std::set<std::string>{"track"});
  const Coverage coverage =
      coverage_of(flows::outline(*bot->program), bot->names.intents, result.exercised);
  std::string unreached;
  for (const auto& flow : coverage.flows) {
    if (flow.flow != "track") continue;
    for (const auto& place : flow.unreached) unreached += place.title + "; ";
  }
  EXPECT_NE(unreached.find("say status"), std::string::npos) << unreached;
  EXPECT_EQ(unreached.find("say unknown"), std::string::npos) << unreached;
  EXPECT_EQ(unreached.find("ask parcel"), std::string::npos) << "passed over, since it is known";
}

}  // namespace
}  // namespace wasl::bot
