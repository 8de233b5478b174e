#pragma once

#include "intents/blend.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// Out of scope is a decision of its own: a logistic combination of signs.
struct Strangeness {
  static constexpr std::size_t kSigns = 12;
  /// What each sign is called, in the manifest and the model card.
  static constexpr std::array<std::string_view, kSigns> kNames{
      "constant",  "fast_top",    "linear_top",    "doubt", "closeness", "unknown",
      "fast_none", "linear_none", "unknown_words", "none",  "lead",      "near"};
  std::array<double, kSigns> weights{};
};

/// The signs of a row, in the order of Strangeness::kNames.
/// `chance` is chances() of the row by `blend`; `oos` the index of the label that means none, or
/// -1.
[[nodiscard]] std::array<double, Strangeness::kSigns> signs(const PartScores& scores,
                                                            const std::vector<double>& chance,
                                                            const Blend& blend, int oos);

/// The probability in [0, 1] that a row is none of the intents.
[[nodiscard]] double strangeness(const std::array<double, Strangeness::kSigns>& signs,
                                 const Strangeness& rule);

struct StrangeRow {
  std::array<double, Strangeness::kSigns> signs{};
  bool strange = false;
  double weight = 1.0;
};

/// Which signs a rule may use.
enum class Signs {
  taught,    ///< there are rows of strangers: all but the lead, which they make no better
  untaught,  ///< only intents were kept back: how far the best label leads the linear model's mean,
             ///< and how near the likest example is.  What else tells kept-back intents from
             ///< examples, such as unknown words, tells careful examples from what customers write
};

/// The rule under which `rows` are likeliest.  Without strange or without familiar rows, a rule
/// that finds nothing strange.  Deterministic.
[[nodiscard]] Strangeness fit_strangeness(const std::vector<StrangeRow>& rows, Signs allowed);

}  // namespace wasl::intents
