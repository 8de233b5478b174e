#include "intents/training_data.hpp"

#include "intents/neighbours.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wasl::intents {
namespace {

TEST(PlainFeatures, HearMarksAndFeelingsWhereTheyAreAskedFor) {
  const struct {
    const char* text;
    std::vector<std::string> heard;
  } cases[] = {
      {"where is it", {}},
      {"where is it?", {"?"}},
      {"thank you so much!", {"!", "^t"}},
      {"i am absolutely furious", {"^a"}},
      {"شكرا جزيلا", {"^t"}},
      {"", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const std::string plain = plain_features(c.text, false);
    EXPECT_EQ(plain.find_first_of("!?^"), std::string::npos);
    const std::string line = plain_features(c.text, true);
    ASSERT_TRUE(line.starts_with(plain));
    for (const std::string& word : c.heard) {
      EXPECT_NE((line.substr(plain.size()) + " ").find(" " + word + " "), std::string::npos)
          << word << " in " << line;
    }
    if (c.heard.empty()) {
      EXPECT_EQ(line, plain);
    }
  }
}

TEST(TrainingData, KeepsExamplesOfFilesThatAreAboutWishesAndSmall) {
  const struct {
    const char* name;
    std::size_t rows;
    std::size_t labels;
    bool marks;
    bool neighbours;
  } cases[] = {
      {"a small set of wishes", 600, 28, false, true},
      {"few labels of many rows: moods", 900, 2, true, false},
      {"as many as are kept", Neighbours::kRowsMax, 100, false, true},
      {"one more", Neighbours::kRowsMax + 1, 100, false, false},
  };
  for (const auto& c : cases) {
    std::vector<LabelledRow> rows;
    for (std::size_t i = 0; i < c.rows; ++i) {
      std::string text;
      for (std::size_t left = i + 1; left > 0; left /= 20) {
        text += static_cast<char>('a' + left % 20);
        text += ' ';
      }
      rows.push_back({"label" + std::to_string(i % c.labels), text, static_cast<int>(i + 1)});
    }
    const TrainingData data = make_training_data(rows);
    ASSERT_EQ(data.samples.size(), c.rows) << c.name;
    EXPECT_EQ(data.marks, c.marks) << c.name;
    EXPECT_EQ(data.neighbours, c.neighbours) << c.name;
  }
}

}  // namespace
}  // namespace wasl::intents
