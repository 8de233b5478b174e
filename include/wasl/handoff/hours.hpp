#pragma once

#include "wasl/core/time.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace wasl::handoff {

/// When people are at the desk, in the desk's own time zone.
struct Hours {
  struct Span {
    int from_minute = 0;  ///< of the local day
    int to_minute = 0;    ///< may pass 1440: into the next day
  };
  using Week = std::array<std::vector<Span>, 7>;  ///< Sunday first
  /// Another week for some days of the year, both ends included.
  struct Timetable {
    std::chrono::sys_days from{};
    std::chrono::sys_days to{};
    Week week;
  };
  /// From a calendar: closed from one moment to another.
  struct Closure {
    Time from{};
    Time to{};
  };

  bool always = true;
  std::string zone = "UTC";  ///< IANA name
  Week week;
  std::vector<Timetable> timetables;               ///< the first that covers a day counts
  std::set<std::chrono::year_month_day> holidays;  ///< closed all day
  std::vector<Closure> closures;                   ///< in order, apart from one another

  /// A zone that cannot be looked up never reads as closed.
  [[nodiscard]] bool open(Time now) const;
  /// The next moment the desk opens, at most 60 days ahead; nothing when it never does, `now` when
  /// open.
  [[nodiscard]] std::optional<Time> next_open(Time now) const;
};

/// `2026-11-22T10:00:00+03:00`: the moment on the wall clock of `zone` (IANA); of UTC when the zone
/// is unknown.
[[nodiscard]] std::string iso8601_in(Time at, const std::string& zone);

/// The moment at which the wall clock of `zone` shows `wall` (which is written as if it were UTC):
/// the first of two in autumn, the moment of the skip in spring; `wall` when the zone is unknown.
[[nodiscard]] Time moment_in(Time wall, const std::string& zone);

/// The date on the calendar of `zone` at that moment; of UTC when the zone is unknown.
/// Cost: each thread remembers the last quarter of an hour and its zone; else some µs.
[[nodiscard]] std::chrono::year_month_day date_in(Time at, const std::string& zone);

}  // namespace wasl::handoff
