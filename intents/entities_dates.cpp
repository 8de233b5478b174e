#include "intents/entities_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

// Dates and times.  A day stands before its month unless it cannot (5/13); a date without a year is
// the one nearest to today; a weekday is the next one, today excluded.

namespace wasl::intents {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr int kYearMin = 1900;
constexpr int kYearMax = 2199;
constexpr int kDaysMax = 3660;  ///< of "in N days"

std::optional<year_month_day> make_date(int year, int month, int day) {
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (year < kYearMin || year > kYearMax || !date.ok()) return std::nullopt;
  return date;
}

/// With the year that puts it nearest to today.
std::optional<year_month_day> nearest(int month, int day, year_month_day today) {
  if (!today.ok()) return std::nullopt;
  std::optional<year_month_day> best;
  for (const int year : {-1, 0, 1}) {
    const auto date = make_date(static_cast<int>(today.year()) + year, month, day);
    if (!date) continue;
    const auto away = [&](year_month_day d) {
      return std::chrono::abs(sys_days(d) - sys_days(today));
    };
    if (!best || away(*date) < away(*best)) best = date;
  }
  return best;
}

std::string iso(year_month_day date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

bool is_digit(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

/// Up to `max` digits at `at`, moving past them; -1 when there are none or more.
int read_digits(std::string_view text, std::size_t& at, std::size_t max) {
  int value = 0;
  std::size_t count = 0;
  for (; is_digit(text, at); ++at, ++count) {
    if (count >= max) return -1;
    value = value * 10 + (text[at] - '0');
  }
  return count == 0 ? -1 : value;
}

/// 2026-05-12, 12/5/2026, 12.5.26, 12/5.
std::optional<year_month_day> numeric_date(std::string_view text, std::size_t& at,
                                           year_month_day today) {
  const std::size_t start = at;
  const int first = read_digits(text, at, 4);
  if (first < 0 || at >= text.size()) return std::nullopt;
  const bool year_first = at - start == 4;
  if (!year_first && at - start > 2) return std::nullopt;
  const char mark = text[at];
  if (mark != '/' && mark != '-' && mark != '.') return std::nullopt;
  const int second = read_digits(text, ++at, 2);
  if (second < 0) return std::nullopt;
  int third = -1;
  std::size_t third_digits = 0;
  if (at < text.size() && text[at] == mark && is_digit(text, at + 1)) {
    const std::size_t third_at = ++at;
    third = read_digits(text, at, 4);
    third_digits = at - third_at;
    if (third < 0) return std::nullopt;
  }
  if (is_digit(text, at) || (at + 1 < text.size() && text[at] == mark && is_digit(text, at + 1))) {
    return std::nullopt;
  }
  if (year_first) return third < 0 ? std::nullopt : make_date(first, second, third);
  const bool month_first = second > 12 && first <= 12;
  const int day = month_first ? second : first;
  const int month = month_first ? first : second;
  if (third >= 0) {
    if (third_digits == 3 || third_digits == 1) return std::nullopt;
    return make_date(third_digits == 2 ? 2000 + third : third, month, day);
  }
  if (mark != '/') return std::nullopt;  // 2-3 days, 12.5 kg
  return nearest(month, day, today);
}

void claim_numeric(std::string_view text, year_month_day today, EntityClaims& claims) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text, at)) {
      ++at;
      continue;
    }
    const std::size_t start = at;
    std::size_t end = at;
    const auto date = numeric_date(text, end, today);
    while (is_digit(text, at)) ++at;
    const bool alone = start == 0 || (text[start - 1] != '/' && text[start - 1] != '-' &&
                                      !(text[start - 1] >= 'a' && text[start - 1] <= 'z'));
    if (!date || !alone) continue;
    claims.claim("date", iso(*date),
                 {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)});
    at = end;
  }
}

/// Whether what stands between two parts leaves them together.
bool close(std::string_view gap) {
  static constexpr std::array<std::string_view, 12> kGaps = {
      "", " ", ", ", "-", " of ", ". ", "th ", "st ", "nd ", "rd ", "th of ", " - "};
  return std::find(kGaps.begin(), kGaps.end(), gap) != kGaps.end();
}

class DateReader {
 public:
  DateReader(const std::vector<ValuePart>& parts, year_month_day today, EntityClaims& claims)
      : parts_(parts), today_(today), claims_(claims) {}

  void read() {
    for (std::size_t i = 0; i < parts_.size();) {
      std::size_t used = day_and_month(i);
      if (used == 0) used = month_and_day(i);
      if (used == 0) used = from_today(i);
      i += std::max<std::size_t>(used, 1);
    }
  }

 private:
  [[nodiscard]] bool is(std::size_t i, ValueKind kind, bool joined = true) const {
    return i < parts_.size() && parts_[i].is(kind) && (!joined || close(parts_[i].before));
  }
  [[nodiscard]] std::optional<int> number(std::size_t i, int max, bool joined = true) const {
    if (i >= parts_.size() || (joined && !close(parts_[i].before))) return std::nullopt;
    return parts_[i].integer(max);
  }
  [[nodiscard]] std::optional<int> year(std::size_t i) const {
    const auto found = number(i, kYearMax);
    return found && *found >= kYearMin ? found : std::nullopt;
  }

  /// Parts [first, first + count) are this date; gives how many were used.
  std::size_t put(std::size_t first, std::size_t count, std::optional<year_month_day> date) {
    if (!date || !date->ok()) return 0;
    const Span span{parts_[first].span.start, parts_[first + count - 1].span.end};
    if (!claims_.claim("date", iso(*date), span)) return 0;
    return count;
  }
  std::size_t put_day(std::size_t first, std::size_t count, int ahead) {
    if (!today_.ok() || std::abs(ahead) > kDaysMax) return 0;
    return put(first, count, year_month_day(sys_days(today_) + days(ahead)));
  }

  std::size_t put_month(std::size_t first, std::size_t count, int month, int day,
                        std::optional<int> year) {
    return put(first, count, year ? make_date(*year, month, day) : nearest(month, day, today_));
  }

  std::size_t day_and_month(std::size_t i) {  // 12 may [2026]
    const auto day = number(i, 31, false);
    if (!day || *day < 1 || !is(i + 1, ValueKind::month)) return 0;
    const auto of = year(i + 2);
    return put_month(i, of ? 3 : 2, parts_[i + 1].name->number, *day, of);
  }

  std::size_t month_and_day(std::size_t i) {  // may 12[, 2026]
    if (!is(i, ValueKind::month, false)) return 0;
    const auto day = number(i + 1, 31);
    if (!day || *day < 1) return 0;
    const auto of = year(i + 2);
    return put_month(i, of ? 3 : 2, parts_[i].name->number, *day, of);
  }

  std::size_t from_today(std::size_t i) {
    const ValuePart& part = parts_[i];
    if (part.is(ValueKind::day)) return put_day(i, 1, part.name->number);
    if (part.is(ValueKind::weekday)) {
      const bool told = is(i + 1, ValueKind::next);
      return put_weekday(i, told ? 2 : 1, part, !told || parts_[i + 1].name->number > 0);
    }
    if (part.is(ValueKind::next)) {  // next sunday, last week
      const bool ahead = part.name->number > 0;
      if (is(i + 1, ValueKind::weekday)) return put_weekday(i, 2, parts_[i + 1], ahead);
      if (is(i + 1, ValueKind::unit)) return put_unit(i, 2, parts_[i + 1], 1, ahead);
      return 0;
    }
    if (part.is(ValueKind::unit) && is(i + 1, ValueKind::next)) {
      return put_unit(i, 2, part, 1, parts_[i + 1].name->number > 0);
    }
    if (part.is(ValueKind::ahead)) {  // in 3 days, after two days in one word
      const bool ahead = part.name->number > 0;
      if (const auto count = number(i + 1, kDaysMax); count && is(i + 2, ValueKind::unit)) {
        return put_unit(i, 3, parts_[i + 2], *count, ahead);
      }
      if (is(i + 1, ValueKind::unit)) return put_unit(i, 2, parts_[i + 1], 1, ahead);
      return 0;
    }
    if (const auto count = part.integer(kDaysMax);
        count && is(i + 1, ValueKind::unit) && is(i + 2, ValueKind::ago)) {
      return put_unit(i, 3, parts_[i + 1], *count, false);
    }
    return 0;
  }

  std::size_t put_weekday(std::size_t first, std::size_t count, const ValuePart& weekday,
                          bool ahead) {
    if (!today_.ok()) return 0;
    const int now = static_cast<int>(std::chrono::weekday(sys_days(today_)).c_encoding());
    const int away = (weekday.name->number - now + 7) % 7;
    return put_day(first, count, ahead ? (away == 0 ? 7 : away) : away - 7);
  }

  std::size_t put_unit(std::size_t first, std::size_t count, const ValuePart& unit, int times,
                       bool ahead) {
    constexpr int kMonth = 30;
    const int sign = ahead ? 1 : -1;
    if (unit.name->number != kMonth) return put_day(first, count, sign * times * unit.name->number);
    if (!today_.ok()) return 0;
    year_month_day date = today_ + std::chrono::months(sign * times);
    if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
    return put(first, count, date);
  }

  const std::vector<ValuePart>& parts_;
  year_month_day today_;
  EntityClaims& claims_;
};

/// Hours of a day from an hour and morning or evening; -1 when there is no such hour.
int hour_of(int hour, const NamedValue* clock) {
  if (hour < 0 || hour > 24) return -1;
  if (clock == nullptr || hour > 12) return hour == 24 ? 0 : hour;
  if (clock->number == 0) return hour == 12 ? 0 : hour;
  if (clock->number == 12) return hour == 12 ? 12 : hour + 12;
  return hour >= 10 ? hour : hour + 12;  // noon: eleven, twelve, one, two
}

}  // namespace

void claim_dates(std::string_view text, const std::vector<ValuePart>& parts, year_month_day today,
                 EntityClaims& claims) {
  claim_numeric(text, today, claims);
  DateReader(parts, today, claims).read();
}

void claim_times(std::string_view text, const std::vector<ValuePart>& parts, EntityClaims& claims) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const ValuePart& part = parts[i];
    auto hour = part.integer(24);
    if (!hour || !claims.is_free(part.span)) continue;
    Span span = part.span;
    int minute = 0;
    std::size_t next = i + 1;
    bool told = false;
    if (next < parts.size() && parts[next].before == ":" && parts[next].digits.size() == 2 &&
        text[span.end] == ':') {
      const auto minutes = parts[next].integer(59);
      if (!minutes) continue;
      minute = *minutes;
      span.end = parts[next].span.end;
      ++next;
      told = true;
    }
    const NamedValue* clock = nullptr;
    if (next < parts.size() && (parts[next].before.empty() || parts[next].before == " ")) {
      if (parts[next].is(ValueKind::clock)) clock = parts[next].name;
      if (clock != nullptr || parts[next].is(ValueKind::oclock)) {
        span.end = parts[next].span.end;
        told = true;
      }
    }
    if (i > 0 && parts[i - 1].is(ValueKind::hour) && part.before == " ") {
      span.start = parts[i - 1].span.start;
      told = true;
    }
    const int of_day = hour_of(*hour, clock);
    if (told && of_day >= 0 && part.digits.size() <= 2) {
      claims.claim("time", fmt::format("{:02}:{:02}", of_day, minute), span);
    }
  }
}

}  // namespace wasl::intents
