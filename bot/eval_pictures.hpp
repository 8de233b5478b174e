#pragma once

#include "wasl/intents/evaluation.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The pictures of an evaluation, as SVG to stand inside a page whose style sheet is
/// bot/eval_report_style.hpp.  Every text in them is escaped.
namespace wasl::bot {

/// What was meant (down) and what it was taken for (across).  With few intents all of them, else
/// those with confusions, worst first, at most kMatrixIntentsMax, and the others as one; so the
/// cells always add up to the rows.
[[nodiscard]] std::string matrix_picture(const intents::Evaluation& evaluation);

inline constexpr std::size_t kMatrixIntentsFew = 24;
inline constexpr std::size_t kMatrixIntentsMax = 30;

/// How often the best guess is right, by how sure it claims to be, over the count of rows.
[[nodiscard]] std::string calibration_picture(const std::vector<intents::CalibrationBin>& bins);

/// What a bar does at each height, and where it is set.
[[nodiscard]] std::string trade_off_picture(const std::vector<intents::BarEffect>& effects,
                                            const intents::BarRange& chosen,
                                            std::string_view label);

}  // namespace wasl::bot
