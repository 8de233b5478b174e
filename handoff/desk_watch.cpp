// The safety net, once a second: what nobody told the desk of because only time has passed.
#include "handoff/desk_change.hpp"

#include <algorithm>
#include <utility>

namespace wasl::handoff {
namespace {

constexpr Millis kUnanswered{10'000};
constexpr std::size_t kOrdersPerTick = 512;

}  // namespace

bool Desk::may_ask_again(const std::string& conversation, std::uint64_t epoch, Time now) const {
  const auto asked = asked_.find(conversation);
  return asked == asked_.end() || asked->second.order.epoch != epoch ||
         now >= asked->second.at + kUnanswered;
}

void Desk::agent_gone(const std::string& agent, bool offers_only, Time now,
                      std::vector<Order>& orders) {
  const auto held = held_.find(agent);
  if (held == held_.end()) return;
  for (const std::string& conversation : held->second) {
    const Card& card = cards_.find(conversation)->second;
    if (card.state == State::wrap_up || (offers_only && card.state != State::offered)) continue;
    if (!may_ask_again(conversation, card.epoch, now)) continue;
    Order order{Order::Kind::agent_gone, conversation, card.epoch, agent};
    asked_[conversation] = {order, now};
    orders.push_back(std::move(order));
  }
}

void Desk::drop_lost_agents(Time now, std::vector<Order>& orders) {
  for (const auto& [agent, conversations] : held_) {
    const auto at = agents_.find(agent);
    if (at == agents_.end() || !at->second.enabled) {
      if (agents_known_) agent_gone(agent, false, now, orders);
      continue;
    }
    // After a restart nobody is connected yet: their grace begins now.
    DeskAgent& who = at->second;
    const bool here = who.connections > 0 && who.presence != Presence::offline;
    if (!here && !who.lost_since) who.lost_since = now;
    if (!who.lost_since || now < *who.lost_since + policy_.timers.agent_lost) continue;
    agent_gone(agent, false, now, orders);
  }
  for (auto& [id, agent] : agents_) {
    if (agent.presence != Presence::offline && agent.connections == 0 && agent.lost_since &&
        now >= *agent.lost_since + policy_.timers.agent_lost) {
      change(agent, now, [](DeskAgent& who) { who.presence = Presence::offline; });
    }
  }
}

/// A few at a time, going on where the last time ended: everybody whom the hours move is told,
/// however many they are and however many refused.
void Desk::tell_hours(Order::Kind kind, Names& whom, Time now, std::vector<Order>& orders) {
  std::size_t room = kOrdersPerTick;
  std::size_t looks = std::min(whom.size(), 2 * kOrdersPerTick);
  for (auto at = whom.upper_bound(hours_told_); looks > 0 && room > 0; --looks) {
    if (at == whom.end()) at = whom.begin();
    hours_told_ = *at;
    const Card& card = cards_.find(*at)->second;
    if (!may_ask_again(*at, card.epoch, now)) {
      ++at;
      continue;
    }
    Order order{kind, *at, card.epoch, ""};
    asked_[*at] = {order, now};
    orders.push_back(std::move(order));
    at = whom.erase(at);
    --room;
  }
}

void Desk::follow_hours(Time now, std::vector<Order>& orders) {
  const bool open = policy_.hours.open(now);
  if (open && !was_open_) {
    to_open_ = promised_;
    to_close_.clear();
  } else if (!open && was_open_) {
    to_open_.clear();
    for (const std::string& conversation : waiting_.conversations()) {
      if (cards_.find(conversation)->second.state == State::queued) to_close_.insert(conversation);
    }
  }
  was_open_ = open;
  tell_hours(Order::Kind::hours_open, to_open_, now, orders);
  tell_hours(Order::Kind::hours_close, to_close_, now, orders);
}

void Desk::forget_unanswered(Time now) {
  std::vector<std::string> late;
  for (const auto& [conversation, under_way] : ordered_) {
    if (now >= under_way.at + kUnanswered) late.push_back(conversation);
  }
  for (const std::string& conversation : late) {
    unreserve(conversation);
    if (const Card* card = find(conversation)) enlist(*card, now);
  }
}

std::vector<Order> Desk::tick(Time now) {
  std::vector<Order> orders;
  forget_unanswered(now);
  end_reservations(now);
  drop_lost_agents(now, orders);
  follow_hours(now, orders);
  const std::vector<Order> offers = dispatch(now);
  orders.insert(orders.end(), offers.begin(), offers.end());
  return orders;
}

}  // namespace wasl::handoff
