#pragma once

#include "wasl/core/event.hpp"
#include "wasl/core/understanding.hpp"
#include "wasl/flows/program.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wasl::flows {

/// A flow under way and the instruction it stands at.
struct FlowFrame {
  std::string flow;
  std::uint32_t at = 0;
  Values held = {};  ///< values of the flows below that this one hides; restored when it ends
  bool operator==(const FlowFrame&) const = default;
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
  std::uint32_t last_variant = 0;    ///< of the last answer
  int repeats = 0;             ///< how often in a row the last answer was about to be said again
  std::string last_flow = {};  ///< the flow started last, for a value that comes alone later
  Values kept = {};            ///< entities by name of an unclear message, for the choice after it
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
  bool trace = false;  ///< tell in StepResult::ran what ran
};

// What a dialogue reacts to.
struct UserTurn {
  std::string text;    ///< as written; empty for a tap
  std::string button;  ///< id of a tapped quick reply, or empty
  Understanding understanding;
};
struct CallResult {
  std::uint64_t call_number = 0;
  enum class Outcome { ok, not_found, error } outcome = Outcome::ok;
  Values values;  ///< of the result fields, without prefix
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
using FlowEffect = std::variant<StartCall, AskHandoff, EndedFlow, FilledSlot>;

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

/// Runs the dialogue until it must wait: for the visitor, for a call, or for nothing.
///
/// Pure: no clock, no I/O, no randomness, no globals.  Never fails: a program that passed
/// validation and a state of another program both give an answer.  Bounded: validation
/// sees to it that no loop runs without waiting.
[[nodiscard]] StepResult step(const Program& program, const FlowState& before,
                              const FlowInput& input, const Surroundings& around);

}  // namespace wasl::flows
