#pragma once

#include "wasl/core/event.hpp"
#include "wasl/core/knowledge.hpp"
#include "wasl/core/understanding.hpp"
#include "wasl/flows/program.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wasl::flows {

/// A flow under way and the instruction it stands at.
struct FlowFrame {
  std::string flow;
  std::uint32_t at = 0;
  Values held = {};  ///< values of the flows below that this one hides; restored when it ends
  std::vector<std::uint32_t> path = {};  ///< instructions done so far, for corrections
  bool operator==(const FlowFrame&) const = default;
};

/// The flow that ended last, while a correction may still mean it.
struct FinishedFlow {
  std::string flow = {};  ///< empty: none
  Values slots = {};      ///< as they were at its end
  std::vector<std::uint32_t> path = {};
  int turns = 0;  ///< of the visitor since then
  bool operator==(const FinishedFlow&) const = default;
};

/// Something else that the visitor wants, begun when what is under way has ended.
struct Wish {
  std::string intent;
  std::vector<std::pair<std::string, std::string>> entities = {};  ///< name and value
  std::uint32_t depth = 0;  ///< begun when no more flows than these are under way
  bool told = false;        ///< the visitor knows that it waits
  bool operator==(const Wish&) const = default;
};

/// "Which of these shall I change?"
struct Correcting {
  Values slots = {};      ///< those that may be meant, with their new value, or none: asked then
  bool finished = false;  ///< slots of the finished flow
  bool operator==(const Correcting&) const = default;
};

/// All that the bot remembers of a dialogue between turns; plain data, stored in the snapshot.
struct FlowState {
  std::string program;           ///< fingerprint it was made under; another one drops `stack`
  std::vector<FlowFrame> stack;  ///< innermost last; empty: nothing under way
  Values slots;
  std::string asking;             ///< the slot a question is open for, or empty
  int tries = 0;                  ///< how often it was asked without success
  std::string pending_call;       ///< name of the call waited for, or empty
  std::uint64_t call_number = 0;  ///< counts calls, so that a late result is told from the awaited
  int not_understood = 0;         ///< answerless turns in a row
  std::vector<std::string> choices;  ///< intents offered by the last "did you mean"
  std::string last_answer;           ///< key, so that a repeat is noticed
  Values last_args = {};             ///< of the last answer
  std::string last_title_of = {};    ///< of the last answer
  std::uint32_t last_variant = 0;    ///< of the last answer
  int repeats = 0;             ///< how often in a row the last answer was about to be said again
  std::string last_flow = {};  ///< the flow started last, for a value that comes alone later
  Values kept = {};            ///< entities by name of an unclear message, for the choice after it
  std::vector<std::string> others = {};       ///< less likely intents of an unclear message
  std::vector<std::string> last_filled = {};  ///< slots of the last message that gave any
  FinishedFlow finished = {};
  Correcting correcting = {};
  std::vector<Wish> waiting = {};  ///< in the order they were said
  bool expired = false;           ///< a question was open when the visitor had been silent too long
  std::string article = {};       ///< that answered a message, until it is known whether it helped
  std::uint64_t article_seq = 0;  ///< the message it answered
  std::string said = {};          ///< the visitor's words, for a search after the call waited for
  std::uint64_t said_seq = 0;     ///< the message they are of
  bool operator==(const FlowState&) const = default;
};

/// Who is talked to, as far as is known.
struct Customer {
  std::string name;
  std::string contact;     ///< where they can be reached, as they wrote it
  bool reachable = false;  ///< by a messenger or at `contact`
};

/// What a turn may look at besides the dialogue.
struct Surroundings {
  Time now{};
  bool hours_open = true;
  std::string channel = "web";
  std::uint64_t seed = 0;
  std::string today = {};  ///< the customer's date, `2026-11-22`
  std::string clock = {};  ///< the customer's time of day, `17:30`
  Language language = Language::und;
  Customer customer = {};
  const Knowledge* knowledge = nullptr;  ///< null where the bot has no articles
  std::string site = {};  ///< where the help centre's paths begin, "https://help.shop.example"
  bool trace = false;     ///< tell in StepResult::ran what ran
};

// What a dialogue reacts to.
struct UserTurn {
  std::string text;    ///< as written; empty for a tap
  std::string button;  ///< id of a tapped quick reply, or empty
  Understanding understanding;
  std::uint64_t seq = 0;  ///< of the message, for what is written about it
};
struct CallResult {
  std::uint64_t call_number = 0;
  enum class Outcome { ok, not_found, error } outcome = Outcome::ok;
  Values values;  ///< of the result fields, without prefix
  std::string why =
      {};            ///< of an error: timeout, unreachable, breaker_open, bad_result, http_503 …
  int attempts = 0;  ///< how often it was asked
  Millis took{0};
};
using FlowInput = std::variant<UserTurn, CallResult>;

/// Something to say: an answer by key with its arguments; rendered later (render.hpp).
struct Reply {
  std::string answer;
  bool retry = false;     ///< use the answer's `retry` text: the last one did not work
  bool invalid = false;   ///< with `retry`: a value was understood, but its check refused it
  std::string lead = {};  ///< an answer said before this one, in the same message
  Values args;
  std::vector<std::string> suggested_intents;  ///< "did you mean": one button each
  std::string ask_slot;  ///< for a choice or yes/no slot: its values become buttons
  std::optional<std::uint32_t> variant = std::nullopt;  ///< instead of the voice's seed
  std::string title_of = {};    ///< a flow: its title is the argument `title`
  Values slots_to_choose = {};  ///< of that flow, by what they hold now: one button each
  bool operator==(const Reply&) const = default;
};

// What must be done outside.
struct StartCall {
  std::uint64_t call_number = 0;
  std::string name;
  Values args;
};
struct AskHandoff {
  std::string reason;
  std::string team;
};
struct EndedFlow {
  std::string flow;
  std::string outcome;  ///< resolved, cancelled, …
};
struct FilledSlot {
  std::string name;
  Value value;
};
/// An answer to be said later, whatever happens until then; instead of an earlier one of this key.
struct Remind {
  std::string answer;
  Values args;
  std::optional<Millis> after = std::nullopt;  ///< from now; or else
  std::string date = {};                       ///< on this day of the customer's, `2026-12-01`,
  std::string time = {};                       ///< at `17:30`,
  Millis before{0};                            ///< so much earlier
};
struct ForgetReminder {
  std::string answer;
};
/// The bot had no answer, or one that did not help.
struct LeftUnanswered {
  std::uint64_t seq = 0;  ///< of the visitor's message
  std::string why;        ///< as core's Unanswered
  std::string article;
};
using FlowEffect = std::variant<StartCall, AskHandoff, EndedFlow, FilledSlot, Remind,
                                ForgetReminder, LeftUnanswered>;

/// An instruction that ran.
struct Ran {
  std::string flow;
  std::uint32_t at = 0;
  bool operator==(const Ran&) const = default;
};

struct StepResult {
  FlowState after;
  std::vector<Reply> replies;
  std::vector<FlowEffect> effects;  ///< in order
  bool fallback = false;            ///< the bot did not understand
  bool slot_again = false;          ///< the same question is asked again
  bool repeat = false;              ///< the bot was about to say its last answer again
  std::vector<Ran> ran = {};        ///< in order, where Surroundings::trace asks for it
};

/// Leaves everything under way: flows, the open question, the call waited for, wishes.
void forget_dialogue(FlowState& state);

/// Runs the dialogue until it must wait: for the visitor, for a call, or for nothing.
///
/// Pure: no clock, no I/O, no randomness, no globals.  Never fails: a program that passed
/// validation and a state of another program both give an answer.  Bounded: validation
/// sees to it that no loop runs without waiting.
[[nodiscard]] StepResult step(const Program& program, const FlowState& before,
                              const FlowInput& input, const Surroundings& around);

}  // namespace wasl::flows
