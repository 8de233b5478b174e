#pragma once

// Soft and hard signals, what each says about the customer, and what it weighs at first.

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace wasl::handoff {

enum class Feeling { anger, frustration, lost };

struct SignalKind {
  std::string_view signal;
  double weight;
  Feeling feeling;
};

inline constexpr auto kSoftSignals = std::to_array<SignalKind>({
    {"bot_repeat", 0.6, Feeling::lost},
    {"rephrase", 0.5, Feeling::lost},
    {"fallback", 0.5, Feeling::lost},
    {"slot_again", 0.35, Feeling::lost},
    {"correction", 0.35, Feeling::frustration},
    {"not_understood", 0.6, Feeling::frustration},
    {"profanity", 0.5, Feeling::anger},
    {"negative", 0.3, Feeling::frustration},
    {"rising", 0.3, Feeling::frustration},
    {"short_angry", 0.25, Feeling::anger},
    {"shouting", 0.2, Feeling::anger},
    {"exclamation", 0.15, Feeling::anger},
    {"elongation", 0.15, Feeling::frustration},
    {"sensitive", 0.4, Feeling::frustration},
});

struct HardSignal {
  std::string_view signal;
  std::string_view reason;
};

/// The gravest first: it names the reason when several fire.
inline constexpr auto kHardSignals = std::to_array<HardSignal>({
    {"safety", "safety"},
    {"fraud", "fraud"},
    {"threat_legal", "legal"},
    {"asks_person", "asked"},
});

inline const SignalKind* soft_signal(std::string_view signal) {
  const auto at = std::find_if(kSoftSignals.begin(), kSoftSignals.end(),
                               [&](const SignalKind& kind) { return kind.signal == signal; });
  return at == kSoftSignals.end() ? nullptr : &*at;
}

}  // namespace wasl::handoff
