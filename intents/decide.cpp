#include "intents/decide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

// The rules, first that applies; `why` names the one that won:
//   1. One intent's pattern hits: act on it, unless the classifier is nearly certain of another
//      intent: then ask.  Patterns of several intents: the classifier chooses among them, else ask.
//   2. The utterance is an example of an intent, word for word: act on it.
//   3. No words that could mean anything (a value, a number, yes, an emoji): not understood.  What
//      it answers is the flow's to know.  A bot that has "yes" among its examples gets rule 2.
//   4. Probably out of scope: not understood.
//   5. The classifier is sure enough and ahead of the next by a margin: act.
//   6. It has a guess: ask.  7. Nothing: not understood.
//
// Before them: an intent that has the utterance among its `not` is out, whatever speaks for it.
// After them: an utterance that is no example and falls into wishes, each of which the rules above
// act on with 0.6 or more, no two neighbours the same and none mere courtesy, is several wishes;
// the first is acted on.  Courtesy beside a wish ("hi, thanks, …") never counts as a wish.

namespace wasl::intents {
namespace {

constexpr float kPatternConfidence = 0.98F;
constexpr float kExampleConfidence = 0.97F;
constexpr float kNearlyCertain = 0.95F;
constexpr std::size_t kIntentsMax = 5;

const IntentScore* best_of(const Ranking& ranking) {
  return ranking.intents.empty() ? nullptr : &ranking.intents.front();
}

/// `0.25`, of a probability: what is said of most messages is worth not being formatted.
void append_hundredths(std::string& text, double probability) {
  const int hundredths = static_cast<int>(std::clamp(probability, 0.0, 1.0) * 100.0 + 0.5);
  text.push_back(static_cast<char>('0' + hundredths / 100));
  text.push_back('.');
  text.push_back(static_cast<char>('0' + hundredths / 10 % 10));
  text.push_back(static_cast<char>('0' + hundredths % 10));
}

/// `first` in front of what the classifier thinks of the others.
void rank(Understanding& understanding, const std::vector<std::string>& first, float confidence,
          std::string_view source, const Ranking& ranking) {
  understanding.intents.clear();
  for (const std::string& intent : first) {
    understanding.intents.push_back({intent, confidence, std::string(source)});
  }
  for (const IntentScore& score : ranking.intents) {
    if (std::find(first.begin(), first.end(), score.intent) == first.end()) {
      understanding.intents.push_back(score);
    }
  }
  if (understanding.intents.size() > kIntentsMax) understanding.intents.resize(kIntentsMax);
}

void by_pattern(const BotPatterns::Found& found, const Ranking& ranking, const Thresholds& limits,
                Understanding& understanding) {
  const IntentScore* best = best_of(ranking);
  const bool among = best != nullptr && std::find(found.intents.begin(), found.intents.end(),
                                                  best->intent) != found.intents.end();
  std::vector<std::string> first = found.intents;
  if (found.intents.size() == 1) {
    if (best != nullptr && !among && best->confidence >= kNearlyCertain) {
      rank(understanding, first, kPatternConfidence, "pattern", ranking);
      understanding.decision = Decision::ask_which;
      understanding.why =
          fmt::format("pattern: '{}' says {}, but the classifier is nearly certain of {} ({:.2f})",
                      found.patterns[0], found.intents[0], best->intent, best->confidence);
      return;
    }
    rank(understanding, first, kPatternConfidence, "pattern", ranking);
    understanding.decision = Decision::act;
    understanding.why = fmt::format("pattern: '{}' of {}", found.patterns[0], found.intents[0]);
    return;
  }
  if (among) std::swap(*std::find(first.begin(), first.end(), best->intent), first.front());
  rank(understanding, first, among ? kPatternConfidence : 0.5F, "pattern", ranking);
  const bool sure = among && static_cast<double>(best->confidence) >= limits.act_min;
  understanding.decision = sure ? Decision::act : Decision::ask_which;
  understanding.why =
      sure ? fmt::format("pattern: those of {} intents hit and the classifier chooses {} ({:.2f})",
                         first.size(), best->intent, best->confidence)
           : fmt::format("pattern: those of {} and {} hit", first[0], first[1]);
}

void by_classifier(const Ranking& ranking, const Thresholds& limits, Understanding& understanding) {
  const IntentScore* best = best_of(ranking);
  rank(understanding, {}, 0.0F, "", ranking);
  understanding.decision = Decision::not_understood;
  if (!ranking.trained) {
    understanding.why = "nothing: no pattern hit and there is no trained model";
    return;
  }
  if (ranking.oos >= limits.oos_min) {
    understanding.out_of_scope = true;
    understanding.why = "out of scope: probability ";
    append_hundredths(understanding.why, ranking.oos);
    return;
  }
  if (best == nullptr || static_cast<double>(best->confidence) < limits.guess_min) {
    understanding.why = best == nullptr
                            ? std::string("nothing: the classifier has no guess")
                            : fmt::format("nothing: the best guess, {}, has only {:.2f}",
                                          best->intent, best->confidence);
    return;
  }
  const auto confidence = static_cast<double>(best->confidence);
  const double next =
      ranking.intents.size() > 1 ? static_cast<double>(ranking.intents[1].confidence) : 0.0;
  if (ranking.known_words == 0) {
    understanding.decision =
        confidence >= limits.act_min ? Decision::ask_which : Decision::not_understood;
    understanding.why = fmt::format(
        "unsure: no word is known from the examples; by its letters perhaps {} "
        "({:.2f})",
        best->intent, confidence);
    return;
  }
  if (confidence < limits.act_min || confidence - next < limits.margin_min) {
    understanding.decision = Decision::ask_which;
    understanding.why =
        fmt::format("unsure: {} {:.2f}, next {:.2f}", best->intent, confidence, next);
    return;
  }
  understanding.decision = Decision::act;
  understanding.why = "classifier: " + best->intent;
  append_hundredths(understanding.why.append(" "), confidence);
  append_hundredths(understanding.why.append(", next "), next);
}

}  // namespace

void decide(const BotPatterns::Found& found, const std::string& example, const Ranking& ranking,
            const Features& features, const Thresholds& limits, Understanding& understanding) {
  understanding.oos_score = static_cast<float>(ranking.oos);
  if (!found.intents.empty()) {
    by_pattern(found, ranking, limits, understanding);
    return;
  }
  if (!example.empty()) {
    rank(understanding, {example}, kExampleConfidence, "example", ranking);
    understanding.decision = Decision::act;
    understanding.why = fmt::format("example: word for word one of {}", example);
    return;
  }
  if (features.words == 0) {
    understanding.decision = Decision::not_understood;
    understanding.oos_score = 0.0F;
    understanding.why =
        features.all == 0
            ? "no words: nothing to read"
            : "no words: only values, numbers, yes or no, emoji: an answer, not a wish";
    return;
  }
  by_classifier(ranking, limits, understanding);
}

void decide_parts(std::vector<Part> parts, Understanding& understanding) {
  std::string names;
  for (const Part& part : parts) {
    names.append(names.empty() ? "" : ", then ").append(part.intents.front().intent);
  }
  understanding.intents = parts.front().intents;
  understanding.decision = Decision::act;
  understanding.out_of_scope = false;
  understanding.why = fmt::format("parts: {} wishes, {}", parts.size(), names);
  understanding.parts = std::move(parts);
}

}  // namespace wasl::intents
