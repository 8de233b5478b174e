#pragma once

#include "wasl/core/time.hpp"

#include <unicode/timezone.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace wasl::handoff {

using std::chrono::days;
using std::chrono::sys_days;

/// A moment as the wall clock shows it, counted as if it were UTC.
struct Wall {
  sys_days date;
  int minute = 0;
  Time at{};
};

/// A time zone by its IANA name.
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
    const sys_days date = std::chrono::floor<days>(local);
    return {date, static_cast<int>((local - date) / Millis{60'000}), local};
  }

  /// The moments at which the wall clock reaches `wall`: one, two in autumn, or, when it is
  /// skipped, the moment of the skip.
  [[nodiscard]] std::set<Time> moments(Time wall) const {
    const Millis before = offset(wall - Millis{24LL * 3600 * 1000});
    const Millis after = offset(wall + Millis{24LL * 3600 * 1000});
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

}  // namespace wasl::handoff
