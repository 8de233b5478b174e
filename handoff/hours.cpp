// Business hours on the wall clock of the desk's zone.
//
// Spans are wall-clock minutes, so daylight saving moves them in UTC and not for people.  A holiday
// closes every minute of its date, and the late end of a shift that would begin on it.
// Opening moments are only ever the begins of spans; a begin that the clock skips in spring is the
// moment of the skip, one that it shows twice in autumn opens twice.
#include "wasl/handoff/hours.hpp"

#include <unicode/timezone.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>

namespace wasl::handoff {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;

constexpr int kDaysAhead = 60;
constexpr Millis kDay{24LL * 3600 * 1000};
constexpr Millis kMinute{60'000};

/// A moment as the wall clock shows it, counted as if it were UTC.
struct Wall {
  sys_days date;
  int minute = 0;
  Time at{};
};

class Zone {
 public:
  explicit Zone(const std::string& id)
      : zone_(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(id))) {}

  [[nodiscard]] bool known() const { return *zone_ != icu::TimeZone::getUnknown(); }

  [[nodiscard]] Millis offset(Time at) const {
    std::int32_t raw = 0;
    std::int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone_->getOffset(static_cast<UDate>(at.time_since_epoch().count()), false, raw, saving, status);
    return U_SUCCESS(status) ? Millis{raw + saving} : Millis{0};
  }

  [[nodiscard]] Wall wall(Time at) const {
    const Time local = at + offset(at);
    const sys_days date = floor<days>(local);
    return {date, static_cast<int>((local - date) / kMinute), local};
  }

  /// The moments at which the wall clock reaches `wall`: one, two in autumn, or, when it is
  /// skipped, the moment of the skip.
  [[nodiscard]] std::set<Time> moments(Time wall) const {
    const Millis before = offset(wall - kDay);
    const Millis after = offset(wall + kDay);
    std::set<Time> found;
    for (const Millis shift : {before, after}) {
      if (offset(wall - shift) == shift) found.insert(wall - shift);
    }
    if (!found.empty()) return found;
    Time low = wall - std::max(before, after);
    Time high = wall - std::min(before, after);
    while (high - low > Millis{1}) {
      const Time middle = low + (high - low) / 2;
      (offset(middle) == before ? low : high) = middle;
    }
    return {high};
  }

 private:
  std::unique_ptr<icu::TimeZone> zone_;
};

bool is_holiday(const Hours& hours, sys_days date) {
  const std::chrono::year_month_day wanted{date};
  return std::find(hours.holidays.begin(), hours.holidays.end(), wanted) != hours.holidays.end();
}

const std::vector<Hours::Span>& spans_of(const Hours& hours, sys_days date) {
  return hours.week[std::chrono::weekday{date}.c_encoding()];
}

bool within(const Hours& hours, const Wall& wall) {
  if (is_holiday(hours, wall.date)) return false;
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
  return !clock.known() || within(*this, clock.wall(now));
}

std::optional<Time> Hours::next_open(Time now) const {
  if (open(now)) return now;
  const Zone clock(zone);
  const sys_days today = clock.wall(now).date;
  std::optional<Time> earliest;
  for (int ahead = 0; ahead <= kDaysAhead && !earliest; ++ahead) {
    const sys_days date = today + days{ahead};
    for (const Span& span : spans_of(*this, date)) {
      for (const Time at : clock.moments(Time(date) + span.from_minute * kMinute)) {
        const bool sooner = !earliest || at < *earliest;
        if (at > now && sooner && within(*this, clock.wall(at))) earliest = at;
      }
    }
  }
  return earliest;
}

std::string iso8601_in(Time at, const std::string& zone) {
  const Zone local(zone);
  const Millis offset = local.known() ? local.offset(at) : Millis{0};
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
