#pragma once

#include "wasl/handoff/desk.hpp"
#include "wasl/handoff/packet.hpp"
#include "wasl/store/store.hpp"

#include "bot/shard.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The frames of the agents' WebSocket `/desk` (design: interfaces.md), as values.
namespace wasl::bot {

/// One command of an agent.
struct DeskCommand {
  std::string type;  ///< hello, presence, accept, decline, take, open, say, note, …
  std::string client_id;
  std::string token;
  std::string conversation;
  std::uint64_t epoch = 0;
  std::uint64_t last_seq = 0;
  std::string text;
  std::string reason;
  std::string outcome;
  std::string note;
  std::string state;
  std::string agent;          ///< of assign
  std::string to_agent;       ///< of transfer
  std::string to_team;        ///< of transfer
  std::optional<Time> until;  ///< of snooze
};

/// Reads a frame.  Errors: invalid_input  `what` is the wire code.
[[nodiscard]] Result<DeskCommand> parse_desk_command(std::string_view frame);

[[nodiscard]] std::string snapshot_frame(const handoff::Desk& desk, std::string_view agent,
                                         const DeskView& view);
[[nodiscard]] std::string conversation_frame(const handoff::Card& card);
[[nodiscard]] std::string counts_frame(const handoff::Desk& desk);
/// For supervisors: `{type: alert, conversation, kind, waited_ms}`.
[[nodiscard]] std::string alert_frame(const handoff::Alert& alert);
[[nodiscard]] std::string presence_frame(std::string_view agent, handoff::Presence presence);
[[nodiscard]] std::string offer_frame(const handoff::Card& card, const handoff::Packet& packet,
                                      Time now);
[[nodiscard]] std::string offer_withdrawn_frame(std::string_view conversation, std::uint64_t epoch);
[[nodiscard]] std::string packet_frame(const Conversation& conversation,
                                       const handoff::Packet& packet,
                                       const std::vector<store::ConversationRow>& history,
                                       Time now);
/// An event as agents see it; nothing for those that are not for people.
[[nodiscard]] std::optional<std::string> desk_event_frame(std::string_view conversation,
                                                          const Event& event);
[[nodiscard]] std::string desk_ack_frame(std::string_view client_id, std::uint64_t seq,
                                         std::uint64_t epoch);
[[nodiscard]] std::string desk_error_frame(std::string_view code, std::string_view client_id,
                                           std::string_view conversation);
[[nodiscard]] std::string desk_typing_frame(std::string_view conversation, std::string_view from);

}  // namespace wasl::bot
