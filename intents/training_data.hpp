#pragma once

#include "wasl/intents/clean.hpp"

#include "intents/bot_files.hpp"
#include "intents/entities.hpp"
#include "intents/labelled_file.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// One sentence to learn from.
struct Sample {
  std::string label;         ///< an intent, or `oos`
  std::string features;      ///< what the classifier sees
  std::string group;         ///< en, ar or arabizi
  std::string text;          ///< for the card
  std::size_t label_at = 0;  ///< index of its label among TrainingData::labels
  std::size_t cluster = 0;   ///< near-duplicates share it, and so share a fold
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
  std::vector<std::string> labels;   ///< sorted; with `oos`, if there are samples of it
  int oos = -1;                      ///< index of `oos` among the labels, or -1
  bool marks = false;                ///< whether `!`, `?` and feelings are words
  bool neighbours = false;           ///< whether a model keeps the samples themselves
  std::string hash;                  ///< of all this and of the settings
};

/// The examples of a bot folder and the background sentences that are like none of them.
/// Deterministic; `seed` is no part of it.
[[nodiscard]] TrainingData make_training_data(const BotFiles& files, const BotPatterns& patterns);

/// The rows of a labelled file; nothing is added.  Equal rows count once.  Marks are read where
/// labels are few and rows many: then it is about how people speak, not about what they want.
/// Otherwise, if there are at most Neighbours::kRowsMax, a model keeps them: a bot's never does, it
/// answers in microseconds.
[[nodiscard]] TrainingData make_training_data(const std::vector<LabelledRow>& rows);

/// What a classifier without a bot's patterns sees of a text.  With `marks`, `!` and `?` are words,
/// and so is each feeling that read_mood() hears.  `cleaned` is the clean `text`.
[[nodiscard]] std::string plain_features(std::string_view text, bool marks);
[[nodiscard]] std::string plain_features(std::string_view text, const Clean& cleaned, bool arabizi,
                                         bool marks);

/// Puts samples into folds, evenly per label, clusters whole.  Costs O(n²) per label.
void assign_folds(TrainingData& data, int folds);

}  // namespace wasl::intents
