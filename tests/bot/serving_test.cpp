#include "bot/serving.hpp"

#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

using namespace test;

constexpr Time kStart{Millis{1'000'000}};
constexpr Millis kMinute{60'000};

/// The small bot with flows that differ by `mark`, and texts by `text`.
std::shared_ptr<const Bot> bot_with(const std::string& mark, const std::string& text = "") {
  const Folder folder;
  write_small_bot(folder);
  std::string flows = kFlows;
  flows.replace(flows.find("How long it takes."), 18, "How long it takes, " + mark + ".");
  folder.write("flows/small.yml", flows);
  std::string answers = kAnswers;
  answers.replace(answers.find("Which parcel?"), 13, "Which parcel" + text + "?");
  folder.write("answers/small.yml", answers);
  yaml::Mistakes mistakes;
  auto bot = load_bot(folder.path(), false, mistakes);
  EXPECT_EQ(told(mistakes), std::vector<std::string>{});
  return bot;
}

flows::FlowState in_the_middle(const Bot& bot) {
  flows::FlowState flow;
  flow.program = bot.program->fingerprint();
  flow.stack = {{"track", 0}};
  flow.asking = "parcel";
  return flow;
}

TEST(Serving, AFlowEndsWithTheBotItBeganWith) {
  const auto first = bot_with("one");
  const auto second = bot_with("two");
  Serving serving(first);
  serving.replace(second, kStart);
  EXPECT_EQ(serving.present().bot, second);
  flows::FlowState flow = in_the_middle(*first);
  EXPECT_EQ(serving.of(flow, kStart).bot, first);
  flow.stack.clear();
  EXPECT_EQ(serving.of(flow, kStart).bot, second) << "anything new begins with the present one";
  flow.program = "of long ago";
  flow.stack = {{"track", 0}};
  EXPECT_EQ(serving.of(flow, kStart).bot, second);
}

TEST(Serving, NewTextsAreForAll) {
  const auto first = bot_with("one");
  const auto second = bot_with("one", " of yours");
  Serving serving(first);
  serving.replace(second, kStart);
  EXPECT_EQ(serving.of(in_the_middle(*first), kStart).bot, second);
  EXPECT_EQ(serving.held(), 0U);
}

TEST(Serving, HoldsAFew) {
  std::vector<std::shared_ptr<const Bot>> bots;
  for (const char* mark : {"one", "two", "three", "four", "five", "six"}) {
    bots.push_back(bot_with(mark));
  }
  Serving serving(bots[0]);
  for (std::size_t i = 1; i < bots.size(); ++i) serving.replace(bots[i], kStart);
  EXPECT_EQ(serving.held(), Serving::kHeldMax);
  EXPECT_EQ(serving.of(in_the_middle(*bots[0]), kStart).bot, bots[5]) << "let go of";
  EXPECT_EQ(serving.of(in_the_middle(*bots[1]), kStart).bot, bots[1]);
  serving.replace(bots[1], kStart);
  EXPECT_EQ(serving.present().bot, bots[1]);
  EXPECT_EQ(serving.held(), Serving::kHeldMax) << "no two of the same flows";
}

TEST(Serving, LetsGoWhenNobodyCanBeInTheMiddle) {
  const auto first = bot_with("one");
  Serving serving(first);
  serving.replace(bot_with("two"), kStart);
  serving.release(kStart + 29 * kMinute);
  EXPECT_EQ(serving.of(in_the_middle(*first), kStart + 29 * kMinute).bot, first);
  serving.release(kStart + 58 * kMinute);
  EXPECT_EQ(serving.held(), 1U) << "it was used meanwhile";
  serving.release(kStart + 60 * kMinute);
  EXPECT_EQ(serving.held(), 0U);
}

}  // namespace
}  // namespace wasl::bot
