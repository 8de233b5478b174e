#include "wasl/handoff/queue.hpp"

#include "tests/handoff/make.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace wasl::handoff {
namespace {

TEST(Rank, OlderGoesFirstAndPriorityIsWorthFiveMinutes) {
  const Rank old = make_rank(0, kNoon, "old");
  const Rank young = make_rank(0, kNoon + kSecond, "young");
  EXPECT_LT(old, young);
  EXPECT_LT(make_rank(1, kNoon + 299 * kSecond, "vip"), old);
  EXPECT_LT(old, make_rank(1, kNoon + 301 * kSecond, "late vip")) << "nobody starves";
}

TEST(RankIndex, CountsLikeASortedList) {  // the slow, obvious twin
  std::mt19937 random(7);
  RankIndex index;
  std::set<Rank> twin;
  for (int step = 0; step < 20'000; ++step) {
    const auto number = static_cast<std::int64_t>(random() % 6000);
    const Rank rank{number * 7919 % 500, std::to_string(number)};  // many ties
    if (random() % 3 != 0) {
      if (twin.insert(rank).second) index.insert(rank);
    } else {
      twin.erase(rank);
      index.erase(rank);
    }
    if (step % 97 != 0) continue;
    ASSERT_EQ(index.size(), twin.size());
    const auto before = std::distance(twin.begin(), twin.lower_bound(rank));
    ASSERT_EQ(index.before(rank), static_cast<std::size_t>(before));
    const auto known = index.before(rank.conversation);
    ASSERT_EQ(known.has_value(), twin.contains(rank));
    ASSERT_EQ(known.value_or(static_cast<std::size_t>(before)), static_cast<std::size_t>(before));
  }
  std::vector<std::string> order;
  for (const Rank& rank : twin) order.push_back(rank.conversation);
  EXPECT_EQ(index.conversations(), order);
}

Samples samples(std::initializer_list<double> seconds) {
  Samples all;
  for (const double one : seconds) all.add(one);
  return all;
}

struct Case {
  const char* name;
  std::size_t position;
  int slots;
  Samples handling;
  Samples waits;
  std::optional<int> min;
  std::optional<int> max;
};

TEST(EstimateWait, IsARangeAndNeverAGuess) {
  const Case cases[] = {
      {"nothing known", 3, 2, {}, {}, {}, {}},
      {"nobody there", 3, 0, samples({300, 300, 300}), {}, {}, {}},
      {"few samples: more than", 4, 2, samples({300}), {}, 7, {}},
      {"a range", 4, 2, samples({240, 300, 900}), samples({60, 60, 60}), 7, 15},
      {"never below what others waited", 1, 100, samples({60, 60, 60}), samples({600}), 7, 15},
      {"at least a minute", 1, 10, samples({1, 1, 1}), {}, 1, 2},
  };
  for (const Case& c : cases) {
    const Estimate estimate = estimate_wait(c.position, c.slots, c.handling, c.waits);
    EXPECT_EQ(estimate.minutes_min, c.min) << c.name;
    EXPECT_EQ(estimate.minutes_max, c.max) << c.name;
  }
}

}  // namespace
}  // namespace wasl::handoff
