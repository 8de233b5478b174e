#pragma once

#include "wasl/core/understanding.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/lexicon_words.hpp"
#include "intents/mood_model.hpp"
#include "intents/pattern_set.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// The signs of feeling and of urgency in `original`; at most one of each name: those of the
/// lexicon in its order, then shouting, exclamation, elongation, then what the small model tells:
/// anger, frustration, lost, thanks.  `words` are those of `cleaned`.
[[nodiscard]] std::vector<MoodSignal> read_mood(std::string_view original, const Clean& cleaned,
                                                std::span<const Word> words, const Marked& marked);

/// The same for a text whose words nobody else needs.
[[nodiscard]] std::vector<MoodSignal> read_mood(std::string_view original, const Clean& cleaned,
                                                const Marked& marked);

/// What the small model sees of a text, lexicon and form included: for its training.
[[nodiscard]] std::vector<MoodGram> mood_signs(std::string_view original);

}  // namespace wasl::intents
