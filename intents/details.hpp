#pragma once

#include "wasl/intents/evaluation.hpp"

#include "intents/metrics.hpp"

#include <vector>

namespace wasl::intents {

/// What the pictures of an evaluation show; where the bars are is for the caller to say.
[[nodiscard]] EvaluationDetails details_of(const std::vector<Judged>& rows);

/// What acting from each confidence on would do, rows judged out of scope staying so.
[[nodiscard]] std::vector<BarEffect> effects_of_act_bar(const std::vector<Judged>& rows);

/// What judging rows out of scope from each score on would do, sure rows staying sure.
[[nodiscard]] std::vector<BarEffect> effects_of_oos_bar(const std::vector<Judged>& rows);

/// Every row judged wrongly, by pairs: most rows first, of equals by name.  As in figures(), a
/// judgement of out of scope counts only where there are such rows.
[[nodiscard]] std::vector<ConfusedPair> confused_pairs(const std::vector<Judged>& rows);

}  // namespace wasl::intents
