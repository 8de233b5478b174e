#include "intents/fitting.hpp"

#include "intents/linear_training.hpp"
#include "intents/newton.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace wasl::intents {
namespace {

TEST(Newton, FindsTheLeastPointOfABowl) {
  const auto found = minimise({5.0, -7.0}, [](const std::vector<double>& at) {
    NewtonStep step(2);
    step.loss = std::exp(at[0]) - at[0] + (at[1] - 3.0) * (at[1] - 3.0);
    step.gradient = {std::exp(at[0]) - 1.0, 2.0 * (at[1] - 3.0)};
    step.curvature(0, 0) = std::exp(at[0]);
    step.curvature(1, 1) = 2.0;
    return step;
  });
  EXPECT_NEAR(found[0], 0.0, 1e-4);
  EXPECT_NEAR(found[1], 3.0, 1e-6);
}

/// Rows of `labels` labels; the linear part is right, as often as `sure` says; fastText is noise.
std::vector<Verdict> noisy_rows(std::size_t rows, int labels, double sure) {
  std::mt19937 random(5);
  std::vector<Verdict> verdicts(rows);
  for (Verdict& verdict : verdicts) {
    verdict.truth = static_cast<int>(random() % static_cast<unsigned>(labels));
    for (int k = 0; k < labels; ++k) {
      verdict.scores.fast.push_back(static_cast<float>(random() % 1'000) / 100.0F - 5.0F);
      verdict.scores.linear.push_back(-1.0F);
    }
    const bool right = static_cast<double>(random() % 1'000) < 1'000 * sure;
    const auto said = right ? static_cast<unsigned>(verdict.truth)
                            : static_cast<unsigned>(random() % static_cast<unsigned>(labels));
    verdict.scores.linear[said] = 0.0F;
    verdict.scores.known = 1.0;
  }
  return verdicts;
}

TEST(Fit, BelievesThePartThatIsRightAndAsMuchAsItIs) {
  const auto rows = noisy_rows(2'000, 5, 0.8);
  const std::vector<std::string> labels{"a", "b", "c", "d", "e"};
  const Fit fitted = fit(rows, {}, labels, std::vector<float>(5, 0.0F), -1);
  EXPECT_LT(fitted.blend.weights[0], 0.05) << "noise";
  EXPECT_GT(fitted.blend.weights[1], 1.0);
  const Figures f = figures(judge(rows, fitted, labels, -1));
  EXPECT_LT(f.ece, 0.03);
  EXPECT_EQ(fitted.thresholds.oos_min, 1.0) << "nothing strange was seen, so nothing is judged so";
  EXPECT_EQ(f.accuracy_joint, f.accuracy_top1);
}

TEST(Fit, HelpsARareLabelWhereItPays) {
  std::vector<Verdict> rows;
  for (int i = 0; i < 1'000; ++i) {  // of rows with this look a third are of the rare label
    Verdict verdict;
    const bool looks_rare = i % 10 == 0;
    verdict.truth = looks_rare && i % 100 < 40 ? 1 : 0;
    verdict.scores.fast = {0.0F, 0.0F};
    verdict.scores.linear = {looks_rare ? 0.1F : 1.0F, looks_rare ? 0.0F : -1.0F};
    verdict.scores.known = 1.0;
    rows.push_back(verdict);
  }
  const std::vector<float> rarity{-0.6F, 2.5F};
  const Fit fitted = fit(rows, {}, {"most", "rare"}, rarity, -1);
  EXPECT_GT(fitted.blend.evenness, 0.0);
  EXPECT_GT(figures(judge(rows, fitted, {"most", "rare"}, -1)).intents[1].recall(), 0.9);
  const Fit even = fit(noisy_rows(500, 3, 0.9), {}, {"a", "b", "c"}, {0.0F, 0.0F, 0.0F}, -1);
  EXPECT_EQ(even.blend.evenness, 0.0) << "no gain, no help";
}

TEST(Fit, TellsStrangersFromFriends) {
  auto rows = noisy_rows(500, 4, 0.95);
  auto strangers = noisy_rows(200, 4, 0.5);
  for (Verdict& verdict : strangers) {
    verdict.stranger = true;
    verdict.truth = -1;
    for (float& score : verdict.scores.linear) score -= 0.7F;
    verdict.scores.known = 0.5;
    rows.push_back(verdict);
  }
  const std::vector<std::string> labels{"a", "b", "c", "d"};
  const Fit fitted = fit(rows, {}, labels, std::vector<float>(4, 0.0F), -1);
  const Figures f = figures(judge(rows, fitted, labels, -1));
  EXPECT_GT(*f.oos_auroc, 0.99);
  EXPECT_GT(*f.oos_recall, 0.9);
  EXPECT_GE(f.accuracy_joint, f.accuracy_top1 - kBarCostMax - 1e-9) << "the rule of the bar";
}

TEST(Fit, TheDevFileAloneDecidesOnThresholds) {
  const auto folds = noisy_rows(300, 3, 0.6);
  const auto dev = noisy_rows(400, 3, 1.0);
  const std::vector<float> even(3, 0.0F);
  const std::vector<std::string> labels{"a", "b", "c"};
  EXPECT_EQ(fit(folds, dev, labels, even, -1).blend.weights[1],
            fit({}, dev, labels, even, -1).blend.weights[1]);
}

TEST(Fit, BelievesNeighboursWhereTheyKnowBetter) {
  auto rows = noisy_rows(1'000, 4, 0.5);
  for (Verdict& verdict : rows) {
    verdict.scores.near.assign(4, 0.2F);
    verdict.scores.near[static_cast<std::size_t>(verdict.truth)] = 0.8F;
  }
  const std::vector<std::string> labels{"a", "b", "c", "d"};
  const Fit fitted = fit(rows, {}, labels, std::vector<float>(4, 0.0F), -1);
  EXPECT_GT(fitted.blend.weights[2], 5.0);
  EXPECT_GT(figures(judge(rows, fitted, labels, -1)).accuracy_top1, 0.99);
}

TEST(Fit, KeepsGuessesHonestWhereASoftmaxCannot) {
  // Nine in ten of the sure guesses are right, and two in three of the doubtful ones: no scale of
  // the scores makes both honest.
  std::vector<Verdict> rows;
  for (int i = 0; i < 2'000; ++i) {
    Verdict verdict;
    const bool sure = i % 2 == 0;
    verdict.truth = sure ? (i % 20 == 0 ? 1 : 0) : (i % 3 == 0 ? 1 : 0);
    verdict.scores.fast = {0.0F, 0.0F};
    verdict.scores.linear = {sure ? 1.0F : 0.01F, sure ? -1.0F : 0.0F};
    verdict.scores.near = {0.0F, 0.0F};  // examples are kept, and say nothing
    verdict.scores.known = 1.0;
    rows.push_back(verdict);
  }
  Fit fitted = fit(rows, {}, {"a", "b"}, {0.0F, 0.0F}, -1);
  EXPECT_LT(figures(judge(rows, fitted, {"a", "b"}, -1)).ece, 0.02);
  fitted.blend.sureness = {};
  EXPECT_GT(figures(judge(rows, fitted, {"a", "b"}, -1)).ece, 0.05) << "what the curve is for";
  for (Verdict& row : rows) row.scores.near.clear();
  const Fit large = fit(rows, {}, {"a", "b"}, {0.0F, 0.0F}, -1);
  EXPECT_EQ(large.blend.sureness.slope, 1.0) << "no examples are kept, no curve";
  EXPECT_EQ(large.blend.sureness.shift, 0.0);
}

TEST(Sureness, KeepsTheOrderAndTheSum) {
  const std::vector<double> given{0.0, 0.1, 0.5, 0.4};
  const struct {
    const char* name;
    Sureness sureness;
    double best;
  } cases[] = {
      {"as it is", {0.0, 1.0}, 0.5},
      {"surer", {std::log(3.0), 1.0}, 0.75},
      {"never below the second", {-9.0, 1.0}, 0.4 / 0.9},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    auto chances = given;
    make_honest(chances, c.sureness);
    EXPECT_NEAR(chances[2], c.best, 1e-5);
    EXPECT_NEAR(std::accumulate(chances.begin(), chances.end(), 0.0), 1.0, 1e-12);
    EXPECT_EQ(chances[0], 0.0);
    EXPECT_NEAR(chances[3] / chances[1], 4.0, 1e-9);
    EXPECT_LT(chances[3], chances[2]);
  }
  std::vector<double> only{0.0, 1.0};
  make_honest(only, {-1.0, 0.5});
  EXPECT_EQ(only, (std::vector<double>{0.0, 1.0})) << "there is nothing else it could be";
  std::vector<double> none;
  make_honest(none, {});
  EXPECT_TRUE(none.empty());
}

TEST(Strangeness, UntaughtLooksAtTheLeadAndTheNearestExampleAlone) {
  std::vector<StrangeRow> rows;
  std::mt19937 random(3);
  for (int i = 0; i < 400; ++i) {
    StrangeRow row;
    row.strange = i % 4 == 0;
    for (double& sign : row.signs) sign = static_cast<double>(random() % 100) / 100.0;
    row.signs[0] = 1.0;
    row.signs[5] = row.strange ? 1.0 : 0.0;  // tells them best, and must not be used
    row.signs[10] = row.strange ? 0.3 : 0.9;
    row.signs[10] += static_cast<double>(random() % 100) / 100.0;
    rows.push_back(row);
  }
  const Strangeness untaught = fit_strangeness(rows, Signs::untaught);
  for (std::size_t i = 1; i < Strangeness::kSigns; ++i) {
    EXPECT_EQ(untaught.weights[i] != 0.0, i >= 10) << Strangeness::kNames[i];
  }
  EXPECT_LT(untaught.weights[10], 0.0);
  const Strangeness taught = fit_strangeness(rows, Signs::taught);
  EXPECT_EQ(taught.weights[10], 0.0);
  EXPECT_GT(taught.weights[5], 0.0);
}

TEST(Strangeness, TheLeadPassesOverIntentsTheModelNeverSaw) {
  PartScores scores{{0.0F, 0.0F, 0.0F}, {0.5F, -0.5F, kNeverSeen}, {0.7F, 0.2F, 0.9F}, 1.0, 1};
  const auto lead = [&](int oos) {
    return signs(scores, chances(scores, Blend{}, oos), Blend{}, oos)[10];
  };
  EXPECT_NEAR(lead(-1), 0.5, 1e-9);
  scores.linear[2] = -0.3F;
  EXPECT_NEAR(lead(-1), 0.6, 1e-6);
  EXPECT_NEAR(lead(2), 0.5, 1e-9) << "`oos` is no intent";
  EXPECT_NEAR(signs(scores, chances(scores, Blend{}, 2), Blend{}, 2)[11], 0.7, 1e-6);
}

TEST(Chances, SumToOneOverTheIntents) {
  const PartScores scores{{1.0F, 4.0F, -4.0F}, {0.5F, 2.0F, -1.0F}, {}, 1.0, 3};
  for (const int oos : {-1, 0, 1, 2}) {
    const auto chance = chances(scores, Blend{}, oos);
    EXPECT_NEAR(std::accumulate(chance.begin(), chance.end(), 0.0), 1.0, 1e-12) << oos;
    for (std::size_t i = 0; i < chance.size(); ++i) {
      EXPECT_EQ(chance[i] == 0.0, static_cast<int>(i) == oos) << oos << i;
    }
  }
}

}  // namespace
}  // namespace wasl::intents
