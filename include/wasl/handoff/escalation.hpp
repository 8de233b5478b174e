#pragma once

#include "wasl/core/event.hpp"
#include "wasl/handoff/policy.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace wasl::handoff {

/// The soft score of a conversation and what it is made of; part of the snapshot.
struct Escalation {
  double score = 0.0;
  std::vector<Evidence> evidence;  ///< what still counts, oldest first, at most 16
  std::string last_clean;          ///< the visitor's previous utterance, cleaned
  int visitor_turns = 0;
  int answerless = 0;  ///< turns in a row without an answer
  int rest_turns = 0;  ///< soft triggers rest while > 0
  bool armed = true;
  double last_negative = 0.0;
  bool operator==(const Escalation&) const = default;
};

/// What one turn showed.
struct TurnSigns {
  std::uint64_t seq = 0;  ///< the visitor's message
  std::string text;
  std::string clean;
  std::vector<MoodSignal> mood;
  double similarity = 0.0;  ///< to the previous utterance
  bool fallback = false;
  bool slot_again = false;
  bool bot_repeat = false;
  bool sensitive = false;  ///< refund, complaint, cancellation
};

enum class Verdict { none, offer, handoff };

struct Assessment {
  Escalation after;
  Verdict verdict = Verdict::none;
  std::string reason;              ///< asked, angry, lost, frustrated, legal, fraud, safety
  std::vector<Evidence> evidence;  ///< what decided
};

/// Weighs one turn.  Hard signals (asks_person, threat_legal, fraud, safety, a third answerless
/// turn in a row) hand over at once; soft ones add up and decay.  Pure.
[[nodiscard]] Assessment assess(const Escalation& before, const TurnSigns& signs,
                                const EscalationPolicy& policy);

/// The customer did not want a person: soft signals rest for three turns.
[[nodiscard]] Escalation after_refusal(Escalation escalation);

/// A person gave the conversation back: only what comes from here on counts.
[[nodiscard]] Escalation after_return(const Escalation& escalation);

/// angry, frustrated or lost: whichever the weights say most, on a tie the hotter one; `asked` when
/// no signal is among the evidence.
[[nodiscard]] std::string dominating_reason(const std::vector<Evidence>& evidence);

/// "angry: «…» (profanity .5), «…» (exclamation .15)" for the agent's eye.
[[nodiscard]] std::string evidence_line(const std::string& reason,
                                        const std::vector<Evidence>& evidence);

}  // namespace wasl::handoff
