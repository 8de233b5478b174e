#include "handoff/calendar.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

std::string calendar(const std::string& events) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + events + "END:VCALENDAR\r\n";
}

std::string event(const std::string& lines) {
  return "BEGIN:VEVENT\r\nUID:1@test\r\nDTSTAMP:20260101T000000Z\r\n" + lines + "END:VEVENT\r\n";
}

Hours shop() {
  Hours hours;
  hours.always = false;
  hours.zone = "Asia/Riyadh";
  for (auto& spans : hours.week) spans = {{540, 1020}};  // 09–17
  return hours;
}

std::vector<std::string> read(const std::string& text, Hours& hours) {
  yaml::Mistakes mistakes;
  read_calendar(text, "holidays.ics", mistakes, hours);
  std::vector<std::string> told;
  for (const yaml::Mistake& mistake : mistakes.sorted()) told.push_back(yaml::to_string(mistake));
  return told;
}

struct Moment {
  const char* name;
  const char* at;
  bool open;
  const char* next;
};

void expect(const Hours& hours, std::initializer_list<Moment> moments) {
  for (const Moment& c : moments) {
    const Time at = *parse_iso8601(c.at);
    EXPECT_EQ(hours.open(at), c.open) << c.name;
    const auto next = hours.next_open(at);
    ASSERT_TRUE(next) << c.name;
    EXPECT_EQ(iso8601(*next), iso8601(*parse_iso8601(c.next))) << c.name;
  }
}

TEST(Calendar, WholeDaysAreHolidays) {
  Hours hours = shop();
  EXPECT_EQ(read(calendar(event("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\n"
                                "SUMMARY:three days\r\nTRANSP:TRANSPARENT\r\n") +
                          event("DTSTART;VALUE=DATE:20261231\r\n")),
                 hours),
            std::vector<std::string>{});
  EXPECT_EQ(hours.holidays.size(), 4U);
  expect(hours,
         {{"before", "2026-12-23T12:00+03:00", true, "2026-12-23T12:00+03:00"},
          {"the first", "2026-12-24T12:00+03:00", false, "2026-12-27T09:00+03:00"},
          {"the last", "2026-12-26T12:00+03:00", false, "2026-12-27T09:00+03:00"},
          {"after", "2026-12-27T12:00+03:00", true, "2026-12-27T12:00+03:00"},
          {"a day without an end", "2026-12-31T09:00+03:00", false, "2027-01-01T09:00+03:00"}});
}

TEST(Calendar, TimedEventsCloseForAsLongAsTheyLast) {
  Hours hours = shop();
  EXPECT_EQ(read(calendar(event("DTSTART:20261201T100000\r\nDTEND:20261201T113000\r\n") +
                          event("DTSTART:20261202T060000Z\r\nDURATION:PT2H\r\n") +
                          event("DTSTART;TZID=Europe/Berlin:20261203T140000\r\n"
                                "DTEND;TZID=Europe/Berlin:20261204T080000\r\n")),
                 hours),
            std::vector<std::string>{});
  expect(
      hours,
      {{"a meeting", "2026-12-01T10:00+03:00", false, "2026-12-01T11:30+03:00"},
       {"just before", "2026-12-01T09:59+03:00", true, "2026-12-01T09:59+03:00"},
       {"just after", "2026-12-01T11:30+03:00", true, "2026-12-01T11:30+03:00"},
       {"at opening, told in UTC", "2026-12-02T08:00+03:00", false, "2026-12-02T11:00+03:00"},
       {"at closing, told elsewhere", "2026-12-03T16:30+03:00", false, "2026-12-04T10:00+03:00"}});
}

TEST(Calendar, RepeatsYearly) {
  Hours hours = shop();
  EXPECT_EQ(read(calendar(event("DTSTART;VALUE=DATE:20200923\r\nRRULE:FREQ=YEARLY\r\n"
                                "EXDATE;VALUE=DATE:20280923\r\n") +
                          event("DTSTART;VALUE=DATE:20200222\r\nRRULE:FREQ=YEARLY;COUNT=2\r\n")),
                 hours),
            std::vector<std::string>{});
  EXPECT_TRUE(hours.holidays.contains(year{2026} / 9 / 23));
  EXPECT_TRUE(hours.holidays.contains(year{2099} / 9 / 23)) << "as far as it is written out";
  EXPECT_FALSE(hours.holidays.contains(year{2028} / 9 / 23)) << "but not when excepted";
  EXPECT_TRUE(hours.holidays.contains(year{2021} / 2 / 22));
  EXPECT_FALSE(hours.holidays.contains(year{2022} / 2 / 22)) << "only twice";
}

TEST(Calendar, FollowsTheWallClockOfItsZone) {
  Hours hours = shop();
  hours.zone = "Europe/Berlin";
  for (auto& spans : hours.week) spans = {{0, 1440}};
  EXPECT_EQ(read(calendar(event("DTSTART;TZID=Europe/Berlin:20260328T120000\r\n"
                                "DTEND;TZID=Europe/Berlin:20260328T130000\r\n"
                                "RRULE:FREQ=DAILY;COUNT=2\r\n")),
                 hours),
            std::vector<std::string>{});
  expect(hours,
         {{"the day before the clock changes", "2026-03-28T11:30Z", false, "2026-03-28T12:00Z"},
          {"and the day it does", "2026-03-29T10:30Z", false, "2026-03-29T11:00Z"},
          {"an hour earlier than the day before", "2026-03-29T11:30Z", true, "2026-03-29T11:30Z"}});
}

TEST(Calendar, LeavesOutWhatWasCancelledOrMoved) {
  Hours hours = shop();
  EXPECT_EQ(read(calendar(event("DTSTART;VALUE=DATE:20261201\r\nSTATUS:CANCELLED\r\n") +
                          "BEGIN:VEVENT\r\nUID:2@test\r\nDTSTART;VALUE=DATE:20260505\r\n"
                          "RRULE:FREQ=YEARLY;COUNT=3\r\nEND:VEVENT\r\n"
                          "BEGIN:VEVENT\r\nUID:2@test\r\nRECURRENCE-ID;VALUE=DATE:20270505\r\n"
                          "DTSTART;VALUE=DATE:20270507\r\nEND:VEVENT\r\n"),
                 hours),
            std::vector<std::string>{});
  EXPECT_EQ(hours.holidays, (std::set<std::chrono::year_month_day>{
                                year{2026} / 5 / 5, year{2027} / 5 / 7, year{2028} / 5 / 5}));
}

struct Damage {
  const char* name;
  std::string text;
  const char* want;
};

TEST(Calendar, ADamagedOneSaysWhereAndClosesNothing) {
  const std::string good = event("DTSTART;VALUE=DATE:20261224\r\n");
  const Damage cases[] = {
      {"empty", "", "holidays.ics:1:1: a calendar must begin with BEGIN:VCALENDAR"},
      {"something else", "<html>no: calendar</html>\n",
       "holidays.ics:1:1: a calendar must begin with BEGIN:VCALENDAR"},
      {"cut off", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\n",
       "holidays.ics:2:1: the calendar ends before 'VEVENT' does"},
      {"cut off in a line", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTA",
       "holidays.ics:3:1: the calendar is damaged here: a line has a name, a colon and a value"},
      {"crossed", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\nEND:VEVENT\r\n",
       "holidays.ics:3:1: the calendar is damaged here: nothing of this name is open"},
      {"no begin", calendar(good + event("SUMMARY:when?\r\n")),
       "holidays.ics:9:1: the event that begins here has no DTSTART"},
      {"no date", calendar(good + event("DTSTART;VALUE=DATE:2026\r\n")),
       "holidays.ics:9:1: the event that begins here has a damaged DTSTART"},
      {"no such date", calendar(event("DTSTART;VALUE=DATE:20260231\r\n")),
       "holidays.ics:4:1: the event that begins here has a date that does not exist"},
      {"ends before it begins",
       calendar(event("DTSTART:20261224T100000Z\r\nDTEND:20261224T090000Z\r\n")),
       "holidays.ics:4:1: the event that begins here must end after it begins, within a year"},
      {"an unknown zone", calendar(event("DTSTART;TZID=Mars/Base:20261224T100000\r\n")),
       "holidays.ics:4:1: the event that begins here has an unknown time zone 'Mars/Base'"},
      {"a damaged rule", calendar(event("DTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=OFTEN\r\n")),
       "holidays.ics:4:1: the event that begins here has a damaged RRULE"},
      {"without end", calendar(event("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY\r\n")),
       "holidays.ics:4:1: the event that begins here repeats too often: more than 5000 times until "
       "2099"},
      {"every second",
       calendar(event("DTSTART:20260101T000000Z\r\nDURATION:PT1S\r\n"
                      "RRULE:FREQ=SECONDLY\r\n")),
       "holidays.ics:4:1: the event that begins here repeats too often: more than 5000 times until "
       "2099"},
  };
  for (const Damage& c : cases) {
    Hours hours = shop();
    const auto told = read(c.text, hours);
    ASSERT_EQ(told.size(), 1U) << c.name << (told.empty() ? "" : "\n" + told.back());
    EXPECT_EQ(told[0], c.want) << c.name;
    EXPECT_TRUE(hours.holidays.empty()) << c.name;
    EXPECT_TRUE(hours.closures.empty()) << c.name;
  }
}

TEST(Calendar, AnyCutIsEitherReadOrRefused) {
  const std::string whole =
      calendar(event("DTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=YEARLY;COUNT=3\r\n"));
  for (std::size_t length = 0; length < whole.size() - 2; ++length) {
    Hours hours = shop();
    const bool told = !read(whole.substr(0, length), hours).empty();
    EXPECT_TRUE(told) << length;
    EXPECT_TRUE(hours.holidays.empty()) << length;
  }
}

}  // namespace
}  // namespace wasl::handoff
