#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// A feature of the linear model, by its hash.  Zero is none.
using Gram = std::uint64_t;

inline constexpr std::size_t kLettersMin = 2;
inline constexpr std::size_t kLettersMax = 5;

/// The n-grams a word brings by itself: the word, and its runs of 2 to 5 letters with its borders.
/// Appends to `grams`, one for each occurrence.
void add_word_grams(std::string_view word, std::vector<Gram>& grams);

/// The outline of a word: the word, and its runs of three letters with its borders, few and hardly
/// ever shared by words that are not alike.  Appends to `grams`, one for each occurrence.
void add_outline_grams(std::string_view word, std::vector<Gram>& grams);

/// The gram of two words that follow each other.
[[nodiscard]] Gram pair_gram(std::string_view first, std::string_view second);

/// What two words that follow each other bring together: pair_gram(), and five of the last letters
/// of the first with the first of the second, 2 to 4 of each, which outlive a typo or an
/// inflection. Appends to `grams`.
void add_pair_grams(std::string_view first, std::string_view second, std::vector<Gram>& grams);

/// All grams of a line of features (words parted by single spaces), one for each occurrence.
[[nodiscard]] std::vector<Gram> line_grams(std::string_view line);

/// Calls `visit(word)` for each word of a line of features.
template <typename Visit>
void each_word(std::string_view line, Visit visit) {
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = line.find(' ', at);
    const std::size_t stop = end == std::string_view::npos ? line.size() : end;
    if (stop > at) visit(line.substr(at, stop - at));
    at = stop + 1;
  }
}

}  // namespace wasl::intents
