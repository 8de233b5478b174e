#pragma once

#include "wasl/core/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wasl::handoff {

/// Who owns a conversation and what is due next; plain data, part of the snapshot.
struct Record {
  State state = State::bot;
  Owner owner;
  std::uint64_t epoch = 0;
  std::optional<Time> waiting_since;     ///< kept through declines, transfers, restarts
  std::optional<Time> owed_since;        ///< the oldest customer message an agent has not answered
  std::optional<Time> deadline;          ///< every state but `closed` has one
  std::string offered_to;                ///< agent id, while `offered`
  std::vector<std::string> declined_by;  ///< last in line for this conversation
  std::string reason;                    ///< of the present handoff
  std::string team;
  std::vector<Evidence> evidence;
  std::uint64_t handoff_seq = 0;  ///< the event at which the present handoff began
  int episode = 0;
  int bot_returns = 0;
  int reopened = 0;
  bool relaxed = false;               ///< the "still waiting" word has been said
  bool alternatives_given = false;    ///< callback or message has been offered
  std::string last_agent;             ///< for the sticky agent
  std::string ticket;                 ///< reference, once promised
  std::optional<Time> queued_at;      ///< when it last entered the queue; declines do not move it
  std::optional<Time> left_queue_at;  ///< when the visitor last left the queue by choice
  std::optional<Time> left_waiting_since;  ///< the age to restore if they soon ask again
  bool operator==(const Record&) const = default;
};

}  // namespace wasl::handoff
