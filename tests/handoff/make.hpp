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
      if (state == State::offered) r.offered_to = "amal";
      break;
    case State::human:
    case State::snoozed:
    case State::wrap_up:
      r.owner = agent_owner("amal");
      r.last_agent = "amal";
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

inline Situation at(Time now) {
  Situation situation;
  situation.now = now;
  return situation;
}

}  // namespace wasl::handoff
