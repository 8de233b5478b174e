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

/// One bin of a calibration curve: in-scope rows by the confidence of their best guess.
struct CalibrationBin {
  std::size_t rows = 0;
  double confidence = 0.0;  ///< mean of the bin
  double accuracy = 0.0;
};

/// What a bar at this height would do, the other bar staying where it is.
struct BarEffect {
  double bar = 0.0;
  double acted = 0.0;            ///< share of in-scope rows the bot would act on, rightly or not
  double wrong = 0.0;            ///< share of its acts, of all rows, that would be wrong
  std::optional<double> caught;  ///< share of out-of-scope rows it would leave alone
};

/// Where a bar is; in a cross-validation each fold sets its own.
struct BarRange {
  double low = 0.0;
  double high = 0.0;
};

/// Rows of `truth` that were taken for `taken`; either may be `oos`.
struct ConfusedPair {
  std::string truth;
  std::string taken;
  std::size_t rows = 0;
  std::vector<std::string> texts;  ///< the first of them, at most kConfusedTextsMax
};

inline constexpr std::size_t kConfusedTextsMax = 12;

/// What the pictures of an evaluation are drawn from.
struct EvaluationDetails {
  std::vector<CalibrationBin> calibration;  ///< 15, of equal width
  std::vector<BarEffect> by_act_bar;        ///< the confidence to act from; bars rise from 0 to 1
  std::vector<BarEffect> by_oos_bar;        ///< the score that is out of scope
  BarRange act_bar;
  BarRange oos_bar;
  std::vector<ConfusedPair> confused;  ///< every row judged wrongly, worst pair first; a judgement
                                       ///< of out of scope counts where there are such rows
  std::size_t oos_rows = 0;
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
  double us_p50 = 0.0;  ///< of one text, from bytes to ranking; of a bot, scoring alone
  double us_p99 = 0.0;
  /// Without languages and details of their own.  By what the examples of a bot are; of a model by
  /// what its rows were recognised as.
  std::map<std::string, Evaluation> per_language;
  EvaluationDetails details;
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
