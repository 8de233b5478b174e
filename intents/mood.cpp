#include "intents/mood.hpp"

#include "intents/lexicon.hpp"

#include <algorithm>
#include <string>

// Words from the lexicon, form from how the text was written, and a small model over both and the
// words.  An `unless` pattern takes a signal
// back only where the two overlap: "I don't want a bot, I want a person" asks for a person.

namespace wasl::intents {
namespace {

constexpr std::size_t kSpansMax = 8;
constexpr std::size_t kShoutLettersMin = 8;
constexpr std::size_t kShoutBytesMax = 200;  // evidence for a person to read, not the whole text

bool overlap(const Span& a, const Span& b) {
  return a.start < b.end && b.start < a.end;
}

struct Words {
  const Lexicon::Rule* rule;
  Span span;
};

/// Takes the places of `numbers` in a text; of patterns without exceptions the first is enough.
void find_all(const std::vector<int>& numbers, const Marked& marked, std::size_t count_max,
              std::vector<Words>& found) {
  const Lexicon& known = lexicon();
  for (const int number : numbers) {
    const Lexicon::Rule& rule = known.rules[static_cast<std::size_t>(number)];
    for (const Span& span : known.patterns.find(number, marked, count_max)) {
      found.push_back({&rule, span});
    }
  }
}

/// What the lexicon finds, after exceptions; spans of the clean text.  Looking for places costs
/// more than knowing that there are some, so only those are looked for that can matter: of each
/// signal the strongest pattern, and all of them only where exceptions hit too.
std::vector<Words> find_words(const Marked& marked) {
  const Lexicon& known = lexicon();
  const std::vector<int> hits = known.patterns.hits(marked);
  std::vector<Words> signs;
  std::vector<int> same;
  std::vector<int> exceptions;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const auto rule_of = [&](std::size_t hit) -> const Lexicon::Rule& {
      return known.rules[static_cast<std::size_t>(hits[hit])];
    };
    const std::string& signal = rule_of(i).signal;
    same.clear();
    exceptions.clear();
    bool seen = false;
    for (std::size_t k = 0; k < hits.size(); ++k) {
      if (rule_of(k).signal != signal) continue;
      seen = seen || k < i;
      (rule_of(k).unless ? exceptions : same).push_back(hits[k]);
    }
    if (seen || same.empty()) continue;
    if (exceptions.empty()) {
      const int strongest = *std::max_element(same.begin(), same.end(), [&](int a, int b) {
        return known.rules[static_cast<std::size_t>(a)].strength <
               known.rules[static_cast<std::size_t>(b)].strength;
      });
      find_all({strongest}, marked, 1, signs);
      continue;
    }
    std::vector<Words> found;
    std::vector<Words> taken_back;
    find_all(same, marked, kSpansMax, found);
    find_all(exceptions, marked, kSpansMax, taken_back);
    std::erase_if(found, [&](const Words& sign) {
      return std::any_of(taken_back.begin(), taken_back.end(), [&](const Words& exception) {
        return overlap(exception.span, sign.span);
      });
    });
    signs.insert(signs.end(), found.begin(), found.end());
  }
  return signs;
}

void add(std::vector<MoodSignal>& mood, std::string_view original, std::string_view signal,
         float strength, Span span) {
  const auto same = std::find_if(mood.begin(), mood.end(),
                                 [&](const MoodSignal& other) { return other.signal == signal; });
  if (same != mood.end()) {
    if (strength <= same->strength) return;
    mood.erase(same);
  }
  mood.push_back({std::string(signal), strength,
                  std::string(original.substr(span.start, span.end - span.start)), span.start,
                  span.end});
}

void add_words(std::vector<MoodSignal>& mood, std::string_view original, const Clean& cleaned,
               const Marked& marked) {
  for (const Words& words : find_words(marked)) {
    add(mood, original, words.rule->signal, words.rule->strength,
        cleaned.original(words.span.start, words.span.end));
  }
}

void add_form(std::vector<MoodSignal>& mood, std::string_view original, const Clean& cleaned) {
  if (cleaned.latin_letters >= kShoutLettersMin &&
      cleaned.latin_capitals * 5 > cleaned.latin_letters * 3) {
    add(mood, original, "shouting", 1.0F,
        cleaned.original(0, std::min(cleaned.text.size(), kShoutBytesMax)));
  }
  if (!cleaned.exclamation.empty()) {
    add(mood, original, "exclamation", 1.0F, cleaned.exclamation);
  }
  if (cleaned.elongations > 0) add(mood, original, "elongation", 1.0F, cleaned.elongation);
}

/// Lexicon and form.
std::vector<MoodSignal> read_signs(std::string_view original, const Clean& cleaned,
                                   const Marked& marked) {
  std::vector<MoodSignal> mood;
  add_words(mood, original, cleaned, marked);
  if (cleaned.elongations > 0) {  // "agennnt": once more with stretched letters written once
    const Clean shorter = clean(original, 1);
    add_words(mood, original, shorter, mark_words(shorter.text));
  }
  add_form(mood, original, cleaned);
  return mood;
}

std::vector<MoodGram> grams_of(const Clean& cleaned, std::span<const Word> words,
                               const std::vector<MoodSignal>& signs) {
  std::vector<std::string_view> marks;
  marks.reserve(signs.size());
  for (const MoodSignal& sign : signs) marks.push_back(sign.signal);
  return mood_grams(cleaned.text, words, marks);
}

/// What the model tells, with the words that speak most for it.
void add_model(std::vector<MoodSignal>& mood, std::string_view original, const Clean& cleaned,
               std::span<const Word> words) {
  if (words.empty()) return;
  const MoodModel& model = mood_model();
  const std::vector<MoodGram> grams = grams_of(cleaned, words, mood);
  const MoodModel::Reading reading = model.score(grams);
  for (std::size_t m = 0; m < kMoods.size(); ++m) {
    if (!reading.fires[m]) continue;
    auto [first, last] = model.evidence(grams, words.size(), m);
    if (first == last) last = words.size();
    add(mood, original, kMoods[m], reading.chances[m],
        cleaned.original(words[first].span.start, words[last - 1].span.end));
  }
}

/// Who jokes or is in no hurry is neither angry nor frustrated; that they are calm is no sign of
/// its own to anybody else.
void settle(std::vector<MoodSignal>& mood) {
  const auto named = [&](std::string_view signal) {
    return std::any_of(mood.begin(), mood.end(),
                       [&](const MoodSignal& one) { return one.signal == signal; });
  };
  if (!named("calm")) return;
  std::erase_if(mood, [](const MoodSignal& one) {
    return one.signal == "calm" || one.signal == "anger" || one.signal == "frustration";
  });
}

}  // namespace

std::vector<MoodSignal> read_mood(std::string_view original, const Clean& cleaned,
                                  std::span<const Word> words, const Marked& marked) {
  std::vector<MoodSignal> mood = read_signs(original, cleaned, marked);
  add_model(mood, original, cleaned, words);
  settle(mood);
  return mood;
}

std::vector<MoodSignal> read_mood(std::string_view original, const Clean& cleaned,
                                  const Marked& marked) {
  return read_mood(original, cleaned, read_words(cleaned), marked);
}

std::vector<MoodGram> mood_signs(std::string_view original) {
  const Clean cleaned = clean(original);
  return grams_of(cleaned, read_words(cleaned),
                  read_signs(original, cleaned, mark_words(cleaned.text)));
}

}  // namespace wasl::intents
