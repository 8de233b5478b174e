#pragma once

#include "wasl/core/event.hpp"
#include "wasl/handoff/moves.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::bot {

/// What a waiting visitor may choose, in their language.
[[nodiscard]] std::vector<Button> queue_options(Language language);

/// The title of one option, or the option itself when it is unknown.
[[nodiscard]] std::string option_title(std::string_view option, Language language);

/// What a tap on a button that was not shown lately looks like in the transcript: the widget's own
/// "talk to a person", or an old button, which is written down by its id.
[[nodiscard]] std::string tap_title(std::string_view button, Language language);

[[nodiscard]] std::optional<handoff::Trigger> trigger_of_option(std::string_view option);

}  // namespace wasl::bot
