// Light stemming: what stands around a word is taken off, the word itself stays.
//
// English loses plurals, -ing, -ed, -ment and a last e or y.  Arabic loses و, the article with what
// is written onto it, one pronoun and one ending, as in Larkey's "light10".  A one-letter prefix
// (ب ل ك ف و) may as well be the word's first letter, so both forms count.  Broken plurals, verbal
// nouns and the persons of a verb (نقبل, تقبلون, قبول) have consonants in common; those count too,
// if at least three are left.
#include "wasl/intents/search_words.hpp"

#include "wasl/core/text.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/features.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace wasl::intents {
namespace {

constexpr std::size_t kWordBytesMax = 80;
constexpr std::size_t kBonesMin = 4;  // the mark before them and three consonants

// Words that tell nothing about a question, as clean() writes them.
const std::unordered_set<std::string_view>& stop_words() {
  static const std::unordered_set<std::string_view> kWords{
      "a", "about", "am", "an", "and", "any", "anyone", "are", "as", "at", "be", "been", "but",
      "by", "can", "cant", "could", "did", "do", "does", "doesnt", "dont", "for", "from", "get",
      "give", "got", "had", "has", "have", "hello", "help", "here", "hey", "hi", "how", "i", "id",
      "if", "im", "in", "into", "is", "it", "its", "ive", "just", "know", "let", "like", "make",
      "me", "more", "much", "must", "my", "need", "no", "not", "of", "ok", "on", "or", "our",
      "please", "s", "should", "so", "something", "today", "tonight", "tomorrow", "now", "anything",
      "thing", "things", "some", "tell", "than", "thank", "thanks", "that", "the", "their", "them",
      "then", "there", "these", "they", "this", "those", "to", "too", "u", "us", "very", "want",
      "was", "we", "were", "what", "whats", "when", "where", "which", "who", "why", "will", "with",
      "would", "yes", "you", "your", "yours",
      // Arabic
      "ابغي", "ابغا", "ابي", "اذا", "اريد", "اكثر", "الان", "الذي", "التي", "الحين", "الي", "اللي",
      "ام", "ان", "انا", "انت", "انتم", "او", "اي", "ايش", "اين", "ايه", "بدي", "بس", "بعد", "بكم",
      "تم", "ثم", "جدا", "حتي", "خلال", "دي", "ده", "دا", "دلوقتي", "ذلك", "شكرا", "شنو", "شو",
      "عاوز", "عايز", "عند", "عندك", "عندكم", "عندي", "عن", "علي", "عليه", "غير", "فقط", "في",
      "فين", "فيه", "فيها", "قبل", "قد", "كان", "كل", "كم", "كيف", "كده", "لا", "لكن", "لم", "لن",
      "لو", "لي", "ليش", "ليه", "لماذا", "ما", "ماذا", "متي", "مره", "مع", "ممكن", "من", "منك",
      "مو", "مش", "نعم", "هل", "هذا", "هذه", "هنا", "هناك", "هو", "هي", "وش", "وين", "يا", "يعني",
      "يكون", "يمكن", "يمكنني", "عليكم", "السلام", "مرحبا", "طيب", "طريقه", "اليوم", "غدا", "بكره",
      "ازاي", "شلون", "استطيع", "اقدر", "اعرف", "محتاج", "احتاج", "لديكم", "لدي", "الذين", "سوف",
      "ايضا", "كيفيه"};
  return kWords;
}

bool arabic(std::string_view word) {
  return static_cast<unsigned char>(word.front()) >= 0x80;
}

// ---- Arabic; every letter is two bytes

constexpr std::size_t kLetter = 2;

std::size_t letters(std::string_view word) {
  return word.size() / kLetter;
}

bool drop_front(std::string_view& word, std::string_view prefix, std::size_t left_min) {
  if (!word.starts_with(prefix) || letters(word) < letters(prefix) + left_min) return false;
  word.remove_prefix(prefix.size());
  return true;
}

bool drop_back(std::string_view& word, std::string_view suffix, std::size_t left_min) {
  if (!word.ends_with(suffix) || letters(word) < letters(suffix) + left_min) return false;
  word.remove_suffix(suffix.size());
  return true;
}

template <std::size_t Count>
bool drop_one_back(std::string_view& word, const std::array<std::string_view, Count>& suffixes,
                   std::size_t left_min) {
  return std::any_of(suffixes.begin(), suffixes.end(),
                     [&](std::string_view suffix) { return drop_back(word, suffix, left_min); });
}

std::string_view without_endings(std::string_view word) {
  constexpr std::array<std::string_view, 8> kPronouns{"هما", "كما", "هم", "كم",
                                                      "ها",  "نا",  "ك",  "ي"};
  constexpr std::array<std::string_view, 5> kEndings{"ات", "ون", "ين", "يه", "ان"};
  const bool owned = drop_one_back(word, kPronouns, 3);
  if (!drop_one_back(word, kEndings, 3) && !drop_back(word, "ه", 2) && owned) {
    drop_back(word, "ت", 3);  // بطاقتي is بطاقة: taa marbuta opens before a pronoun
  }
  return word;
}

SearchWord arabic_word(std::string_view word) {
  constexpr std::array<std::string_view, 7> kArticles{"وال", "بال", "كال", "فال",
                                                      "هال", "ال",  "لل"};
  constexpr std::array<std::string_view, 5> kLetters{"ب", "ل", "ك", "ف", "و"};
  const bool defined = std::any_of(kArticles.begin(), kArticles.end(),
                                   [&](std::string_view one) { return drop_front(word, one, 2); });
  SearchWord found;
  found.stem = without_endings(word);
  if (!defined) {
    for (const std::string_view one : kLetters) {
      std::string_view rest = word;
      if (!drop_front(rest, one, 3)) continue;
      if (!drop_front(rest, "ال", 2)) drop_front(rest, "لل", 2);
      found.bare = without_endings(rest);
      break;
    }
  }
  std::string_view root = found.bare.empty() ? found.stem : found.bare;
  for (const std::string_view person : {"ا", "ت", "ن", "ي"}) {
    if (drop_front(root, person, 3)) break;
  }
  found.bones = skeleton(root);
  if (found.bones.size() < kBonesMin) found.bones.clear();
  return found;
}

// ---- English

bool has_vowel(std::string_view word) {
  return word.find_first_of("aeiouy") != std::string_view::npos;
}

bool cut(std::string& word, std::string_view suffix, std::size_t left_min) {
  if (!word.ends_with(suffix) || word.size() < suffix.size() + left_min) return false;
  if (!has_vowel(std::string_view(word).substr(0, word.size() - suffix.size()))) return false;
  word.resize(word.size() - suffix.size());
  return true;
}

void undouble(std::string& word) {
  const std::size_t size = word.size();
  const char last = word.back();
  constexpr std::string_view kKept = "lsz";  // sell, press, fizz
  if (size > 3 && last == word[size - 2] && kKept.find(last) == std::string_view::npos) {
    word.pop_back();
  }
}

std::string english_stem(std::string_view given) {
  std::string word(given);
  const auto ends = [&](std::string_view end) { return word.ends_with(end); };
  if (word.size() > 4 && ends("ies")) {
    word.replace(word.size() - 3, 3, "y");
  } else if (ends("sses") || ends("xes") || ends("ches") || ends("shes") || ends("zes")) {
    word.resize(word.size() - 2);
  } else if (word.size() > 3 && ends("s") && !ends("ss") && !ends("us") && !ends("is")) {
    word.pop_back();
  }
  if (cut(word, "ing", 3) || (!ends("eed") && cut(word, "ed", 3))) undouble(word);
  cut(word, "ment", 3);
  if (word.size() > 3 && ends("e")) word.pop_back();
  if (word.size() > 5 && ends("y")) word.pop_back();
  return word;
}

}  // namespace

std::vector<SearchWord> search_words(std::string_view text, std::size_t words_max) {
  const Clean cleaned = clean(text);
  std::vector<SearchWord> words;
  std::string word;
  const auto finish = [&] {
    const bool telling = !word.empty() && word.size() <= kWordBytesMax &&
                         stop_words().count(word) == 0 &&
                         (word.size() > 1 || (word[0] >= '0' && word[0] <= '9'));
    if (telling) {
      if (arabic(word) && has_arabic(word) && word.size() % kLetter == 0) {
        words.push_back(arabic_word(word));
      } else {
        words.push_back({english_stem(word), "", ""});
      }
    }
    word.clear();
  };
  for (std::size_t at = 0; at < cleaned.text.size() && words.size() < words_max;) {
    const std::size_t start = at;
    const char32_t c = next_code_point(cleaned.text, at);
    if (is_word(c) && c != U'_') {
      word.append(cleaned.text, start, at - start);
    } else if (c != U'\'') {  // don't is dont
      finish();
    }
  }
  if (words.size() < words_max) finish();
  return words;
}

}  // namespace wasl::intents
