#pragma once

#include "wasl/core/understanding.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/pattern_set.hpp"

#include <string_view>
#include <vector>

namespace wasl::intents {

/// The signs of feeling and of urgency in `original`; at most one of each name, in a fixed order of
/// first appearance in the lexicon, then shouting, exclamation, elongation.
[[nodiscard]] std::vector<MoodSignal> read_mood(std::string_view original, const Clean& cleaned,
                                                const Marked& marked);

}  // namespace wasl::intents
