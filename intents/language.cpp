#include "intents/language.hpp"

#include "intents/lexicon.hpp"

#include <algorithm>
#include <array>
#include <string_view>

// Letters tell Arabic from Latin.  Within Latin letters, words tell: digits that stand for Arabic
// letters (3ayez, 7ad, sa7) and word lists.  Enough for four cases; a trained model would only add
// a way to be wrong on short texts, which are most of what people type.
//
// A word of k dialects gives each 12/k points.  A dialect needs more points than any other; where
// two are level, that of the conversation wins if it is among them, otherwise nobody.  Standard
// Arabic is what is left: its words are in every dialect's texts too, so they count a third.

namespace wasl::intents {
namespace {

constexpr int kWhole = 12;      ///< points of a word that one dialect has
constexpr int kShape = 8;       ///< of a word whose shape alone tells
constexpr int kDialectMin = 4;  ///< fewer points tell nothing
constexpr std::size_t kDialectCount = 6;

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
  for (const char c : word) {
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

struct LatinWords {
  std::size_t all = 0;
  std::size_t english = 0;
  std::size_t french = 0;
  std::size_t arabizi = 0;
  std::size_t neutral = 0;
};

/// Whether a word is a piece of a code or an address: the "a" of a-1032, all of ali@shop.com.
bool is_piece(std::string_view text, const Word& word) {
  const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : ' '; };
  const auto digit = [&](std::size_t i) { return at(i) >= '0' && at(i) <= '9'; };
  const std::size_t end = word.span.end;
  if (at(end) == '@' || (at(end) == '-' && digit(end + 1))) return true;
  const std::size_t start = word.span.start;
  return start > 1 && (at(start - 1) == '@' || (at(start - 1) == '-' && digit(start - 2)));
}

LatinWords count_latin(std::string_view text, std::span<const Word> words) {
  constexpr Facts kArabic = fact::kArabizi | fact::kDialects;
  LatinWords count;
  for (const Word& word : words) {
    if (word.arabic) continue;
    const std::string_view letters = text.substr(word.span.start, word.span.end - word.span.start);
    if (word.digits && letters.find_first_not_of("0123456789'") == std::string_view::npos) continue;
    if (is_piece(text, word)) continue;
    ++count.all;
    if ((word.facts & fact::kNeutral) != 0) {
      ++count.neutral;
    } else if ((word.facts & fact::kEnglish) != 0) {
      ++count.english;
    } else if ((word.facts & kArabic) != 0 && (word.facts & fact::kFrench) != 0) {
      continue;  // la, ma: both have them
    } else if (word.digits && has_letter_digit(letters)) {
      count.arabizi += 2;  // nobody else writes so: it outweighs a loan word ("el order")
    } else if ((word.facts & kArabic) != 0) {
      ++count.arabizi;
    } else if ((word.facts & fact::kFrench) != 0) {
      ++count.french;
    }
  }
  return count;
}

LanguageGuess detect_latin(const LatinWords& words, Language before) {
  if (words.arabizi > words.english) {
    return {Language::ar, true, words.english > 0 && words.arabizi > 0, Dialect::none};
  }
  if (words.english > 0 && words.english >= words.french) {
    return {Language::en, false, words.arabizi > 0, Dialect::none};
  }
  // Names, codes and the international handful say nothing about who speaks; French is answered in
  // the language of the conversation, or in English.
  const bool telling = words.all > 2 && words.neutral < words.all && words.french == 0;
  if (before != Language::und && !telling) return {before, false, false, Dialect::none};
  if (words.all == 0) return {before, false, false, Dialect::none};
  return {Language::en, false, false, Dialect::none};
}

/// "ma…sh" around a word is Egyptian or Maghrebi, "will" as a prefix h- Egyptian, sa- standard.
void add_shape(std::string_view word, std::array<int, kDialectCount>& points) {
  enum : std::size_t { kMsa, kGulf, kEgyptian, kLevantine, kIraqi, kMaghrebi };
  constexpr std::string_view kYaa = "ي";
  constexpr std::string_view kTaa = "ت";
  const bool long_enough = word.size() >= 2 * std::size_t{5};
  if (!long_enough) return;
  if (word.starts_with("م") && word.ends_with("ش")) {
    points[kEgyptian] += kShape / 2;
    points[kMaghrebi] += kShape / 2;
  } else if (word.starts_with("ه") &&
             (word.substr(2).starts_with(kYaa) || word.substr(2).starts_with(kTaa))) {
    points[kEgyptian] += kShape;
  } else if (word.starts_with("س") &&
             (word.substr(2).starts_with(kYaa) || word.substr(2).starts_with(kTaa))) {
    points[kMsa] += kShape / 2;
  } else if (word.ends_with("كن") || word.ends_with("هن")) {
    points[kLevantine] += kShape / 2;
  }
}

Dialect find_dialect(std::string_view text, std::span<const Word> words, Dialect before) {
  std::array<int, kDialectCount> points{};
  for (const Word& word : words) {
    Facts dialects = word.facts & fact::kDialects;
    if ((dialects & fact::kMsa) != 0) dialects = fact::kMsa;
    if (dialects == 0) {
      if (word.arabic) {
        add_shape(text.substr(word.span.start, word.span.end - word.span.start), points);
      }
      continue;
    }
    const int share = kWhole / __builtin_popcount(dialects);
    for (std::size_t i = 0; i < kDialectCount; ++i) {
      if ((dialects & (fact::kMsa << i)) != 0) points[i] += share;
    }
  }
  points[0] = (points[0] + 2) / 3;  // standard words are everybody's
  const int most = *std::max_element(points.begin(), points.end());
  if (most < kDialectMin) return before;
  Dialect found = Dialect::none;
  for (std::size_t i = 0; i < kDialectCount; ++i) {
    if (points[i] != most) continue;
    const auto dialect = static_cast<Dialect>(i + 1);
    if (dialect == before) return before;
    found = found == Dialect::none && std::count(points.begin(), points.end(), most) == 1
                ? dialect
                : Dialect::none;
  }
  return found == Dialect::none ? before : found;
}

LanguageGuess detect_letters(const Clean& utterance, std::span<const Word> words, Language before) {
  const std::size_t arabic = utterance.arabic_letters;
  const std::size_t latin = utterance.latin_letters;
  if (arabic == 0 && latin == 0) return {before, false, false, Dialect::none};
  if (latin == 0) return {Language::ar, false, false, Dialect::none};
  const LatinWords count = count_latin(utterance.text, words);
  if (arabic == 0) return detect_latin(count, before);
  const bool mixed = count.english > 0 || count.french > 0;
  // Brands and codes are Latin inside Arabic sentences far more often than the reverse.
  if (arabic * 2 >= latin) return {Language::ar, false, mixed, Dialect::none};
  if (arabic * 4 >= latin && before != Language::und) return {before, false, mixed, Dialect::none};
  return {Language::en, false, true, Dialect::none};
}

}  // namespace

LanguageGuess detect_language(const Clean& utterance, std::span<const Word> words, Language before,
                              Dialect dialect_before) {
  LanguageGuess guess = detect_letters(utterance, words, before);
  if (guess.language == Language::ar) {
    guess.dialect = find_dialect(utterance.text, words, dialect_before);
  }
  return guess;
}

LanguageGuess detect_language(const Clean& utterance, Language before) {
  return detect_language(utterance, read_words(utterance), before, Dialect::none);
}

}  // namespace wasl::intents
