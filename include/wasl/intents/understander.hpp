#pragma once

#include "wasl/core/result.hpp"
#include "wasl/core/understanding.hpp"
#include "wasl/core/yaml.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// What a bot folder's `intents/` declares; other modules validate against these names.
struct Names {
  std::vector<std::string> intents;  ///< without the reserved `oos`
  std::vector<std::string> entities;
};

/// What the conversation already knows, to read an utterance by.
struct Context {
  Language language = Language::und;  ///< of the conversation so far; short texts follow it
};

/// Reads customers' words.  Immutable: one instance serves every shard, without locks.
class Understander {
 public:
  struct Loaded {
    std::shared_ptr<const Understander> understander;  ///< null when there are mistakes
    Names names;
    std::string warning;  ///< model missing or damaged: patterns alone serve, and this says so
  };

  /// Loads `folder/intents/*.yml`, the lexicons every bot has, and the model in
  /// `folder/models/intents` if `with_model`.  Mistakes of the files go to `mistakes`.
  static Loaded load(const std::filesystem::path& folder, bool with_model,
                     yaml::Mistakes& mistakes);

  virtual ~Understander() = default;

  /// Never fails, never blocks; time and memory bounded for any bytes (longer texts than 4,000
  /// code points are read up to there).
  /// Cost: 5-50 µs for a sentence.
  [[nodiscard]] virtual Understanding understand(std::string_view text,
                                                 const Context& context) const = 0;
};

struct TrainReport {
  std::size_t examples = 0;
  std::size_t intents = 0;
  double accuracy = 0.0;  ///< top-1 on held-out folds
  std::size_t model_bytes = 0;
  double seconds = 0.0;
  std::string data_hash;
};

/// Trains `folder/models/intents/{classifier.bin, manifest, card.md}` from the examples
/// of the bot folder; same input and seed, same bytes.  Never leaves a half-written model: written
/// beside, then renamed; the last good one is kept as `intents.previous`.
/// `progress` gets one line per step.
/// Errors: invalid_input  the folder has mistakes (listed in `mistakes`) or too few examples.
Result<TrainReport> train(const std::filesystem::path& folder, std::uint64_t seed,
                          const std::function<void(std::string_view)>& progress,
                          yaml::Mistakes& mistakes);

/// Whether `folder/models/intents` was trained from the present examples and settings.
bool is_trained(const std::filesystem::path& folder);

/// Similarity of two clean texts in [0, 1] (character trigrams, Jaccard): for "rephrases the last
/// question".
[[nodiscard]] double similarity(std::string_view clean_a, std::string_view clean_b);

}  // namespace wasl::intents
