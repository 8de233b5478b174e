#include "flows/words.hpp"

#include "wasl/core/text.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

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

/// Whether `words` has a phrase that stands in `text` at a word's beginning and end.
bool has_any(const std::vector<std::string>& words, const std::string& text) {
  const std::string padded = " " + text + " ";
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return padded.find(" " + word + " ") != std::string::npos;
  });
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

Words read_words(const yaml::Document& document, yaml::Mistakes& mistakes) {
  const yaml::Map map(document.file, document.root, mistakes);
  map.only({"yes", "no", "cancel", "correct", "wrong", "repeat", "help", "wait", "yes_title",
            "no_title"});
  Words words;
  words.yes = folded(map, "yes");
  words.no = folded(map, "no");
  words.cancel = folded(map, "cancel");
  words.correct = folded(map, "correct");
  words.wrong = folded(map, "wrong");
  words.correct.insert(words.correct.end(), words.wrong.begin(), words.wrong.end());
  words.repeat = folded(map, "repeat");
  words.help = folded(map, "help");
  words.wait = folded(map, "wait");
  words.yes_title = titles(map, "yes_title");
  words.no_title = titles(map, "no_title");
  return words;
}

std::optional<bool> yes_or_no(const Words& words, std::string_view text) {
  const std::string plain = fold(text);
  if (split(plain, ' ').size() > kAnswerWordsMax) return std::nullopt;
  const bool no = has_any(words.no, plain);
  const bool yes = has_any(words.yes, plain);
  if (no == yes) return std::nullopt;
  return yes;
}

bool is_one_of(const std::vector<std::string>& phrases, std::string_view text) {
  const std::string plain = fold(text);
  return std::find(phrases.begin(), phrases.end(), plain) != phrases.end();
}

bool says_any(const std::vector<std::string>& phrases, std::string_view text) {
  return has_any(phrases, fold(text));
}

bool says_only_wrong(const Words& words, std::string_view text) {
  std::string rest = " " + fold(text) + " ";
  bool wrong = false;
  const auto take = [&](const std::vector<std::string>& phrases, bool counts) {
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

std::string_view rest_after(const std::vector<std::string>& phrases, std::string_view text) {
  const std::string plain = fold(text);
  std::size_t longest = 0;
  for (const std::string& phrase : phrases) {
    if (plain.starts_with(phrase + " ")) longest = std::max(longest, phrase.size());
  }
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
