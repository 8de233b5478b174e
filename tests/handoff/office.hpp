#pragma once

#include "wasl/handoff/desk.hpp"

#include "tests/handoff/make.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace wasl::handoff {

/// A desk with its conversations: carries out its orders the way a shard does.
class Office {
 public:
  explicit Office(Policy rules = {}) : policy(std::move(rules)), desk(policy) {}

  void agents(std::vector<DeskAgent> all) {
    const auto orders = desk.set_agents(all, now);
    for (const DeskAgent& agent : all) {
      carry_out(desk.connected(agent.id, now));
      carry_out(desk.set_presence(agent.id, Presence::online, now));
    }
    carry_out(orders);
  }

  /// A conversation that already waits.
  void waits(const std::string& id, Millis age = Millis{0}, const std::string& team = "",
             Language language = Language::und, int priority = 0) {
    Card& card = extra[id];
    card.language = language;
    card.priority = priority;
    Signal handoff = signal_of(Trigger::handoff);
    handoff.team = team;
    Record& record = records[id];
    record = record_in(State::bot);
    record.waiting_since = now - age;
    send(id, handoff);
  }

  /// False when the conversation refused.
  bool send(const std::string& id, const Signal& signal) {
    Situation situation = around();
    situation.colleague = desk.colleague(signal.to_agent, id);
    auto moved = transition(records[id], signal, policy, situation);
    if (!moved) return false;
    records[id] = moved->after;
    last_trigger[id] = name(signal.trigger);
    ++seqs[id];
    carry_out(desk.update(card(id), now));
    return true;
  }
  bool send(const std::string& id, Trigger trigger, const std::string& agent = "") {
    return send(id, signal_of(trigger, agent));
  }

  void pass(Millis time) {
    now += time;
    carry_out(desk.tick(now));
  }

  Card card(const std::string& id) {
    Card card = card_of(id, records[id]);
    card.language = extra[id].language;
    card.priority = extra[id].priority;
    card.channel = extra[id].channel;
    card.last_seq = seqs[id];
    card.last_trigger = last_trigger[id];
    card.updated_at = now;
    return card;
  }

  void carry_out(const std::vector<Order>& orders) {
    for (const Order& order : orders) {
      constexpr Trigger kTriggers[] = {Trigger::offer, Trigger::agent_gone, Trigger::hours_open,
                                       Trigger::hours_close};
      Signal signal = signal_of(kTriggers[static_cast<std::size_t>(order.kind)], order.agent);
      signal.epoch = order.epoch;
      if (!send(order.conversation, signal)) carry_out(desk.refused(order, now));
    }
  }

  Situation around() const {
    Situation situation = at(now);
    situation.hours_open = policy.hours.open(now);
    situation.next_open = policy.hours.next_open(now);
    situation.rostered = desk.rostered();
    situation.anyone_online = desk.anyone_online();
    return situation;
  }

  [[nodiscard]] std::string offered(const std::string& id) { return records[id].offered_to; }
  [[nodiscard]] State state(const std::string& id) { return records[id].state; }

  Policy policy;
  Desk desk;
  Time now = kNoon;
  std::map<std::string, Record> records;
  std::map<std::string, Card> extra;
  std::map<std::string, std::uint64_t> seqs;
  std::map<std::string, std::string> last_trigger;
};

inline DeskAgent agent(const std::string& id, int capacity = 1,
                       std::vector<std::string> skills = {},
                       std::vector<std::string> languages = {}) {
  DeskAgent agent;
  agent.id = id;
  agent.name = "Name of " + id;
  agent.capacity = capacity;
  agent.skills = std::move(skills);
  agent.languages = std::move(languages);
  return agent;
}

}  // namespace wasl::handoff
