#pragma once

#include "wasl/core/language.hpp"
#include "wasl/core/time.hpp"
#include "wasl/core/understanding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wasl {

/// Where a conversation stands (design: handoff.md).  Stored by name.
enum class State {
  bot,
  offering,
  promised,
  queued,
  offered,
  human,
  snoozed,
  wrap_up,
  resolved,
  closed
};
[[nodiscard]] std::string_view name(State state);
[[nodiscard]] std::optional<State> state_of(std::string_view name);

/// The five states a visitor sees: bot, waiting, human, promised, resolved.
[[nodiscard]] std::string_view visible_name(State state);

/// Whether the visitor waits for a person in the queue: queued, or offered to one.
[[nodiscard]] constexpr bool waiting(State state) {
  return state == State::queued || state == State::offered;
}

/// Who must answer.
enum class OwnerKind { bot, queue, agent, system, none };
[[nodiscard]] std::string_view name(OwnerKind kind);
[[nodiscard]] std::optional<OwnerKind> owner_kind_of(std::string_view name);

struct Owner {
  OwnerKind kind = OwnerKind::bot;
  std::string id;    ///< of the agent, else empty
  std::string name;  ///< shown to the visitor, else empty
  bool operator==(const Owner&) const = default;
};

/// Who said something.
enum class Party { visitor, bot, agent, system };
[[nodiscard]] std::string_view name(Party party);
[[nodiscard]] std::optional<Party> party_of(std::string_view name);

/// A quick reply.  The id says what a tap does: `intent:NAME`, `handoff:asked`, `value:SLOT=VALUE`.
struct Button {
  std::string id;
  std::string title;
  bool operator==(const Button&) const = default;
};

/// Why a conversation is handed over: one signal on one message.
struct Evidence {
  std::string signal;
  double weight = 0.0;
  std::uint64_t seq = 0;  ///< the message
  std::string text;       ///< the words
  bool operator==(const Evidence&) const = default;
};

// What can happen in a conversation.  Append kinds, never change their meaning: they are stored.

struct MessageSaid {
  Party from = Party::visitor;
  std::string name;  ///< of the agent
  std::string text;
  Language language = Language::und;
  std::vector<Button> buttons;
  std::string answer;     ///< key of the answer, when the bot said it
  std::string client_id;  ///< given by the sender, for dedupe and for other tabs
  std::string button;     ///< id of the quick reply the visitor tapped
};
struct NoteWritten {
  std::string agent_name;
  std::string text;
};
struct StateChanged {
  State from = State::bot;
  State to = State::bot;
  std::string trigger;      ///< what moved it, a word of handoff/moves.hpp
  std::string reason = {};  ///< of a decline, a return, a transfer; the outcome of a resolve; why a
                            ///< wait ended: abandoned, withdrawn
  std::string target = {};  ///< of a transfer: `agent:ID` or `team:NAME`
  std::optional<Time> until = {};  ///< of a snooze
};
struct OwnerChanged {
  Owner owner;
};
/// What the bot made of a visitor's message.
struct Understood {
  std::uint64_t message_seq = 0;
  Understanding understanding;
};
struct SlotFilled {
  std::string name;
  std::string value;
};
struct CallMade {
  std::string name;
  std::string outcome;  ///< ok, not_found, error
};
struct Escalated {
  std::string reason;
  std::vector<Evidence> evidence;
  double score = 0.0;
};
struct FlowEnded {
  std::string flow;
  std::string outcome;
};

/// A message that the bot had no answer for: what `wasl review` reads.
struct Unanswered {
  std::uint64_t seq = 0;  ///< the visitor's message
  std::string why;        ///< not_understood, or not_helped: by the article it was answered with
  std::string article;    ///< its id; empty when there was none
};

using EventBody = std::variant<MessageSaid, NoteWritten, StateChanged, OwnerChanged, Understood,
                               SlotFilled, CallMade, Escalated, FlowEnded, Unanswered>;

/// One thing that happened in a conversation; immutable once stored.
struct Event {
  std::uint64_t seq = 0;  ///< from 1, without gaps
  Time at{};
  std::uint64_t epoch = 0;  ///< under which it was decided
  EventBody body;

  /// message, note, state, owner, understood, slot, call, escalation, flow, unanswered
  [[nodiscard]] std::string_view kind() const;
  /// Whether the visitor may see it: messages, states and owners.
  [[nodiscard]] bool visible() const;
};

}  // namespace wasl
