#pragma once

#include <vector>

namespace wasl::intents {

/// How the best guess's probability becomes honest: a logistic curve over its logit.  What a
/// softmax of scores calls certain is less so, and what it doubts is often right.
struct Sureness {
  double shift = 0.0;
  double slope = 1.0;
};

/// Makes the best chance what `sureness` says, as far as it stays the best; the others share the
/// rest as before.
void make_honest(std::vector<double>& chances, const Sureness& sureness);

/// The best guess of a row that the model had not seen.
struct Guess {
  double chance = 0.0;
  bool right = false;
  double weight = 1.0;
};

/// The curve under which `guesses` are likeliest; few of them leave it near what it is without.
/// Deterministic.
[[nodiscard]] Sureness fit_sureness(const std::vector<Guess>& guesses);

}  // namespace wasl::intents
