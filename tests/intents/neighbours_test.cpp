#include "intents/neighbours.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

// The slow, obvious twin: a vector for each line, and all cosines.

namespace wasl::intents {
namespace {

const std::vector<NeighbourRow> kRows = {
    {"where is my order", 0},     {"order status please", 0},  {"track my parcel", 0},
    {"وين طلبي ~wn ~tlb", 0},     {"i want my money back", 1}, {"refund please", 1},
    {"استرجاع المبلغ ~strj3", 1}, {"give me a refund", 1},     {"when do you open", 2},
    {"opening hours please", 2},  {"متى تفتحون ~mt ~tfthn", 2}};

const std::string kAsked[] = {"where is my order",
                              "wheer is my ordre",
                              "refund refund refund",
                              "طلبي تاخر ~tlb",
                              "",
                              "zzzz qqqq",
                              "when do you open my order please",
                              std::string(500, 'a')};

std::set<Gram> outline(std::string_view line) {
  std::vector<Gram> grams;
  each_word(line, [&](std::string_view word) { add_outline_grams(word, grams); });
  return {grams.begin(), grams.end()};
}

std::vector<double> plain_scores(std::string_view line) {
  std::map<Gram, double> rows_with;
  for (const NeighbourRow& row : kRows) {
    for (const Gram gram : outline(row.line)) rows_with[gram] += 1.0;
  }
  const double all = static_cast<double>(kRows.size());
  const auto square = [&](Gram gram) {
    const double with = rows_with.contains(gram) ? rows_with.at(gram) : 1.0;
    return std::pow(std::log((1.0 + all) / (1.0 + with)) + 1.0, 2.0);
  };
  const auto length = [&](const std::set<Gram>& grams) {
    double sum = 0.0;
    for (const Gram gram : grams) sum += square(gram);
    return std::sqrt(sum);
  };
  std::vector<double> best(3, 0.0);
  const auto asked = outline(line);
  for (const NeighbourRow& row : kRows) {
    const auto own = outline(row.line);
    double common = 0.0;
    for (const Gram gram : own) common += asked.contains(gram) ? square(gram) : 0.0;
    if (common > 0.0)
      best[row.label] = std::max(best[row.label], common / length(own) / length(asked));
  }
  return best;
}

TEST(Neighbours, ScoresAsThePlainTwin) {
  const Neighbours neighbours(kRows, 3);
  for (const std::string& line : kAsked) {
    SCOPED_TRACE(line);
    const auto plain = plain_scores(line);
    const auto scores = neighbours.score(line);
    ASSERT_EQ(scores.size(), 3U);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(scores[k], plain[k], 1e-5) << k;
  }
}

TEST(Neighbours, AnExampleIsItsOwnNeighbourAndAStrangerHasNone) {
  const Neighbours neighbours(kRows, 3);
  for (const NeighbourRow& row : kRows) {
    EXPECT_NEAR(neighbours.score(row.line)[row.label], 1.0F, 1e-5F) << row.line;
  }
  EXPECT_EQ(neighbours.score("zzzz qqqq"), std::vector<float>(3, 0.0F));
  const auto typo = neighbours.score("wheree is my ordr");
  EXPECT_GT(typo[0], 0.5F);
  EXPECT_GT(typo[0], 2.0F * typo[1]);
}

TEST(Neighbours, OfNoExamplesSaysNothing) {
  const Neighbours none;
  EXPECT_TRUE(none.empty());
  EXPECT_TRUE(none.score("where is my order").empty());
  EXPECT_EQ(none.write(), "");
  const auto again = Neighbours::read("", 3);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->empty());
}

TEST(Neighbours, ALineWithoutEndIsReadInBoundedTime) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < Neighbours::kRowsMax; ++i) {
    lines.push_back("the same words again and again " + std::to_string(i));
  }
  std::vector<NeighbourRow> rows;
  for (std::size_t i = 0; i < lines.size(); ++i) rows.push_back({lines[i], i % 7});
  const Neighbours neighbours(rows, 7);
  std::string line = "9999";  // rare, so it is read although the common lists are not
  for (int i = 0; i < 300; ++i) line += " the same words again and again";
  const auto scores = neighbours.score(line);
  EXPECT_GT(scores[9'999 % 7], 0.0F);
}

TEST(Neighbours, ReadsWhatItWroteAndNothingElse) {
  const Neighbours neighbours(kRows, 3);
  const std::string bytes = neighbours.write();
  const auto again = Neighbours::read(bytes, 3);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->write(), bytes);
  EXPECT_EQ(again->score("where is it"), neighbours.score("where is it"));
  for (std::size_t size = 1; size < bytes.size(); size += 13) {
    EXPECT_FALSE(Neighbours::read(bytes.substr(0, size), 3)) << size;
  }
  EXPECT_FALSE(Neighbours::read(bytes + std::string(1, '\0'), 3));
  EXPECT_FALSE(Neighbours::read(bytes, 2)) << "a label beyond the model's";
  EXPECT_FALSE(Neighbours::read(bytes, 0));
  for (std::size_t at = 0; at < 16; ++at) {  // magic and counts
    std::string forged = bytes;
    forged[at] = static_cast<char>(forged[at] ^ 1);
    EXPECT_FALSE(Neighbours::read(forged, 3)) << at;
  }
  // Whatever else is forged is refused, or read without harm.
  for (std::size_t at = 16; at < bytes.size(); ++at) {
    std::string forged = bytes;
    forged[at] = static_cast<char>(forged[at] ^ 0x80);
    if (const auto read = Neighbours::read(forged, 3)) {
      for (const std::string& line : kAsked) EXPECT_EQ(read->score(line).size(), 3U);
    }
  }
}

}  // namespace
}  // namespace wasl::intents
