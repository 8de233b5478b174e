// What happens to the desk.  It keeps what it was told of each conversation (cards) and of each
// agent, and answers every change with orders; it never changes a conversation itself.  Its indexes
// are desk_index.cpp, who serves whom is desk_dispatch.cpp, what time alone brings is
// desk_watch.cpp.
#include "handoff/desk_change.hpp"

#include <utility>

namespace wasl::handoff {
namespace {

constexpr int kMissesToAway = 2;
constexpr Millis kAfterRefusal{1'000};
constexpr std::size_t kAlertsMax = 1'024;

double seconds_between(Time from, Time to) {
  return static_cast<double>((to - from).count()) / 1000.0;
}

}  // namespace

std::string_view name(Presence presence) {
  switch (presence) {
    case Presence::online:
      return "online";
    case Presence::away:
      return "away";
    case Presence::offline:
      return "offline";
  }
  return "";
}

std::optional<Presence> presence_of(std::string_view word) {
  for (const Presence presence : {Presence::online, Presence::away, Presence::offline}) {
    if (name(presence) == word) return presence;
  }
  return std::nullopt;
}

std::vector<Order> Desk::set_policy(Policy policy, Time now) {
  policy_ = std::move(policy);
  return tick(now);
}

std::vector<Order> Desk::set_agents(std::vector<DeskAgent> agents, Time now) {
  const bool had_nobody = agents_known_ && !rostered();
  Agents before = std::exchange(agents_, {});
  for (const auto& [id, agent] : before) count(agent, false);
  for (DeskAgent& agent : agents) {
    const auto known = before.find(agent.id);
    if (known != before.end()) {
      agent.presence = known->second.presence;
      agent.connections = known->second.connections;
      agent.lost_since = known->second.lost_since;
      agent.misses = known->second.misses;
      agent.idle_since = known->second.idle_since;
    } else {
      agent.idle_since = now;
      presence_changes_.insert(agent.id);
    }
    std::string id = agent.id;
    agents_.insert_or_assign(std::move(id), std::move(agent));
  }
  for (const auto& [id, agent] : agents_) {
    count(agent, true);
    refresh(id);
  }
  for (const auto& [id, agent] : before) refresh(id);
  for (const auto& [until, conversation] : std::set(kept_)) {
    const Card& card = cards_.find(conversation)->second;
    delist(card);
    enlist(card, now);
  }
  agents_known_ = true;
  if (had_nobody && rostered() && was_open_) to_open_ = promised_;

  std::vector<Order> orders;
  for (const auto& [agent, conversations] : held_) {
    const DeskAgent* known = find_agent(agent);
    if (known == nullptr || !known->enabled) agent_gone(agent, false, now, orders);
  }
  const std::vector<Order> offers = dispatch(now);
  orders.insert(orders.end(), offers.begin(), offers.end());
  return orders;
}

std::vector<Order> Desk::set_presence(std::string_view agent, Presence presence, Time now) {
  const auto at = agents_.find(agent);
  if (at == agents_.end()) return {};
  DeskAgent& who = at->second;
  if (presence == Presence::online && who.presence != Presence::online) who.idle_since = now;
  change(who, now, [&](DeskAgent& one) { one.presence = presence; });
  who.misses = 0;
  std::vector<Order> orders;
  if (presence == Presence::offline) {
    if (!who.lost_since) who.lost_since = now;
    agent_gone(who.id, true, now, orders);
  } else if (who.connections > 0) {
    who.lost_since.reset();
  }
  const std::vector<Order> offers = dispatch(now);
  orders.insert(orders.end(), offers.begin(), offers.end());
  return orders;
}

std::vector<Order> Desk::connected(std::string_view agent, Time now) {
  const auto at = agents_.find(agent);
  if (at == agents_.end()) return {};
  change(at->second, now, [](DeskAgent& who) { ++who.connections; });
  at->second.lost_since.reset();  // should it stay offline, tick() starts a new grace
  return dispatch(now);
}

std::vector<Order> Desk::disconnected(std::string_view agent, Time now) {
  const auto at = agents_.find(agent);
  if (at == agents_.end() || at->second.connections == 0) return {};
  DeskAgent& who = at->second;
  change(who, now, [](DeskAgent& one) { --one.connections; });
  if (who.connections == 0 && !who.lost_since) who.lost_since = now;
  return dispatch(now);  // who was kept for them may be for others now
}

/// An offer that was not answered counts against the agent; an answer, also a no, clears that.
void Desk::watch_misses(const Card& was, const Card& now_is, bool back_in_line, Time now) {
  const auto offered_to = agents_.find(was.offered_to);
  if (was.state != State::offered || offered_to == agents_.end()) return;
  DeskAgent& agent = offered_to->second;
  const bool accepted = now_is.state == State::human && now_is.owner.id == was.offered_to;
  if (accepted || (back_in_line && now_is.last_trigger == name(Trigger::decline))) {
    agent.misses = 0;
  } else if (back_in_line && now_is.last_trigger == name(Trigger::deadline)) {
    ++agent.misses;
  }
  if (agent.misses >= kMissesToAway && agent.presence == Presence::online) {
    agent.misses = 0;
    change(agent, now, [](DeskAgent& who) { who.presence = Presence::away; });
  }
}

/// What a change of a conversation tells of agents and of waiting times.
void Desk::learn(const Card& was, const Card& now_is, Time now) {
  const std::string& id = now_is.conversation;
  const std::string* held_before = holder(was);
  const std::string* held_after = holder(now_is);
  const bool changed_hands =
      held_before == nullptr || held_after == nullptr || *held_after != *held_before;
  if (held_before != nullptr && changed_hands) {  // a slot became free
    const auto at = agents_.find(*held_before);
    if (at != agents_.end()) at->second.idle_since = now;
  }
  if (held_after != nullptr && changed_hands) {
    const auto at = agents_.find(*held_after);
    if (at != agents_.end() && at->second.connections > 0) at->second.lost_since.reset();
  }

  const bool back_in_line = was.state == State::offered && now_is.state == State::queued;
  const bool passed_on =
      now_is.state == State::queued && now_is.last_trigger == name(Trigger::transfer);
  if (back_in_line || (passed_on && !waiting(was.state))) declined_at_[id] = now;
  if (!waiting(now_is.state)) declined_at_.erase(id);
  watch_misses(was, now_is, back_in_line, now);

  if (waiting(was.state) && now_is.state == State::human) {
    const auto since = was.queued_at ? was.queued_at : was.waiting_since;
    if (since) recent_waits_s_.add(seconds_between(*since, now));
  }
  if (now_is.state == State::human) human_since_.try_emplace(id, now);
  const auto began = human_since_.find(id);
  if (began != human_since_.end() && now_is.state != State::human) {
    if (now_is.state == State::wrap_up || now_is.state == State::resolved) {
      recent_handling_s_.add(seconds_between(began->second, now));
    }
    human_since_.erase(began);
  }
}

std::vector<Order> Desk::update(const Card& card, Time now) {
  const std::string& id = card.conversation;
  const auto at = cards_.find(id);
  const bool is_new = at == cards_.end();
  Card was;
  if (!is_new) {
    if (card.last_seq < at->second.last_seq) return {};
    unindex(at->second);
    was = std::move(at->second);
  }

  // An order is answered by whatever the conversation did under a later epoch.
  const auto under_way = ordered_.find(id);
  if (under_way != ordered_.end() &&
      (card.epoch > under_way->second.order.epoch || card.state != State::queued)) {
    unreserve(id);
  }
  const auto asked = asked_.find(id);
  if (asked != asked_.end() && card.epoch > asked->second.order.epoch) asked_.erase(asked);
  if (card.epoch > was.epoch) not_before_.erase(id);

  learn(was, card, now);
  const bool waits_long = card.alerted && !was.alerted && waiting(card.state) && !is_new;
  if (waits_long && alerts_.size() < kAlertsMax) {
    const Time since = card.queued_at ? *card.queued_at : card.waiting_since.value_or(now);
    alerts_.push_back({id, "waiting_long", now - since});
  }
  if (card.state == State::closed) {
    cards_.erase(id);
    declined_at_.erase(id);
    not_before_.erase(id);
    asked_.erase(id);
  } else {
    Card& kept = is_new ? cards_[id] : at->second;
    kept = card;
    index(kept, now);
  }
  return dispatch(now);
}

std::vector<Order> Desk::refused(const Order& order, Time now) {
  const auto under_way = ordered_.find(order.conversation);
  if (under_way != ordered_.end() && under_way->second.order == order) {
    unreserve(order.conversation);
    if (const Card* card = find(order.conversation)) {
      not_before_[order.conversation] = now + kAfterRefusal;
      enlist(*card, now);
    }
  }
  const auto asked = asked_.find(order.conversation);
  if (asked != asked_.end() && asked->second.order == order) {
    asked->second.at = now;
    if (order.kind == Order::Kind::hours_close) to_close_.insert(order.conversation);
    if (order.kind == Order::Kind::hours_open) to_open_.insert(order.conversation);
    const Card* card = find(order.conversation);
    if (card == nullptr || card->state != State::queued) to_close_.erase(order.conversation);
    if (card == nullptr || card->state != State::promised) to_open_.erase(order.conversation);
  }
  return dispatch(now);
}

}  // namespace wasl::handoff
