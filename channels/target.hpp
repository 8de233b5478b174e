#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wasl::channels {

/// What a request line asks for.
struct Target {
  std::string path;   ///< decoded
  std::string query;  ///< raw
};

/// Splits and decodes `/a%20b?q`.  Nothing for what no honest client sends: no leading slash, a
/// broken escape, a NUL or other control character, invalid UTF-8, a `..` segment however written.
[[nodiscard]] std::optional<Target> parse_target(std::string_view raw);

}  // namespace wasl::channels
