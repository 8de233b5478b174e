// The `hours` of handoff.yml: the week, other weeks for some of the year, and days off.
#include "handoff/policy_hours.hpp"

#include "wasl/core/text.hpp"

#include "handoff/calendar.hpp"
#include "handoff/zone.hpp"

#include <unicode/calendar.h>
#include <unicode/strenum.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

namespace wasl::handoff {
namespace {

constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::optional<int> day_of(std::string_view word) {
  const auto at = std::find(kDays.begin(), kDays.end(), word);
  if (at == kDays.end()) return std::nullopt;
  return static_cast<int>(at - kDays.begin());
}

/// `sat` or `sun-thu`; a range may pass the end of the week.
std::optional<std::vector<int>> days_of(std::string_view key) {
  const std::vector<std::string_view> ends = split(key, '-');
  const auto first = day_of(ends.front());
  const auto last = day_of(ends.back());
  if (ends.size() > 2 || !first || !last) return std::nullopt;
  std::vector<int> days{*first};
  while (days.back() != *last) days.push_back((days.back() + 1) % 7);
  return days;
}

std::optional<int> two_digits(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 2 || !digit(text[0]) || !digit(text[1])) return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

std::optional<int> minute_of(std::string_view text) {
  const std::vector<std::string_view> parts = split(trim(text), ':');
  if (parts.size() != 2) return std::nullopt;
  const auto hour = two_digits(parts[0]);
  const auto minute = two_digits(parts[1]);
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 1440) return std::nullopt;
  return *hour * 60 + *minute;
}

/// `09:00-13:00`; an end at or before the begin is on the next day; `24:00` is midnight.
std::optional<Hours::Span> span_of(std::string_view text) {
  const std::vector<std::string_view> ends = split(text, '-');
  if (ends.size() != 2) return std::nullopt;
  const auto from = minute_of(ends[0]);
  const auto to = minute_of(ends[1]);
  if (!from || !to || *from == 1440 || *from == *to) return std::nullopt;
  return Hours::Span{*from, *to > *from ? *to : *to + 1440};
}

void read_week(const yaml::Map& hours, yaml::Mistakes& mistakes, Hours::Week& out) {
  const yaml::Node* node = hours.find("week");
  if (node == nullptr) {
    hours.complain(hours.node().at, "missing 'week'");
    return;
  }
  const std::vector<std::string> day_names(kDays.begin(), kDays.end());
  const yaml::Map week(kPolicyFile, *node, mistakes);
  std::array<bool, 7> named{};
  for (const auto& [key, value] : week.node().entries) {
    const auto days = days_of(key.scalar);
    if (!days) {
      week.complain(key.at, "'" + key.scalar + "' is no day or range like sun-thu" +
                                did_you_mean(key.scalar, day_names));
      continue;
    }
    std::vector<Hours::Span> spans;
    for (const std::string& text : week.texts(key.scalar)) {
      if (const auto span = span_of(text)) {
        spans.push_back(*span);
      } else {
        week.complain(value.at, "'" + text + "' is no span like \"09:00-13:00\"");
      }
    }
    std::sort(spans.begin(), spans.end(), [](const Hours::Span& a, const Hours::Span& b) {
      return a.from_minute < b.from_minute;
    });
    for (std::size_t i = 1; i < spans.size(); ++i) {
      if (spans[i].from_minute < spans[i - 1].to_minute) {
        week.complain(value.at, "two spans of '" + key.scalar + "' overlap");
        break;
      }
    }
    for (const int day : *days) {
      const auto at = static_cast<std::size_t>(day);
      if (named[at]) week.complain(key.at, "'" + std::string(kDays[at]) + "' is named twice");
      named[at] = true;
      out[at] = spans;
    }
  }
}

void read_zone(const yaml::Map& hours, Hours& out) {
  out.zone = hours.text("zone");
  if (out.zone.empty()) return;  // complained already
  const std::unique_ptr<icu::TimeZone> zone(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(out.zone)));
  if (*zone != icu::TimeZone::getUnknown()) return;
  std::vector<std::string> known;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> all(icu::TimeZone::createEnumeration(status));
  while (U_SUCCESS(status) && all) {
    const char* id = all->next(nullptr, status);
    if (id == nullptr) break;
    known.emplace_back(id);
  }
  hours.complain(hours.find("zone")->at, "unknown time zone '" + out.zone + "'" +
                                             did_you_mean(out.zone, known) +
                                             "; give an IANA name like Asia/Riyadh");
}

std::optional<sys_days> date_of(std::string_view text) {
  const auto at = text.size() == 10 ? parse_iso8601(text) : std::nullopt;
  if (!at) return std::nullopt;
  return std::chrono::floor<days>(*at);
}

void read_holidays(const yaml::Map& hours, Hours& out) {
  for (const std::string& text : hours.texts("holidays")) {
    if (const auto date = date_of(text)) {
      out.holidays.emplace(*date);
    } else {
      hours.complain(hours.find("holidays")->at, "'" + text + "' is no date like 2026-09-23");
    }
  }
}

/// Every Ramadan of the Umm al-Qura calendar that the tables know well.
void add_ramadans(const Hours::Week& week, Hours& out) {
  constexpr int kFirstYear = 1440;  // 2019
  constexpr int kLastYear = 1500;   // 2077
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Calendar> calendar(icu::Calendar::createInstance(
      icu::TimeZone::getGMT()->clone(), icu::Locale("en@calendar=islamic-umalqura"), status));
  if (U_FAILURE(status)) return;
  const auto first_of = [&](int year, int month) {
    calendar->clear();
    calendar->set(UCAL_EXTENDED_YEAR, year);
    calendar->set(UCAL_MONTH, month);
    calendar->set(UCAL_DATE, 1);
    const Time at{Millis{static_cast<Millis::rep>(calendar->getTime(status))}};
    return std::chrono::floor<days>(at);
  };
  constexpr int kRamadan = 8;  // counted from 0
  for (int year = kFirstYear; year <= kLastYear && U_SUCCESS(status); ++year) {
    out.timetables.push_back(
        {first_of(year, kRamadan), first_of(year, kRamadan + 1) - days{1}, week});
  }
}

/// `{during: ramadan, week: …}` or `{from: 2026-07-01, to: 2026-08-31, week: …}`
void read_timetables(const yaml::Map& hours, yaml::Mistakes& mistakes, Hours& out) {
  const yaml::Node* list = hours.find("timetables");
  if (list == nullptr) return;
  if (!list->is_sequence()) return hours.complain(list->at, "'timetables' must be a list");
  for (const yaml::Node& node : list->items) {
    const yaml::Map map(kPolicyFile, node, mistakes);
    map.only({"during", "from", "to", "week"});
    Hours::Week week;
    read_week(map, mistakes, week);
    if (map.has("during")) {
      const std::string word = map.text("during");
      if (word == "ramadan" && !map.has("from") && !map.has("to")) {
        add_ramadans(week, out);
      } else {
        map.complain(map.find("during")->at,
                     word == "ramadan"
                         ? "'during' needs no 'from' and 'to'"
                         : "'during' must be ramadan" +
                               did_you_mean(word, std::vector<std::string>{"ramadan"}));
      }
      continue;
    }
    const auto from = date_of(map.text("from"));
    const auto to = date_of(map.text("to"));
    if (from && to && *from <= *to) {
      out.timetables.push_back({*from, *to, week});
    } else if (map.has("from") && map.has("to")) {
      map.complain(map.find("from")->at, "'from' and 'to' must be dates like 2026-09-23, in order");
    }
  }
}

void load_calendar(const std::filesystem::path& folder, const yaml::Map& hours,
                   yaml::Mistakes& mistakes, Hours& out) {
  const std::string calendar = hours.text_or("calendar", "");
  if (calendar.empty()) return;
  std::error_code error;
  if (!std::filesystem::is_regular_file(folder / calendar, error)) {
    return hours.complain(hours.find("calendar")->at, "no such file '" + calendar + "'");
  }
  const auto bytes = std::filesystem::file_size(folder / calendar, error);
  if (error || bytes > kCalendarBytesMax) {
    return hours.complain(hours.find("calendar")->at, "'" + calendar + "' is too large");
  }
  std::ifstream file(folder / calendar, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  read_calendar(text, calendar, mistakes, out);
}

}  // namespace

void read_hours(const std::filesystem::path& folder, const yaml::Map& root,
                yaml::Mistakes& mistakes, Hours& out) {
  const yaml::Node* node = root.find("hours");
  if (node == nullptr) return;
  if (!node->is_map()) {
    if (node->scalar != "always") {
      root.complain(node->at, "'hours' must be `always` or a map with zone and week");
    }
    return;
  }
  out.always = false;
  const yaml::Map hours(kPolicyFile, *node, mistakes);
  hours.only({"zone", "week", "holidays", "timetables", "calendar"});
  read_zone(hours, out);
  read_week(hours, mistakes, out.week);
  read_holidays(hours, out);
  read_timetables(hours, mistakes, out);
  load_calendar(folder, hours, mistakes, out);
}

}  // namespace wasl::handoff
