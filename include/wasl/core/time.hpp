#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace wasl {

using Millis = std::chrono::milliseconds;

/// A moment of the wall clock, UTC, to the millisecond.
using Time = std::chrono::sys_time<Millis>;

/// `2026-11-22T10:00:00.000Z`
[[nodiscard]] std::string iso8601(Time at);

/// Reads `2026-11-22T10:00[:00[.000]]` followed by `Z` or `+03:00`; a bare date is its midnight
/// UTC.
[[nodiscard]] std::optional<Time> parse_iso8601(std::string_view text);

/// Reads `30s`, `5m`, `72h`, `2d`, `250ms`.
[[nodiscard]] std::optional<Millis> parse_duration(std::string_view text);

}  // namespace wasl
