#pragma once

#include "wasl/flows/render.hpp"
#include "wasl/handoff/desk.hpp"
#include "wasl/handoff/moves.hpp"

#include "bot/bot.hpp"
#include "bot/conversation.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

/// One turn: what happened, what the conversation becomes, and what that lets us do.  This is the
/// file to read first: everything the bot, the queue and the agents do to a conversation passes
/// through decide().
namespace wasl::bot {

// What can happen to a conversation.

/// The visitor said or tapped something.
struct VisitorSaid {
  std::string client_id;  ///< the web's; empty for messengers
  std::string text;
  std::string button;
};
/// The visitor chose on the queue card: wait, callback, leave_message, bot, cancel.
struct VisitorChose {
  std::string client_id;
  std::string option;
  std::string contact;
};
struct VisitorEnded {
  std::string client_id;
};
/// The visitor's last connection went away; refused where that changes nothing.
struct VisitorLeft {};
/// A visitor who had left has a connection again; refused where that changes nothing.
struct VisitorCameBack {};
/// A business system answered, or did not.
struct CallReturned {
  flows::CallResult result;
  std::string name;
};
/// An agent acted from the console.
struct AgentDid {
  handoff::Trigger trigger = handoff::Trigger::agent_reply;
  std::string client_id;
  std::uint64_t epoch = 0;
  Owner agent;
  std::string role;
  std::string text;           ///< of agent_reply and note
  std::string reason;         ///< of decline, return_to_bot, transfer; the outcome of resolve
  bool eligible = true;       ///< of take: the desk says that the case suits this agent
  bool has_room = true;       ///< of take: and that they have a slot for it
  std::string to_agent;       ///< of assign and transfer
  std::string to_team;        ///< of transfer
  std::optional<Time> until;  ///< of snooze
  std::optional<handoff::Colleague> colleague;  ///< `to_agent`, as the desk knows them
};
/// The desk wants something done.
struct DeskOrdered {
  handoff::Order order;
  std::string agent_name;
};
struct DeadlineCame {};

using Input = std::variant<VisitorSaid, VisitorChose, VisitorEnded, CallReturned, AgentDid,
                           DeskOrdered, DeadlineCame, VisitorLeft, VisitorCameBack>;

/// The world around a turn, as values.
struct World {
  handoff::Situation desk;   ///< the clock is desk.now
  std::size_t position = 0;  ///< place in the queue if it were queued now; 0: unknown
  std::uint64_t seed = 0;
  std::string ticket;  ///< a fresh reference, used if one is needed
  /// How long the bot waits for more before it reads what a visitor has said; 0: not at all.
  Millis read_after{0};
  std::string site;    ///< where we are reached, if wasl.yml does not say: "http://127.0.0.1:8080"
  bool trace = false;  ///< tell in Turn::ran which instructions of the flows ran
};

/// What a turn decided; nothing of it has happened until it is committed.
struct Turn {
  Conversation after;
  std::vector<Event> events;             ///< after.last_seq is the last one's
  std::uint64_t own_seq = 0;             ///< the event that stands for the input; 0: none
  std::optional<flows::StartCall> call;  ///< to be made after the commit
  std::vector<handoff::Move> moves;      ///< what moved it through the table, in order
  std::string refused;                   ///< a wire code; then nothing else is set
  std::vector<flows::Ran> ran;           ///< where World::trace asks for it
};

/// Decides.  Pure but for `renderer`'s caches.  `before.last_seq == 0` is a new conversation.
[[nodiscard]] Turn decide(const Bot& bot, flows::Renderer& renderer, const Conversation& before,
                          const Input& input, const World& world);

/// The greeting of an empty conversation; stored with its first message, not before.
[[nodiscard]] flows::Rendered greeting(const Bot& bot, flows::Renderer& renderer, Language language,
                                       Time now);

}  // namespace wasl::bot
