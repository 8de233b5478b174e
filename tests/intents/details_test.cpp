#include "intents/details.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wasl::intents {
namespace {

Judged row(std::string truth, std::string best, double confidence, double oos_score,
           std::string_view text = "") {
  Judged one;
  one.truth = std::move(truth);
  one.best = std::move(best);
  one.confidence = confidence;
  one.oos_score = oos_score;
  one.judged_oos = oos_score >= 0.5;
  one.clear = true;
  one.sure = confidence >= 0.6;
  one.text = text;
  return one;
}

/// Two of three familiar rows right, one strange row of two taken for an intent.
std::vector<Judged> few() {
  return {row("pay", "pay", 0.9, 0.1), row("pay", "return", 0.7, 0.2, "my money"),
          row("return", "return", 0.3, 0.3), row("", "pay", 0.8, 0.4, "nice weather"),
          row("", "return", 0.2, 0.9)};
}

TEST(ActBar, CountsActsAndTheWrongOnes) {
  const auto effects = effects_of_act_bar(few());
  ASSERT_EQ(effects.size(), 101U);
  const struct {
    std::size_t step;
    double acted, wrong, caught;
  } cases[] = {
      {0, 1.0, 0.5, 0.5},           // acts on all but what is judged out of scope: 2 of 4 wrong
      {50, 2.0 / 3, 2.0 / 3, 0.5},  // of three acts one is right
      {75, 1.0 / 3, 0.5, 0.5},     {85, 1.0 / 3, 0.0, 1.0}, {100, 0.0, 0.0, 1.0},
  };
  for (const auto& c : cases) {
    const BarEffect& effect = effects[c.step];
    EXPECT_DOUBLE_EQ(effect.bar, static_cast<double>(c.step) / 100);
    EXPECT_DOUBLE_EQ(effect.acted, c.acted) << c.step;
    EXPECT_DOUBLE_EQ(effect.wrong, c.wrong) << c.step;
    ASSERT_TRUE(effect.caught.has_value());
    EXPECT_DOUBLE_EQ(*effect.caught, c.caught) << c.step;
  }
}

TEST(OosBar, ALowOneActsOnNothingAndAHighOneCatchesNothing) {
  const auto effects = effects_of_oos_bar(few());
  EXPECT_DOUBLE_EQ(effects.front().acted, 0.0);
  EXPECT_DOUBLE_EQ(effects.front().caught.value_or(-1), 1.0);
  EXPECT_DOUBLE_EQ(effects.back().acted, 2.0 / 3);  // the unsure row is never acted on
  EXPECT_DOUBLE_EQ(effects.back().wrong, 2.0 / 3);
  EXPECT_DOUBLE_EQ(effects.back().caught.value_or(-1), 0.0);
}

TEST(ActBar, DoesNotMoveWhatIsNoClearLead) {
  std::vector<Judged> rows = {row("pay", "pay", 0.9, 0.1)};
  rows[0].clear = false;
  EXPECT_DOUBLE_EQ(effects_of_act_bar(rows).front().acted, 0.0);
}

TEST(ConfusedPairs, NameEveryWrongRowOnce) {
  const auto pairs = confused_pairs(few());
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].truth, "oos");
  EXPECT_EQ(pairs[0].taken, "pay");
  EXPECT_EQ(pairs[0].texts, std::vector<std::string>{"nice weather"});
  EXPECT_EQ(pairs[1].truth, "pay");
  EXPECT_EQ(pairs[1].taken, "return");
  EXPECT_EQ(pairs[1].rows, 1U);
}

TEST(ConfusedPairs, TakeARefusalForWrongOnlyWhereThereAreStrangeRows) {
  const std::vector<Judged> familiar = {row("pay", "pay", 0.9, 0.9)};
  EXPECT_TRUE(confused_pairs(familiar).empty());
  auto both = familiar;
  both.push_back(row("", "pay", 0.1, 0.9));
  const auto pairs = confused_pairs(both);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].truth, "pay");
  EXPECT_EQ(pairs[0].taken, "oos");
}

TEST(ConfusedPairs, AreWorstFirstAndKeepFewTexts) {
  std::vector<Judged> rows(40, row("b", "a", 0.9, 0.1, "same"));
  rows.push_back(row("a", "b", 0.9, 0.1, "once"));
  const auto pairs = confused_pairs(rows);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].rows, 40U);
  EXPECT_EQ(pairs[0].texts.size(), kConfusedTextsMax);
  EXPECT_EQ(pairs[1].rows, 1U);
}

TEST(Details, OfNothingAreEmptyCurves) {
  const EvaluationDetails details = details_of({});
  EXPECT_EQ(details.calibration.size(), kBins);
  EXPECT_EQ(details.by_act_bar.size(), 101U);
  EXPECT_FALSE(details.by_oos_bar.front().caught.has_value());
  EXPECT_TRUE(details.confused.empty());
  EXPECT_EQ(details.oos_rows, 0U);
}

}  // namespace
}  // namespace wasl::intents
