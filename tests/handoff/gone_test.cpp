// Visitors who leave while they wait, and what is said when nobody came in time.
#include "wasl/handoff/moves.hpp"

#include "tests/handoff/make.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

Record gone_from(State state) {
  Record record = record_in(state);
  record.deadline = kNoon + kHour;
  return transition(record, signal_of(Trigger::customer_gone), Policy{}, at(kNoon))->after;
}

TEST(Gone, HasAGraceThatNoOtherDeadlineOutlasts) {
  for (const State state : {State::queued, State::offered}) {
    const Record record = gone_from(state);
    EXPECT_EQ(record.state, state);
    EXPECT_EQ(record.gone_since, kNoon);
    EXPECT_EQ(record.deadline, kNoon + 120 * kSecond);
    EXPECT_EQ(record.epoch, record_in(state).epoch);
  }
}

TEST(Gone, IsPromisedOrApologizedToWhenItIsOver) {
  for (const State state : {State::queued, State::offered}) {
    for (const bool known : {true, false}) {
      Situation situation = at(kNoon + 120 * kSecond);
      situation.contact_known = known;
      const auto moved =
          transition(gone_from(state), signal_of(Trigger::deadline), Policy{}, situation);
      ASSERT_TRUE(moved);
      EXPECT_EQ(moved->after.state, known ? State::promised : State::resolved);
      EXPECT_EQ(moved->reason, "abandoned");
      EXPECT_FALSE(moved->rate) << "nobody rates an abandoned wait";
      ASSERT_EQ(moved->notices.size(), 1U);
      EXPECT_EQ(moved->notices[0].answer, known ? "handoff.promised" : "handoff.abandoned");
      EXPECT_EQ(moved->after.ticket, known ? "T-9" : "");
      EXPECT_FALSE(moved->after.gone_since);
    }
  }
}

TEST(Gone, IsNotOffered) {
  const auto offer =
      transition(gone_from(State::queued), signal_of(Trigger::offer, "amal"), Policy{}, at(kNoon));
  ASSERT_FALSE(offer);
  EXPECT_EQ(offer.error().what, "not_allowed");
}

TEST(Gone, EndsWithAConnectionOrAMessage) {
  for (const Trigger trigger :
       {Trigger::customer_back, Trigger::customer_message, Trigger::choose_wait}) {
    for (const State state : {State::queued, State::offered}) {
      const auto moved =
          transition(gone_from(state), signal_of(trigger), Policy{}, at(kNoon + kSecond));
      ASSERT_TRUE(moved) << name(trigger);
      EXPECT_FALSE(moved->after.gone_since);
      EXPECT_EQ(moved->after.deadline, kNoon) << "what was due before is due again";
      EXPECT_TRUE(moved->notices.empty());
    }
  }
}

TEST(Gone, ChangesNothingTwiceNorWhereAReferenceExists) {
  const auto twice =
      transition(gone_from(State::queued), signal_of(Trigger::customer_gone), Policy{}, at(kNoon));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().what, "nothing_to_do");
  const auto never =
      transition(record_in(State::queued), signal_of(Trigger::customer_back), Policy{}, at(kNoon));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().what, "nothing_to_do");
  Record promised_before = record_in(State::queued);
  promised_before.ticket = "T-1";
  const auto ticket =
      transition(promised_before, signal_of(Trigger::customer_gone), Policy{}, at(kNoon));
  ASSERT_FALSE(ticket) << "a case is served whether or not its visitor looks on";
  EXPECT_EQ(ticket.error().what, "nothing_to_do");
}

TEST(Gone, KeepsTheAgeOfWhoSoonAsksAgain) {
  Record record = gone_from(State::queued);
  const Time age = *record.waiting_since;
  const Time over = kNoon + 120 * kSecond;
  record = transition(record, signal_of(Trigger::deadline), Policy{}, at(over))->after;
  record =
      transition(record, signal_of(Trigger::customer_message), Policy{}, at(over + kMinute))->after;
  EXPECT_EQ(record.state, State::bot) << "nobody served it";
  record = transition(record, signal_of(Trigger::handoff), Policy{}, at(over + kMinute))->after;
  EXPECT_EQ(record.waiting_since, age);
}

TEST(LongWait, IsMarkedOnceForSupervisors) {
  Record record =
      transition(record_in(State::bot), signal_of(Trigger::handoff), Policy{}, at(kNoon))->after;
  Situation nobody = at(kNoon);
  nobody.anyone_online = false;
  record.deadline = kNoon;
  record = transition(record, signal_of(Trigger::deadline), Policy{}, nobody)->after;
  EXPECT_TRUE(record.alternatives_given) << "at once";
  EXPECT_FALSE(record.alerted) << "but nobody has waited for long";
  nobody.now = *record.deadline;
  record = transition(record, signal_of(Trigger::deadline), Policy{}, nobody)->after;
  EXPECT_FALSE(record.alerted);
  nobody.now = *record.deadline;
  EXPECT_EQ(nobody.now, kNoon + Timers{}.alternatives);
  const auto moved = transition(record, signal_of(Trigger::deadline), Policy{}, nobody);
  EXPECT_TRUE(moved->after.alerted);
  EXPECT_TRUE(moved->notices.empty()) << "the visitor has heard of it";
}

TEST(Outcome, TheUnsolvedHearAnApologyAndMayComplain) {
  struct Case {
    const char* outcome;
    const char* notice;
    bool rate;
  };
  for (const Case& c : {Case{"solved", "handoff.resolved", true},
                        Case{"unsolved", "handoff.unsolved", false}, Case{"spam", "", false}}) {
    Signal resolve = signal_of(Trigger::resolve, "amal");
    resolve.reason = c.outcome;
    const auto moved = transition(record_in(State::human), resolve, Policy{}, at(kNoon));
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->rate, c.rate) << c.outcome;
    EXPECT_EQ(moved->notices.empty() ? "" : moved->notices[0].answer, c.notice) << c.outcome;
  }
  for (const State from : {State::wrap_up, State::resolved}) {
    Record record = record_in(from);
    record.deadline = kNoon + kHour;
    record.ticket = "T-1";
    const auto moved = transition(record, signal_of(Trigger::complain), Policy{}, at(kNoon));
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->after.state, State::promised);
    EXPECT_EQ(moved->after.reason, "complaint");
    EXPECT_EQ(moved->after.ticket, "T-9") << "a case of its own";
    EXPECT_EQ(moved->after.episode, record.episode + 1);
  }
}

}  // namespace
}  // namespace wasl::handoff
