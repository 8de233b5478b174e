#pragma once

#include "wasl/core/result.hpp"

#include "intents/parts.hpp"
#include "intents/training_data.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// A sample as models that had not seen it scored it.
struct Verdict {
  const Sample* sample = nullptr;
  int truth = -1;         ///< index of its label; -1: none the model knows
  bool stranger = false;  ///< its intent was kept from the model
  PartScores scores;
  double us = 0.0;  ///< that scoring took
};

/// Which models are trained to be measured.
struct HeldOutPlan {
  int folds = 5;
  bool strangers =
      true;  ///< each fold's model is also kept from one intent in ten, if there are ten
};

/// Puts samples into folds, then scores every sample by a model trained without its fold, and, with
/// `strangers`, those of the intents that model was kept from.  Folds run on threads of their own,
/// a model on one.  Deterministic.  `progress` is called from one thread at a time. Errors:
/// unavailable.
[[nodiscard]] Result<std::vector<Verdict>> score_held_out(
    TrainingData& data, const HeldOutPlan& plan, std::uint64_t seed,
    const std::filesystem::path& scratch, const std::function<void(std::string_view)>& progress);

/// Lessons of all samples that `keep` keeps.
[[nodiscard]] std::vector<Lesson> lessons_of(const TrainingData& data,
                                             const std::function<bool(const Sample&)>& keep);

/// Threads worth having here, 1 to 8.
[[nodiscard]] std::size_t cores();

}  // namespace wasl::intents
