#pragma once

#include <string>
#include <string_view>

namespace wasl::bot {

/// `text` as the content of an element or of a quoted attribute: markup is escaped; control
/// characters and bytes that are not UTF-8 become U+FFFD.  At most `code_points_max` are shown,
/// then an ellipsis.
[[nodiscard]] std::string html(std::string_view text, std::size_t code_points_max = 2000);

}  // namespace wasl::bot
