#pragma once

#include "wasl/core/yaml.hpp"
#include "wasl/handoff/hours.hpp"

#include <cstddef>
#include <string>

namespace wasl::handoff {

inline constexpr std::size_t kCalendarBytesMax = 1'000'000;

/// Adds the events of an iCalendar text (RFC 5545) to `out.holidays` (all-day ones) and
/// `out.closures` (timed ones); times without a zone are on the clock of `out.zone`.
///
/// Repeated events are written out for the years 2000 to 2099, at most 5,000 in all.  A damaged
/// file adds nothing but mistakes, each with its line: it never reads as "closed".
void read_calendar(const std::string& text, const std::string& file, yaml::Mistakes& mistakes,
                   Hours& out);

}  // namespace wasl::handoff
