#pragma once

#include "wasl/intents/clean.hpp"

#include "intents/lexicon_words.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace wasl::intents {

inline constexpr std::size_t kWishesMax = 4;

/// Where a clean text may be cut into wishes of their own: 2 to kWishesMax spans without spaces at
/// their ends, or none.  A cut comes before a word that adds ("and", "also", a و written together
/// with the next word) or behind a question mark, and only where something follows that may open a
/// wish: "and how do I", "وابغى", not "and white shirt".  Whether the spans are wishes is for the
/// classifier.
[[nodiscard]] std::vector<Span> cut_wishes(std::string_view text, std::span<const Word> words);

/// Whether all words are greetings, thanks and please.
[[nodiscard]] bool only_courtesy(std::span<const Word> words);

}  // namespace wasl::intents
