#include "intents/wishes.hpp"

#include <algorithm>

namespace wasl::intents {
namespace {

constexpr std::size_t kLatinWordsMin = 3;   ///< of a wish: "cancel my order"
constexpr std::size_t kArabicWordsMin = 2;  ///< وين طلبي
constexpr std::size_t kSkippedMax = 3;      ///< words between "and" and what opens the wish

bool has(const Word& word, Facts facts) {
  return (word.facts & facts) != 0;
}

std::string_view letters_of(std::string_view text, const Word& word) {
  return text.substr(word.span.start, word.span.end - word.span.start);
}

bool is_speaker(std::string_view word) {
  return word == "i" || word == "we" || word == "انا" || word == "ana" || word == "احنا";
}

/// Whether a wish opens at word `at`, or behind joints, courtesy and "I".
bool opens(std::string_view text, std::span<const Word> words, std::size_t at) {
  for (std::size_t i = at; i < words.size() && i <= at + kSkippedMax; ++i) {
    if (has(words[i], fact::kOpener)) return true;
    if (!has(words[i], fact::kJoint | fact::kCourtesy) && !is_speaker(letters_of(text, words[i]))) {
      return false;
    }
  }
  return false;
}

/// Whether words [first, last) are enough to be a wish.
bool enough(std::span<const Word> words) {
  const auto arabic = static_cast<std::size_t>(
      std::count_if(words.begin(), words.end(), [](const Word& word) { return word.arabic; }));
  return arabic * 2 > words.size() ? words.size() >= kArabicWordsMin
                                   : words.size() >= kLatinWordsMin;
}

bool cuts_before(std::string_view text, std::span<const Word> words, std::size_t i) {
  constexpr std::string_view kAnd = "و";
  const Word& word = words[i];
  const std::uint32_t end = words[i - 1].span.end;
  const std::string_view gap = text.substr(end, word.span.start - end);
  if (word.joined > 0 && has(word, fact::kOpener)) return letters_of(text, word).starts_with(kAnd);
  if (has(word, fact::kJoint) && !has(words[i - 1], fact::kJoint)) return opens(text, words, i + 1);
  return gap.find('?') != std::string_view::npos && opens(text, words, i);
}

}  // namespace

bool only_courtesy(std::span<const Word> words) {
  return std::all_of(words.begin(), words.end(), [](const Word& word) {
    return has(word, fact::kCourtesy | fact::kNeutral | fact::kJoint);
  });
}

std::vector<Span> cut_wishes(std::string_view text, std::span<const Word> words) {
  std::vector<Span> spans;
  std::uint32_t start = 0;
  std::size_t first = 0;
  for (std::size_t i = 1; i < words.size() && spans.size() + 1 < kWishesMax; ++i) {
    const bool cut = enough(words.subspan(first, i - first)) && enough(words.subspan(i)) &&
                     cuts_before(text, words, i);
    if (!cut) continue;
    spans.push_back({start, words[i].span.start});
    start = words[i].span.start;
    first = i;
  }
  if (spans.empty()) return spans;
  spans.push_back({start, static_cast<std::uint32_t>(text.size())});
  for (Span& span : spans) {
    while (span.end > span.start && text[span.end - 1] == ' ') --span.end;
  }
  return spans;
}

}  // namespace wasl::intents
