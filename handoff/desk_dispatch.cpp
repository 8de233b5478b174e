// Who serves whom.  Waiting conversations stand in lanes of equal needs, so finding the next one
// for a freed slot looks at the heads of a few lanes, not at everybody who waits.
//
// An offer ordered but not yet answered reserves the slot (ordered_).  The answer is a newer card
// or refused(); should neither come, tick() forgets the order after a while and tries again.
#include "handoff/desk_rules.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace wasl::handoff {

/// The best of `free` for it, or nullptr: first who has not declined it, then who speaks the
/// language, then the least loaded, then the longest idle.  Who declined it is asked again only
/// when nobody else is free, and not at once.
const DeskAgent* Desk::choose(const Card& card, const Lane& lane,
                              const std::vector<const DeskAgent*>& free, Time now) const {
  const auto refused_at = declined_at_.find(card.conversation);
  const bool resting =
      refused_at != declined_at_.end() && now < refused_at->second + policy_.timers.offer;
  const auto order = [&](const DeskAgent* agent) {
    return std::tuple(declined(card, agent->id), !speaks(*agent, card.language), load(agent->id),
                      agent->idle_since, std::string_view(agent->id));
  };
  const DeskAgent* best = nullptr;
  for (const DeskAgent* agent : free) {
    if (!suits(*agent, lane) || !has_channel_room(*agent, card.channel)) continue;
    if (declined(card, agent->id) && resting) continue;
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
  refresh(agent);
  return order;
}

/// The offer is answered or given up.  The caller lists the conversation again where it waits.
void Desk::unreserve(const std::string& conversation) {
  const auto at = ordered_.find(conversation);
  if (at == ordered_.end()) return;
  const std::string agent = at->second.order.agent;
  const auto reserved = reserved_.find(agent);
  reserved->second.erase(conversation);
  if (reserved->second.empty()) reserved_.erase(reserved);
  ordered_.erase(at);
  refresh(agent);
}

std::vector<Order> Desk::dispatch(Time now) {
  std::vector<Order> orders;
  const bool nobody_waits = lanes_.empty() && known_.empty();
  if (free_.empty() || nobody_waits || !was_open_) return orders;
  std::vector<const DeskAgent*> free;
  for (const std::string& agent : free_) free.push_back(find_agent(agent));
  dispatch_known(free, now, orders);
  dispatch_in_turn(free, now, orders);
  return orders;
}

bool Desk::rests(std::string_view conversation, Time now) const {
  const auto wait = not_before_.find(conversation);
  return wait != not_before_.end() && now < wait->second;
}

/// Whoever knows the case already, or is named by a transfer, goes first, even past others.
void Desk::dispatch_known(std::vector<const DeskAgent*>& free, Time now,
                          std::vector<Order>& orders) {
  for (const DeskAgent* agent : free) {
    std::optional<Rank> passed;
    while (has_room(*agent)) {
      const auto known = known_.find(agent->id);
      if (known == known_.end()) break;
      passed = passed ? known->second.after(*passed) : known->second.first();
      if (!passed) break;
      if (rests(passed->conversation, now)) continue;
      const Card& card = cards_.find(passed->conversation)->second;
      if (declined(card, agent->id) || !has_channel_room(*agent, card.channel)) continue;
      orders.push_back(reserve(passed->conversation, agent->id, now));
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
    return std::any_of(free.begin(), free.end(), [&](const DeskAgent* agent) {
      return suits(*agent, lane) && has_channel_room(*agent, lane.channel);
    });
  };
  const auto advance = [&](Cursor& cursor, const Rank& passed) {
    cursor.next.reset();
    const auto lane = lanes_.find(cursor.lane);
    if (lane == lanes_.end()) return;
    cursor.next = lane->second.after(passed);
  };

  std::vector<Cursor> cursors;
  for (const auto& [lane, ranks] : lanes_) {
    if (served(lane)) cursors.push_back({lane, ranks.first()});
  }
  while (!cursors.empty() && !free.empty()) {
    Cursor& head =
        *std::min_element(cursors.begin(), cursors.end(),
                          [](const Cursor& a, const Cursor& b) { return *a.next < *b.next; });
    const Rank rank = *head.next;
    const Card& card = cards_.find(rank.conversation)->second;
    const bool resting = rests(rank.conversation, now);
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

}  // namespace wasl::handoff
