#pragma once

#include "wasl/core/result.hpp"
#include "wasl/core/yaml.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace wasl::intents {

struct TrainReport {
  std::size_t examples = 0;
  std::size_t intents = 0;
  double accuracy = 0.0;  ///< top-1 on held-out folds
  std::size_t model_bytes = 0;
  double seconds = 0.0;
  std::string data_hash;
};

/// Called with one line per step.
using Progress = std::function<void(std::string_view)>;

/// Trains `folder/models/intents/{classifier.bin, manifest, card.md}` from the examples
/// of the bot folder; same input and seed, same bytes.  Never leaves a half-written model: written
/// beside, then renamed; the last good one is kept as `intents.previous`.
/// Errors: invalid_input  the folder has mistakes (listed in `mistakes`) or too few examples.
///         unavailable    disk, memory.
Result<TrainReport> train(const std::filesystem::path& folder, std::uint64_t seed,
                          const Progress& progress, yaml::Mistakes& mistakes);

/// Whether `folder/models/intents` was trained from the present examples and settings.
bool is_trained(const std::filesystem::path& folder);

/// A model without a bot.
struct DataPaths {
  std::filesystem::path train;  ///< lines of label<TAB>text; label `oos` is out of scope
  std::filesystem::path dev;    ///< the same, to calibrate and to choose thresholds on; or empty
  std::filesystem::path model;  ///< the folder to write; the one before is kept as `….previous`
};

/// Trains `paths.model/{classifier.bin, manifest, card.md}`; otherwise as above.
Result<TrainReport> train(const DataPaths& paths, std::uint64_t seed, const Progress& progress,
                          yaml::Mistakes& mistakes);

/// Puts the last good model of a bot folder back; the present one becomes the previous.
/// Errors: not_found  there is none.  invalid_input  it is damaged.  unavailable.
Result<Done> roll_back(const std::filesystem::path& folder);
/// The same of a model's own folder.
Result<Done> roll_back_data(const std::filesystem::path& model);

}  // namespace wasl::intents
