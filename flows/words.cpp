#include "flows/words.hpp"

#include "wasl/core/text.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace wasl::flows {
namespace {

constexpr std::size_t kAnswerWordsMax = 5;  // a longer sentence is no plain yes or no

UChar32 one_form(UChar32 c) {
  switch (c) {
    case 0x622:
    case 0x623:
    case 0x625:
    case 0x671:
      return 0x627;  // alef
    case 0x649:
      return 0x64A;  // alef maqsura, ya
    case 0x629:
      return 0x647;  // ta marbuta, ha
    default:
      return c;
  }
}

std::vector<std::string> folded(const yaml::Map& map, std::string_view key) {
  std::vector<std::string> words;
  const yaml::Node* node = map.find(key);
  if (node == nullptr) return words;
  for (const auto& [language, list] : node->entries) {
    for (const yaml::Node& word : list.items) words.push_back(fold(word.scalar));
  }
  return words;
}

std::map<std::string, std::string> titles(const yaml::Map& map, std::string_view key) {
  std::map<std::string, std::string> found;
  const yaml::Node* node = map.find(key);
  if (node == nullptr) return found;
  for (const auto& [language, title] : node->entries) found[language.scalar] = title.scalar;
  return found;
}

}  // namespace

std::string latin_digits(std::string_view text) {
  const auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  icu::UnicodeString out;
  for (int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const UChar32 c = wide.char32At(i);
    const int32_t digit = u_charDigitValue(c);
    if (digit >= 0 && digit <= 9) {
      out.append(static_cast<UChar32>('0' + digit));
    } else {
      out.append(c == 0x66B ? static_cast<UChar32>('.') : c);
    }
  }
  std::string result;
  out.toUTF8String(result);
  return result;
}

std::string fold(std::string_view text) {
  auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  wide.foldCase();
  icu::UnicodeString out;
  bool gap = false;
  for (int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const UChar32 c = wide.char32At(i);
    const int8_t type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_FORMAT_CHAR || c == 0x640) continue;  // tatweel
    if (u_isalnum(c) == 0) {
      gap = true;
      continue;
    }
    if (gap && !out.isEmpty()) out.append(static_cast<UChar32>(' '));
    gap = false;
    const int32_t digit = u_charDigitValue(c);
    out.append(digit >= 0 && digit <= 9 ? static_cast<UChar32>('0' + digit) : one_form(c));
  }
  std::string result;
  out.toUTF8String(result);
  return result;
}

Phrases::Phrases(std::vector<std::string> folded) : sorted_(std::move(folded)) {
  std::sort(sorted_.begin(), sorted_.end());
}

bool Phrases::has(std::string_view plain) const {
  return std::binary_search(sorted_.begin(), sorted_.end(), plain, std::less<>());
}

std::size_t Phrases::begin_of(std::string_view plain) const {
  const std::string_view word = plain.substr(0, plain.find(' '));
  if (word.empty()) return 0;
  std::size_t longest = 0;
  for (auto at = std::lower_bound(sorted_.begin(), sorted_.end(), word, std::less<>());
       at != sorted_.end() && at->starts_with(word); ++at) {
    if (!plain.starts_with(*at)) continue;
    const bool whole = plain.size() == at->size() || plain[at->size()] == ' ';
    if (whole) longest = std::max(longest, at->size());
  }
  return longest;
}

bool Phrases::within(std::string_view plain) const {
  while (true) {
    if (begin_of(plain) > 0) return true;
    const std::size_t gap = plain.find(' ');
    if (gap == std::string_view::npos) return false;
    plain.remove_prefix(gap + 1);
  }
}

Words read_words(const yaml::Document& document, yaml::Mistakes& mistakes) {
  const yaml::Map map(document.file, document.root, mistakes);
  map.only({"yes", "no", "cancel", "correct", "wrong", "repeat", "help", "question", "wait",
            "dont_know", "yes_title", "no_title"});
  Words words;
  words.yes = Phrases(folded(map, "yes"));
  words.no = Phrases(folded(map, "no"));
  words.cancel = Phrases(folded(map, "cancel"));
  std::vector<std::string> correct = folded(map, "correct");
  const std::vector<std::string> wrong = folded(map, "wrong");
  correct.insert(correct.end(), wrong.begin(), wrong.end());
  words.correct = Phrases(std::move(correct));
  words.wrong = Phrases(wrong);
  words.repeat = Phrases(folded(map, "repeat"));
  words.help = Phrases(folded(map, "help"));
  words.wait = Phrases(folded(map, "wait"));
  words.dont_know = Phrases(folded(map, "dont_know"));
  words.question = Phrases(folded(map, "question"));
  words.yes_title = titles(map, "yes_title");
  words.no_title = titles(map, "no_title");
  return words;
}

bool is_question(const Words& words, std::string_view text, std::string_view plain) {
  const auto has = [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; };
  return has("?") || has("؟") || words.question.begin_of(plain) > 0;
}

std::optional<bool> yes_or_no(const Words& words, std::string_view text) {
  const std::string plain = fold(text);
  if (split(plain, ' ').size() > kAnswerWordsMax) return std::nullopt;
  const bool anywhere = !is_question(words, text, plain);
  const bool no = anywhere ? words.no.within(plain) : words.no.begin_of(plain) > 0;
  const bool yes = anywhere ? words.yes.within(plain) : words.yes.begin_of(plain) > 0;
  if (no == yes) return std::nullopt;
  return yes;
}

bool says_only_wrong(const Words& words, std::string_view plain) {
  std::string rest;
  rest.append(" ").append(plain).append(" ");
  bool wrong = false;
  const auto take = [&](const Phrases& phrases, bool counts) {
    for (const std::string& phrase : phrases) {
      const std::size_t at = rest.find(" " + phrase + " ");
      if (at == std::string::npos) continue;
      rest.erase(at, phrase.size() + 1);
      wrong = wrong || counts;
    }
  };
  take(words.wrong, true);
  for (const auto* other : {&words.correct, &words.yes, &words.no}) take(*other, false);
  return wrong && trim(rest).empty();
}

std::string_view rest_after(const Phrases& phrases, std::string_view text) {
  const std::size_t longest = phrases.begin_of(fold(text));
  if (longest == 0) return {};
  // The written words whose folded form is the phrase: a few, as phrases are short.
  for (std::size_t end = text.find(' '); end != std::string_view::npos;
       end = text.find(' ', end + 1)) {
    const std::string begun = fold(text.substr(0, end));
    if (begun.size() > longest) break;
    if (begun.size() == longest) return trim(text.substr(end));
  }
  return {};
}

}  // namespace wasl::flows
