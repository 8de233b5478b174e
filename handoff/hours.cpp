// Business hours on the wall clock of the desk's zone.
//
// Spans are wall-clock minutes, so daylight saving moves them in UTC and not for people.  A holiday
// closes every minute of its date, and the late end of a shift that would begin on it.
// Opening moments are the begins of spans and the ends of a calendar's closures; a begin that the
// clock skips in spring is the moment of the skip, one that it shows twice in autumn opens twice.
#include "wasl/handoff/hours.hpp"

#include "handoff/zone.hpp"

#include <algorithm>

namespace wasl::handoff {
namespace {

constexpr int kDaysAhead = 60;
constexpr Millis kMinute{60'000};

bool is_holiday(const Hours& hours, sys_days date) {
  return hours.holidays.contains(std::chrono::year_month_day{date});
}

bool in_closure(const Hours& hours, Time at) {
  const auto next = std::upper_bound(
      hours.closures.begin(), hours.closures.end(), at,
      [](Time moment, const Hours::Closure& closure) { return moment < closure.from; });
  return next != hours.closures.begin() && at < std::prev(next)->to;
}

const std::vector<Hours::Span>& spans_of(const Hours& hours, sys_days date) {
  const std::size_t day = std::chrono::weekday{date}.c_encoding();
  for (const Hours::Timetable& timetable : hours.timetables) {
    if (timetable.from <= date && date <= timetable.to) return timetable.week[day];
  }
  return hours.week[day];
}

bool within(const Hours& hours, Time at, const Wall& wall) {
  if (is_holiday(hours, wall.date) || in_closure(hours, at)) return false;
  const auto covers = [&](sys_days date, int minute) {
    const std::vector<Hours::Span>& spans = spans_of(hours, date);
    return !is_holiday(hours, date) &&
           std::any_of(spans.begin(), spans.end(), [&](const Hours::Span& span) {
             return span.from_minute <= minute && minute < span.to_minute;
           });
  };
  return covers(wall.date, wall.minute) || covers(wall.date - days{1}, wall.minute + 1440);
}

}  // namespace

bool Hours::open(Time now) const {
  if (always) return true;
  const Zone clock(zone);
  return !clock.known() || within(*this, now, clock.wall(now));
}

std::optional<Time> Hours::next_open(Time now) const {
  if (open(now)) return now;
  const Zone clock(zone);
  const sys_days today = clock.wall(now).date;
  std::optional<Time> earliest;
  const auto consider = [&](Time at) {
    const bool sooner = at > now && (!earliest || at < *earliest);
    if (sooner && within(*this, at, clock.wall(at))) earliest = at;
  };
  const Time last = now + days{kDaysAhead};
  for (const Closure& closure : closures) {
    if (closure.to <= last) consider(closure.to);
  }
  const std::optional<Time> reopened = earliest;
  earliest.reset();
  for (int ahead = 0; ahead <= kDaysAhead && !earliest; ++ahead) {
    const sys_days date = today + days{ahead};
    for (const Span& span : spans_of(*this, date)) {
      for (const Time at : clock.moments(Time(date) + span.from_minute * kMinute)) {
        consider(at);
      }
    }
  }
  if (!earliest || (reopened && *reopened < *earliest)) earliest = reopened;
  return earliest;
}

namespace {

/// How far the clocks of `zone` are ahead of UTC; nothing when the zone is unknown.  Each thread
/// remembers the last one: clocks change at full quarters of an hour only.
Millis offset_in(Time at, const std::string& zone) {
  constexpr auto kQuarter = std::chrono::minutes(15);
  struct Known {
    std::int64_t quarter = -1;
    std::string zone;
    Millis offset{0};
  };
  thread_local Known known;
  const std::int64_t quarter = at.time_since_epoch() / kQuarter;
  if (known.quarter != quarter || known.zone != zone) {
    const Zone local(zone);
    known = {quarter, zone, local.known() ? local.offset(at) : Millis{0}};
  }
  return known.offset;
}

}  // namespace

std::chrono::year_month_day date_in(Time at, const std::string& zone) {
  return std::chrono::floor<std::chrono::days>(at + offset_in(at, zone));
}

Time moment_in(Time wall, const std::string& zone) {
  const Zone local(zone);
  return local.known() ? *local.moments(wall).begin() : wall;
}

std::string iso8601_in(Time at, const std::string& zone) {
  const Millis offset = offset_in(at, zone);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  const auto two = [](auto number) {
    const std::string digits = std::to_string(number);
    return digits.size() < 2 ? "0" + digits : digits;
  };
  std::string text = iso8601(at + offset).substr(0, 19);
  text += minutes < 0 ? '-' : '+';
  const auto absolute = minutes < 0 ? -minutes : minutes;
  return text + two(absolute / 60) + ':' + two(absolute % 60);
}

}  // namespace wasl::handoff
