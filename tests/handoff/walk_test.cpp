// Random visitors, agents and mishaps on a desk and its conversations; after every step the
// invariants of the handoff must hold.  A failing seed is a bug report.
#include "wasl/handoff/desk.hpp"
#include "wasl/handoff/moves.hpp"

#include "tests/handoff/make.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace wasl::handoff {
namespace {

constexpr int kConversations = 25;
constexpr int kAgents = 4;

class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed), desk_(policy()) {
    std::vector<DeskAgent> agents;
    for (int i = 0; i < kAgents; ++i) agents.push_back(make_agent(i));
    orders(desk_.set_agents(agents, now_));
    for (int i = 0; i < kConversations; ++i) records_[id_of(i)] = record_in(State::bot);
  }

  void step() {
    now_ += Millis{pick(1500)};
    const std::string id = id_of(pick(kConversations));
    const std::string agent = agent_of(pick(kAgents));
    switch (pick(12)) {
      case 0:
      case 1:
        send(id, signal_of(Trigger::handoff));
        break;
      case 2:
        orders(desk_.set_presence(agent, static_cast<Presence>(pick(10) < 8 ? 0 : pick(3)), now_));
        break;
      case 3:
        if (consoles_[agent] < 2) {
          ++consoles_[agent];
          orders(desk_.connected(agent, now_));
        } else {
          --consoles_[agent];
          orders(desk_.disconnected(agent, now_));
        }
        break;
      case 4:
      case 5:
        answer_offer(agent);
        break;
      case 6:
        serve(agent);
        break;
      case 7:
        if (pick(20) == 0) restart();
        break;
      case 8:
        if (pick(10) == 0) {
          carry_out_all();
          now_ += Millis{pick(2 * 3'600'000)};
        }
        break;
      default:
        anything(id, agent);
    }
    carry_out_some();
    due_deadlines();
    if (pick(4) == 0) orders(desk_.tick(now_));
    check();
  }

  int offers_ = 0;
  int served_ = 0;
  int promises_ = 0;

 private:
  static Policy policy() {
    Policy policy;
    policy.teams["orders"] = {{"orders"}, "general"};
    policy.teams["general"] = {};
    policy.hours.always = false;
    for (auto& day : policy.hours.week) day = {{6 * 60, 22 * 60}};
    return policy;
  }
  static std::string id_of(int i) { return "c" + std::to_string(i); }
  static std::string agent_of(int i) { return "a" + std::to_string(i); }
  static DeskAgent make_agent(int i) {
    DeskAgent agent;
    agent.id = agent_of(i);
    agent.capacity = 1 + i;
    if (i % 2 == 0) agent.skills = {"orders"};
    if (i == 3) agent.role = "supervisor";
    return agent;
  }
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  Situation around(const std::string& id, const Record& record, const Signal& signal) const {
    Situation situation = at(now_);
    situation.hours_open = policy_.hours.open(now_);
    situation.next_open = policy_.hours.next_open(now_);
    situation.rostered = desk_.rostered();
    situation.anyone_online = desk_.anyone_online();
    const DeskAgent* owner = desk_.find_agent(served_by(record));
    situation.owner_connected =
        owner != nullptr && owner->connections > 0 && owner->presence == Presence::online;
    situation.owner_has_room = desk_.has_room_for(served_by(record), id);
    situation.agent_eligible = desk_.suits(signal.agent.id, id);
    situation.agent_has_room = desk_.has_room_for(signal.agent.id, id);
    situation.contact_known = id.size() % 2 == 0;
    situation.colleague = desk_.colleague(signal.to_agent, id);
    return situation;
  }

  bool send(const std::string& id, const Signal& signal) {
    const Record before = records_[id];
    const auto moved = transition(before, signal, policy_, around(id, before, signal));
    if (!moved) return false;
    ++seqs_[id];
    records_[id] = moved->after;
    check_move(id, before, signal, *moved);
    Card card = card_of(id, moved->after);
    card.last_seq = seqs_[id];
    if (card.team.empty()) card.team = id.back() % 2 == 0 ? "orders" : "general";
    card.priority = id.back() % 3 == 0 ? 1 : 0;
    card.last_trigger = name(signal.trigger);
    card.updated_at = now_;
    cards_[id] = card;
    orders(desk_.update(card, now_));
    return true;
  }

  void orders(const std::vector<Order>& orders) {
    for (const Order& order : orders) {
      const Record& record = records_[order.conversation];
      ASSERT_FALSE(order.kind == Order::Kind::offer && record.gone_since &&
                   order.epoch == record.epoch)
          << "who is gone is not rung for";
    }
    pending_.insert(pending_.end(), orders.begin(), orders.end());
  }
  /// Orders arrive late, and the conversation may have moved on.
  void carry_out_some() {
    if (now_ - drained_ > Millis{5'000}) return carry_out_all();  // but not later than they stand
    while (!pending_.empty() && pick(3) != 0) carry_out_first();
  }
  void carry_out_all() {
    drained_ = now_;
    while (!pending_.empty()) carry_out_first();
  }
  void carry_out_first() {
    const Order order = pending_.front();
    pending_.erase(pending_.begin());
    constexpr Trigger kTriggers[] = {Trigger::offer, Trigger::agent_gone, Trigger::hours_open,
                                     Trigger::hours_close};
    Signal signal = signal_of(kTriggers[static_cast<std::size_t>(order.kind)], order.agent);
    signal.epoch = order.epoch;
    const bool done = send(order.conversation, signal);
    if (done && order.kind == Order::Kind::offer) ++offers_;
    if (!done) orders(desk_.refused(order, now_));
  }

  void answer_offer(const std::string& agent) {
    for (auto& [id, record] : records_) {
      if (record.offered_to != agent) continue;
      Signal signal = signal_of(pick(5) == 0 ? Trigger::decline : Trigger::accept, agent);
      signal.epoch = record.epoch;
      EXPECT_TRUE(send(id, signal));
      return;
    }
  }
  void serve(const std::string& agent) {
    constexpr Trigger kDoes[] = {Trigger::agent_reply,   Trigger::agent_reply, Trigger::resolve,
                                 Trigger::return_to_bot, Trigger::note,        Trigger::transfer,
                                 Trigger::transfer,      Trigger::snooze};
    for (auto& [id, record] : records_) {
      if (record.owner.id != agent || pick(3) == 0) continue;
      if (record.state == State::wrap_up) served_ += send(id, signal_of(Trigger::done, agent));
      const bool own = record.state == State::human || record.state == State::snoozed;
      if (own) send(id, with_targets(signal_of(kDoes[pick(8)], agent)));
      return;
    }
  }
  Signal with_targets(Signal signal) {
    const bool to_agent = signal.trigger == Trigger::assign || pick(2) == 0;
    (to_agent ? signal.to_agent : signal.to_team) =
        to_agent ? agent_of(pick(kAgents + 1)) : (pick(2) == 0 ? "orders" : "general");
    signal.until = now_ + Millis{1 + pick(7'200'000)};
    return signal;
  }
  void anything(const std::string& id, const std::string& agent) {
    const Record& record = records_[id];
    if (record.state == State::offering && pick(2) == 0)
      send(id, signal_of(Trigger::offer_refused));
    if (record.state == State::bot && pick(3) == 0) send(id, signal_of(Trigger::soft_offer));
    const bool waits = record.state == State::queued || record.state == State::offered;
    if (waits && pick(2) == 0) {
      send(id, signal_of(record.gone_since ? Trigger::customer_back : Trigger::customer_gone));
    }
    const auto trigger = static_cast<Trigger>(pick(static_cast<int>(Trigger::deadline)));
    const bool desks = trigger == Trigger::offer || trigger == Trigger::agent_gone ||
                       trigger == Trigger::hours_close;
    Signal signal = with_targets(signal_of(trigger, agent));
    if (pick(3) == 0) signal.agent_role = "supervisor";
    if (!desks) send(id, signal);
    if (records_[id].state == State::closed) records_[id] = record_in(State::bot);
  }
  void due_deadlines() {
    for (auto& [id, record] : records_) {
      if (!record.deadline || now_ < *record.deadline) continue;
      EXPECT_TRUE(send(id, signal_of(Trigger::deadline)));
      if (record.state == State::closed) record = record_in(State::bot);
    }
  }
  /// The desk is lost and rebuilt from the live conversations.
  void restart() {
    pending_.clear();
    consoles_.clear();
    desk_ = Desk(policy_);
    std::vector<DeskAgent> agents;
    for (int i = 0; i < kAgents; ++i) agents.push_back(make_agent(i));
    orders(desk_.set_agents(agents, now_));
    for (const auto& [id, card] : cards_) orders(desk_.update(card, now_));
  }

  void check_move(const std::string& id, const Record& before, const Signal& signal,
                  const Transition& moved) {
    const Record& after = moved.after;
    ASSERT_GE(after.epoch, before.epoch);
    ASSERT_LE(moved.notices.size(), 1U);
    if (after.state == State::promised && before.state != State::promised) ++promises_;
    ++seen_[signal.trigger];
    if (signal.trigger == Trigger::transfer) {
      // 10: no loops, at most three, and the age is kept.
      const std::set<std::string> path(after.transfer_path.begin(), after.transfer_path.end());
      ASSERT_EQ(path.size(), after.transfer_path.size());
      ASSERT_LE(after.transfers, 3);
      ASSERT_LE(*after.waiting_since, before.age_since.value_or(now_));
    }
    // 7: the age survives whatever keeps the visitor waiting.
    const auto waits = [](State state) {
      return state == State::promised || state == State::queued || state == State::offered;
    };
    if (waits(before.state) && waits(after.state)) {
      ASSERT_EQ(after.waiting_since, before.waiting_since) << id << " " << name(signal.trigger);
    }
  }

  void check() {
    std::map<std::string, int> loads;
    for (const auto& [id, record] : records_) {
      // 1 and 5: one owner, and something due.
      ASSERT_EQ(record.owner.kind == OwnerKind::agent, !record.owner.id.empty());
      ASSERT_EQ(record.deadline.has_value(), record.state != State::closed);
      const bool served = record.state == State::human || record.state == State::wrap_up;
      if (served) ++loads[record.owner.id];
      if (record.state == State::offered) ++loads[record.offered_to];
    }
    // 6: never more than capacity, orders under way included; at most one of them each.
    std::map<std::string, int> live;
    for (const Order& order : pending_) {
      if (order.kind != Order::Kind::offer) continue;
      const Record& record = records_[order.conversation];
      if (record.epoch == order.epoch && record.state == State::queued) {
        ++loads[order.agent];
        ASSERT_LE(++live[order.conversation], 1);
      }
    }
    for (int i = 0; i < kAgents; ++i) {
      // A visitor who comes back while it is wrapped up stays in the same slot: no exception.
      ASSERT_LE(loads[agent_of(i)], 1 + i);
    }
    check_counts();
    // 8: the queue is in order, and the desk agrees with the conversations.
    const auto queue = desk_.queue();
    for (std::size_t i = 0; i < queue.size(); ++i) {
      ASSERT_EQ(desk_.place(queue[i])->position, i + 1);
      if (i == 0) continue;
      const Card& first = *desk_.find(queue[i - 1]);
      const Card& second = *desk_.find(queue[i]);
      ASSERT_LE(make_rank(first.priority, *first.waiting_since, queue[i - 1]),
                make_rank(second.priority, *second.waiting_since, queue[i]));
    }
  }

  /// What the desk keeps as things happen is what a recount finds.
  void check_counts() {
    Counts counts;
    for (const auto& [id, card] : desk_.cards()) {
      ++counts.states[static_cast<std::size_t>(card.state)];
    }
    for (const auto& [id, agent] : desk_.agents()) {
      const bool there =
          agent.enabled && agent.presence == Presence::online && agent.connections > 0;
      const bool supervisor = agent.role == "supervisor";
      counts.agents_enabled += agent.enabled ? 1 : 0;
      counts.agents_connected += agent.connections > 0 ? 1 : 0;
      counts.agents_online += there ? 1 : 0;
      counts.slots_online += there ? agent.capacity : 0;
      counts.supervisors_enabled += supervisor ? 1 : 0;
      counts.supervisors_online += supervisor && there ? 1 : 0;
      ASSERT_EQ(desk_.agents_connected().contains(id), agent.connections > 0);
      ASSERT_EQ(desk_.agents_free().contains(id), there && desk_.load(id) < agent.capacity) << id;
    }
    ASSERT_TRUE(counts == desk_.counts());
  }

 public:
  std::map<Trigger, int> seen_;

 private:
  std::mt19937 random_;
  Policy policy_ = policy();
  Desk desk_;
  Time now_ = kNoon;
  Time drained_ = kNoon;  ///< no order is older
  std::map<std::string, Record> records_;
  std::map<std::string, Card> cards_;
  std::map<std::string, std::uint64_t> seqs_;
  std::map<std::string, int> consoles_;
  std::vector<Order> pending_;
};

TEST(Walk, HoldsTheInvariantsWhateverHappens) {
  int offers = 0;
  int served = 0;
  int promises = 0;
  std::map<Trigger, int> seen;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Walk walk(seed);
    for (int i = 0; i < 10'000 && !testing::Test::HasFailure(); ++i) walk.step();
    offers += walk.offers_;
    served += walk.served_;
    promises += walk.promises_;
    for (const auto& [trigger, count] : walk.seen_) seen[trigger] += count;
  }
  EXPECT_GT(offers, 1000) << "the walk must go places";
  EXPECT_GT(served, 100);
  EXPECT_GT(promises, 100);
  for (int i = 0; i <= static_cast<int>(Trigger::deadline); ++i) {
    EXPECT_GT(seen[static_cast<Trigger>(i)], 10) << name(static_cast<Trigger>(i));
  }
}

}  // namespace
}  // namespace wasl::handoff
