#include "store/delta.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace wasl::store {
namespace {

constexpr std::size_t kNoLimit = 1'000'000;

std::string random_text(std::mt19937& random, std::size_t size, unsigned letters) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + random() % letters);
  return text;
}

TEST(Delta, GivesTheTextAgain) {
  const std::string_view cases[][2] = {
      {"", ""},
      {"", "something new"},
      {"something old", ""},
      {"the same, long enough to copy", "the same, long enough to copy"},
      {"short", "shorter"},
      {"one two three four five six seven", "one two THREE four five six seven eight"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
      {"first half of it, second half of it", "second half of it, first half of it"},
  };
  std::string delta;
  for (const auto& [base, text] : cases) {
    ASSERT_TRUE(make_delta(base, text, kNoLimit, delta)) << text;
    EXPECT_EQ(apply_delta(base, delta), text);
  }
}

TEST(Delta, GivesAnyTextAgain) {
  std::mt19937 random(20261121);
  std::string delta;
  for (int round = 0; round < 3000; ++round) {
    const unsigned letters = 1 + static_cast<unsigned>(random() % 25U);
    const std::string base = random_text(random, random() % 3000U, letters);
    std::string text = base;
    for (auto edits = random() % 12U; edits > 0; --edits) {
      const std::size_t place = text.empty() ? 0 : random() % text.size();
      if (random() % 2U == 0) {
        text.insert(place, random_text(random, random() % 60U, letters));
      } else {
        text.erase(place, random() % 60U);
      }
    }
    if (round % 10 == 0) text = random_text(random, random() % 3000U, letters);
    ASSERT_TRUE(make_delta(base, text, kNoLimit, delta));
    ASSERT_EQ(apply_delta(base, delta), text) << "round " << round;
  }
}

TEST(Delta, GivesLongTextsAgain) {
  std::mt19937 random(3);
  const std::string base = random_text(random, 200'000, 25);
  std::string text = base;
  text[100] = '!';
  text[150'000] = '!';
  std::string delta;
  ASSERT_TRUE(make_delta(base, text, kNoLimit, delta));
  EXPECT_EQ(apply_delta(base, delta), text);
}

TEST(Delta, IsShortWhereLittleChanged) {
  std::mt19937 random(1);
  const std::string base = random_text(random, 1500, 25);
  std::string text = base;
  for (const std::size_t place : {1400U, 800U, 10U}) text.replace(place, 5, "1234567");
  std::string delta;
  ASSERT_TRUE(make_delta(base, text, 100, delta));
  EXPECT_LT(delta.size(), 60U);
}

TEST(Delta, IsRefusedWhereLittleIsShared) {
  std::mt19937 random(2);
  const std::string base = random_text(random, 1500, 25);
  std::string delta;
  EXPECT_FALSE(make_delta(base, random_text(random, 1500, 25), 500, delta));
  EXPECT_FALSE(make_delta("", "abc", 3, delta));
}

TEST(Delta, RefusesWhatDoesNotFitItsBase) {
  std::mt19937 random(4);
  const std::string base = random_text(random, 600, 25);
  std::string delta;
  ASSERT_TRUE(make_delta(base, base + "and more", kNoLimit, delta));
  EXPECT_FALSE(apply_delta(base.substr(0, 300), delta)) << "a base that is too short";
  EXPECT_FALSE(apply_delta(base, delta + "x")) << "more than was written";
  EXPECT_FALSE(apply_delta(base, delta.substr(0, delta.size() - 1))) << "less than was written";
  EXPECT_FALSE(apply_delta(base, ""));
  for (int round = 0; round < 2000; ++round) {
    std::string harmed = delta;
    harmed[random() % harmed.size()] = static_cast<char>(random() % 256U);
    const auto text = apply_delta(base, harmed);
    EXPECT_TRUE(!text || text->size() < 10'000U) << "whatever it is, it ends";
  }
}

}  // namespace
}  // namespace wasl::store
