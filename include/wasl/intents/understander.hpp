#pragma once

#include "wasl/core/result.hpp"
#include "wasl/core/understanding.hpp"
#include "wasl/core/yaml.hpp"
#include "wasl/intents/training.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// What a bot folder's `intents/` declares; other modules validate against these names.
struct Names {
  std::vector<std::string> intents;   ///< without the reserved `oos`
  std::vector<std::string> entities;  ///< the bot's own and the built-in ones
};

/// What the conversation already knows, to read an utterance by.
struct Context {
  Language language = Language::und;  ///< of the conversation so far; short texts follow it
  Dialect dialect = Dialect::none;    ///< likewise
  /// The customer's date, for "tomorrow"; not ok() where it is unknown, and then only absolute
  /// dates with a year are dates.
  std::chrono::year_month_day today{};
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

/// Similarity of two clean texts in [0, 1] (character trigrams, Jaccard): for "rephrases the last
/// question".
[[nodiscard]] double similarity(std::string_view clean_a, std::string_view clean_b);

}  // namespace wasl::intents
