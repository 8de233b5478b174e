#pragma once

#include "wasl/core/result.hpp"

#include "intents/mood_model.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace wasl::intents {

/// A sentence and its mood: an index into kMoods, or kMoods.size() for none.
struct MoodRow {
  std::string text;
  std::size_t mood = kMoods.size();
};

/// Reads `folder/*.txt`, each named `<mood>.<language>.txt` with one sentence a line; `neutral` is
/// no mood.  Files in order of their names.
/// Errors: invalid_input  a name that is no mood, bytes that are no UTF-8, too few rows.
Result<std::vector<MoodRow>> read_mood_rows(const std::filesystem::path& folder);

/// How well held-out folds were told apart.
struct MoodScores {
  struct Of {
    std::size_t rows = 0;
    std::size_t fired = 0;        ///< of `rows`
    std::size_t false_fires = 0;  ///< of neutral rows
  };
  std::array<Of, kMoods.size()> moods{};
  std::size_t neutral = 0;
};

/// Trains on all rows; thresholds are chosen on five held-out folds so that at most one neutral row
/// in two hundred fires.  Deterministic.  Cost: a second for 2,000 rows.
[[nodiscard]] MoodModel::Trained train_mood(const std::vector<MoodRow>& rows, MoodScores& scores);

}  // namespace wasl::intents
