#include "store/recent.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wasl::store {
namespace {

TEST(Recent, RemembersWhatWasUsedLast) {
  Recent<int> recent(10);
  for (int i = 0; i < 100; ++i) {
    recent.put(std::to_string(i), i);
    ASSERT_NE(recent.find("0"), nullptr) << "asked for again and again, at " << i;
  }
  EXPECT_EQ(*recent.find("0"), 0);
  EXPECT_EQ(*recent.find("99"), 99);
  EXPECT_EQ(recent.find("50"), nullptr);
  int remembered = 0;
  for (int i = 0; i < 100; ++i) remembered += recent.find(std::to_string(i)) != nullptr ? 1 : 0;
  EXPECT_LE(remembered, 20);
  EXPECT_GE(remembered, 10);
}

TEST(Recent, HoldsOneValueForAKey) {
  Recent<int> recent(2);
  for (int i = 0; i < 9; ++i) {
    recent.put("same", i);
    EXPECT_EQ(*recent.find("same"), i);
    recent.put(std::to_string(i), i);
    recent.put(std::to_string(-i), i);
  }
  recent.clear();
  EXPECT_EQ(recent.find("same"), nullptr);
  EXPECT_EQ(recent.find("8"), nullptr);
}

}  // namespace
}  // namespace wasl::store
