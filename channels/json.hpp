#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace wasl::channels {

/// Keeps keys in the order they were written, so frames read as the protocol page does.
using Json = nlohmann::ordered_json;

/// Deep nesting overflows the stack of whoever walks or prints it later, so it is refused here.
inline constexpr int kJsonDepthMax = 32;

/// Parses `text`; nothing when it is not JSON, not UTF-8, or nested deeper than kJsonDepthMax.
[[nodiscard]] inline std::optional<Json> parse_json(std::string_view text) {
  bool too_deep = false;
  const auto shallow = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > kJsonDepthMax) too_deep = true;
    return !too_deep;  // what is refused is parsed on, without recursion, but not kept
  };
  Json value = Json::parse(text.begin(), text.end(), shallow, /*allow_exceptions=*/false);
  if (too_deep || value.is_discarded()) return std::nullopt;
  return value;
}

/// Invalid UTF-8 becomes U+FFFD; never throws for what a string holds.
[[nodiscard]] inline std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wasl::channels
