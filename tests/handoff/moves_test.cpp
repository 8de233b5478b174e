// The table against the decider: each pair of state and trigger, legal or refused, with its code.
#include "wasl/handoff/moves.hpp"

#include "tests/handoff/make.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace wasl::handoff {
namespace {

const std::vector<State> kStates{State::bot,      State::offering, State::promised, State::queued,
                                 State::offered,  State::human,    State::snoozed,  State::wrap_up,
                                 State::resolved, State::closed};

std::vector<Trigger> all_triggers() {
  std::vector<Trigger> all;
  for (int i = 0; i <= static_cast<int>(Trigger::deadline); ++i) {
    all.push_back(static_cast<Trigger>(i));
  }
  return all;
}

struct Variation {
  Record record;
  Signal signal;
  Situation situation;
};

/// Every variation of circumstances that some guard or some choice between rows looks at.
std::vector<Variation> variations(State state, Trigger trigger) {
  std::vector<Variation> all;
  for (int bits = 0; bits < 4096; ++bits) {
    const auto bit = [&](int i) { return (bits >> i & 1) != 0; };
    Variation one{record_in(state), signal_of(trigger, bit(3) ? "amal" : "basil"),
                  at(bit(8) ? kNoon : kNoon - kSecond)};
    Record& record = one.record;
    if (bit(0)) record.bot_returns = 1;
    if (bit(1)) record.owed_since = kNoon - kMinute;
    if (bit(2)) {
      record.reason = "asked";
      if (state == State::resolved) record.last_agent = "amal";
    }
    const bool waits = state == State::queued || state == State::offered;
    if (waits && bit(9)) record.gone_since = kNoon - 2 * kMinute;
    if (waits && bit(2)) record.ticket = "T-1";
    if (bit(9)) record.transfers = 2;
    Signal& signal = one.signal;
    if (bit(4)) signal.agent_role = "supervisor";
    (bit(10) ? signal.to_agent : signal.to_team) = bit(10) ? "chadi" : "orders";
    signal.until = kNoon + kHour;
    Situation& situation = one.situation;
    situation.hours_open = bit(5);
    situation.owner_connected = bit(6);
    situation.agent_eligible = bit(7);
    situation.contact_known = bit(10);
    situation.agent_has_room = bit(11);
    situation.owner_has_room = bit(11);
    if (bit(7)) situation.colleague = Colleague{agent_owner("chadi"), "agent", "orders", bit(11)};
    all.push_back(std::move(one));
  }
  return all;
}

Policy with_orders() {
  Policy policy;
  policy.teams["orders"] = {};
  return policy;
}

TEST(Moves, EveryPairIsDecidedAsTheTableSays) {
  const Policy policy = with_orders();
  for (const State state : kStates) {
    for (const Trigger trigger : all_triggers()) {
      std::set<State> listed;
      for (const Move& move : moves()) {
        if (move.from == state && move.on == trigger) listed.insert(move.to);
      }
      std::set<State> reached;
      for (const auto& [record, signal, situation] : variations(state, trigger)) {
        const auto moved = transition(record, signal, policy, situation);
        if (moved) {
          reached.insert(moved->after.state);
        } else if (listed.empty()) {
          EXPECT_EQ(moved.error().what, "bad_state") << name(state) << " " << name(trigger);
        }
      }
      EXPECT_EQ(reached, listed) << name(state) << " on " << name(trigger);
    }
  }
}

TEST(Moves, TheEpochRisesExactlyWithOwnersAndOffers) {
  const Policy policy = with_orders();
  for (const State state : kStates) {
    for (const Trigger trigger : all_triggers()) {
      for (const auto& [record, signal, situation] : variations(state, trigger)) {
        const auto moved = transition(record, signal, policy, situation);
        if (!moved) continue;
        const Record& after = moved->after;
        const bool changed = after.owner.kind != record.owner.kind ||
                             after.owner.id != record.owner.id ||
                             after.offered_to != record.offered_to;
        ASSERT_EQ(after.epoch, record.epoch + (changed ? 1 : 0))
            << name(state) << " on " << name(trigger);
      }
    }
  }
}

TEST(Moves, EveryStateButClosedHasADeadlineAndTheRightOwner) {
  const Policy policy = with_orders();
  const std::map<State, OwnerKind> owners{
      {State::bot, OwnerKind::bot},         {State::offering, OwnerKind::bot},
      {State::promised, OwnerKind::bot},    {State::queued, OwnerKind::queue},
      {State::offered, OwnerKind::queue},   {State::human, OwnerKind::agent},
      {State::snoozed, OwnerKind::agent},   {State::wrap_up, OwnerKind::agent},
      {State::resolved, OwnerKind::system}, {State::closed, OwnerKind::none}};
  for (const State state : kStates) {
    for (const Trigger trigger : all_triggers()) {
      for (const auto& [record, signal, situation] : variations(state, trigger)) {
        const auto moved = transition(record, signal, policy, situation);
        if (!moved) continue;
        const Record& after = moved->after;
        ASSERT_EQ(after.deadline.has_value(), after.state != State::closed);
        ASSERT_EQ(after.owner.kind, owners.at(after.state)) << name(after.state);
        ASSERT_EQ(after.offered_to.empty(), after.state != State::offered);
        ASSERT_EQ(!after.owner.id.empty(), after.owner.kind == OwnerKind::agent);
        ASSERT_LE(moved->notices.size(), 1U) << name(state) << " on " << name(trigger);
        const bool waits = after.state == State::promised || after.state == State::queued ||
                           after.state == State::offered;
        ASSERT_EQ(after.waiting_since.has_value(), waits) << name(state) << name(trigger);
        ASSERT_FALSE(after.state == State::promised && after.ticket.empty());
        ASSERT_FALSE(after.state == State::queued && after.reason.empty());
        ASSERT_EQ(after.offered_until.has_value(), after.state == State::offered);
        const bool queues = after.state == State::queued || after.state == State::offered;
        ASSERT_FALSE(after.gone_since && !queues) << name(state) << " " << name(trigger);
        ASSERT_FALSE(!after.wanted_agent.empty() && !queues);
        if (after.gone_since) {
          ASSERT_LE(*after.deadline, *after.gone_since + policy.timers.gone);
        }
      }
    }
  }
}

struct Refusal {
  const char* name;
  State from;
  Trigger on;
  const char* agent;
  const char* role;
  const char* want;
};

const Refusal kRefusals[] = {
    {"the wrong agent accepts", State::offered, Trigger::accept, "basil", "agent", "not_owner"},
    {"nobody accepts", State::offered, Trigger::accept, "", "agent", "not_owner"},
    {"the wrong agent declines", State::offered, Trigger::decline, "basil", "agent", "not_owner"},
    {"a late accept without epoch", State::queued, Trigger::accept, "amal", "agent", "bad_state"},
    {"another agent replies", State::human, Trigger::agent_reply, "basil", "agent", "not_owner"},
    {"a supervisor replies without taking it", State::human, Trigger::agent_reply, "sara",
     "supervisor", "not_owner"},
    {"another agent resolves", State::human, Trigger::resolve, "basil", "agent", "not_owner"},
    {"another agent gives it back", State::human, Trigger::return_to_bot, "basil", "agent",
     "not_owner"},
    {"another agent is done", State::wrap_up, Trigger::done, "basil", "agent", "not_owner"},
    {"an agent takes another's", State::human, Trigger::take, "basil", "agent", "not_allowed"},
    {"an agent takes their own", State::human, Trigger::take, "amal", "agent", "not_allowed"},
    {"nobody takes", State::queued, Trigger::take, "", "supervisor", "not_allowed"},
    {"an agent takes what is done", State::resolved, Trigger::take, "amal", "agent", "bad_state"},
    {"a second offer", State::offered, Trigger::offer, "basil", "agent", "bad_state"},
    {"an offer to nobody", State::queued, Trigger::offer, "", "agent", "not_allowed"},
    {"another agent is gone", State::human, Trigger::agent_gone, "basil", "agent", "not_owner"},
    {"the bot speaks to a person's visitor", State::human, Trigger::bot_activity, "", "agent",
     "bad_state"},
    {"anything after the end", State::closed, Trigger::customer_message, "", "agent", "bad_state"},
};

TEST(Moves, RefusesWithTheRightCode) {
  for (const Refusal& c : kRefusals) {
    Signal signal = signal_of(c.on, c.agent);
    signal.agent_role = c.role;
    const auto moved = transition(record_in(c.from), signal, Policy{}, at(kNoon));
    ASSERT_FALSE(moved) << c.name;
    EXPECT_EQ(moved.error().code, Error::Code::invalid_input) << c.name;
    EXPECT_EQ(moved.error().what, c.want) << c.name;
  }
}

TEST(Moves, AStaleEpochIsAConflictWhateverElseIsWrong) {
  Signal late = signal_of(Trigger::accept, "amal");
  late.epoch = 6;
  for (const State state : kStates) {
    const auto moved = transition(record_in(state), late, Policy{}, at(kNoon));
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code, Error::Code::conflict);
    EXPECT_EQ(moved.error().what, "stale_epoch");
  }
  late.epoch = 7;
  EXPECT_TRUE(transition(record_in(State::offered), late, Policy{}, at(kNoon)));
}

TEST(Moves, TriggersHaveNamesBothWays) {
  for (const Trigger trigger : all_triggers()) {
    EXPECT_FALSE(name(trigger).empty());
    EXPECT_EQ(trigger_of(name(trigger)), trigger);
  }
  EXPECT_FALSE(trigger_of("sing"));
}

}  // namespace
}  // namespace wasl::handoff
