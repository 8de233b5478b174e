#pragma once

#include "intents/bot_files.hpp"
#include "intents/classifier.hpp"
#include "intents/entities.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace wasl::intents {

/// One sentence to learn from.
struct Sample {
  std::string label;        ///< an intent, or `oos`
  std::string features;     ///< what the classifier sees
  std::string group;        ///< en, ar or arabizi
  std::string text;         ///< for the card
  std::size_t cluster = 0;  ///< near-duplicates share it, and so share a fold
  int fold = 0;
};

/// A sentence that an intent must not claim; it is learnt as `oos` unless another intent claims it.
struct Negative {
  std::string intent;
  std::string features;
};

struct TrainingData {
  std::vector<Sample> samples;
  std::vector<Negative> negatives;
  std::vector<std::string> intents;  ///< with examples, in order of declaration
  std::string hash;                  ///< of all this and of the settings
};

inline constexpr int kFolds = 5;

/// The examples of a bot folder and the background sentences that are like none of them.
/// Deterministic; `seed` is no part of it.
[[nodiscard]] TrainingData make_training_data(const BotFiles& files, const BotPatterns& patterns);

/// Puts samples into kFolds folds, evenly per label, clusters whole.  Costs O(n²) per label.
void assign_folds(TrainingData& data);

}  // namespace wasl::intents
