#pragma once

#include "wasl/core/understanding.hpp"

#include "intents/entities.hpp"
#include "intents/features.hpp"

#include <string>
#include <vector>

namespace wasl::intents {

/// From where on a probability is trusted.  Chosen in training, kept in the manifest.
struct Thresholds {
  double act_min = 0.6;      ///< below this, never act without asking
  double margin_min = 0.15;  ///< best minus second best; closer than this is a tie
  double guess_min = 0.25;   ///< below this, do not even suggest
  double oos_min = 0.5;      ///< from here on, none of the bot's business
};

/// What the classifier made of an utterance.
struct Ranking {
  std::vector<IntentScore> intents;  ///< best first, out-of-scope left out
  double oos = 0.0;                  ///< probability of "none of these"
  std::size_t known_words = 0;       ///< that occur in some example
  bool trained = false;              ///< whether there is a model
};

/// Merges what patterns, examples and the classifier say into `understanding`: intents, decision,
/// out_of_scope, oos_score, why.  `example` is the intent that has the utterance among its
/// examples, or "".
void decide(const BotPatterns::Found& found, const std::string& example, const Ranking& ranking,
            const Features& features, const Thresholds& limits, Understanding& understanding);

/// The utterance is two wishes or more: each is sure of itself, the first is acted on now.
/// REQUIRES: parts.size() >= 2, each with an intent.
void decide_parts(std::vector<Part> parts, Understanding& understanding);

}  // namespace wasl::intents
