#pragma once

#include "wasl/intents/clean.hpp"

#include "intents/entities.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// What the classifier sees of an utterance.
struct Features {
  std::string line;       ///< words joined by spaces; entities and numbers by their kind
  std::size_t words = 0;  ///< that could carry a meaning: no entity, number, emoji, yes or no
  std::size_t all = 0;
};

/// The consonants of a word in one alphabet, the same for Arabic and for Arabic in Latin letters
/// (شكرا and shukran: `~xkr`, `~xkrn`); "" where none is left.
[[nodiscard]] std::string skeleton(std::string_view clean_word);

/// Words of the clean text; an entity becomes the word `entityNAME`, so that what is learnt about
/// one order number holds for all; other numbers become `0`.  Arabic words, and with `arabizi`
/// Latin ones, are followed by their skeletons, so that each spelling learns from the other, and by
/// the concepts of words that dialects say differently (intents/dialect_words.hpp).
[[nodiscard]] Features make_features(const Clean& cleaned, const std::vector<EntityHit>& entities,
                                     bool arabizi);

}  // namespace wasl::intents
