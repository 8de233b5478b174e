#include "wasl/handoff/hours.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

using std::chrono::year;
using namespace std::chrono_literals;

Time moment(const char* text) {
  const auto time = parse_iso8601(text);
  EXPECT_TRUE(time) << text;
  return time.value_or(Time{});
}

/// Sunday to Thursday 09–13 and 16–23, Saturday 20–02, closed on Friday; 23 September is a holiday.
Hours riyadh() {
  Hours hours;
  hours.always = false;
  hours.zone = "Asia/Riyadh";
  for (std::size_t day = 0; day <= 4; ++day) hours.week[day] = {{540, 780}, {960, 1380}};
  hours.week[6] = {{1200, 1560}};
  hours.holidays = {year{2026} / 9 / 23};
  return hours;
}

struct Case {
  const char* name;
  const char* at;
  bool open;
  const char* next;
};

const Case kRiyadh[] = {
    {"Sunday before", "2026-11-22T08:59+03:00", false, "2026-11-22T09:00+03:00"},
    {"Sunday opening", "2026-11-22T09:00+03:00", true, "2026-11-22T09:00+03:00"},
    {"last minute", "2026-11-22T12:59+03:00", true, "2026-11-22T12:59+03:00"},
    {"noon break", "2026-11-22T13:00+03:00", false, "2026-11-22T16:00+03:00"},
    {"second shift", "2026-11-22T22:59+03:00", true, "2026-11-22T22:59+03:00"},
    {"Thursday night: the weekend begins", "2026-11-26T23:00+03:00", false,
     "2026-11-28T20:00+03:00"},
    {"Friday", "2026-11-27T12:00+03:00", false, "2026-11-28T20:00+03:00"},
    {"Saturday evening", "2026-11-28T23:59+03:00", true, "2026-11-28T23:59+03:00"},
    {"past midnight", "2026-11-29T01:59+03:00", true, "2026-11-29T01:59+03:00"},
    {"the late shift ends", "2026-11-29T02:00+03:00", false, "2026-11-29T09:00+03:00"},
    {"holiday", "2026-09-23T10:00+03:00", false, "2026-09-24T09:00+03:00"},
    {"the eve of it", "2026-09-22T23:30+03:00", false, "2026-09-24T09:00+03:00"},
};

TEST(Hours, SplitDaysPastMidnightAndWeekends) {
  const Hours hours = riyadh();
  for (const Case& c : kRiyadh) {
    EXPECT_EQ(hours.open(moment(c.at)), c.open) << c.name;
    const auto next = hours.next_open(moment(c.at));
    ASSERT_TRUE(next) << c.name;
    EXPECT_EQ(iso8601(*next), iso8601(moment(c.next))) << c.name;
  }
}

/// Berlin: the clock skips 02–03 on 29 March 2026 and shows 02–03 twice on 25 October 2026.
Hours berlin(int from, int to) {
  Hours hours;
  hours.always = false;
  hours.zone = "Europe/Berlin";
  for (auto& day : hours.week) day = {{from, to}};
  return hours;
}

TEST(Hours, FollowTheWallClockThroughDaylightSaving) {
  const Hours day = berlin(540, 1020);
  EXPECT_EQ(iso8601(*day.next_open(moment("2026-03-27T20:00Z"))), "2026-03-28T08:00:00.000Z");
  EXPECT_EQ(iso8601(*day.next_open(moment("2026-03-28T20:00Z"))), "2026-03-29T07:00:00.000Z");
  EXPECT_EQ(iso8601(*day.next_open(moment("2026-10-24T20:00Z"))), "2026-10-25T08:00:00.000Z");

  const Hours skipped = berlin(150, 240);  // 02:30–04:00
  EXPECT_FALSE(skipped.open(moment("2026-03-29T00:59Z")));
  EXPECT_TRUE(skipped.open(moment("2026-03-29T01:00Z"))) << "02:30 is not shown: 03:00 is next";
  EXPECT_EQ(iso8601(*skipped.next_open(moment("2026-03-28T12:00Z"))), "2026-03-29T01:00:00.000Z");

  const Hours twice = berlin(150, 180);  // 02:30–03:00
  EXPECT_EQ(iso8601(*twice.next_open(moment("2026-10-24T12:00Z"))), "2026-10-25T00:30:00.000Z");
  EXPECT_FALSE(twice.open(moment("2026-10-25T01:00Z"))) << "02:00 again";
  EXPECT_EQ(iso8601(*twice.next_open(moment("2026-10-25T01:00Z"))), "2026-10-25T01:30:00.000Z");
}

struct Clock {
  const char* name;
  const char* zone;
  Hours::Span span;
  const char* at;
  bool open;
  const char* next;
};

// Beirut: the clock skips 00–01 on Friday 24 April 2026 and shows 23–24 twice on Thursday 29
// October. New York: it skips 02–03 on 8 March 2026 and shows 01–02 twice on 1 November.
const Clock kClocks[] = {
    {"Beirut, before the skip",
     "Asia/Beirut",
     {0, 480},
     "2026-03-28T21:59Z",
     false,
     "2026-03-28T22:00Z"},
    {"Beirut, midnight is skipped",
     "Asia/Beirut",
     {0, 480},
     "2026-03-28T22:00Z",
     true,
     "2026-03-28T22:00Z"},
    {"Beirut, a shorter night",
     "Asia/Beirut",
     {0, 480},
     "2026-03-29T05:00Z",
     false,
     "2026-03-29T21:00Z"},
    {"Beirut, 23:30 once",
     "Asia/Beirut",
     {1380, 1440},
     "2026-10-24T20:30Z",
     true,
     "2026-10-24T20:30Z"},
    {"Beirut, 23:30 again",
     "Asia/Beirut",
     {1380, 1440},
     "2026-10-24T21:30Z",
     true,
     "2026-10-24T21:30Z"},
    {"Beirut, over", "Asia/Beirut", {1380, 1440}, "2026-10-24T22:00Z", false, "2026-10-25T21:00Z"},
    {"New York, the skipped hour",
     "America/New_York",
     {120, 180},
     "2026-03-08T06:59Z",
     false,
     "2026-03-09T06:00Z"},
    {"New York, past midnight over the skip",
     "America/New_York",
     {1320, 1620},
     "2026-03-08T06:30Z",
     true,
     "2026-03-08T06:30Z"},
    {"New York, its end",
     "America/New_York",
     {1320, 1620},
     "2026-03-08T07:00Z",
     false,
     "2026-03-09T02:00Z"},
    {"New York, 01:30 twice",
     "America/New_York",
     {90, 120},
     "2026-11-01T06:00Z",
     false,
     "2026-11-01T06:30Z"},
};

TEST(Hours, HoldOnTheDaysTheClockChanges) {
  for (const Clock& c : kClocks) {
    Hours hours;
    hours.always = false;
    hours.zone = c.zone;
    for (auto& spans : hours.week) spans = {c.span};
    EXPECT_EQ(hours.open(moment(c.at)), c.open) << c.name;
    EXPECT_EQ(iso8601(hours.next_open(moment(c.at)).value_or(Time{})), iso8601(moment(c.next)))
        << c.name;
  }
}

TEST(Hours, AnotherWeekForSomeOfTheYear) {
  using std::chrono::sys_days;
  Hours hours = riyadh();
  Hours::Week evenings;
  for (auto& spans : evenings) spans = {{1260, 1560}};  // 21–02
  hours.timetables = {{sys_days{year{2026} / 2 / 18}, sys_days{year{2026} / 3 / 19}, evenings}};
  EXPECT_TRUE(hours.open(moment("2026-02-17T10:00+03:00"))) << "the day before";
  EXPECT_FALSE(hours.open(moment("2026-02-18T10:00+03:00")));
  EXPECT_EQ(iso8601(*hours.next_open(moment("2026-02-18T10:00+03:00"))),
            iso8601(moment("2026-02-18T21:00+03:00")));
  EXPECT_TRUE(hours.open(moment("2026-03-20T01:59+03:00"))) << "the last evening's late end";
  EXPECT_FALSE(hours.open(moment("2026-03-20T02:00+03:00")));
}

TEST(Hours, NextOpenIsTheFirstOpenMinute) {  // the slow, obvious twin
  for (const Hours& hours : {riyadh(), berlin(150, 240), berlin(1380, 1500)}) {
    for (const char* start : {"2026-03-27T12:00Z", "2026-10-23T21:00Z", "2026-09-22T00:00Z"}) {
      for (int hour = 0; hour < 72; hour += 5) {
        const Time now = moment(start) + Millis{hour * 3'600'000LL};
        Time minute = now;
        while (!hours.open(minute)) minute += 1min;
        EXPECT_EQ(iso8601(*hours.next_open(now)), iso8601(minute)) << hours.zone << iso8601(now);
      }
    }
  }
}

TEST(Hours, AlwaysIsAlwaysAndNeverIsNever) {
  EXPECT_TRUE(Hours{}.open(moment("2026-11-22T03:00Z")));
  EXPECT_EQ(Hours{}.next_open(moment("2026-11-22T03:00Z")), moment("2026-11-22T03:00Z"));
  Hours never;
  never.always = false;
  EXPECT_FALSE(never.open(moment("2026-11-22T03:00Z")));
  EXPECT_FALSE(never.next_open(moment("2026-11-22T03:00Z")));
}

TEST(Hours, AFailedLookUpNeverReadsAsClosed) {
  Hours lost;
  lost.always = false;
  lost.zone = "Asia/Nowhere";
  EXPECT_TRUE(lost.open(moment("2026-11-22T03:00Z")));
}

}  // namespace
}  // namespace wasl::handoff
