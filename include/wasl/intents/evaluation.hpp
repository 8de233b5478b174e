#pragma once

#include "wasl/core/language.hpp"
#include "wasl/core/result.hpp"
#include "wasl/core/understanding.hpp"
#include "wasl/core/yaml.hpp"
#include "wasl/intents/training.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// What a model says to a text.
struct Prediction {
  bool out_of_scope = false;
  float oos_score = 0.0F;            ///< in [0, 1]
  std::vector<IntentScore> ranking;  ///< best first; confidences given that it is one of them
  Language language = Language::und;
};

/// A model without a bot: texts in, intents out.  Immutable; safe for many threads.
class Predictor {
 public:
  /// Errors: not_found; invalid_input  damaged or of another format; unavailable.
  static Result<std::unique_ptr<Predictor>> load(const std::filesystem::path& model);

  virtual ~Predictor() = default;

  /// Never fails.  Cost: 5-30 µs for a sentence.
  [[nodiscard]] virtual Prediction predict(std::string_view text, std::size_t top) const = 0;
};

/// How often an intent was found, missed and claimed wrongly.
struct IntentResult {
  std::string intent;
  std::size_t rows = 0;
  double precision = 0.0;
  double recall = 0.0;
  double f1 = 0.0;
};

/// The figures of `wasl eval`; shares are in [0, 1].
struct Evaluation {
  std::size_t rows = 0;
  double accuracy_in_scope_top1 = 0.0;   ///< the out-of-scope decision ignored
  double accuracy_in_scope_joint = 0.0;  ///< a row judged out of scope is wrong
  std::optional<double> oos_recall;      ///< oos keys: only where there are such rows
  std::optional<double> oos_precision;
  std::optional<double> oos_f1;
  std::optional<double> oos_auroc;
  double macro_f1 = 0.0;
  std::vector<IntentResult> per_intent;
  double ece = 0.0;
  double us_p50 = 0.0;  ///< of one text, from bytes to ranking
  double us_p99 = 0.0;
  std::map<std::string, Evaluation> per_language;  ///< of a bot; without their own per_language
};

/// Judges every row of `data`; labels the model does not know are wrong whatever it says.
/// Errors: as Predictor::load; invalid_input  the file has mistakes (listed in `mistakes`).
Result<Evaluation> evaluate_model(const std::filesystem::path& model,
                                  const std::filesystem::path& data, yaml::Mistakes& mistakes);

/// Cross-validation over the examples of a bot folder: each is judged by a classifier that saw
/// neither it nor its near-duplicates, with probabilities and bar fitted on the other folds.
/// Errors: invalid_input  the folder has mistakes or too few examples; unavailable.
Result<Evaluation> evaluate_bot(const std::filesystem::path& folder, int folds, std::uint64_t seed,
                                const Progress& progress, yaml::Mistakes& mistakes);

}  // namespace wasl::intents
