#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace wasl::channels {

/// Keeps keys in the order they were written, so frames read as the protocol page does.
using Json = nlohmann::ordered_json;

/// The library takes a NUL for the end of the text; in JSON there is none.
[[nodiscard]] inline bool holds_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

/// Deep nesting overflows the stack of whoever walks or prints it later, so it is refused here.
inline constexpr int kJsonDepthMax = 32;

/// Each key of an object is compared with all before it: a megabyte of keys would take seconds.
inline constexpr int kJsonKeysMax = 4096;

/// Parses `text`; nothing when it is not JSON, not UTF-8, nested deeper than kJsonDepthMax, or
/// holds more than kJsonKeysMax keys.
[[nodiscard]] inline std::optional<Json> parse_json(std::string_view text) {
  if (holds_nul(text)) return std::nullopt;
  bool refused = false;
  int keys = 0;
  const auto bounded = [&](int depth, Json::parse_event_t event, Json&) {
    if (event == Json::parse_event_t::key) ++keys;
    if (depth > kJsonDepthMax || keys > kJsonKeysMax) refused = true;
    return !refused;  // what is refused is parsed on, without recursion, but not kept
  };
  Json value = Json::parse(text.begin(), text.end(), bounded, /*allow_exceptions=*/false);
  if (refused || value.is_discarded()) return std::nullopt;
  return value;
}

/// Invalid UTF-8 becomes U+FFFD; never throws for what a string holds.
[[nodiscard]] inline std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wasl::channels
