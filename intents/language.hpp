#pragma once

#include "wasl/core/understanding.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/lexicon_words.hpp"

#include <span>

namespace wasl::intents {

struct LanguageGuess {
  Language language = Language::und;
  bool arabizi = false;             ///< Arabic in Latin letters; then `language` is ar
  bool mixed = false;               ///< words of both languages
  Dialect dialect = Dialect::none;  ///< of Arabic
  bool operator==(const LanguageGuess&) const = default;
};

/// The language of one utterance and the dialect of its Arabic.  What is too short or too mixed to
/// tell follows the conversation (`before`, `dialect_before`), so that "ok" or an order number
/// never switches it.  `words` are those of `utterance`.
[[nodiscard]] LanguageGuess detect_language(const Clean& utterance, std::span<const Word> words,
                                            Language before, Dialect dialect_before);

/// The same for a text whose words nobody else needs.
[[nodiscard]] LanguageGuess detect_language(const Clean& utterance, Language before);

}  // namespace wasl::intents
