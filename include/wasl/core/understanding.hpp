#pragma once

#include "wasl/core/language.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wasl {

/// One guess at what the visitor wants.
struct IntentScore {
  std::string intent;       ///< a name declared in the bot folder, e.g. "track_order"
  float confidence = 0.0F;  ///< probability in [0, 1]
  std::string source;       ///< "pattern" or "classifier"
};

/// A value found in an utterance.
struct Entity {
  std::string entity;     ///< its name in the bot folder, e.g. "order_number"
  std::string value;      ///< canonical, e.g. "A-1032" or "riyadh"
  std::string text;       ///< as the visitor wrote it
  std::size_t start = 0;  ///< bytes into the original utterance
  std::size_t end = 0;
};

/// A sign of how the visitor feels, or of what must not wait, with the words that caused it.
///
/// Names: asks_person, threat_legal, fraud, safety (each hands over at once); profanity, negative,
/// not_understood ("you don't understand me"), correction, shouting, exclamation, elongation; and
/// what the words as a whole say, weighed by a small model: anger, frustration, lost, thanks.
struct MoodSignal {
  std::string signal;
  float strength = 0.0F;  ///< in [0, 1]
  std::string text;
  std::size_t start = 0;  ///< bytes into the original utterance
  std::size_t end = 0;
};

/// Which Arabic somebody writes, as far as the words tell; a hint for people and answers, never a
/// condition.
enum class Dialect { none, msa, gulf, egyptian, levantine, iraqi, maghrebi };

/// `msa`, `gulf`, `egyptian`, `levantine`, `iraqi`, `maghrebi`; "" for none.
[[nodiscard]] std::string_view name(Dialect dialect);
/// The opposite of name(); anything else is none.
[[nodiscard]] Dialect dialect_of(std::string_view name);

enum class Decision { act, ask_which, not_understood };

/// `act`, `ask_which` or `not_understood`.
[[nodiscard]] std::string_view name(Decision decision);
[[nodiscard]] Decision decision_of(std::string_view name);

/// One of several wishes in a message: "where is my order and how do I return the shoes".
struct Part {
  std::size_t start = 0;  ///< bytes into the original utterance
  std::size_t end = 0;
  std::vector<IntentScore> intents;  ///< best first; each part is sure of its own
  Decision decision = Decision::act;
  std::vector<Entity> entities;  ///< of the utterance's, those that stand in this part
  std::string why;
};

/// What an utterance means, and why we think so.
struct Understanding {
  Language language = Language::und;
  bool arabizi = false;             ///< Arabic in Latin letters
  bool mixed = false;               ///< words of both languages
  Dialect dialect = Dialect::none;  ///< of Arabic; none where nothing tells
  std::vector<IntentScore>
      intents;  ///< best first, at most 5; of the first part where there are parts
  bool out_of_scope = false;
  float oos_score = 0.0F;  ///< in [0, 1]; high: none of the bot's business
  Decision decision = Decision::not_understood;
  std::vector<Entity> entities;
  std::vector<MoodSignal> mood;
  std::vector<Part> parts;  ///< empty, or 2 to 4 wishes in the order they were said
  std::string clean;        ///< for matching only, never for people
  std::string why;          ///< the rule that won, in one sentence

  /// The signal called `signal`, or nullptr.
  [[nodiscard]] const MoodSignal* find_mood(std::string_view signal) const;
};

}  // namespace wasl
