#pragma once

#include "wasl/core/result.hpp"
#include "wasl/handoff/policy.hpp"
#include "wasl/handoff/record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::handoff {

/// Whether an account of this role takes over, assigns and monitors.
[[nodiscard]] constexpr bool supervises(std::string_view role) {
  return role == "supervisor" || role == "admin";
}

/// What may move a conversation.
enum class Trigger {
  customer_message,  ///< any message of the visitor
  bot_activity,      ///< the bot answered: the idle deadline moves
  soft_offer,        ///< the score reached offer_at: the bot asks once
  offer_refused,     ///< visitor said no, or something else, to that question
  handoff,           ///< hard trigger, yes, score, bot failure, a `handoff` step
  offer,             ///< the desk reserves an agent's slot
  accept,
  decline,
  agent_gone,
  take,         ///< an agent pulls it, or a supervisor takes it over
  assign,       ///< a supervisor gives it to somebody
  transfer,     ///< its owner passes it on, to an agent or a team
  snooze,       ///< its owner puts it aside until a date
  agent_reply,  ///< a public message of the owning agent
  note,         ///< an internal note
  return_to_bot,
  resolve,
  done,
  choose_wait,
  choose_bot,
  choose_cancel,
  choose_callback,
  choose_message,
  complain,  ///< after an apology: make it a complaint with a reference
  visitor_end,
  customer_gone,  ///< the visitor's last connection went away
  customer_back,  ///< and is there again
  hours_open,
  hours_close,
  deadline  ///< the record's deadline has come
};
[[nodiscard]] std::string_view name(Trigger trigger);
[[nodiscard]] std::optional<Trigger> trigger_of(std::string_view name);

/// Something the transition itself says to the visitor: an answer key and its arguments.
struct Notice {
  std::string answer;  ///< handoff.queued, handoff.promised, handoff.agent_joined, …
  std::vector<std::pair<std::string, std::string>> args;
  bool operator==(const Notice&) const = default;
};

struct Signal {
  Trigger trigger = Trigger::customer_message;
  std::optional<std::uint64_t> epoch;  ///< what the sender believed; checked when given
  Owner agent;                         ///< who acts, for agents' triggers
  std::string agent_role = "agent";
  std::string reason;  ///< of a handoff, a return, a decline, a transfer; outcome of a resolve
  std::string team;
  std::string to_team;        ///< of a transfer; or `to_agent`, never both
  std::string to_agent;       ///< of a transfer or an assignment; see Situation::colleague
  std::optional<Time> until;  ///< of a snooze
  std::vector<Evidence> evidence;
  std::string ticket;  ///< a fresh reference, used if a ticket is made: give one always, a message
                       ///< or a lost agent may end in a promise
};

/// The agent whom a transfer or an assignment names, as the desk knows them.
struct Colleague {
  Owner who;
  std::string role = "agent";
  std::string team;      ///< whose cases suit them; the conversation's own if they serve it
  bool has_room = true;  ///< for this conversation
};

/// What the conversation cannot know itself.
struct Situation {
  Time now{};
  bool hours_open = true;
  std::optional<Time> next_open;
  bool rostered = true;  ///< an enabled account exists that could serve it
  bool anyone_online = true;
  bool owner_connected = true;  ///< the console of served_by() is there, and they are online
  bool owner_has_room = true;   ///< and one more conversation would fit
  bool agent_eligible =
      true;  ///< the acting agent could serve it; asked for a plain agent's `take`
  bool agent_has_room = true;          ///< the acting agent has a slot for it; asked for `take`
  bool unanswered = false;             ///< the bot has not answered yet what was said last
  bool contact_known = false;          ///< the visitor can be reached when no connection is open
  std::optional<Colleague> colleague;  ///< for `to_agent`; nothing: no such enabled account
};

/// The agent whose presence decides whether a conversation goes on with the same person: its owner,
/// or whoever served it last.
[[nodiscard]] const std::string& served_by(const Record& record);

struct Transition {
  Record after;  ///< epoch has risen where the owner changed or an offer began or ended
  std::vector<Notice> notices;  ///< in order
  bool rate = false;            ///< ask for a rating
  std::string reason;           ///< for the log: the actor's words, or abandoned, withdrawn, …
};

/// The one table of legal moves, as data: for tests, docs and the simulation.
struct Move {
  State from;
  Trigger on;
  State to;
};
[[nodiscard]] const std::vector<Move>& moves();

/// Decides.  Pure.  `after.handoff_seq` is the caller's to set, when `after.episode` has risen.
///
/// A `deadline` that comes before the record's deadline is refused (not_allowed): it has moved.  A
/// message after the reopening window is refused (bad_state): it starts a new conversation.
/// Errors: conflict       `signal.epoch` is stale ("stale_epoch").
///         invalid_input  the pair is not in the table or a guard refuses; `what` is the wire code:
///                        not_owner, not_allowed, bad_state, bad_message, unknown_agent,
///                        unknown_team, no_room, nothing_to_do.
[[nodiscard]] Result<Transition> transition(const Record& before, const Signal& signal,
                                            const Policy& policy, const Situation& situation);

}  // namespace wasl::handoff
