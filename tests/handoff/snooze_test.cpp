// What is put aside until a date, and what ends that.
#include "wasl/handoff/moves.hpp"

#include "tests/handoff/make.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

Signal until(Time moment, const std::string& agent = "amal") {
  Signal signal = signal_of(Trigger::snooze, agent);
  signal.until = moment;
  return signal;
}

TEST(Snooze, WaitsForTheDate) {
  Record before = record_in(State::human);
  before.owed_since = kNoon - kSecond;
  const auto moved = transition(before, until(kNoon + 24 * kHour), Policy{}, at(kNoon));
  ASSERT_TRUE(moved) << moved.error().what;
  EXPECT_EQ(moved->after.state, State::snoozed);
  EXPECT_EQ(moved->after.deadline, kNoon + 24 * kHour);
  EXPECT_EQ(moved->after.owner, before.owner);
  EXPECT_EQ(moved->after.epoch, before.epoch) << "the owner has not changed";
  EXPECT_EQ(moved->after.owed_since, before.owed_since);
  EXPECT_TRUE(moved->notices.empty());
}

TEST(Snooze, OnlyForAWhileThatIsToCome) {
  const Millis most = Timers{}.snooze_max;
  for (const auto& [moment, fits] :
       {std::pair(kNoon, false), std::pair(kNoon - kSecond, false),
        std::pair(kNoon + kSecond, true), std::pair(kNoon + most, true),
        std::pair(kNoon + most + kSecond, false)}) {
    const auto moved = transition(record_in(State::human), until(moment), Policy{}, at(kNoon));
    ASSERT_EQ(static_cast<bool>(moved), fits) << iso8601(moment);
    if (!moved) {
      EXPECT_EQ(moved.error().what, "bad_message");
    }
  }
  const auto never =
      transition(record_in(State::human), signal_of(Trigger::snooze, "amal"), Policy{}, at(kNoon));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().what, "bad_message");
}

TEST(Snooze, IsTheOwnersOrASupervisors) {
  Signal others = until(kNoon + kHour, "basil");
  const auto refused = transition(record_in(State::human), others, Policy{}, at(kNoon));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "not_owner");
  others.agent_role = "supervisor";
  EXPECT_TRUE(transition(record_in(State::human), others, Policy{}, at(kNoon)));
}

struct Wake {
  const char* name;
  bool connected;
  bool room;
  bool open;
  State to;
  const char* notice;
};

const Wake kWakes[] = {
    {"the owner is there", true, true, true, State::human, ""},
    {"the owner is there at night", true, true, false, State::human, ""},
    {"the owner is gone", false, true, true, State::queued, "handoff.colleague"},
    {"the owner has no room", true, false, true, State::queued, "handoff.colleague"},
    {"nobody is there", false, true, false, State::promised, "handoff.promised"},
};

TEST(Snooze, EndsWithTheDateOrAMessage) {
  for (const Wake& c : kWakes) {
    for (const Trigger trigger : {Trigger::deadline, Trigger::customer_message}) {
      const Record before = record_in(State::snoozed);
      Situation situation = at(kNoon);
      situation.owner_connected = c.connected;
      situation.owner_has_room = c.room;
      situation.hours_open = c.open;
      const auto moved = transition(before, signal_of(trigger), Policy{}, situation);
      ASSERT_TRUE(moved) << c.name;
      EXPECT_EQ(moved->after.state, c.to) << c.name;
      if (c.to == State::human) {
        EXPECT_EQ(moved->after.owner, before.owner) << c.name;
        EXPECT_EQ(moved->after.epoch, before.epoch) << c.name;
        EXPECT_EQ(moved->after.owed_since, kNoon) << "a reply is owed";
        EXPECT_EQ(moved->after.deadline, kNoon + Timers{}.reply_owed);
        EXPECT_TRUE(moved->notices.empty());
      } else {
        EXPECT_EQ(*moved->after.waiting_since, *before.age_since - Timers{}.boost) << c.name;
        ASSERT_EQ(moved->notices.size(), 1U) << c.name;
        EXPECT_EQ(moved->notices[0].answer, c.notice) << c.name;
      }
    }
  }
}

TEST(Snooze, TheOwnerMayGoOnAtAnyTime) {
  const Record before = record_in(State::snoozed);
  const auto moved = transition(before, signal_of(Trigger::take, "amal"), Policy{}, at(kNoon));
  ASSERT_TRUE(moved) << moved.error().what;
  EXPECT_EQ(moved->after.state, State::human);
  EXPECT_EQ(moved->after.epoch, before.epoch);
  EXPECT_TRUE(moved->notices.empty()) << "nobody has joined";
  EXPECT_FALSE(transition(before, signal_of(Trigger::take, "basil"), Policy{}, at(kNoon)));
}

TEST(Snooze, TheDateOutlivesTheVisit) {
  const Record before = record_in(State::snoozed);
  const auto moved = transition(before, signal_of(Trigger::visitor_end), Policy{}, at(kNoon));
  ASSERT_TRUE(moved);
  EXPECT_TRUE(moved->after == before);
}

TEST(Snooze, ResolvingNeedsTheSlotThatWrappingUpTakes) {
  Situation full = at(kNoon);
  full.owner_has_room = false;
  const Signal resolve = signal_of(Trigger::resolve, "amal");
  const auto refused = transition(record_in(State::snoozed), resolve, Policy{}, full);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "no_room");
  EXPECT_EQ(transition(record_in(State::snoozed), resolve, Policy{}, at(kNoon))->after.state,
            State::wrap_up);
}

}  // namespace
}  // namespace wasl::handoff
