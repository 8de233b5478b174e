// When a person is offered or called.
//
// Two speeds.  Hard signals hand over at once.  Soft ones add up to a score that fades with every
// customer turn; one annoyed word never escalates, a conversation that goes wrong does.  The first
// message alone is capped below the offer, whatever it says.
//
// Left out: fitting the weights to a shop's own dialogues; the evaluation tool reports, people set.
#include "wasl/handoff/escalation.hpp"

#include "wasl/core/text.hpp"

#include "handoff/signal_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace wasl::handoff {
namespace {

constexpr std::size_t kEvidenceMax = 16;
constexpr std::size_t kTextMax = 80;
constexpr double kRephraseMin = 0.6;
constexpr std::size_t kShortWordsMax = 3;
constexpr int kAnswerlessMax = 3;
constexpr int kRestTurns = 3;
constexpr double kFaded = 0.1;  // below this nothing said before still counts

std::string shortened(std::string_view text) {
  const std::string_view whole = trim(text);
  const std::string_view head = first_code_points(whole, kTextMax);
  return std::string(head) + (head.size() < whole.size() ? "…" : "");
}

const MoodSignal* find(const TurnSigns& signs, std::string_view signal) {
  const auto at = std::find_if(signs.mood.begin(), signs.mood.end(),
                               [&](const MoodSignal& mood) { return mood.signal == signal; });
  return at == signs.mood.end() ? nullptr : &*at;
}

std::size_t words_in(std::string_view text) {
  std::size_t count = 0;
  for (const std::string_view word : split(text, ' ')) count += trim(word).empty() ? 0 : 1;
  return count;
}

/// The soft signals of one turn, each at most once, with their words and weights.
class Collector {
 public:
  Collector(const TurnSigns& signs, const EscalationPolicy& policy)
      : signs_(signs), policy_(policy) {}

  void add(std::string_view signal, std::string_view words = {}, double strength = 1.0) {
    const auto weight = policy_.weights.find(signal);
    if (weight == policy_.weights.end() || weight->second * strength <= 0.0) return;
    found_.push_back({std::string(signal), weight->second * strength, signs_.seq,
                      shortened(words.empty() ? std::string_view(signs_.text) : words)});
  }
  void add_mood(std::string_view signal) {
    const MoodSignal* mood = find(signs_, signal);
    if (mood != nullptr) add(signal, mood->text, static_cast<double>(mood->strength));
  }
  [[nodiscard]] double sum() const {
    double total = 0.0;
    for (const Evidence& evidence : found_) total += evidence.weight;
    return total;
  }
  [[nodiscard]] const std::vector<Evidence>& found() const { return found_; }

 private:
  const TurnSigns& signs_;
  const EscalationPolicy& policy_;
  std::vector<Evidence> found_;
};

Collector collect(const Escalation& before, const TurnSigns& signs,
                  const EscalationPolicy& policy) {
  Collector collector(signs, policy);
  if (signs.bot_repeat) collector.add("bot_repeat");
  if (before.visitor_turns > 0 && signs.similarity >= kRephraseMin) collector.add("rephrase");
  if (signs.fallback) collector.add("fallback");
  if (signs.slot_again) collector.add("slot_again");
  if (signs.sensitive) collector.add("sensitive");
  for (const char* signal :
       {"correction", "not_understood", "profanity", "shouting", "exclamation", "elongation"}) {
    collector.add_mood(signal);
  }
  // Anger that no list of words knows weighs what negative words do, once.
  const MoodSignal* negative = find(signs, "negative");
  if (negative == nullptr) negative = find(signs, "anger");
  if (negative != nullptr) {
    collector.add("negative", negative->text, static_cast<double>(negative->strength));
  }
  if (negative != nullptr && before.last_negative > 0.0 &&
      static_cast<double>(negative->strength) >= before.last_negative) {
    collector.add("rising");
  }
  const bool cross = negative != nullptr || find(signs, "profanity") != nullptr ||
                     find(signs, "not_understood") != nullptr;
  if (cross && words_in(signs.text) <= kShortWordsMax) collector.add("short_angry");
  return collector;
}

/// A new start after people were called: what follows must earn its own handoff.
void hand_over(Assessment& assessment, std::string reason, std::vector<Evidence> evidence) {
  assessment.verdict = Verdict::handoff;
  assessment.reason = std::move(reason);
  assessment.evidence = std::move(evidence);
  assessment.after.score = 0.0;
  assessment.after.evidence.clear();
  assessment.after.answerless = 0;
  assessment.after.armed = true;
}

}  // namespace

std::string dominating_reason(const std::vector<Evidence>& evidence) {
  std::array<double, 3> sums{};
  for (const Evidence& one : evidence) {
    if (const SignalKind* kind = soft_signal(one.signal)) {
      sums[static_cast<std::size_t>(kind->feeling)] += one.weight;
    }
  }
  const auto most = std::max_element(sums.begin(), sums.end());
  if (*most <= 0.0) return "asked";
  constexpr std::array<const char*, 3> kReasons{"angry", "frustrated", "lost"};
  return kReasons[static_cast<std::size_t>(most - sums.begin())];
}

Assessment assess(const Escalation& before, const TurnSigns& signs,
                  const EscalationPolicy& policy) {
  Assessment result;
  Escalation& after = result.after;
  after = before;
  const Collector soft = collect(before, signs, policy);

  after.score = before.score * policy.decay;
  if (after.score < kFaded) after.evidence.clear();
  after.score += soft.sum();
  ++after.visitor_turns;
  if (after.visitor_turns == 1) after.score = std::min(after.score, policy.first_message_max);
  after.evidence.insert(after.evidence.end(), soft.found().begin(), soft.found().end());
  if (after.evidence.size() > kEvidenceMax) {
    after.evidence.erase(after.evidence.begin(),
                         after.evidence.end() - static_cast<std::ptrdiff_t>(kEvidenceMax));
  }
  after.last_clean = signs.clean;
  const MoodSignal* negative = find(signs, "negative");
  after.last_negative = negative == nullptr ? 0.0 : static_cast<double>(negative->strength);
  const bool answerless = signs.fallback || signs.slot_again || signs.bot_repeat;
  after.answerless = answerless ? before.answerless + 1 : 0;
  after.rest_turns = std::max(0, before.rest_turns - 1);

  for (const HardSignal& hard : kHardSignals) {
    const MoodSignal* mood = find(signs, hard.signal);
    if (mood == nullptr) continue;
    const std::string words = shortened(mood->text.empty() ? signs.text : mood->text);
    hand_over(result, std::string(hard.reason),
              {{std::string(hard.signal), 1.0, signs.seq, words}});
    return result;
  }
  if (after.answerless >= kAnswerlessMax) {
    hand_over(result, "lost", after.evidence);
    return result;
  }

  if (after.score < policy.rearm_below) after.armed = true;
  if (before.rest_turns > 0) return result;
  if (after.score >= policy.handoff_at) {
    hand_over(result, dominating_reason(after.evidence), after.evidence);
  } else if (after.score >= policy.offer_at && after.armed) {
    result.verdict = Verdict::offer;
    result.reason = dominating_reason(after.evidence);
    result.evidence = after.evidence;
    after.armed = false;
  }
  return result;
}

Escalation after_refusal(Escalation escalation) {
  escalation.rest_turns = kRestTurns;
  return escalation;
}

Escalation after_return(const Escalation& escalation) {
  Escalation fresh;
  fresh.visitor_turns = escalation.visitor_turns;  // the first message is long past
  return fresh;
}

std::string evidence_line(const std::string& reason, const std::vector<Evidence>& evidence) {
  std::string line = reason;
  const char* separator = ": ";
  for (const Evidence& one : evidence) {
    std::string weight = fmt::format("{:.2f}", one.weight);
    while (weight.back() == '0') weight.pop_back();
    if (weight.back() == '.') weight.pop_back();
    if (weight.starts_with("0.")) weight.erase(0, 1);
    if (weight.empty()) weight = "0";
    line += fmt::format("{}«{}» ({} {})", separator, one.text, one.signal, weight);
    separator = ", ";
  }
  return line;
}

}  // namespace wasl::handoff
