#pragma once

#include "intents/held_out.hpp"
#include "intents/metrics.hpp"
#include "intents/model_files.hpp"
#include "intents/training_data.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wasl::intents {

/// What a model card is made of.
struct CardFacts {
  const TrainingData& data;
  const Model& model;
  const std::vector<Verdict>& verdicts;  ///< of the folds
  const std::vector<Judged>& judged;     ///< the same rows, judged; same order
  const std::vector<Judged>& dev;        ///< or empty
  std::string settings;
  std::uint64_t seed = 0;
  std::size_t model_bytes = 0;
  int folds = 0;
};

/// The model card, in Markdown: what it was trained from and how well it does, by intent and
/// language, on rows that the measuring models had not seen.
[[nodiscard]] std::string model_card(const CardFacts& facts);

}  // namespace wasl::intents
