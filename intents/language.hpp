#pragma once

#include "wasl/core/language.hpp"
#include "wasl/intents/clean.hpp"

namespace wasl::intents {

struct LanguageGuess {
  Language language = Language::und;
  bool arabizi = false;  ///< Arabic in Latin letters; then `language` is ar
  bool operator==(const LanguageGuess&) const = default;
};

/// The language of one utterance.  What is too short or too mixed to tell follows `before`, the
/// language of the conversation, so that "ok" or an order number never switches it.
[[nodiscard]] LanguageGuess detect_language(const Clean& utterance, Language before);

}  // namespace wasl::intents
