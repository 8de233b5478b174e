#include "intents/language.hpp"

#include "wasl/core/text.hpp"

#include "intents/lexicon.hpp"

#include <algorithm>
#include <array>
#include <string_view>

// Letters tell Arabic from Latin.  Within Latin letters, words tell: digits that stand for Arabic
// letters (3ayez, 7ad, sa7) and two short word lists.  Enough for three cases; a trained model
// would only add a way to be wrong on short texts, which are most of what people type.

namespace wasl::intents {
namespace {

/// Whether digits stand for letters: 3ayez, a3raf, sa7, t2ool; not mp3, 2nd, 5kg, A1032.
bool has_letter_digit(std::string_view word) {
  if (word.size() < 3 || word.size() > 20) return false;
  static constexpr std::array<std::string_view, 30> kUnits = {
      "nd",   "rd",    "th",    "st",   "pm",  "am",  "kg",   "gb",   "mb",  "cm",
      "mm",   "km",    "ml",    "hr",   "hrs", "min", "mins", "days", "day", "pcs",
      "star", "stars", "years", "year", "yrs", "x",   "d",    "g",    "p",   "k"};
  std::size_t digits = 0;
  std::size_t letters = 0;
  std::size_t speaking = 0;  // digits that are letters in Arabizi
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c >= '0' && c <= '9') {
      ++digits;
      speaking += std::string_view("235679").find(c) != std::string_view::npos ? 1U : 0U;
    } else if (c >= 'a' && c <= 'z') {
      ++letters;
    } else if (c != '\'') {
      return false;
    }
  }
  if (speaking == 0 || digits != speaking || letters < 2 || digits > 3 || digits >= letters + 1) {
    return false;
  }
  const std::size_t first_letter = word.find_first_not_of("0123456789");
  if (first_letter > 1) return false;  // 24hours
  if (first_letter == 1 &&
      std::find(kUnits.begin(), kUnits.end(), word.substr(1)) != kUnits.end()) {
    return false;
  }
  const std::size_t last_letter = word.find_last_not_of("0123456789");
  if (last_letter + 1 < word.size()) {  // at the end only 7 and 3 are common: sa7, rou7
    return word != "mp3" && word.size() <= 5 && (word.back() == '7' || word.back() == '3') &&
           last_letter + 2 == word.size();
  }
  return true;
}

bool is_sign(char c) {
  return std::string_view(".,;:!?()\"").find(c) != std::string_view::npos;
}

std::string_view bare(std::string_view word) {
  while (!word.empty() && is_sign(word.front())) word.remove_prefix(1);
  while (!word.empty() && is_sign(word.back())) word.remove_suffix(1);
  return word;
}

struct LatinWords {
  std::size_t all = 0;
  std::size_t english = 0;
  std::size_t arabizi = 0;
  std::size_t neutral = 0;
};

LatinWords count_words(std::string_view text) {
  const Lexicon& known = lexicon();
  LatinWords count;
  for (const std::string_view piece : split(text, ' ')) {
    const std::string word(bare(piece));
    if (word.empty() || word.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos) {
      continue;
    }
    ++count.all;
    if (known.neutral.contains(word)) {
      ++count.neutral;
    } else if (known.english.contains(word)) {
      ++count.english;
    } else if (known.arabizi.contains(word) || has_letter_digit(word)) {
      ++count.arabizi;
    }
  }
  return count;
}

LanguageGuess detect_latin(const Clean& utterance, Language before) {
  const LatinWords words = count_words(utterance.text);
  if (words.arabizi > words.english) return {Language::ar, true};
  if (words.english > 0) return {Language::en, false};
  // Names, codes and the international handful say nothing about who speaks.
  const bool telling = words.all > 2 && words.neutral < words.all;
  if (before != Language::und && !telling) return {before, false};
  if (words.all == 0) return {before, false};
  return {Language::en, false};
}

}  // namespace

LanguageGuess detect_language(const Clean& utterance, Language before) {
  const std::size_t arabic = utterance.arabic_letters;
  const std::size_t latin = utterance.latin_letters;
  if (arabic == 0 && latin == 0) return {before, false};
  if (latin == 0) return {Language::ar, false};
  if (arabic == 0) return detect_latin(utterance, before);
  // Mixed.  Brands and codes are Latin inside Arabic sentences far more often than the reverse.
  if (arabic * 2 >= latin) return {Language::ar, false};
  if (arabic * 4 >= latin && before != Language::und) return {before, false};
  return {Language::en, false};
}

}  // namespace wasl::intents
