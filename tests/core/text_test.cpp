#include "wasl/core/text.hpp"

#include "wasl/core/event.hpp"
#include "wasl/core/time.hpp"

#include <gtest/gtest.h>

namespace wasl {
namespace {

TEST(Text, CountsCodePointsNotBytes) {
  EXPECT_EQ(code_points("abc"), 3U);
  EXPECT_EQ(code_points("وين طلبي"), 8U);
  EXPECT_EQ(code_points("😀!"), 2U);
  EXPECT_EQ(code_points("\xff\xfe"), 2U);
  EXPECT_EQ(first_code_points("طلبي", 2), "طل");
}

TEST(Text, KnowsWellFormedUtf8) {
  for (const char* good : {"", "a", "طلب", "😀", "\xf4\x8f\xbf\xbf"}) EXPECT_TRUE(valid_utf8(good));
  for (const char* bad :
       {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\x80", "\xd8"}) {
    EXPECT_FALSE(valid_utf8(bad)) << to_hex(bad);
  }
}

TEST(Text, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> names{"track_order", "get_refund", "greet"};
  EXPECT_EQ(did_you_mean("trak_order", names), " (did you mean \"track_order\"?)");
  EXPECT_EQ(did_you_mean("weather", names), "");
  const std::vector<std::string> many(1000, "x");
  std::vector<std::string> more = many;
  more.emplace_back("track_order");
  EXPECT_EQ(did_you_mean("trak_order", more), "") << "only the first thousand are looked at";
}

TEST(Time, ReadsWhatItWrites) {
  const Time at = *parse_iso8601("2026-11-22T10:00+03:00");
  EXPECT_EQ(iso8601(at), "2026-11-22T07:00:00.000Z");
  EXPECT_EQ(parse_iso8601(iso8601(at)), at);
  EXPECT_EQ(iso8601(*parse_iso8601("2026-12-01")), "2026-12-01T00:00:00.000Z");
  for (const char* bad :
       {"", "2026", "2026-13-01", "2026-02-30", "2026-11-22T10:00", "2026-11-22T10:00Zx"}) {
    EXPECT_FALSE(parse_iso8601(bad)) << bad;
  }
}

TEST(Time, ReadsDurations) {
  EXPECT_EQ(parse_duration("30s"), Millis{30'000});
  EXPECT_EQ(parse_duration("72h"), std::chrono::hours{72});
  for (const char* bad : {"", "s", "30", "-1s", "30 s", "1w"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Names, GoBothWays) {
  for (const auto state :
       {State::bot, State::offering, State::promised, State::queued, State::offered, State::human,
        State::snoozed, State::wrap_up, State::resolved, State::closed}) {
    EXPECT_EQ(state_of(name(state)), state);
    EXPECT_FALSE(visible_name(state).empty());
  }
  EXPECT_FALSE(state_of("lost"));
}

}  // namespace
}  // namespace wasl
