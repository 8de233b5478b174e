#include "bot/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

using State = CircuitBreaker::State;

class CircuitBreakerTest : public ::testing::Test {
 protected:
  void fail(int times) {
    for (int i = 0; i < times; ++i) {
      const auto ticket = breaker.admit(now);
      ASSERT_TRUE(ticket) << i;
      breaker.answered(*ticket, false, now, 0);
    }
  }
  void pass(Millis time) { now += time; }

  Time now{Millis{1'700'000'000'000}};
  CircuitBreaker breaker;
};

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARow) {
  fail(CircuitBreaker::kFailuresMax - 1);
  EXPECT_EQ(breaker.state(), State::closed);
  breaker.answered(*breaker.admit(now), true, now, 0);  // and counts from the beginning again
  fail(CircuitBreaker::kFailuresMax - 1);
  EXPECT_EQ(breaker.state(), State::closed);
  fail(1);
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_FALSE(breaker.admit(now));
  pass(CircuitBreaker::kFirstPause - Millis{1});
  EXPECT_FALSE(breaker.admit(now));
}

TEST_F(CircuitBreakerTest, OneMayTryAfterThePause) {
  fail(CircuitBreaker::kFailuresMax);
  pass(CircuitBreaker::kFirstPause);
  const auto probe = breaker.admit(now);
  ASSERT_TRUE(probe);
  EXPECT_EQ(breaker.state(), State::half_open);
  EXPECT_FALSE(breaker.admit(now)) << "one at a time";
  breaker.answered(*probe, true, now, 0);
  EXPECT_EQ(breaker.state(), State::closed);
  EXPECT_TRUE(breaker.admit(now));
}

TEST_F(CircuitBreakerTest, ThePauseGrowsToItsBoundAndStartsAgainAfterAnAnswer) {
  const int seconds[] = {5, 10, 20, 40, 60, 60};
  fail(CircuitBreaker::kFailuresMax);
  for (const int pause : seconds) {
    EXPECT_EQ(breaker.open_until() - now, std::chrono::seconds{pause});
    pass(std::chrono::seconds{pause});
    fail(1);
  }
  pass(CircuitBreaker::kPauseMax);
  breaker.answered(*breaker.admit(now), true, now, 0);
  fail(CircuitBreaker::kFailuresMax);
  EXPECT_EQ(breaker.open_until() - now, CircuitBreaker::kFirstPause);
}

TEST_F(CircuitBreakerTest, AnswersFromBeforeCountNoMore) {
  const auto early = breaker.admit(now);
  const auto late = breaker.admit(now);
  fail(CircuitBreaker::kFailuresMax);
  const Time until = breaker.open_until();
  breaker.answered(*early, false, now, 0);
  EXPECT_EQ(breaker.open_until(), until);
  breaker.answered(*early, true, now, 0);
  EXPECT_EQ(breaker.state(), State::open);
  pass(CircuitBreaker::kFirstPause);
  const auto probe = breaker.admit(now);
  breaker.answered(*late, true, now, 0);
  EXPECT_EQ(breaker.state(), State::half_open) << "only the probe decides";
  breaker.answered(*probe, false, now, 0);
  EXPECT_EQ(breaker.state(), State::open);
}

TEST_F(CircuitBreakerTest, AProbeThatTellsNothingLetsTheNextOneTry) {
  fail(CircuitBreaker::kFailuresMax);
  pass(CircuitBreaker::kFirstPause);
  breaker.untold(*breaker.admit(now), now);
  const auto probe = breaker.admit(now);
  ASSERT_TRUE(probe);
  breaker.answered(*probe, true, now, 0);
  EXPECT_EQ(breaker.state(), State::closed);
}

TEST_F(CircuitBreakerTest, UntoldChangesNothingWhileClosed) {
  fail(CircuitBreaker::kFailuresMax - 1);
  breaker.untold(*breaker.admit(now), now);
  EXPECT_EQ(breaker.state(), State::closed);
  fail(1);
  EXPECT_EQ(breaker.state(), State::open);
}

}  // namespace
}  // namespace wasl::bot
