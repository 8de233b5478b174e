#include "intents/word_sums.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace wasl::intents {
namespace {

/// Rows of a line's sums, and the sums.
struct Rows {
  Rows(std::size_t linear, std::size_t fast)
      : linear_row(WordSums::padded(linear), 0.0F), fast_row(WordSums::padded(fast), 0.0F) {
    sums.linear = linear_row.data();
    sums.fast = fast_row.data();
  }
  std::vector<float> linear_row;
  std::vector<float> fast_row;
  LineSums sums;
};

TEST(WordSums, GivesBackWhatItWasGiven) {
  constexpr std::size_t kLinear = 47;
  constexpr std::size_t kFast = 32;
  constexpr std::size_t kCount = 3'000;
  std::mt19937 random(7);
  std::uniform_real_distribution<float> any(-2.0F, 2.0F);
  WordSums table(kLinear, kFast, kCount);
  std::vector<Rows> given;
  for (std::size_t i = 0; i < kCount; ++i) {
    Rows& rows = given.emplace_back(kLinear, kFast);
    for (std::size_t k = 0; k < kLinear; ++k) rows.linear_row[k] = any(random);
    for (std::size_t k = 0; k < kFast; ++k) rows.fast_row[k] = 30.0F * any(random);
    rows.sums.squares = any(random) + 2.0F;
    rows.sums.grams = static_cast<std::uint32_t>(i % 90);
    rows.sums.known = static_cast<std::uint32_t>(i % 70);
    rows.sums.rows = static_cast<std::uint32_t>(i);
    EXPECT_FALSE(table.full());
    table.add(WordSums::word_key("word" + std::to_string(i)), rows.sums);
  }
  EXPECT_TRUE(table.full());
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::size_t place = table.find(WordSums::word_key("word" + std::to_string(i)));
    ASSERT_NE(place, WordSums::kNone) << i;
    Rows found(kLinear, kFast);
    table.add_to(place, found.sums);
    table.add_to(place, found.sums);  // adds, and does not set
    for (std::size_t k = 0; k < kLinear; ++k) {
      ASSERT_NEAR(found.linear_row[k], 2.0F * given[i].linear_row[k], 2e-4F);
    }
    for (std::size_t k = 0; k < kFast; ++k) {
      ASSERT_NEAR(found.fast_row[k], 2.0F * given[i].fast_row[k], 6e-3F);
    }
    EXPECT_FLOAT_EQ(found.sums.squares, 2.0F * given[i].sums.squares);
    EXPECT_EQ(found.sums.grams, 2 * given[i].sums.grams);
    EXPECT_EQ(found.sums.known, 2 * given[i].sums.known);
    EXPECT_EQ(found.sums.rows, 2 * given[i].sums.rows);
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(table.find(WordSums::word_key("other" + std::to_string(i))), WordSums::kNone);
  }
}

TEST(WordSums, TheFirstOfOneKeyStays) {
  WordSums table(1, 1, 4);
  Rows first(1, 1);
  Rows second(1, 1);
  first.linear_row[0] = 1.0F;
  second.linear_row[0] = 2.0F;
  table.add(7, first.sums);
  table.add(7, second.sums);
  EXPECT_EQ(table.size(), 1U);
  Rows found(1, 1);
  table.add_to(table.find(7), found.sums);
  EXPECT_FLOAT_EQ(found.linear_row[0], 1.0F);
}

TEST(WordSums, HasABound) {
  EXPECT_TRUE(WordSums().full());
  EXPECT_EQ(WordSums().find(1), WordSums::kNone);
  EXPECT_TRUE(WordSums(3, 3, 0).full());
  EXPECT_EQ(WordSums(3, 3, 0).find(1), WordSums::kNone);
  // Of 1,000 labels a place takes 2 KB and more: as many as fit.
  WordSums wide(1'000, 100, 1'000'000);
  Rows rows(1'000, 100);
  WordSums::Key key = 0;
  while (!wide.full()) wide.add(WordSums::word_key(std::to_string(++key)), rows.sums);
  EXPECT_GT(wide.size(), 3'000U);
  EXPECT_LE(wide.size() * 2'200, WordSums::kBytesMax);
  EXPECT_EQ(wide.find(WordSums::word_key("none")), WordSums::kNone);
}

}  // namespace
}  // namespace wasl::intents
