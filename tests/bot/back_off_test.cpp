#include "bot/back_off.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace wasl::bot {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(BackOff, DoublesUpToItsBoundWithJitter) {
  const BackOff pace{Millis{200}, Millis{1'000}};
  const std::pair<int, Millis> cases[] = {
      {0, Millis{200}},   {1, Millis{200}},    {2, Millis{400}},  {3, Millis{800}},
      {4, Millis{1'000}}, {40, Millis{1'000}}, {-5, Millis{200}}, {1 << 30, Millis{1'000}}};
  for (const auto& [failures, base] : cases) {
    SCOPED_TRACE(failures);
    EXPECT_EQ(back_off(pace, failures, 0), base);
    Millis least = base;
    Millis most = base;
    for (std::uint64_t random = 0; random < 2'000; ++random) {
      const Millis wait = back_off(pace, failures, random);
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    EXPECT_EQ(least, base);
    EXPECT_EQ(most, base + base / 2);
    EXPECT_LE(back_off(pace, failures, kMost), base + base / 2);
  }
}

struct HeaderCase {
  const char* value;
  std::optional<Millis> want;
};

TEST(BackOff, ReadsRetryAfter) {
  const Time now = *parse_iso8601("2026-11-22T10:00:00Z");
  const HeaderCase cases[] = {
      {"0", Millis{0}},
      {"2", Millis{2'000}},
      {"120", Millis{120'000}},
      {"99999999999999999999", Millis{999'999'999'000}},
      {"Sun, 22 Nov 2026 10:00:07 GMT", Millis{7'000}},
      {"Sun, 22 Nov 2026 09:00:00 GMT", Millis{0}},
      {"Sun, 22 Nov 2026 10:00:07 GMT, or so", std::nullopt},
      {"-3", std::nullopt},
      {"1.5", std::nullopt},
      {"soon", std::nullopt},
      {"", std::nullopt},
  };
  for (const HeaderCase& c : cases) {
    channels::OutgoingResponse response;
    response.headers = {{"content-type", "text/plain"}, {"retry-after", c.value}};
    EXPECT_EQ(retry_after(response, now), c.want) << c.value;
  }
  EXPECT_EQ(retry_after({}, now), std::nullopt);
}

struct WaitCase {
  const char* name;
  int attempts;
  Millis elapsed;
  std::optional<Millis> asked;
  std::optional<Millis> want;
};

TEST(BackOff, NextWaitKeepsWithinBounds) {
  const RetryPlan plan{2, Millis{10'000}};
  const WaitCase cases[] = {
      {"after the first", 1, Millis{50}, {}, Millis{200}},
      {"after the second", 2, Millis{300}, {}, Millis{400}},
      {"no third retry", 3, Millis{900}, {}, {}},
      {"asked to wait longer", 1, Millis{50}, Millis{3'000}, Millis{3'000}},
      {"asked to wait less", 1, Millis{50}, Millis{0}, Millis{200}},
      {"asked to wait too long", 1, Millis{50}, Millis{60'000}, {}},
      {"hardly any time left", 1, Millis{9'701}, {}, {}},
      {"just enough", 1, Millis{9'700}, {}, Millis{200}},
      {"no time left", 1, Millis{12'000}, {}, {}},
  };
  for (const WaitCase& c : cases) {
    EXPECT_EQ(next_wait(plan, c.attempts, c.elapsed, c.asked, 0), c.want) << c.name;
  }
  EXPECT_EQ(next_wait({0, Millis{10'000}}, 1, Millis{0}, {}, 0), std::nullopt) << "no retries";
}

}  // namespace
}  // namespace wasl::bot
