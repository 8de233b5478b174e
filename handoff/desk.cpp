// Who serves whom.  The desk keeps what it was told of each conversation (cards) and of each agent,
// and answers every change with orders; it never changes a conversation itself.
//
// Waiting conversations stand in lanes of equal needs, so finding the next one for a freed slot
// looks at the heads of a few lanes, not at everybody who waits.  All indexes are made from cards:
// a conversation's load is the size of a set of rows, never a counter that could drift.
//
// An offer ordered but not yet answered reserves the slot (ordered_).  The answer is a newer card
// or refused(); should neither come, tick() forgets the order after a while and tries again.
#include "wasl/handoff/desk.hpp"

#include "wasl/handoff/moves.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace wasl::handoff {
namespace {

constexpr int kMissesToAway = 2;
constexpr Millis kAfterRefusal{1'000};
constexpr Millis kUnanswered{10'000};
constexpr std::size_t kOrdersPerTick = 512;

bool online(const DeskAgent& agent) {
  return agent.enabled && agent.presence == Presence::online && agent.connections > 0;
}

bool waiting(State state) {
  return state == State::queued || state == State::offered;
}

Rank rank_of(const Card& card) {
  return make_rank(card.priority, card.waiting_since.value_or(card.updated_at), card.conversation);
}

/// Whose slot the conversation takes; wrapping up frees it only when done.
const std::string* holder(const Card& card) {
  if (card.state == State::offered) return &card.offered_to;
  const bool served = card.state == State::human || card.state == State::wrap_up;
  return served ? &card.owner.id : nullptr;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool declined(const Card& card, const DeskAgent& agent) {
  return has(card.declined_by, agent.id);
}

/// Nobody's languages are listed: then all are spoken.
bool speaks(const DeskAgent& agent, Language language) {
  return language == Language::und || agent.languages.empty() ||
         has(agent.languages, name(language));
}

double seconds_between(Time from, Time to) {
  return static_cast<double>((to - from).count()) / 1000.0;
}

template <typename Map, typename Key>
void drop(Map& map, const Key& group, const Rank& rank) {
  const auto at = map.find(group);
  if (at == map.end()) return;
  at->second.erase(rank);
  if (at->second.empty()) map.erase(at);
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

// Indexes.

Lane Desk::lane_of(const Card& card) const {
  return {card.team, card.language, card.relaxed};
}

/// Into the lanes: it may be offered.
void Desk::enlist(const Card& card) {
  if (card.state != State::queued || ordered_.contains(card.conversation)) return;
  lanes_[lane_of(card)].insert(rank_of(card));
  if (!card.last_agent.empty()) sticky_[card.last_agent].insert(rank_of(card));
}

void Desk::delist(const Card& card) {
  drop(lanes_, lane_of(card), rank_of(card));
  drop(sticky_, card.last_agent, rank_of(card));
}

void Desk::index(const Card& card) {
  if (waiting(card.state)) waiting_.insert(rank_of(card));
  if (card.state == State::promised) promised_.insert(card.conversation);
  if (const std::string* agent = holder(card)) held_[*agent].insert(card.conversation);
  enlist(card);
}

void Desk::unindex(const Card& card) {
  delist(card);
  if (waiting(card.state)) waiting_.erase(rank_of(card));
  if (card.state == State::promised) {
    promised_.erase(card.conversation);
    to_open_.erase(card.conversation);
  }
  if (const std::string* agent = holder(card)) {
    const auto held = held_.find(*agent);
    if (held == held_.end()) return;
    held->second.erase(card.conversation);
    if (held->second.empty()) held_.erase(held);
  }
}

// What is asked.

const Card* Desk::find(std::string_view conversation) const {
  const auto at = cards_.find(conversation);
  return at == cards_.end() ? nullptr : &at->second;
}

const DeskAgent* Desk::find_agent(std::string_view agent) const {
  const auto at = agents_.find(agent);
  return at == agents_.end() ? nullptr : &at->second;
}

int Desk::load(std::string_view agent) const {
  const auto held = held_.find(agent);
  const auto reserved = reserved_.find(agent);
  return static_cast<int>((held == held_.end() ? 0 : held->second.size()) +
                          (reserved == reserved_.end() ? 0 : reserved->second.size()));
}

bool Desk::anyone_online() const {
  return std::any_of(agents_.begin(), agents_.end(),
                     [](const auto& entry) { return online(entry.second); });
}

bool Desk::rostered() const {
  return std::any_of(agents_.begin(), agents_.end(),
                     [](const auto& entry) { return entry.second.enabled; });
}

std::vector<std::string> Desk::queue(Time /*now*/) const {
  return waiting_.conversations();
}

std::optional<QueuePlace> Desk::place(std::string_view conversation, Time /*now*/) const {
  const auto ahead = waiting_.before(conversation);
  if (!ahead) return std::nullopt;

  int slots = 0;
  for (const auto& [id, agent] : agents_) {
    if (online(agent)) slots += agent.capacity;
  }
  QueuePlace place;
  place.position = *ahead + 1;
  place.anyone_online = anyone_online();
  const Estimate estimate =
      estimate_wait(place.position, slots, recent_handling_s_, recent_waits_s_);
  place.wait_minutes_min = estimate.minutes_min;
  place.wait_minutes_max = estimate.minutes_max;
  return place;
}

/// The language and the team's skills; one ring wider when relaxed: any language, and the skills of
/// the overflow team, or none.
bool Desk::suits(const DeskAgent& agent, const Lane& lane) const {
  if (!lane.relaxed && !speaks(agent, lane.language)) return false;
  const auto team = policy_.teams.find(lane.team);
  if (team == policy_.teams.end()) return true;
  const auto skilled = [&](const Team& wanted) {
    return std::all_of(wanted.skills.begin(), wanted.skills.end(),
                       [&](const std::string& skill) { return has(agent.skills, skill); });
  };
  if (skilled(team->second)) return true;
  if (!lane.relaxed) return false;
  const auto overflow = policy_.teams.find(team->second.overflow);
  return overflow == policy_.teams.end() || skilled(overflow->second);
}

bool Desk::suits(std::string_view agent, std::string_view conversation) const {
  const Card* card = find(conversation);
  const DeskAgent* who = find_agent(agent);
  return card != nullptr && who != nullptr && who->enabled && suits(*who, lane_of(*card));
}

bool Desk::has_room(const DeskAgent& agent) const {
  return online(agent) && load(agent.id) < agent.capacity;
}

// Dispatch.

/// The best of `free` for it, or nullptr: first who has not declined it, then who speaks the
/// language, then the least loaded, then the longest idle.  Who declined it is asked again only
/// when nobody else is free, and not at once.
const DeskAgent* Desk::choose(const Card& card, const Lane& lane,
                              const std::vector<const DeskAgent*>& free, Time now) const {
  const auto refused_at = declined_at_.find(card.conversation);
  const bool resting =
      refused_at != declined_at_.end() && now < refused_at->second + policy_.timers.offer;
  const auto order = [&](const DeskAgent* agent) {
    return std::tuple(declined(card, *agent), !speaks(*agent, card.language), load(agent->id),
                      agent->idle_since, std::string_view(agent->id));
  };
  const DeskAgent* best = nullptr;
  for (const DeskAgent* agent : free) {
    if (!suits(*agent, lane) || (declined(card, *agent) && resting)) continue;
    if (best == nullptr || order(agent) < order(best)) best = agent;
  }
  return best;
}

Order Desk::reserve(const std::string& conversation, const std::string& agent, Time now) {
  const Card& card = cards_.find(conversation)->second;
  delist(card);
  Order order{Order::Kind::offer, conversation, card.epoch, agent};
  ordered_[conversation] = {order, now};
  reserved_[agent].insert(conversation);
  return order;
}

/// The offer is answered or given up.  The caller lists the conversation again where it waits.
void Desk::unreserve(const std::string& conversation) {
  const auto at = ordered_.find(conversation);
  if (at == ordered_.end()) return;
  const auto reserved = reserved_.find(at->second.order.agent);
  reserved->second.erase(conversation);
  if (reserved->second.empty()) reserved_.erase(reserved);
  ordered_.erase(at);
}

std::vector<Order> Desk::dispatch(Time now) {
  std::vector<Order> orders;
  if (lanes_.empty() || !was_open_) return orders;
  std::vector<const DeskAgent*> free;
  for (const auto& [id, agent] : agents_) {
    if (has_room(agent)) free.push_back(&agent);
  }
  dispatch_sticky(free, now, orders);
  dispatch_in_turn(free, now, orders);
  return orders;
}

/// Whoever knows the case already goes first, even past others.
void Desk::dispatch_sticky(std::vector<const DeskAgent*>& free, Time now,
                           std::vector<Order>& orders) {
  for (const DeskAgent* agent : free) {
    std::optional<Rank> passed;
    while (has_room(*agent)) {
      const auto known = sticky_.find(agent->id);
      if (known == sticky_.end()) break;
      const auto next = passed ? known->second.upper_bound(*passed) : known->second.begin();
      if (next == known->second.end()) break;
      const Rank rank = *next;
      passed = rank;
      const auto wait = not_before_.find(rank.conversation);
      if (wait != not_before_.end() && now < wait->second) continue;
      if (declined(cards_.find(rank.conversation)->second, *agent)) continue;
      orders.push_back(reserve(rank.conversation, agent->id, now));
    }
  }
  std::erase_if(free, [&](const DeskAgent* agent) { return !has_room(*agent); });
}

/// Walks the lanes that somebody free may serve, always at the one whose head waits longest.
void Desk::dispatch_in_turn(std::vector<const DeskAgent*>& free, Time now,
                            std::vector<Order>& orders) {
  struct Cursor {
    Lane lane;
    std::optional<Rank> next;
  };
  const auto served = [&](const Lane& lane) {
    return std::any_of(free.begin(), free.end(),
                       [&](const DeskAgent* agent) { return suits(*agent, lane); });
  };
  const auto advance = [&](Cursor& cursor, const Rank& passed) {
    cursor.next.reset();
    const auto lane = lanes_.find(cursor.lane);
    if (lane == lanes_.end()) return;
    const auto next = lane->second.upper_bound(passed);
    if (next != lane->second.end()) cursor.next = *next;
  };

  std::vector<Cursor> cursors;
  for (const auto& [lane, ranks] : lanes_) {
    if (served(lane)) cursors.push_back({lane, *ranks.begin()});
  }
  while (!cursors.empty() && !free.empty()) {
    Cursor& head =
        *std::min_element(cursors.begin(), cursors.end(),
                          [](const Cursor& a, const Cursor& b) { return *a.next < *b.next; });
    const Rank rank = *head.next;
    const Card& card = cards_.find(rank.conversation)->second;
    const auto wait = not_before_.find(rank.conversation);
    const bool resting = wait != not_before_.end() && now < wait->second;
    const DeskAgent* agent = resting ? nullptr : choose(card, head.lane, free, now);
    if (agent != nullptr) {
      orders.push_back(reserve(rank.conversation, agent->id, now));
      if (!has_room(*agent)) std::erase(free, agent);
    }
    advance(head, rank);
    std::erase_if(cursors,
                  [&](const Cursor& cursor) { return !cursor.next || !served(cursor.lane); });
  }
}

// What happens.

std::vector<Order> Desk::set_policy(Policy policy, Time now) {
  policy_ = std::move(policy);
  return tick(now);
}

std::vector<Order> Desk::set_agents(std::vector<DeskAgent> agents, Time now) {
  const bool had_nobody = agents_known_ && !rostered();
  std::map<std::string, DeskAgent, std::less<>> next;
  for (DeskAgent& agent : agents) {
    if (const DeskAgent* known = find_agent(agent.id)) {
      agent.presence = known->presence;
      agent.connections = known->connections;
      agent.lost_since = known->lost_since;
      agent.misses = known->misses;
      agent.idle_since = known->idle_since;
    } else {
      agent.idle_since = now;
    }
    std::string id = agent.id;
    next.insert_or_assign(std::move(id), std::move(agent));
  }
  agents_ = std::move(next);
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
  who.presence = presence;
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
  ++at->second.connections;
  at->second.lost_since.reset();  // should it stay offline, tick() starts a new grace
  return dispatch(now);
}

std::vector<Order> Desk::disconnected(std::string_view agent, Time now) {
  const auto at = agents_.find(agent);
  if (at == agents_.end() || at->second.connections == 0) return {};
  DeskAgent& who = at->second;
  if (--who.connections == 0 && !who.lost_since) who.lost_since = now;
  return {};
}

/// A slot became free.
void Desk::release(std::string_view agent, Time now) {
  const auto at = agents_.find(agent);
  if (at != agents_.end()) at->second.idle_since = now;
}

/// What a change of a conversation tells of agents and of waiting times.
void Desk::learn(const Card& was, const Card& now_is, Time now) {
  const std::string& id = now_is.conversation;
  const std::string* held_before = holder(was);
  const std::string* held_after = holder(now_is);
  if (held_before != nullptr && (held_after == nullptr || *held_after != *held_before)) {
    release(*held_before, now);
  }

  const auto served_by = held_after == nullptr ? agents_.end() : agents_.find(*held_after);
  if (served_by != agents_.end() && (held_before == nullptr || *held_before != *held_after)) {
    if (served_by->second.connections > 0) served_by->second.lost_since.reset();
  }

  const bool back_in_line = was.state == State::offered && now_is.state == State::queued;
  if (back_in_line) declined_at_[id] = now;
  if (!waiting(now_is.state)) declined_at_.erase(id);
  const auto offered_to = agents_.find(was.offered_to);
  if (was.state == State::offered && offered_to != agents_.end()) {
    DeskAgent& agent = offered_to->second;
    const bool accepted = now_is.state == State::human && now_is.owner.id == was.offered_to;
    if (accepted || (back_in_line && now_is.last_trigger == name(Trigger::decline))) {
      agent.misses = 0;
    } else if (back_in_line && now_is.last_trigger == name(Trigger::deadline)) {
      ++agent.misses;
    }
    if (agent.misses >= kMissesToAway && agent.presence == Presence::online) {
      agent.presence = Presence::away;
      agent.misses = 0;
    }
  }

  if (now_is.state == State::human && !human_since_.contains(id)) human_since_[id] = now;
  if (waiting(now_is.state) && !waiting(was.state)) waiting_from_[id] = now;
  const auto waited = waiting_from_.find(id);
  if (waited != waiting_from_.end() && !waiting(now_is.state)) {
    if (now_is.state == State::human) recent_waits_s_.add(seconds_between(waited->second, now));
    waiting_from_.erase(waited);
  }
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
  if (at != cards_.end()) {
    if (card.last_seq < at->second.last_seq) return {};
    unindex(at->second);
  }
  const Card was = at == cards_.end() ? Card{} : at->second;

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
  if (card.state == State::closed) {
    cards_.erase(id);
    declined_at_.erase(id);
    not_before_.erase(id);
    asked_.erase(id);
  } else {
    Card& kept = cards_[id];
    kept = card;
    index(kept);
  }
  return dispatch(now);
}

std::vector<Order> Desk::refused(const Order& order, Time now) {
  const auto under_way = ordered_.find(order.conversation);
  if (under_way != ordered_.end() && under_way->second.order == order) {
    unreserve(order.conversation);
    if (const Card* card = find(order.conversation)) {
      not_before_[order.conversation] = now + kAfterRefusal;
      enlist(*card);
    }
  }
  const auto asked = asked_.find(order.conversation);
  if (asked != asked_.end() && asked->second.order == order) asked->second.at = now;
  return dispatch(now);
}

// The safety net.

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
    if (agent.connections == 0 && agent.lost_since &&
        now >= *agent.lost_since + policy_.timers.agent_lost) {
      agent.presence = Presence::offline;
    }
  }
}

void Desk::follow_hours(Time now, std::vector<Order>& orders) {
  const bool open = policy_.hours.open(now);
  if (open && !was_open_) to_open_ = promised_;
  if (!open) to_open_.clear();
  was_open_ = open;

  std::size_t room = kOrdersPerTick;
  const auto ask = [&](Order::Kind kind, const std::string& conversation) {
    const Card& card = cards_.find(conversation)->second;
    if (!may_ask_again(conversation, card.epoch, now)) return;
    Order order{kind, conversation, card.epoch, ""};
    asked_[conversation] = {order, now};
    orders.push_back(std::move(order));
    --room;
  };
  while (open && room > 0 && !to_open_.empty()) {
    const std::string conversation = *to_open_.begin();
    to_open_.erase(to_open_.begin());
    ask(Order::Kind::hours_open, conversation);
  }
  if (open) return;
  for (const auto& [lane, ranks] : lanes_) {
    for (const Rank& rank : ranks) {
      if (room == 0) return;
      ask(Order::Kind::hours_close, rank.conversation);
    }
  }
}

void Desk::forget_unanswered(Time now) {
  std::vector<std::string> late;
  for (const auto& [conversation, under_way] : ordered_) {
    if (now >= under_way.at + kUnanswered) late.push_back(conversation);
  }
  for (const std::string& conversation : late) {
    unreserve(conversation);
    if (const Card* card = find(conversation)) enlist(*card);
  }
}

std::vector<Order> Desk::tick(Time now) {
  std::vector<Order> orders;
  forget_unanswered(now);
  drop_lost_agents(now, orders);
  follow_hours(now, orders);
  const std::vector<Order> offers = dispatch(now);
  orders.insert(orders.end(), offers.begin(), offers.end());
  return orders;
}

}  // namespace wasl::handoff
