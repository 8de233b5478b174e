#include "intents/parts.hpp"

#include "tests/intents/folder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// The plain path is the twin: what is remembered of words and pairs changes no score.

namespace wasl::intents {
namespace {

const std::vector<std::string> kLabels{"track", "refund", "hours", "never"};

const std::vector<Lesson> kLessons = {
    {"where is my order", 0},    {"where is my parcel", 0},    {"order status please", 0},
    {"track my parcel", 0},      {"وين طلبي ~wn ~tlb", 0},     {"i want my money back", 1},
    {"i want my order back", 1}, {"refund please", 1},         {"استرجاع المبلغ ~strj3", 1},
    {"give me a refund", 1},     {"when do you open 0", 2},    {"when do you close 0", 2},
    {"opening hours please", 2}, {"متى تفتحون ~mt ~tfthn", 2}, {"متى تفتحون المحل ~mt", 2}};

const std::string kAsked[] = {"where is my order",
                              "where is my order where is my order",
                              "wheer is my ordre back",
                              "order my is where",
                              "طلبي تاخر ~tlb ~t5r",
                              "متى تفتحون ~mt ~tfthn",
                              "when do you open 0",
                              "0",
                              "x",
                              "",
                              "</s> where </s>",
                              "\xFF\xFE broken order status",
                              std::string(400, 'a')};

Parts trained() {
  const Folder folder;
  PartSettings settings = part_settings_for(kLessons.size(), kLabels.size(), true);
  settings.fast.buckets = 700;
  auto parts = Parts::train(kLessons, kLabels, settings, 1, folder.path() / "scratch");
  EXPECT_TRUE(parts);
  return std::move(*parts);
}

void expect_as_plain(const Parts& parts, const std::string& line) {
  SCOPED_TRACE(line);
  const PartScores fast = parts.score(line);
  const PartScores plain = parts.score_plainly(line);
  EXPECT_EQ(fast.near, plain.near);
  EXPECT_EQ(fast.known_words, plain.known_words);
  EXPECT_DOUBLE_EQ(fast.known, plain.known);
  ASSERT_EQ(fast.fast.size(), kLabels.size());
  ASSERT_EQ(fast.linear.size(), kLabels.size());
  ASSERT_EQ(plain.fast.size(), kLabels.size());
  ASSERT_EQ(plain.linear.size(), kLabels.size());
  for (std::size_t k = 0; k < kLabels.size(); ++k) {
    EXPECT_NEAR(fast.fast[k], plain.fast[k], 2e-3) << kLabels[k];
    EXPECT_NEAR(fast.linear[k], plain.linear[k], 2e-4) << kLabels[k];
  }
}

TEST(Parts, WhatIsRememberedChangesNoScore) {
  const Parts parts = trained();
  EXPECT_GT(parts.remembered(), 40U) << "its words, and pairs such as `where is`";
  const auto stored = Parts::read(parts.write());
  ASSERT_TRUE(stored) << stored.error().what;
  EXPECT_EQ(stored->remembered(), parts.remembered());
  EXPECT_EQ(stored->write(), parts.write());
  for (const std::string& line : kAsked) {
    expect_as_plain(parts, line);
    expect_as_plain(*stored, line);
  }
  EXPECT_EQ(parts.score("where is 0 zzzz").known_words, 2U);
}

TEST(Parts, RefusesWhatItDidNotWrite) {
  const std::string bytes = trained().write();
  for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 57) {
    EXPECT_FALSE(Parts::read(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(Parts::read(bytes + "x"));
  std::string forged = bytes;  // the last pair is of a word that there is not
  forged.replace(forged.size() - 4, 4, "\xFF\xFF\xFF\x7F");
  EXPECT_FALSE(Parts::read(forged));
  std::string uneven = bytes;  // half a pair
  uneven.resize(uneven.size() - 4);
  EXPECT_FALSE(Parts::read(uneven));
}

}  // namespace
}  // namespace wasl::intents
