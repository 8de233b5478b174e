#pragma once

#include "handoff/desk_rules.hpp"

namespace wasl::handoff {

/// The only way an agent's account, presence or consoles change: keeps counts and lists in step.
template <typename Edit>
void Desk::change(DeskAgent& agent, Time now, Edit edit) {
  const bool was_there = online(agent);
  const Presence before = agent.presence;
  count(agent, false);
  edit(agent);
  count(agent, true);
  if (agent.presence != before) presence_changes_.insert(agent.id);
  refresh(agent.id);
  if (online(agent) != was_there) relist(agent.id, now);
}

}  // namespace wasl::handoff
