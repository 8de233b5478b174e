#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasl/core/event.hpp"
#include "wasl/handoff/moves.hpp"

namespace wasl::bot {

/// What a waiting visitor may choose, in their language.
[[nodiscard]] std::vector<Button> queue_options(Language language);

/// The title of one option, or the option itself when it is unknown.
[[nodiscard]] std::string option_title(std::string_view option, Language language);

[[nodiscard]] std::optional<handoff::Trigger> trigger_of_option(std::string_view option);

}  // namespace wasl::bot
