#pragma once

#include "wasl/intents/evaluation.hpp"

#include <string>

namespace wasl::bot {

/// What a report is about.
struct ReportSubject {
  std::string title;   ///< of a model or a bot
  std::string method;  ///< how its rows were judged, a sentence
};

/// `wasl eval --report`: one HTML page for whoever writes a bot, in English, complete in itself: no
/// scripts, nothing from elsewhere, light and dark.  Same evaluation, same bytes.
[[nodiscard]] std::string eval_report(const ReportSubject& subject,
                                      const intents::Evaluation& evaluation);

}  // namespace wasl::bot
