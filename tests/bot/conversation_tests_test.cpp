#include "bot/conversation_tests.hpp"

#include "bot/test_report.hpp"
#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

using Told = std::vector<std::string>;

struct Loaded {
  std::vector<ConversationTest> tests;
  Told mistakes;
};

Loaded load(const std::string& text) {
  const test::Folder folder;
  folder.write("tests/a.yml", text);
  yaml::Mistakes mistakes;
  auto tests = load_conversation_tests(folder.path(), mistakes);
  return {std::move(tests), test::told(mistakes)};
}

/// What comes out otherwise than written.
Told run(const std::string& text) {
  const Loaded loaded = load(text);
  EXPECT_EQ(loaded.mistakes, Told{});
  Told differences;
  for (const ConversationTest& test : loaded.tests) {
    for (const TestFailure& one : run_conversation_test(test::small_bot(), test).failures) {
      differences.push_back(to_text(one));
    }
  }
  return differences;
}

TEST(ConversationTests, AFolderWithoutTestsHasNone) {
  const test::Folder folder;
  yaml::Mistakes mistakes;
  EXPECT_TRUE(load_conversation_tests(folder.path(), mistakes).empty());
  EXPECT_TRUE(mistakes.empty());
}

TEST(ConversationTests, AreReadWhole) {
  const Loaded loaded = load(R"(- test: everything
  at: 2026-11-22T10:00+03:00
  given: {hours: closed, parcels.lookup: [{status: home, count: 3, gift: true}, not_found, unavailable]}
  turns:
    - visitor: track A-1032
      bot: {answer: track.status, says: "A-1032"}
    - tap: handoff:asked
      bot: [handoff.promised, {says: saved}]
    - after: 6h
    - visitor: hello
      bot: []
  ends: {state: promised, team: parcels, reason: asked, slots: {parcel: A-1032}}
)");
  EXPECT_EQ(loaded.mistakes, Told{});
  ASSERT_EQ(loaded.tests.size(), 1U);
  const ConversationTest& t = loaded.tests[0];
  EXPECT_EQ(t.name, "everything");
  EXPECT_EQ(t.file, "tests/a.yml");
  EXPECT_EQ(t.at.line, 1);
  EXPECT_EQ(iso8601(t.start), "2026-11-22T07:00:00.000Z");
  EXPECT_TRUE(t.closed);
  const auto& calls = t.given.at("parcels.lookup");
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[0].values,
            (flows::Values{{"status", std::string("home")}, {"count", 3.0}, {"gift", true}}));
  EXPECT_EQ(calls[1].outcome, flows::CallResult::Outcome::not_found);
  EXPECT_EQ(calls[2].outcome, flows::CallResult::Outcome::error);
  ASSERT_EQ(t.turns.size(), 4U);
  EXPECT_EQ(t.turns[0].visitor, "track A-1032");
  ASSERT_TRUE(t.turns[0].bot);
  EXPECT_EQ(t.turns[0].bot->at(0).says, "A-1032");
  EXPECT_EQ(t.turns[1].tap, "handoff:asked");
  EXPECT_EQ(t.turns[1].bot->size(), 2U);
  EXPECT_EQ(t.turns[2].after, Millis{6 * 3600 * 1000});
  EXPECT_FALSE(t.turns[2].bot);
  EXPECT_TRUE(t.turns[3].bot->empty());
  EXPECT_EQ(t.state, "promised");
  EXPECT_EQ(t.team, "parcels");
  EXPECT_EQ(t.reason, "asked");
  EXPECT_EQ(t.slots.at("parcel"), "A-1032");
}

struct MistakeCase {
  const char* name;
  const char* text;
  const char* want;
};

const MistakeCase kMistakes[] = {
    {"no list", "test: a\n", "tests/a.yml:1:1: must be a list of `- test:`"},
    {"no name", "- turns: []\n", "tests/a.yml:1:3: missing 'test'"},
    {"no turns", "- test: a\n", "tests/a.yml:1:3: missing 'turns', a list"},
    {"turns that are no list", "- test: a\n  turns: hello\n",
     "tests/a.yml:1:3: missing 'turns', a list"},
    {"an unknown key", "- test: a\n  turns: []\n  end: {}\n",
     "tests/a.yml:3:3: unknown key 'end' (did you mean \"ends\"?)"},
    {"a turn of nothing", "- test: a\n  turns:\n    - bot: x\n",
     "tests/a.yml:3:7: a turn needs 'visitor', 'tap' or 'after'"},
    {"an unknown key in a turn", "- test: a\n  turns:\n    - {visitor: x, bott: y}\n",
     "tests/a.yml:3:20: unknown key 'bott'"},
    {"no time", "- test: a\n  at: noon\n  turns: []\n", "tests/a.yml:2:7: 'at' must be like"},
    {"no duration", "- test: a\n  turns:\n    - {visitor: a, after: soon}\n",
     "tests/a.yml:3:27: 'after' must be a duration"},
    {"hours that are neither", "- test: a\n  given: {hours: late}\n  turns: []\n",
     "tests/a.yml:2:18: 'hours' must be open or closed"},
    {"a given call that is a word", "- test: a\n  given: {x.y: broken}\n  turns: []\n",
     "tests/a.yml:2:16: a given call is a map"},
    {"given calls that are a list", "- test: a\n  given: [x]\n  turns: []\n",
     "tests/a.yml:2:10: must be a map"},
    {"an unknown state", "- test: a\n  turns: []\n  ends: {state: waiting}\n",
     "tests/a.yml:3:17: unknown state 'waiting'"},
    {"slots that are a list", "- test: a\n  turns: []\n  ends: {slots: [x]}\n",
     "tests/a.yml:3:17: must be a map"},
    {"an unknown key in an answer", "- test: a\n  turns:\n    - {visitor: a, bot: {say: x}}\n",
     "tests/a.yml:3:26: unknown key 'say'"},
};

TEST(ConversationTests, SayWhereAMistakeIs) {
  for (const MistakeCase& c : kMistakes) {
    SCOPED_TRACE(c.name);
    const Told mistakes = load(c.text).mistakes;
    ASSERT_EQ(mistakes.size(), 1U) << ::testing::PrintToString(mistakes);
    EXPECT_EQ(mistakes[0].substr(0, std::string_view(c.want).size()), c.want);
  }
}

TEST(ConversationTests, PassWhenAllIsAsWritten) {
  EXPECT_EQ(run(R"(
- test: a parcel, found
  given: {parcels.lookup: {status: moving}}
  turns:
    - visitor: track
      bot: {answer: track.ask_parcel, says: parcel}
    - visitor: A-1032
      bot: {answer: track.status, says: "A-1032"}
    - tap: intent:period
      bot: period.days
  ends: {state: bot, slots: {parcel: A-1032}}
- test: first unknown, then known
  given: {parcels.lookup: [not_found, {status: home}]}
  turns:
    - visitor: track A-1032
      bot: track.unknown
    - visitor: track B-2041
      bot: track.status
- test: the system is down at night
  given: {hours: closed, parcels.lookup: unavailable}
  turns:
    - visitor: track A-1032
      bot: handoff.promised
  ends: {state: promised, team: parcels, reason: backend_error}
- test: a call that nobody gave is unavailable
  turns:
    - visitor: track A-1032
      bot: handoff.queued
  ends: {state: queued, reason: backend_error}
- test: a silent visitor
  turns:
    - visitor: how long
    - after: 31m
      bot: []
  ends: {state: resolved}
)"),
            Told{});
}

TEST(ConversationTests, ShowExpectedBesideActual) {
  EXPECT_EQ(run(R"(- test: wrong answer
  turns:
    - visitor: how long does it take
      bot: [track.status, period.days]
)"),
            (Told{"tests/a.yml:4:12: wrong answer\n"
                  "    visitor     how long does it take\n"
                  "    understood  period 0.98 by pattern; act: pattern: '^how long' of period\n"
                  "    expected      actual\n"
                  "  - track.status  nothing\n"
                  "  = period.days   period.days \"Three days.\"\n"}));
}

TEST(ConversationTests, ShowEachWayToDiffer) {
  const Told differences = run(R"(- test: wrong text
  turns:
    - visitor: how long
      bot: {answer: period.days, says: a week}
- test: another answer
  turns:
    - visitor: how long
      bot: track.status
- test: none wanted
  turns:
    - tap: intent:period
      bot: []
- test: two things wrong
  turns:
    - visitor: refund
      bot: period.days
    - visitor: hello?
      bot: period.days
- test: wrong end
  turns:
    - visitor: refund
  ends: {state: bot, team: general, reason: lost, slots: {parcel: A-1}}
)");
  ASSERT_EQ(differences.size(), 9U) << ::testing::PrintToString(differences);
  const std::pair<const char*, const char*> wants[] = {
      {"tests/a.yml:4:12: wrong text\n",
       "  ! period.days  period.days \"Three days.\"\n    its text lacks \"a week\"\n"},
      {"tests/a.yml:8:12: another answer\n", "  ! track.status  period.days \"Three days.\"\n"},
      {"tests/a.yml:12:12: none wanted\n    tapped      intent:period\n",
       "  + nothing   period.days \"Three days.\"\n"},
      {"tests/a.yml:16:12: two things wrong\n", "  ! period.days  handoff.queued"},
      {"tests/a.yml:18:12: two things wrong\n", "  - period.days  nothing\n"},
      {"tests/a.yml:22:17: wrong end: ends with state queued, expected bot", ""},
      {"tests/a.yml:22:28: wrong end: ends with team parcels, expected general", ""},
      {"tests/a.yml:22:45: wrong end: ends with reason refund, expected lost", ""},
      {"tests/a.yml:22:59: wrong end: ends with slot parcel nothing, expected A-1", ""},
  };
  for (std::size_t i = 0; i < differences.size(); ++i) {
    EXPECT_TRUE(differences[i].starts_with(wants[i].first)) << differences[i];
    EXPECT_NE(differences[i].find(wants[i].second), std::string::npos) << differences[i];
  }
}

TEST(ConversationTests, AlignSoThatMostRowsAreTheSame) {
  const std::vector<ExpectedAnswer> expected{{"a", "", {}}, {"b", "", {}}, {"c", "", {}}};
  const std::vector<TestFailure::Came> came{{"b", "B"}, {"x", "X"}, {"c", "C"}, {"d", "D"}};
  std::string kinds;
  for (const DiffRow& row : aligned(expected, came)) {
    kinds += "=!-+"[static_cast<std::size_t>(row.kind)];
  }
  EXPECT_EQ(kinds, "-=+=+");
  EXPECT_TRUE(aligned({}, {}).empty());
}

TEST(ConversationTests, AreTheSameEachTime) {
  const std::string text = R"(- test: again
  turns:
    - visitor: how long
      bot: nothing.like.it
)";
  EXPECT_EQ(run(text), run(text));
}

}  // namespace
}  // namespace wasl::bot
