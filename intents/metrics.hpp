#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::intents {

/// One judged row: what was right and what a model said.
struct Judged {
  std::string truth;        ///< an intent; "" for out of scope
  std::string best;         ///< the likeliest intent, whatever the out-of-scope decision
  double confidence = 0.0;  ///< of `best`, in [0, 1]
  double oos_score = 0.0;   ///< high: none of the intents
  bool judged_oos = false;
  bool clear = false;     ///< `best` leads by the margin an act needs
  bool sure = false;      ///< clear, and likely enough to act
  std::string group;      ///< a language, or ""
  std::string_view text;  ///< what was said; belongs to whoever made the row
};

/// How often the intent was right, missed, and claimed for what it was not.
struct IntentFigures {
  std::string intent;
  std::size_t rows = 0;
  std::size_t claimed = 0;
  std::size_t right = 0;
  [[nodiscard]] double recall() const;
  [[nodiscard]] double precision() const;
  [[nodiscard]] double f1() const;
};

/// One bin of a calibration curve: rows whose confidence lies in (low, high].
struct Bin {
  std::size_t rows = 0;
  double confidence = 0.0;  ///< mean
  double accuracy = 0.0;
};

struct Figures {
  std::size_t rows = 0;
  std::size_t in_scope = 0;
  double accuracy_top1 = 0.0;        ///< of in-scope rows, the out-of-scope decision ignored
  double accuracy_joint = 0.0;       ///< the same, a row judged out of scope is wrong
  std::optional<double> oos_recall;  ///< these four: only where there are out-of-scope rows
  std::optional<double> oos_precision;
  std::optional<double> oos_f1;
  std::optional<double> oos_auroc;  ///< needs in-scope rows too
  double macro_f1 = 0.0;
  double ece = 0.0;
  std::vector<IntentFigures> intents;  ///< by name
};

inline constexpr std::size_t kBins = 15;

/// Everything at once.  Where there are out-of-scope rows, an intent claims a row only if the row
/// was not judged out of scope; elsewhere that decision does not count for F1.  macro_f1 is the
/// mean over intents that occur as truth.
[[nodiscard]] Figures figures(const std::vector<Judged>& rows);

/// Rows of equal-width bins of the top confidence, in-scope rows only.
[[nodiscard]] std::vector<Bin> calibration_curve(const std::vector<Judged>& rows);

/// Expected calibration error of a curve: mean distance of confidence and accuracy, by rows.
[[nodiscard]] double calibration_error(const std::vector<Bin>& curve);

/// The chance that a strange row scores above a familiar one; ties count half.  0.5 if either is
/// missing.  `scored`: score, and whether the row is strange.
[[nodiscard]] double area_under_curve(std::vector<std::pair<double, bool>> scored);

/// What an out-of-scope bar would do: for the trade-off curve and for choosing it.
struct BarFigures {
  double bar = 0.0;
  double accuracy_joint = 0.0;
  double oos_recall = 0.0;
};
[[nodiscard]] BarFigures at_bar(const std::vector<Judged>& rows, double bar);

/// The lowest bar at which judging rows with a score from the bar on as out of scope costs at most
/// `points_max` (a share of the in-scope rows) of top-1 accuracy.
[[nodiscard]] double lowest_bar(const std::vector<Judged>& rows, double points_max);

/// How often `truth` was taken for `taken`, worst first; of equals, by name.
struct Confusion {
  std::string truth;
  std::string taken;
  std::size_t rows = 0;
};
[[nodiscard]] std::vector<Confusion> confusions(const std::vector<Judged>& rows);

}  // namespace wasl::intents
