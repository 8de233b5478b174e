#include "intents/features.hpp"

#include "intents/dialect_words.hpp"
#include "intents/lexicon.hpp"

namespace wasl::intents {
namespace {

constexpr std::size_t kWordsMax = 300;  // an utterance is a message, not a book
constexpr std::size_t kWordLettersMax = 40;

bool is_number(std::string_view word) {
  return word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// An Arabic consonant in the alphabet of skeletons; 0 for vowels and what dialects drop.
char consonant(char32_t c) {
  switch (c) {
    case U'ب':
      return 'b';
    case U'ت':
    case U'ط':
    case U'ث':
      return 't';
    case U'ج':
      return 'j';
    case U'ح':
    case U'ه':
      return 'h';
    case U'خ':
      return '5';
    case U'د':
    case U'ض':
    case U'ذ':
    case U'ظ':
      return 'd';
    case U'ر':
      return 'r';
    case U'ز':
      return 'z';
    case U'س':
    case U'ص':
      return 's';
    case U'ش':
      return 'x';
    case U'ع':
      return '3';
    case U'غ':
      return '8';
    case U'ف':
      return 'f';
    case U'ق':
      return 'q';
    case U'ك':
      return 'k';
    case U'ل':
      return 'l';
    case U'م':
      return 'm';
    case U'ن':
      return 'n';
    default:
      return 0;
  }
}

/// The same for Latin letters; reads one or two and moves past them.
char latin_consonant(std::string_view word, std::size_t& at) {
  const char c = word[at++];
  if (static_cast<unsigned char>(c) >= 0x80) return 0;  // a byte of another alphabet's letter
  const char next = at < word.size() ? word[at] : '\0';
  if (next == 'h' && (c == 's' || c == 'c' || c == 'k' || c == 'g' || c == 't' || c == 'd')) {
    ++at;
    return c == 's' || c == 'c' ? 'x' : c == 'k' ? '5' : c == 'g' ? '8' : c;
  }
  switch (c) {
    case '7':
      return 'h';
    case '9':
      return 's';
    case '6':
      return 't';
    case 'c':
      return 'k';
    case 'g':
      return 'j';
    case 'p':
      return 'b';
    case 'v':
      return 'f';
    case '2':
    case '4':
    case '0':
    case '1':
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
    case 'w':
    case 'y':
      return 0;
    default:
      return c;
  }
}

}  // namespace

std::string skeleton(std::string_view word) {
  std::string bones = "~";
  const auto put = [&](char c) {
    if (c != 0 && c != bones.back()) bones.push_back(c);
  };
  // A final h is taa marbuta more often than not, and few write it in Latin letters.
  for (const std::string_view last : {"ه", "h"}) {
    if (word.ends_with(last)) word.remove_suffix(last.size());
  }
  const bool latin = static_cast<unsigned char>(word.empty() ? 0 : word[0]) < 0x80;
  for (std::size_t at = 0; at < word.size();) {
    put(latin ? latin_consonant(word, at) : consonant(next_code_point(word, at)));
  }
  return bones.size() < 2 ? std::string() : bones;
}

Features make_features(const Clean& cleaned, const std::vector<EntityHit>& entities, bool arabizi) {
  const Lexicon& known = lexicon();
  const std::string_view text = cleaned.text;
  Features features;
  std::string word;
  std::string all_bones;
  std::string concepts;
  std::size_t letters = 0;
  const auto finish_word = [&] {
    if (word.empty()) return;
    if (is_number(word)) {
      word = "0";
    } else if ((known.words.find(word) & fact::kAnswer) == 0) {
      ++features.words;
    }
    ++features.all;
    if (!features.line.empty()) features.line.push_back(' ');
    features.line.append(word);
    const bool arabic = static_cast<unsigned char>(word[0]) >= 0x80;
    if (word != "0" && (arabic || arabizi)) {
      if (const std::string bones = skeleton(word); !bones.empty())
        all_bones.append(" ").append(bones);
      if (const auto meant = concept_of(word); !meant.empty()) concepts.append(" ").append(meant);
    }
    word.clear();
    letters = 0;
  };
  const auto put_token = [&](std::string_view token) {
    finish_word();
    ++features.all;
    if (!features.line.empty()) features.line.push_back(' ');
    features.line.append(token);
  };

  auto entity = entities.begin();
  for (std::size_t at = 0; at < text.size() && features.all < kWordsMax;) {
    if (entity != entities.end() && at >= entity->span.start) {
      put_token("entity" + entity->entity);
      at = entity->span.end > at ? entity->span.end : at + 1;
      ++entity;
      continue;
    }
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    if (is_word(c) && c != U'_') {
      if (letters++ < kWordLettersMax) word.append(text.substr(start, at - start));
    } else if (c == U'\'' && !word.empty()) {
      // don't = dont
    } else if (c >= 0x203C) {
      put_token(text.substr(start, at - start));  // an emoji
    } else {
      finish_word();
    }
  }
  finish_word();
  features.line.append(all_bones).append(concepts);
  return features;
}

}  // namespace wasl::intents
