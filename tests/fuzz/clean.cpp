// A customer's words through the pure parts of understanding: cleaning, words, language, built-in
// entities, wishes, mood, marks, features, similarity.
#include "wasl/intents/clean.hpp"

#include "wasl/core/text.hpp"
#include "wasl/intents/understander.hpp"

#include "intents/entities_builtin.hpp"
#include "intents/features.hpp"
#include "intents/language.hpp"
#include "intents/mood.hpp"
#include "intents/pattern_syntax.hpp"
#include "intents/wishes.hpp"
#include "tests/fuzz/property.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace {

using namespace wasl;
using namespace wasl::intents;
using fuzz::require;

constexpr std::size_t kCleanBytesMax = 16 * 1024;
constexpr std::size_t kReadMax = 4000;  ///< code points

void check_text(const Clean& cleaned, std::string_view original) {
  const std::string& text = cleaned.text;
  require(text.size() <= kCleanBytesMax, "a clean text is bounded");
  require(valid_utf8(text), "a clean text is UTF-8");
  require(text.find("  ") == std::string::npos, "spaces are single");
  require(text.empty() || text.front() != ' ', "no space comes first");
  for (const char c : text) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "no control characters are left");
  }
  require(cleaned.origin.size() == text.size(), "each byte has its origin");
  std::uint32_t before = 0;
  for (const Span& span : cleaned.origin) {
    require(span.start <= span.end && span.end <= original.size(), "an origin is in the original");
    require(span.start >= before, "origins are in order");
    before = span.start;
  }
}

void check_mood(std::string_view original, const Clean& cleaned, const Marked& marked) {
  for (const MoodSignal& signal : read_mood(original, cleaned, marked)) {
    require(signal.strength >= 0.0F && signal.strength <= 1.0F, "a strength is in [0, 1]");
    require(signal.start <= signal.end && signal.end <= original.size(), "a signal has its words");
    require(signal.text == original.substr(signal.start, signal.end - signal.start),
            "the words of a signal are the customer's");
  }
}

void check_words(const Clean& cleaned, const std::vector<Word>& words) {
  std::uint32_t before = 0;
  for (const Word& word : words) {
    require(word.span.start >= before && !word.span.empty() && word.span.end <= cleaned.text.size(),
            "words are in order and in the text");
    require(word.joined < word.span.end - word.span.start, "an \"and\" leaves a word behind it");
    before = word.span.end;
  }
}

void check_builtins(const Clean& cleaned, const std::vector<Word>& words) {
  const std::chrono::year_month_day today{std::chrono::year(2026), std::chrono::month(11),
                                          std::chrono::day(18)};
  const auto hits = find_builtins(cleaned, words, today);
  require(hits.size() <= 16, "built-in entities are counted");
  std::uint32_t before = 0;
  for (const EntityHit& hit : hits) {
    require(hit.span.start >= before && !hit.span.empty() && hit.span.end <= cleaned.text.size(),
            "built-in entities do not overlap and lie in the text");
    require(!hit.value.empty() && valid_utf8(hit.value), "an entity has a value");
    before = hit.span.end;
  }
}

void check_wishes(const Clean& cleaned, const std::vector<Word>& words) {
  const auto spans = cut_wishes(cleaned.text, words);
  require(spans.size() != 1 && spans.size() <= kWishesMax, "wishes are none or 2 to 4");
  std::uint32_t before = 0;
  for (const Span& span : spans) {
    require(span.start >= before && !span.empty() && span.end <= cleaned.text.size(),
            "wishes are in order and in the text");
    before = span.end;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Clean cleaned = clean(text);
  check_text(cleaned, text);
  check_text(clean(text, 1), text);

  if (code_points(cleaned.text) <= kReadMax) {  // ligatures may have made it longer than is read
    require(clean(cleaned.text).text == cleaned.text, "cleaning twice is cleaning once");
  }

  const std::vector<Word> words = read_words(cleaned);
  check_words(cleaned, words);
  check_builtins(cleaned, words);
  check_wishes(cleaned, words);

  const LanguageGuess guess = detect_language(cleaned, Language::ar);
  require(!guess.arabizi || guess.language == Language::ar, "Arabizi is Arabic");
  require(guess == detect_language(cleaned, Language::ar), "a guess is the same twice");

  const Marked marked = mark_words(cleaned.text);
  require(marked.clean_at.size() == marked.text.size() + 1, "each marked byte has its place");
  require(marked.text.size() <= 3 * cleaned.text.size() + 2, "marks are few");
  check_mood(text, cleaned, marked);

  const Features features = make_features(cleaned, {}, guess.arabizi);
  require(features.words <= features.all, "telling words are words");
  require(valid_utf8(features.line) && features.line.find('\n') == std::string::npos,
          "the classifier gets one line of UTF-8");
  require(features.line.size() <= 8 * kCleanBytesMax, "the classifier's line is bounded");

  const double same = similarity(cleaned.text, cleaned.text);
  require(same == 1.0 || (same == 0.0 && trim(cleaned.text).empty()) || cleaned.text.empty() ||
              (same == 0.0 && features.all == 0),
          "a text is like itself");
  return 0;
}
