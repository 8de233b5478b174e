// Transfers, assignments, and the age of whoever is passed on.
#include "wasl/handoff/moves.hpp"

#include "tests/handoff/make.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

Policy with_teams() {
  Policy policy;
  policy.teams["orders"] = {{"orders"}, "general"};
  policy.teams["general"] = {};
  policy.teams["legal"] = {};
  return policy;
}

Signal to_team(const std::string& from, const std::string& team) {
  Signal signal = signal_of(Trigger::transfer, from);
  signal.to_team = team;
  signal.reason = "knows it better";
  return signal;
}

Signal to_agent(const std::string& from, const std::string& agent) {
  Signal signal = signal_of(Trigger::transfer, from);
  signal.to_agent = agent;
  return signal;
}

Situation knowing(const std::string& agent, const std::string& role = "agent") {
  Situation situation = at(kNoon);
  situation.colleague = Colleague{agent_owner(agent), role, "orders", true};
  return situation;
}

/// Whoever it is offered to accepts.
Record served_by_next(Record record, const std::string& agent) {
  record = transition(record, signal_of(Trigger::offer, agent), with_teams(), at(kNoon))->after;
  return transition(record, signal_of(Trigger::accept, agent), with_teams(), at(kNoon))->after;
}

TEST(Transfer, ToATeamKeepsTheAgeAndSaysSoOnce) {
  for (const State from : {State::human, State::snoozed}) {
    const Record before = record_in(from);
    const auto moved = transition(before, to_team("amal", "orders"), with_teams(), at(kNoon));
    ASSERT_TRUE(moved) << moved.error().what;
    const Record& after = moved->after;
    EXPECT_EQ(after.state, State::queued);
    EXPECT_EQ(after.team, "orders");
    EXPECT_EQ(after.epoch, before.epoch + 1);
    EXPECT_EQ(after.episode, before.episode) << "the same case";
    EXPECT_EQ(after.waiting_since, before.age_since);
    EXPECT_EQ(after.queued_at, kNoon) << "what is said is paced from now on";
    EXPECT_EQ(after.transfer_path, (std::vector<std::string>{"agent:amal", "team:orders"}));
    EXPECT_EQ(after.declined_by, std::vector<std::string>{"amal"}) << "last in line";
    EXPECT_EQ(after.last_agent, "") << "not the first in line";
    EXPECT_EQ(after.wanted_agent, "");
    ASSERT_EQ(moved->notices.size(), 1U);
    EXPECT_EQ(moved->notices[0].answer, "handoff.transferred");
    EXPECT_EQ(moved->reason, "knows it better");
  }
}

TEST(Transfer, ToAnAgentAsksThemFirst) {
  const auto moved = transition(record_in(State::human), to_agent("amal", "basil"), with_teams(),
                                knowing("basil"));
  ASSERT_TRUE(moved) << moved.error().what;
  EXPECT_EQ(moved->after.wanted_agent, "basil");
  EXPECT_EQ(moved->after.wanted_until, kNoon + Timers{}.named_agent);
  EXPECT_EQ(moved->after.team, "orders") << "then their team";

  Record record =
      transition(moved->after, signal_of(Trigger::offer, "basil"), with_teams(), at(kNoon))->after;
  record = transition(record, signal_of(Trigger::decline, "basil"), with_teams(), at(kNoon))->after;
  EXPECT_EQ(record.wanted_agent, "") << "has been asked";
  EXPECT_EQ(record.waiting_since, moved->after.waiting_since);
}

TEST(Transfer, AtNightItIsPromised) {
  Situation night = at(kNoon);
  night.hours_open = false;
  night.next_open = kNoon + 9 * kHour;
  const auto moved =
      transition(record_in(State::human), to_team("amal", "orders"), with_teams(), night);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->after.state, State::promised);
  EXPECT_EQ(moved->after.ticket, "T-9");
  EXPECT_EQ(moved->after.declined_by, std::vector<std::string>{"amal"});
  EXPECT_EQ(moved->notices.size(), 1U);
}

TEST(Transfer, NeverComesBackOnTheSamePath) {
  Record record = record_in(State::human);
  record = transition(record, to_team("amal", "orders"), with_teams(), at(kNoon))->after;
  record = served_by_next(record, "basil");
  EXPECT_EQ(record.transfers, 1);
  const auto back = transition(record, to_agent("basil", "amal"), with_teams(), knowing("amal"));
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().what, "not_allowed");
  const auto again = transition(record, to_team("basil", "orders"), with_teams(), at(kNoon));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().what, "not_allowed");
}

TEST(Transfer, TheThirdGoesToASupervisorAndThereIsNoFourth) {
  Record record = record_in(State::human);
  record = transition(record, to_team("amal", "orders"), with_teams(), at(kNoon))->after;
  record = served_by_next(record, "basil");
  record = transition(record, to_team("basil", "general"), with_teams(), at(kNoon))->after;
  EXPECT_FALSE(record.supervised);
  record = served_by_next(record, "chadi");
  const Record third =
      transition(record, to_agent("chadi", "dana"), with_teams(), knowing("dana"))->after;
  EXPECT_TRUE(third.supervised);
  EXPECT_EQ(third.wanted_agent, "") << "no supervisor: not asked first";
  EXPECT_EQ(
      transition(record, to_agent("chadi", "sara"), with_teams(), knowing("sara", "supervisor"))
          ->after.wanted_agent,
      "sara");
  record = served_by_next(third, "sara");
  const auto fourth = transition(record, to_team("sara", "legal"), with_teams(), at(kNoon));
  ASSERT_FALSE(fourth);
  EXPECT_EQ(fourth.error().what, "not_allowed");
  const auto returned =
      transition(record, signal_of(Trigger::return_to_bot, "sara"), with_teams(), at(kNoon));
  EXPECT_TRUE(returned->after.transfer_path.empty()) << "the next episode begins afresh";
  EXPECT_EQ(returned->after.transfers, 0);
}

struct Refusal {
  const char* name;
  State from;
  Signal signal;
  Situation situation;
  const char* want;
};

TEST(Transfer, IsRefusedWithACode) {
  Signal both = to_team("amal", "orders");
  both.to_agent = "basil";
  const Refusal cases[] = {
      {"not the owner", State::human, to_team("basil", "orders"), at(kNoon), "not_owner"},
      {"to nobody", State::human, signal_of(Trigger::transfer, "amal"), at(kNoon), "bad_message"},
      {"to two", State::human, both, knowing("basil"), "bad_message"},
      {"unknown team", State::human, to_team("amal", "void"), at(kNoon), "unknown_team"},
      {"unknown agent", State::human, to_agent("amal", "void"), at(kNoon), "unknown_agent"},
      {"to oneself", State::human, to_agent("amal", "amal"), knowing("amal"), "not_allowed"},
      {"nobody has it", State::queued, to_team("amal", "orders"), at(kNoon), "bad_state"},
      {"it is over", State::wrap_up, to_team("amal", "orders"), at(kNoon), "bad_state"},
  };
  for (const Refusal& c : cases) {
    const auto moved = transition(record_in(c.from), c.signal, with_teams(), c.situation);
    ASSERT_FALSE(moved) << c.name;
    EXPECT_EQ(moved.error().what, c.want) << c.name;
  }
}

Signal assign(const std::string& agent, const std::string& role = "supervisor") {
  Signal signal = signal_of(Trigger::assign, "sara");
  signal.agent_role = role;
  signal.to_agent = agent;
  return signal;
}

TEST(Assign, GivesAnyLiveConversationToSomebodyWithRoom) {
  for (const State from : {State::bot, State::offering, State::promised, State::queued,
                           State::offered, State::human, State::snoozed}) {
    const Record before = record_in(from);
    const auto moved = transition(before, assign("basil"), with_teams(), knowing("basil"));
    ASSERT_TRUE(moved) << name(from) << moved.error().what;
    EXPECT_EQ(moved->after.state, State::human) << name(from);
    EXPECT_EQ(moved->after.owner, agent_owner("basil")) << name(from);
    EXPECT_EQ(moved->after.epoch, before.epoch + 1) << name(from);
    EXPECT_EQ(moved->after.last_agent, "basil");
    ASSERT_EQ(moved->notices.size(), 1U);
    EXPECT_EQ(moved->notices[0].args[0].second, "Name of basil");
  }
}

TEST(Assign, IsRefusedWithACode) {
  Situation full = knowing("basil");
  full.colleague->has_room = false;
  const Refusal cases[] = {
      {"by an agent", State::queued, assign("basil", "agent"), knowing("basil"), "not_allowed"},
      {"to nobody", State::queued, assign(""), at(kNoon), "bad_message"},
      {"to somebody unknown", State::queued, assign("void"), at(kNoon), "unknown_agent"},
      {"to somebody without room", State::queued, assign("basil"), full, "no_room"},
      {"to who has it", State::human, assign("amal"), knowing("amal"), "not_allowed"},
      {"after the end", State::resolved, assign("basil"), knowing("basil"), "bad_state"},
  };
  for (const Refusal& c : cases) {
    const auto moved = transition(record_in(c.from), c.signal, with_teams(), c.situation);
    ASSERT_FALSE(moved) << c.name;
    EXPECT_EQ(moved.error().what, c.want) << c.name;
  }
}

TEST(Take, NeedsASlot) {
  Situation full = at(kNoon);
  full.agent_has_room = false;
  const auto moved =
      transition(record_in(State::queued), signal_of(Trigger::take, "basil"), with_teams(), full);
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().what, "no_room");
}

TEST(LostAgent, IsBoostedBeyondTheOldAge) {
  Record record = record_in(State::human);
  record.owed_since = kNoon - kMinute;
  const auto moved =
      transition(record, signal_of(Trigger::agent_gone, "amal"), Policy{}, at(kNoon));
  ASSERT_TRUE(moved);
  EXPECT_EQ(*moved->after.waiting_since, *record.age_since - Timers{}.boost);
}

}  // namespace
}  // namespace wasl::handoff
