#pragma once

// Small values for the tests of the handoff.

#include "wasl/handoff/desk.hpp"
#include "wasl/handoff/moves.hpp"

#include <string>

namespace wasl::handoff {

inline constexpr Time kNoon{Millis{1'795'348'800'000}};  // 2026-11-22T12:00Z
inline constexpr Millis kSecond{1'000};
inline constexpr Millis kMinute{60'000};
inline constexpr Millis kHour{3'600'000};

inline Owner agent_owner(const std::string& id) {
  return {OwnerKind::agent, id, "Name of " + id};
}

/// A record as it stands one minute before kNoon; agents are called "amal", offers go to her.
inline Record record_in(State state) {
  Record r;
  r.state = state;
  r.epoch = 7;
  r.deadline = kNoon;
  r.episode = 1;
  switch (state) {
    case State::bot:
    case State::offering:
      break;
    case State::promised:
      r.waiting_since = kNoon - kMinute;
      r.ticket = "T-1";
      r.reason = "asked";
      break;
    case State::queued:
    case State::offered:
      r.owner = {OwnerKind::queue, "", ""};
      r.waiting_since = kNoon - kMinute;
      r.queued_at = kNoon - kMinute;
      r.reason = "asked";
      if (state == State::offered) {
        r.offered_to = "amal";
        r.offered_until = kNoon;
      }
      break;
    case State::human:
    case State::snoozed:
    case State::wrap_up:
      r.owner = agent_owner("amal");
      r.last_agent = "amal";
      r.last_agent_name = "Name of amal";
      r.age_since = kNoon - 5 * kMinute;
      r.reason = "asked";
      break;
    case State::resolved:
      r.owner = {OwnerKind::system, "", ""};
      break;
    case State::closed:
      r.owner = {OwnerKind::none, "", ""};
      r.deadline.reset();
      break;
  }
  return r;
}

inline Signal signal_of(Trigger trigger, const std::string& agent = "") {
  Signal signal;
  signal.trigger = trigger;
  if (!agent.empty()) signal.agent = agent_owner(agent);
  signal.ticket = "T-9";
  return signal;
}

/// What the desk shows of a conversation.
inline Card card_of(const std::string& id, const Record& record) {
  Card card;
  card.conversation = id;
  card.state = record.state;
  card.owner = record.owner;
  card.epoch = record.epoch;
  card.waiting_since = record.waiting_since;
  card.owed_since = record.owed_since;
  card.deadline = record.deadline;
  card.offered_to = record.offered_to;
  card.declined_by = record.declined_by;
  card.team = record.team;
  card.relaxed = record.relaxed;
  card.supervised = record.supervised;
  card.alerted = record.alerted;
  card.gone = record.gone_since.has_value();
  card.queued_at = record.queued_at;
  card.wanted_agent = record.wanted_agent;
  card.wanted_until = record.wanted_until;
  card.last_agent = record.last_agent;
  return card;
}

inline Situation at(Time now) {
  Situation situation;
  situation.now = now;
  return situation;
}

}  // namespace wasl::handoff
