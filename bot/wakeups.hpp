#pragma once

#include "wasl/handoff/desk.hpp"

#include <cstdint>
#include <string>

namespace wasl::bot {

/// Tells the other nodes on the same store what this one did, so that they need not look for it.
/// Only a hint: one that is lost or comes late costs a moment, until bot/watch.cpp looks.  What
/// others tell goes to Node::woken() and DeskLoop::agent_elsewhere().  Any thread.
class Wakeups {
 public:
  virtual ~Wakeups() = default;
  /// A commit has been made here: the conversation now ends with event `last_seq`.
  virtual void changed(const std::string& conversation, std::uint64_t last_seq) = 0;
  /// An agent has `connections` consoles here; said at every change, and again and again while
  /// there is one.
  virtual void agent(const std::string& agent, int connections, handoff::Presence presence) = 0;
};

}  // namespace wasl::bot
