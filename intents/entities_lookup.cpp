#include "intents/entities_lookup.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace wasl::intents {
namespace {

constexpr std::size_t kWordsMax = 6;         ///< of a value; longer ones are patterns
constexpr std::size_t kOneEditLetters = 5;   ///< from here on one edit is forgiven
constexpr std::size_t kTwoEditsLetters = 8;  ///< and two
constexpr std::size_t kLettersMax = 24;      ///< of a word that may be misspelt
constexpr std::size_t kTriesMax = 4'096;     ///< comparisons for one message
constexpr std::size_t kFound = 64;           ///< hits before overlaps are settled

std::u32string letters_of(std::string_view text) {
  std::u32string letters;
  for (std::size_t at = 0; at < text.size();) letters.push_back(next_code_point(text, at));
  return letters;
}

/// What Arabic writes together with the next word, longest first; bytes of two a letter.
constexpr std::array<std::string_view, 15> kPrefixes = {
    "وبال", "وكال", "وال", "فال", "بال", "كال", "ولل", "لل", "ال", "وب", "ول", "و", "ف", "ب", "ل"};

/// Calls `take` with each length of a prefix that may be cut off `word`, 0 first.
template <typename Take>
bool any_prefix(std::string_view word, const Take& take) {
  if (take(std::size_t{0})) return true;
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
    constexpr std::size_t kLeft = 4;  // bytes: two letters at least stay
    return word.starts_with(prefix) && word.size() >= prefix.size() + kLeft && take(prefix.size());
  });
}

}  // namespace

bool within_edits(std::u32string_view a, std::u32string_view b, std::size_t edits_max) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > edits_max || b.size() > kLettersMax) return false;
  std::array<std::array<std::size_t, kLettersMax + 1>, 3> rows{};  // before last, last, present
  for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::array<std::size_t, kLettersMax + 1>& row = rows[2];
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min(
          {rows[1][j] + 1, row[j - 1] + 1, rows[1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], rows[0][j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    if (least > edits_max) return false;
    rows[0] = rows[1];
    rows[1] = rows[2];
  }
  return rows[1][b.size()] <= edits_max;
}

bool ValueLookup::takes(std::string_view clean_words) {
  std::size_t words = 1;
  bool inside = false;
  for (std::size_t at = 0; at < clean_words.size();) {
    const char32_t c = next_code_point(clean_words, at);
    if (c == U' ' && inside) {
      ++words;
      inside = false;
    } else if (is_word(c) && c != U'_') {
      inside = true;
    } else {
      return false;
    }
  }
  return inside && words <= kWordsMax;
}

void ValueLookup::add(std::string_view entity, std::string_view value,
                      std::string_view clean_words) {
  values_.push_back({std::string(entity), std::string(value)});
  exact_[std::string(clean_words)].push_back(values_.size() - 1);
  const auto words =
      static_cast<std::size_t>(std::count(clean_words.begin(), clean_words.end(), ' ') + 1);
  words_max_ = std::max(words_max_, words);
  const bool has_digit = std::any_of(clean_words.begin(), clean_words.end(),
                                     [](char c) { return c >= '0' && c <= '9'; });
  std::u32string letters = letters_of(clean_words);
  if (words == 1 && !has_digit && letters.size() >= kOneEditLetters) {
    near_[letters[0]].push_back({std::move(letters), values_.size() - 1});
  }
}

std::size_t ValueLookup::find_exact(std::string_view text, std::span<const Word> words,
                                    std::size_t first, std::vector<EntityHit>& found) const {
  const std::uint32_t start = words[first].span.start;
  for (std::size_t count = std::min(words_max_, words.size() - first); count > 0; --count) {
    const std::uint32_t end = words[first + count - 1].span.end;
    const std::string_view whole = text.substr(start, end - start);
    const auto known = [&](std::size_t cut) {
      auto values = exact_.find(whole.substr(cut));
      if (values == exact_.end() && cut == 0 && whole.starts_with("لل")) {  // لل is ل and ال
        values = exact_.find("ال" + std::string(whole.substr(std::string_view("لل").size())));
      }
      if (values == exact_.end()) return false;
      for (const std::size_t value : values->second) {
        found.push_back({values_[value].entity,
                         values_[value].value,
                         {start + static_cast<std::uint32_t>(cut), end}});
      }
      return true;
    };
    if (words[first].arabic ? any_prefix(whole, known) : known(0)) return count;
  }
  return 0;
}

void ValueLookup::find_misspelt(std::string_view text, const Word& word, std::size_t& tries_left,
                                std::vector<EntityHit>& found) const {
  const std::string_view whole = text.substr(word.span.start, word.span.end - word.span.start);
  if (spared_.find(whole) != spared_.end()) return;
  const auto like = [&](std::size_t cut) {
    if (whole.size() - cut < kOneEditLetters || whole.size() - cut > 2 * kLettersMax) return false;
    std::size_t first_end = cut;
    const auto bucket = near_.find(next_code_point(whole, first_end));
    if (bucket == near_.end()) return false;
    const std::u32string letters = letters_of(whole.substr(cut));
    if (letters.size() < kOneEditLetters) return false;
    const Near* best = nullptr;
    std::size_t best_edits = 3;
    for (const Near& near : bucket->second) {
      if (tries_left == 0) break;
      --tries_left;
      const std::size_t shorter = std::min(near.letters.size(), letters.size());
      const std::size_t allowed = shorter >= kTwoEditsLetters ? 2 : 1;
      for (std::size_t edits = 1; edits <= allowed && edits < best_edits; ++edits) {
        if (!within_edits(letters, near.letters, edits)) continue;
        best = &near;
        best_edits = edits;
      }
    }
    if (best == nullptr) return false;
    const Value& value = values_[best->value];
    found.push_back({value.entity,
                     value.value,
                     {word.span.start + static_cast<std::uint32_t>(cut), word.span.end}});
    return true;
  };
  if (word.arabic) {
    any_prefix(whole, like);
  } else {
    like(0);
  }
}

void ValueLookup::spare(std::string_view text, std::span<const Word> words) {
  if (near_.empty()) return;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::vector<EntityHit> found;
    if (find_exact(text, words, i, found) > 0 || words[i].digits) continue;
    std::size_t tries_left = kTriesMax;
    find_misspelt(text, words[i], tries_left, found);
    const Span span = words[i].span;
    if (!found.empty()) spared_.emplace(text.substr(span.start, span.end - span.start));
  }
}

void ValueLookup::find(std::string_view text, std::span<const Word> words,
                       std::vector<EntityHit>& found) const {
  std::size_t tries_left = kTriesMax;
  for (std::size_t i = 0; i < words.size() && found.size() < kFound;) {
    const std::size_t count = find_exact(text, words, i, found);
    if (count == 0 && words[i].facts == 0 && !words[i].digits && !near_.empty()) {
      find_misspelt(text, words[i], tries_left, found);
    }
    i += std::max<std::size_t>(count, 1);
  }
}

}  // namespace wasl::intents
