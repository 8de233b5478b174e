// What is refused, and with which code.  A guard looks and never edits.
#include "handoff/decision.hpp"

#include <algorithm>

namespace wasl::handoff {
namespace {

bool had_it(const Record& record, const std::string& party) {
  const auto& path = record.transfer_path;
  return std::find(path.begin(), path.end(), party) != path.end();
}

}  // namespace

const std::string& served_by(const Record& record) {
  return record.owner.kind == OwnerKind::agent ? record.owner.id : record.last_agent;
}

bool Decision::gone_too_long() const {
  return before_.gone_since && now() >= *before_.gone_since + timers_.gone;
}

const char* Decision::refuses_owner() const {
  if (before_.owner.id == signal_.agent.id && !signal_.agent.id.empty()) return nullptr;
  const bool may_overrule = signal_.trigger != Trigger::agent_reply &&
                            supervises(signal_.agent_role);  // speaking needs a `take`
  return may_overrule ? nullptr : "not_owner";
}

const char* Decision::refuses_take() const {
  if (signal_.agent.id.empty()) return "not_allowed";
  const bool mine = before_.owner.id == signal_.agent.id;
  const bool served = before_.state == State::human || before_.state == State::wrap_up;
  if (served && mine) return "not_allowed";  // has it already
  const bool held = served || before_.state == State::snoozed;
  const bool allowed =
      supervises(signal_.agent_role) || mine || (!held && situation_.agent_eligible);
  if (!allowed) return "not_allowed";
  return situation_.agent_has_room ? nullptr : "no_room";
}

const char* Decision::refuses_assign() const {
  if (!supervises(signal_.agent_role)) return "not_allowed";
  if (signal_.to_agent.empty()) return "bad_message";
  if (!situation_.colleague) return "unknown_agent";
  const bool has_it = before_.state == State::human && before_.owner.id == signal_.to_agent;
  if (has_it) return "not_allowed";
  return situation_.colleague->has_room ? nullptr : "no_room";
}

const char* Decision::refuses_transfer() const {
  if (const char* code = refuses_owner()) return code;
  if (signal_.to_agent.empty() == signal_.to_team.empty()) return "bad_message";
  if (before_.transfers >= kTransfersMax) return "not_allowed";
  if (!signal_.to_team.empty()) {
    if (!policy_.teams.contains(signal_.to_team)) return "unknown_team";
    return had_it(before_, "team:" + signal_.to_team) ? "not_allowed" : nullptr;
  }
  if (!situation_.colleague) return "unknown_agent";
  const bool circle =
      before_.owner.id == signal_.to_agent || had_it(before_, "agent:" + signal_.to_agent);
  return circle ? "not_allowed" : nullptr;
}

/// Wrapping up takes a slot, which what is put aside has given up.
const char* Decision::refuses_resolve() const {
  if (const char* code = refuses_owner()) return code;
  return before_.state == State::snoozed && !situation_.owner_has_room ? "no_room" : nullptr;
}

const char* Decision::refuses_snooze() const {
  if (const char* code = refuses_owner()) return code;
  const bool fits =
      signal_.until && *signal_.until > now() && *signal_.until <= now() + timers_.snooze_max;
  return fits ? nullptr : "bad_message";
}

/// A wait with a reference is a case already: whether its visitor looks on changes nothing.
const char* Decision::refuses_presence() const {
  if (signal_.trigger == Trigger::customer_back) {
    return before_.gone_since ? nullptr : "nothing_to_do";
  }
  return before_.gone_since || !before_.ticket.empty() ? "nothing_to_do" : nullptr;
}

const char* Decision::refusal() const {
  switch (signal_.trigger) {
    case Trigger::offer:
      return signal_.agent.id.empty() || before_.gone_since ? "not_allowed" : nullptr;
    case Trigger::accept:
    case Trigger::decline:
      return signal_.agent.id != before_.offered_to ? "not_owner" : nullptr;
    case Trigger::agent_gone: {
      const std::string& held_by =
          before_.state == State::offered ? before_.offered_to : before_.owner.id;
      return !signal_.agent.id.empty() && signal_.agent.id != held_by ? "not_owner" : nullptr;
    }
    case Trigger::take:
      return refuses_take();
    case Trigger::assign:
      return refuses_assign();
    case Trigger::transfer:
      return refuses_transfer();
    case Trigger::snooze:
      return refuses_snooze();
    case Trigger::agent_reply:
    case Trigger::return_to_bot:
    case Trigger::done:
      return refuses_owner();
    case Trigger::resolve:
      return refuses_resolve();
    case Trigger::customer_gone:
    case Trigger::customer_back:
      return refuses_presence();
    case Trigger::hours_open:
      return staffed() ? nullptr : "not_allowed";
    case Trigger::hours_close:
      return situation_.hours_open ? "not_allowed" : nullptr;
    case Trigger::deadline:
      return before_.deadline && now() < *before_.deadline ? "not_allowed" : nullptr;
    case Trigger::customer_message:
    case Trigger::complain:
      return before_.state == State::resolved && before_.deadline && now() >= *before_.deadline
                 ? "bad_state"
                 : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace wasl::handoff
