// What the desk can be asked, and the indexes that answer: all are made from cards, so that a
// conversation's load is the size of a set of rows, never a counter that could drift.
#include "handoff/desk_rules.hpp"

#include <algorithm>
#include <utility>

namespace wasl::handoff {
namespace {

template <typename Map, typename Key>
void drop(Map& map, const Key& group, const Rank& rank) {
  const auto at = map.find(group);
  if (at == map.end()) return;
  at->second.erase(rank);
  if (at->second.empty()) map.erase(at);
}

}  // namespace

// Indexes.

Lane Desk::lane_of(const Card& card) const {
  const bool by_channel = policy_.channel_capacity.contains(card.channel);
  return {card.team, card.language, card.relaxed, card.supervised,
          by_channel ? card.channel : std::string()};
}

/// A transfer named somebody who is there and has not been asked yet.
bool Desk::kept_for_wanted(const Card& card, Time now) const {
  if (card.wanted_agent.empty() || !card.wanted_until || now >= *card.wanted_until) return false;
  const DeskAgent* wanted = find_agent(card.wanted_agent);
  return wanted != nullptr && online(*wanted) && !declined(card, card.wanted_agent);
}

/// To those who may be offered.
void Desk::enlist(const Card& card, Time now) {
  const bool offerable =
      card.state == State::queued && !card.gone && !ordered_.contains(card.conversation);
  if (!offerable) return;
  const std::string& known = known_agent(card);
  if (!known.empty()) known_[known].insert(rank_of(card));
  if (kept_for_wanted(card, now)) {
    kept_.emplace(*card.wanted_until, card.conversation);
  } else {
    lanes_[lane_of(card)].insert(rank_of(card));
  }
}

void Desk::delist(const Card& card) {
  drop(lanes_, lane_of(card), rank_of(card));
  drop(known_, known_agent(card), rank_of(card));
  if (card.wanted_until) kept_.erase({*card.wanted_until, card.conversation});
}

/// The agent came or went: who is kept for them may be for everybody now, or the other way round.
void Desk::relist(const std::string& agent, Time now) {
  const auto known = known_.find(agent);
  if (known == known_.end()) return;
  for (const std::string& conversation : known->second.slice(0, known->second.size())) {
    const Card& card = cards_.find(conversation)->second;
    if (card.wanted_agent != agent) continue;
    delist(card);
    enlist(card, now);
  }
}

/// Nobody is waited for any longer than was said.
void Desk::end_reservations(Time now) {
  while (!kept_.empty() && kept_.begin()->first <= now) {
    const Card& card = cards_.find(kept_.begin()->second)->second;
    delist(card);
    enlist(card, now);
  }
}

void Desk::index(const Card& card, Time now) {
  ++counts_.states[static_cast<std::size_t>(card.state)];
  if (waiting(card.state)) waiting_.insert(rank_of(card));
  if (card.state == State::promised) promised_.insert(card.conversation);
  if (const std::string* agent = holder(card)) {
    held_[*agent].insert(card.conversation);
    refresh(*agent);
  }
  if (card.state == State::queued && !was_open_) to_close_.insert(card.conversation);
  enlist(card, now);
}

void Desk::unindex(const Card& card) {
  --counts_.states[static_cast<std::size_t>(card.state)];
  delist(card);
  if (waiting(card.state)) waiting_.erase(rank_of(card));
  if (card.state == State::queued) to_close_.erase(card.conversation);
  if (card.state == State::promised) {
    promised_.erase(card.conversation);
    to_open_.erase(card.conversation);
  }
  if (const std::string* agent = holder(card)) {
    const auto held = held_.find(*agent);
    if (held == held_.end()) return;
    held->second.erase(card.conversation);
    if (held->second.empty()) held_.erase(held);
    refresh(*agent);
  }
}

// Agents.

/// Into the counts, or out of them.
void Desk::count(const DeskAgent& agent, bool in) {
  const auto add = [in](std::size_t& number, bool counts) {
    if (counts) number += in ? 1U : std::size_t(-1);
  };
  const bool there = online(agent);
  add(counts_.agents_enabled, agent.enabled);
  add(counts_.agents_connected, agent.connections > 0);
  add(counts_.agents_online, there);
  add(counts_.supervisors_enabled, agent.enabled && supervises(agent.role));
  add(counts_.supervisors_online, there && supervises(agent.role));
  if (there) counts_.slots_online += in ? agent.capacity : -agent.capacity;
}

/// Whether the agent has room may have changed.
void Desk::refresh(std::string_view agent) {
  const DeskAgent* who = find_agent(agent);
  const auto note = [&](Names& names, bool in) {
    const auto at = names.find(agent);
    if (in == (at != names.end())) return;
    if (in) {
      names.emplace(agent);
    } else {
      names.erase(at);
    }
    ++roster_version_;
  };
  note(free_, who != nullptr && has_room(*who));
  note(connected_, who != nullptr && who->connections > 0);
}

std::vector<std::string> Desk::take_presence_changes() {
  std::vector<std::string> changed(presence_changes_.begin(), presence_changes_.end());
  presence_changes_.clear();
  return changed;
}

bool Desk::has_room(const DeskAgent& agent) const {
  return online(agent) && load(agent.id) < agent.capacity;
}

/// A channel may have a bound of its own.
bool Desk::has_channel_room(const DeskAgent& agent, std::string_view channel) const {
  const auto bound = policy_.channel_capacity.find(channel);
  if (bound == policy_.channel_capacity.end()) return true;
  int taken = 0;
  const auto add = [&](const ByName<std::set<std::string>>& groups) {
    const auto group = groups.find(agent.id);
    if (group == groups.end()) return;
    for (const std::string& conversation : group->second) {
      const Card* card = find(conversation);
      taken += card != nullptr && card->channel == channel ? 1 : 0;
    }
  };
  add(held_);
  add(reserved_);
  return taken < bound->second;
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

bool Desk::has_room_for(std::string_view agent, std::string_view conversation) const {
  const DeskAgent* who = find_agent(agent);
  if (who == nullptr) return false;
  const auto counts = [&](const ByName<std::set<std::string>>& groups) {
    const auto group = groups.find(agent);
    return group != groups.end() && group->second.contains(std::string(conversation));
  };
  return counts(held_) || counts(reserved_) || load(agent) < who->capacity;
}

std::vector<std::string> Desk::queue() const {
  return waiting_.conversations();
}

QueuePlace Desk::place_at(std::size_t position) const {
  QueuePlace place;
  place.position = position;
  place.anyone_online = anyone_online();
  const Estimate estimate =
      estimate_wait(position, counts_.slots_online, recent_handling_s_, recent_waits_s_);
  place.wait_minutes_min = estimate.minutes_min;
  place.wait_minutes_max = estimate.minutes_max;
  return place;
}

std::optional<QueuePlace> Desk::place(std::string_view conversation) const {
  const auto ahead = waiting_.before(conversation);
  if (!ahead) return std::nullopt;
  return place_at(*ahead + 1);
}

/// The language and the team's skills; one ring wider when relaxed: any language, and the skills of
/// the overflow team, or none.  What only supervisors should serve waits for one who exists, and
/// when relaxed only for one who is there.
bool Desk::suits(const DeskAgent& agent, const Lane& lane) const {
  if (lane.supervised) {
    const std::size_t there =
        lane.relaxed ? counts_.supervisors_online : counts_.supervisors_enabled;
    if (there > 0) return supervises(agent.role);
  }
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

/// Their team is the conversation's own if they serve it, else the one that asks most of them.
std::optional<Colleague> Desk::colleague(std::string_view agent,
                                         std::string_view conversation) const {
  const DeskAgent* who = find_agent(agent);
  if (who == nullptr || !who->enabled) return std::nullopt;
  const Card* card = find(conversation);
  Colleague found{
      {OwnerKind::agent, who->id, who->name}, who->role, "", has_room_for(agent, conversation)};
  const auto serves = [&](const std::string& team) {
    return suits(*who, Lane{team, Language::und, false, false, ""});
  };
  if (card != nullptr && serves(card->team)) {
    found.team = card->team;
    return found;
  }
  std::size_t most = 0;
  for (const auto& [team, rules] : policy_.teams) {
    if (!serves(team) || (!found.team.empty() && rules.skills.size() <= most)) continue;
    found.team = team;
    most = rules.skills.size();
  }
  return found;
}

}  // namespace wasl::handoff
