#include "store/work_queue.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace wasl::store {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(WorkQueue, LingersUntilEnoughIsThere) {
  WorkQueue<int> queue(100);
  std::thread pushing([&] {
    for (int i = 0; i < 10; ++i) queue.push(i);
  });
  queue.linger(10, seconds(20), seconds(20));  // a step this long would not end the test in time
  pushing.join();
  std::vector<int> taken;
  EXPECT_TRUE(queue.take(taken, std::nullopt));
  EXPECT_EQ(taken.size(), 10U);
}

TEST(WorkQueue, LingersNoLongerThanMoreComes) {
  WorkQueue<int> queue(100);
  queue.push(1);
  const auto start = std::chrono::steady_clock::now();
  queue.linger(10, milliseconds(1), seconds(60));
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(30));
  std::vector<int> taken;
  EXPECT_TRUE(queue.take(taken, std::nullopt));
  EXPECT_EQ(taken, std::vector<int>{1});
}

TEST(WorkQueue, LingersNotOnceItIsClosed) {
  WorkQueue<int> queue(100);
  std::thread closing([&] { queue.close(); });
  queue.linger(10, seconds(60), seconds(60));
  closing.join();
  std::vector<int> taken;
  EXPECT_FALSE(queue.take(taken, std::nullopt));
}

TEST(WorkQueue, WakesItsTakerAfterLingering) {
  WorkQueue<int> queue(100);
  queue.linger(10, milliseconds(1), milliseconds(2));
  std::thread pushing([&] { queue.push(7); });
  std::vector<int> taken;
  EXPECT_TRUE(queue.take(taken, std::nullopt));
  pushing.join();
  EXPECT_EQ(taken, std::vector<int>{7});
}

}  // namespace
}  // namespace wasl::store
