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
  bool relaxed = false;             ///< the "still waiting" word has been said
  bool alternatives_given = false;  ///< callback or message has been offered
  bool alerted = false;             ///< this wait is longer than supervisors like to see
  std::string last_agent;           ///< for the sticky agent
  std::string last_agent_name;
  std::string ticket;                 ///< reference, once promised
  std::optional<Time> queued_at;      ///< when it last entered the queue; declines do not move it
  std::optional<Time> left_queue_at;  ///< when the visitor last left the queue by choice
  std::optional<Time> left_waiting_since;  ///< the age to restore if they soon ask again
  std::optional<Time> age_since;      ///< how old the wait was that a person ended; for a transfer
  std::optional<Time> offered_until;  ///< while `offered`: `deadline` may come sooner
  std::optional<Time> gone_since;     ///< the visitor left while waiting and is not back

  // Transfers of the present episode.
  std::vector<std::string> transfer_path;  ///< who had it and who was to: `agent:ID`, `team:NAME`
  int transfers = 0;
  bool supervised = false;           ///< transferred too often: for supervisors
  std::string wanted_agent;          ///< named by a transfer: asked before their team
  std::optional<Time> wanted_until;  ///< and no longer than this
  bool operator==(const Record&) const = default;
};

}  // namespace wasl::handoff
