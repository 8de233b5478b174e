// Reminders: kept in the conversation, said when they are due, whoever has it by then.
#include "bot/reminders.hpp"

#include "bot/conversation_tests.hpp"
#include "bot/test_report.hpp"
#include "tests/bot/scene.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

using handoff::Trigger;
using test::kMinute;
using test::kNoon;
using Told = std::vector<std::string>;

constexpr Millis kHour = 60 * kMinute;

/// The small bot, which also takes appointments.
std::shared_ptr<const Bot> visit_bot() {
  static const std::shared_ptr<const Bot> loaded = [] {
    const test::Folder folder;
    test::write_small_bot(folder);
    folder.write("intents/visit.yml",
                 "- intent: visit\n  patterns: ['^visit']\n"
                 "- intent: call_off\n  patterns: ['^call off']\n");
    folder.write("flows/visit.yml", R"(
- flow: visit
  start: {intent: visit}
  slots: {day: {type: date}, at: {type: time}}
  steps:
    - ask: day
    - ask: at
    - remind: soon
      args: {at: at}
      on: day
      at: at
      before: 2h
    - remind: how_was_it
      after: 200h
    - say: booked
- flow: call_off
  start: {intent: call_off}
  steps:
    - remind: visit.soon
      cancel: true
    - {remind: visit.how_was_it, cancel: true}
    - say: done
)");
    folder.write("answers/visit.yml", R"(
visit:
  ask_day: {ar: أي يوم, en: Which day}
  ask_at: {ar: متى, en: What time}
  booked: {ar: تم, en: Booked}
  soon: {ar: "موعدك {at, time, short}", en: "Your visit is at {at, time, short}"}
  how_was_it: {ar: كيف كانت الزيارة, en: How was it}
call_off:
  done: {ar: ألغيت, en: Called off}
)");
    yaml::Mistakes mistakes;
    auto bot = load_bot(folder.path(), false, mistakes);
    EXPECT_EQ(test::told(mistakes), Told{});
    return bot;
  }();
  return loaded;
}

class Visit : public test::Scene {
 public:
  Visit() {
    bot = visit_bot();
    renderer = flows::Renderer::make(bot->program);
    conversation.timezone = "Asia/Riyadh";
  }
  /// An appointment on Wednesday at four in Riyadh, which is one o'clock in UTC.
  void book() {
    (void)give(test::say("visit"));
    (void)give(test::say("2026-11-25"));
    const Turn turn = give(test::say("16:00"));
    EXPECT_EQ(test::heard(turn.events), Told{"bot visit.booked"});
  }
  Turn wait_until(Time at) {
    world.desk.now = at;
    return give(DeadlineCame{});
  }
};

const Time kReminder = kNoon + 72 * kHour - 1 * kHour;  // Wednesday, 11:00Z, two hours before

TEST(Reminders, AreDueByTheCustomersClock) {
  Visit visit;
  visit.book();
  ASSERT_EQ(visit.conversation.reminders.size(), 2U);
  EXPECT_EQ(visit.conversation.reminders[0].answer, "visit.soon");
  EXPECT_EQ(visit.conversation.reminders[0].at, kReminder);
  EXPECT_EQ(visit.conversation.reminders[1].at, kNoon + 200 * kHour);
  EXPECT_EQ(visit.conversation.next_due(), visit.conversation.record.deadline);
}

TEST(Reminders, AreSaidInAResolvedConversationWhichWaitsForThem) {
  Visit visit;
  visit.book();
  (void)visit.due();  // nobody wrote
  ASSERT_EQ(visit.state(), State::resolved);
  const Turn said = visit.wait_until(kReminder);
  EXPECT_EQ(test::heard(said.events), Told{"bot visit.soon"});
  EXPECT_EQ(std::get<MessageSaid>(said.events[0].body).text, "Your visit is at 16:00");
  EXPECT_EQ(visit.state(), State::resolved) << "a reminder reopens nothing";

  const Turn put_off =
      visit.due();  // the reopening time is over, but something is still to be said
  EXPECT_EQ(put_off.refused, "");
  EXPECT_EQ(visit.state(), State::resolved);
  EXPECT_EQ(test::heard(visit.wait_until(kNoon + 200 * kHour).events),
            Told{"bot visit.how_was_it"});
  EXPECT_EQ(test::heard(visit.give(test::say("how long")).events), Told{"bot period.days"})
      << "the answer to it finds the same conversation";
}

TEST(Reminders, CloseAfterTheLastOne) {
  Visit visit;
  visit.book();
  for (int i = 0; i < 6 && visit.state() != State::closed; ++i) {
    (void)visit.wait_until(*visit.conversation.next_due());
  }
  EXPECT_EQ(visit.state(), State::closed);
  EXPECT_EQ(visit.conversation.next_due(), std::nullopt);
}

TEST(Reminders, AreANoteWhileAPersonHasIt) {
  Visit visit;
  visit.book();
  visit.reach_human("ali");
  visit.conversation.record.deadline = kReminder + kHour;
  const Turn turn = visit.wait_until(kReminder);
  ASSERT_EQ(turn.events.size(), 1U);
  EXPECT_EQ(std::get<NoteWritten>(turn.events[0].body).text,
            "A reminder is due and was not sent, because you have the conversation: Your visit is "
            "at 16:00");
  EXPECT_EQ(visit.state(), State::human);
}

TEST(Reminders, CanBeCancelled) {
  Visit visit;
  visit.book();
  (void)visit.give(test::say("call off"));
  EXPECT_TRUE(visit.conversation.reminders.empty());
}

TEST(Reminders, AgainMeansInstead) {
  Visit visit;
  visit.book();
  (void)visit.give(test::say("visit"));
  (void)visit.give(test::say("2026-11-26"));
  (void)visit.give(test::say("16:00"));
  ASSERT_EQ(visit.conversation.reminders.size(), 2U);
  EXPECT_EQ(visit.conversation.reminders[0].at, kReminder + 24 * kHour);
}

TEST(Reminders, OneWithoutATextIsANote) {
  Visit visit;
  visit.book();
  visit.bot = test::small_bot();
  visit.renderer = flows::Renderer::make(visit.bot->program);
  visit.conversation.record.deadline = kReminder + kHour;
  const Turn turn = visit.wait_until(kReminder);
  ASSERT_EQ(turn.events.size(), 1U);
  EXPECT_NE(std::get<NoteWritten>(turn.events[0].body).text.find("visit.soon"), std::string::npos);
}

TEST(Reminders, OutliveTheSnapshot) {
  Visit visit;
  visit.book();
  const auto read = from_snapshot(to_snapshot(visit.conversation));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->reminders, visit.conversation.reminders);
}

TEST(Reminders, ComeInConversationTestsToo) {
  const test::Folder folder;
  folder.write("tests/a.yml", R"(
- test: a reminder
  at: 2026-11-22T15:00+03:00
  turns:
    - visitor: visit
      bot: visit.ask_day
    - visitor: "2026-11-23"
      bot: visit.ask_at
    - visitor: "16:00"
      bot: visit.booked
    - after: 27h
      bot: {answer: visit.soon, says: "16:00"}
)");
  yaml::Mistakes mistakes;
  const auto tests = load_conversation_tests(folder.path(), mistakes);
  ASSERT_EQ(test::told(mistakes), Told{});
  ASSERT_EQ(tests.size(), 1U);
  for (const TestFailure& one : run_conversation_test(visit_bot(), tests[0]).failures) {
    ADD_FAILURE() << to_text(one);
  }
}

flows::Remind on(std::string date, std::string time, Millis before = Millis{0}) {
  flows::Remind wanted;
  wanted.date = std::move(date);
  wanted.time = std::move(time);
  wanted.before = before;
  return wanted;
}

TEST(Reminders, OnlyAMomentThatComesIsDue) {
  EXPECT_EQ(due_at(on("2026-11-22", "16:00"), kNoon, "UTC"), kNoon + 4 * kHour);
  EXPECT_EQ(due_at(on("2026-11-22", "16:00", 5 * kHour), kNoon, "UTC"), std::nullopt) << "past";
  EXPECT_EQ(due_at(on("2026-11-22", "12:00"), kNoon, "UTC"), std::nullopt) << "now";
  EXPECT_EQ(due_at(on("2029-11-22", "12:00"), kNoon, "UTC"), std::nullopt) << "too far";
  EXPECT_EQ(due_at(on("soon", "12:00"), kNoon, "UTC"), std::nullopt);
  EXPECT_EQ(due_at(on("2026-11-23T23:00+03:00", "09:00"), kNoon, "UTC"), kNoon + 21 * kHour);
  flows::Remind later;
  later.after = kHour;
  EXPECT_EQ(due_at(later, kNoon, "UTC"), kNoon + kHour);
}

TEST(Reminders, KnowSummerTime) {
  // Clocks in Berlin skip from two to three on 28 March 2027, and show two o'clock twice on 31
  // October.
  EXPECT_EQ(iso8601(*due_at(on("2027-03-28", "02:30"), kNoon, "Europe/Berlin")),
            "2027-03-28T01:00:00.000Z");
  EXPECT_EQ(iso8601(*due_at(on("2027-10-31", "02:30"), kNoon, "Europe/Berlin")),
            "2027-10-31T00:30:00.000Z");
  EXPECT_EQ(iso8601(*due_at(on("2027-07-01", "09:00"), kNoon, "Europe/Berlin")),
            "2027-07-01T07:00:00.000Z");
}

TEST(Reminders, TheSoonestStay) {
  std::vector<Reminder> reminders;
  for (int i = 40; i > 0; --i) {
    keep(reminders, {"a" + std::to_string(i), {}, kNoon + i * kHour});
  }
  ASSERT_EQ(reminders.size(), kRemindersMax);
  EXPECT_EQ(reminders.front().answer, "a1");
  EXPECT_EQ(reminders.back().answer, "a16");
  const auto due = take_due(reminders, kNoon + 2 * kHour);
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].answer, "a1");
  EXPECT_EQ(reminders.size(), kRemindersMax - 2);
}

}  // namespace
}  // namespace wasl::bot
