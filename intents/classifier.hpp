#pragma once

#include "wasl/core/result.hpp"

#include "intents/scorer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
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

/// Settings for that many examples: fewer rounds for more of them.
[[nodiscard]] TrainSettings settings_for(std::size_t examples);
[[nodiscard]] std::string to_string(const TrainSettings& settings);

/// A fastText one-versus-all model.  Immutable; safe for many threads.
class Classifier {
 public:
  struct Line {
    std::string label;
    std::string features;
  };

  /// Trains on `lines` in their order, with one thread: same input and seed, same bytes.
  /// `scratch` is a file this may write and remove.  Errors: unavailable.
  static Result<std::unique_ptr<Classifier>> train(const std::vector<Line>& lines,
                                                   const TrainSettings& settings,
                                                   std::uint64_t seed,
                                                   const std::filesystem::path& scratch);

  /// Reads a model from memory.  REQUIRES: bytes that save() wrote (check their hash): fastText
  /// does not survive others.  Errors: invalid_input.
  static Result<std::unique_ptr<Classifier>> load(std::string_view bytes);

  virtual ~Classifier() = default;

  /// REQUIRES: trained here, not loaded.  Errors: unavailable.
  virtual Result<Done> save(const std::filesystem::path& file) const = 0;

  [[nodiscard]] virtual const std::vector<std::string>& labels() const = 0;

  /// What a line of features looks like to each label, in the order of labels().
  [[nodiscard]] virtual Scorer::Scores score(std::string_view features) const = 0;
};

}  // namespace wasl::intents
