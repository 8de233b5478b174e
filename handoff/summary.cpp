// The two lines are built from the customer's words and from names, never from generated prose: an
// agent must be able to trust them.
#include "handoff/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace wasl::handoff {
namespace {

constexpr std::size_t kSlotsShown = 4;
constexpr std::size_t kWordsShown = 3;

struct Phrases {
  std::string_view wants;
  std::string_view unknown;
  std::string_view tried;
  std::string_view nothing;
  std::string_view answers;
  std::string_view because;
  std::string_view comma;
};

constexpr Phrases kEnglish{"Wants",          "not clear yet", "Tried", "nothing yet",
                           "answers given:", "Handed over",   ", "};
constexpr Phrases kArabic{"يريد",          "لم يتضح بعد", "جُرِّب", "لا شيء بعد",
                          "ردود المساعد:", "سبب التحويل", "، "};

struct ReasonWords {
  std::string_view reason;
  std::string_view en;
  std::string_view ar;
};

/// Reasons of our own; any other is a word of the bot's author and is shown as it is.
constexpr auto kReasons = std::to_array<ReasonWords>({
    {"asked", "asked for a person", "طلب التحدث إلى موظف"},
    {"angry", "angry", "غاضب"},
    {"frustrated", "frustrated", "محبط"},
    {"lost", "not getting anywhere with the bot", "لم يصل إلى حل مع المساعد"},
    {"legal", "legal threat", "تهديد باتخاذ إجراء قانوني"},
    {"fraud", "fraud reported", "بلاغ عن احتيال"},
    {"safety", "safety concern", "خطر على السلامة"},
    {"reopened", "came back to a case a person had resolved", "عاد إلى حالة سبق أن حلّها موظف"},
    {"taken", "taken over by an agent", "تولّاها موظف"},
});

std::string reason_words(const std::string& reason, bool arabic) {
  const auto at = std::find_if(kReasons.begin(), kReasons.end(),
                               [&](const ReasonWords& words) { return words.reason == reason; });
  if (at == kReasons.end()) return reason;
  return std::string(arabic ? at->ar : at->en);
}

/// Without the controls that reorder text: a customer's must not turn the rest of the line around.
std::string without_bidi_controls(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view three = text.substr(at, 3);
    const bool embedding = three >= "\u202A" && three <= "\u202E";
    const bool isolate = three >= "\u2066" && three <= "\u2069";
    if (three.size() == 3 && (embedding || isolate)) {
      at += 3;
    } else {
      plain += text[at++];
    }
  }
  return plain;
}

/// Names and values in Latin letters keep their own order inside an Arabic line.
std::string isolated(const std::string& text, bool arabic) {
  return arabic ? "\u2068" + text + "\u2069" : text;
}

/// The customer's words between quotation marks, on one line.
std::string quoted(std::string words) {
  words = without_bidi_controls(words);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return "«" + words + "»";
}

std::string first_line(const Packet& packet, const Wish& wish, bool arabic,
                       const Phrases& phrases) {
  std::string line =
      fmt::format("{}: {}", phrases.wants,
                  wish.words.empty() ? std::string(phrases.unknown) : quoted(wish.words));
  std::vector<std::string> facts;
  if (!wish.intent.empty()) facts.push_back(isolated(wish.intent, arabic));
  for (const auto& [name, value] : packet.slots) {
    if (facts.size() <= kSlotsShown) facts.push_back(isolated(name + ": " + value, arabic));
  }
  if (!facts.empty()) line += fmt::format(" ({})", fmt::join(facts, phrases.comma));

  std::vector<std::string> tried;
  if (!packet.tried.empty()) {
    tried.push_back(fmt::format("{} {}", phrases.answers, packet.tried.size()));
  }
  for (const Packet::Call& call : packet.calls) {
    tried.push_back(isolated(call.name + ": " + call.outcome, arabic));
  }
  if (tried.size() > kSlotsShown) {
    tried.erase(tried.begin() + 1, tried.end() - static_cast<std::ptrdiff_t>(kSlotsShown) + 1);
  }
  if (tried.empty()) tried.emplace_back(phrases.nothing);
  return line + fmt::format(" – {}: {}", phrases.tried, fmt::join(tried, phrases.comma));
}

std::string second_line(const Packet& packet, bool arabic, const Phrases& phrases) {
  std::string line = fmt::format("{}: {}", phrases.because, reason_words(packet.reason, arabic));
  std::vector<std::string> words;
  for (const Evidence& evidence : packet.evidence) {
    const std::string quote = quoted(evidence.text);
    const bool known = std::find(words.begin(), words.end(), quote) != words.end();
    if (!evidence.text.empty() && !known) words.push_back(quote);
  }
  if (words.size() > kWordsShown) {
    words.erase(words.begin(), words.end() - static_cast<std::ptrdiff_t>(kWordsShown));
  }
  if (!words.empty()) line += fmt::format(" – {}", fmt::join(words, phrases.comma));
  return line;
}

}  // namespace

std::vector<std::string> summarise(const Packet& packet, const Wish& wish) {
  const bool arabic = packet.language == Language::ar;
  const Phrases& phrases = arabic ? kArabic : kEnglish;
  return {first_line(packet, wish, arabic, phrases), second_line(packet, arabic, phrases)};
}

}  // namespace wasl::handoff
