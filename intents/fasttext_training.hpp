#pragma once

#include "wasl/core/result.hpp"

#include "intents/scorer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace wasl::intents {

/// How a model is trained.  Part of the data hash: other settings, other model.
struct TrainSettings {
  double rate = 1.2;
  int epochs = 60;
  int dimensions = 32;
  int buckets = 24'000;
  int word_ngrams = 2;
  int letters_min = 2;
  int letters_max = 5;
};

/// Settings for that many examples of that many labels: fewer rounds for more of them.
[[nodiscard]] TrainSettings settings_for(std::size_t examples, std::size_t labels);
[[nodiscard]] std::string to_string(const TrainSettings& settings);

struct FastLine {
  std::string label;
  std::string features;
};

/// Trains a one-versus-all model on `lines` in their order, with one thread: same input and seed,
/// same weights.  `scratch` is a file this may write and remove.  Errors: unavailable.
[[nodiscard]] Result<Scorer> train_fasttext(const std::vector<FastLine>& lines,
                                            const TrainSettings& settings, std::uint64_t seed,
                                            const std::filesystem::path& scratch);

}  // namespace wasl::intents
