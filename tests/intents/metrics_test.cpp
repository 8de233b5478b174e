#include "intents/metrics.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace wasl::intents {
namespace {

Judged row(const char* truth, const char* best, double confidence, double oos, bool judged_oos) {
  Judged judged;
  judged.truth = truth;
  judged.best = best;
  judged.confidence = confidence;
  judged.oos_score = oos;
  judged.judged_oos = judged_oos;
  return judged;
}

TEST(Metrics, CountWhatInterfacesPromise) {
  const std::vector<Judged> rows = {
      row("a", "a", 0.9, 0.1, false), row("a", "b", 0.6, 0.2, false), row("b", "b", 0.8, 0.7, true),
      row("", "a", 0.5, 0.9, true),   row("", "b", 0.4, 0.3, false),
  };
  const Figures f = figures(rows);
  EXPECT_EQ(f.rows, 5U);
  EXPECT_EQ(f.in_scope, 3U);
  EXPECT_DOUBLE_EQ(f.accuracy_top1, 2.0 / 3);
  EXPECT_DOUBLE_EQ(f.accuracy_joint, 1.0 / 3);
  EXPECT_DOUBLE_EQ(*f.oos_recall, 0.5);
  EXPECT_DOUBLE_EQ(*f.oos_precision, 0.5);
  EXPECT_DOUBLE_EQ(*f.oos_f1, 0.5);
  EXPECT_DOUBLE_EQ(*f.oos_auroc, 5.0 / 6);
  ASSERT_EQ(f.intents.size(), 2U);
  EXPECT_EQ(f.intents[0].claimed, 1U) << "a row judged out of scope is claimed by nobody";
  EXPECT_DOUBLE_EQ(f.intents[0].f1(), 2.0 / 3);
  EXPECT_EQ(f.intents[1].claimed, 2U);
  EXPECT_DOUBLE_EQ(f.macro_f1, 1.0 / 3);
}

TEST(Metrics, WithoutOutOfScopeRowsThatDecisionDoesNotCountForF1) {
  const Figures f = figures({row("a", "a", 1.0, 0.9, true), row("b", "b", 1.0, 0.0, false)});
  EXPECT_FALSE(f.oos_recall);
  EXPECT_FALSE(f.oos_auroc);
  EXPECT_DOUBLE_EQ(f.macro_f1, 1.0);
  EXPECT_DOUBLE_EQ(f.accuracy_joint, 0.5);
  EXPECT_EQ(figures({}).rows, 0U);
}

TEST(Metrics, AreaUnderTheCurve) {
  const struct {
    const char* name;
    std::vector<std::pair<double, bool>> scored;
    double area;
  } cases[] = {
      {"all apart", {{0.1, false}, {0.2, false}, {0.8, true}, {0.9, true}}, 1.0},
      {"all wrong", {{0.9, false}, {0.1, true}}, 0.0},
      {"ties count half", {{0.5, false}, {0.5, true}}, 0.5},
      {"one of four pairs wrong", {{0.1, false}, {0.6, false}, {0.5, true}, {0.9, true}}, 0.75},
      {"one kind alone", {{0.1, true}, {0.2, true}}, 0.5},
      {"nothing", {}, 0.5},
  };
  for (const auto& c : cases) EXPECT_DOUBLE_EQ(area_under_curve(c.scored), c.area) << c.name;
}

TEST(Metrics, CalibrationErrorIsTheMeanDistance) {
  std::vector<Judged> rows;
  for (int i = 0; i < 10; ++i) rows.push_back(row("a", i < 8 ? "a" : "b", 0.9, 0.0, false));
  EXPECT_NEAR(calibration_error(calibration_curve(rows)), 0.1, 1e-12);
  rows.push_back(row("", "a", 1.0, 0.0, false));
  EXPECT_NEAR(calibration_error(calibration_curve(rows)), 0.1, 1e-12) << "in-scope rows only";
  const auto curve = calibration_curve({row("a", "a", 0.0, 0, false), row("a", "a", 1.0, 0, false),
                                        row("a", "a", 1.0 / 15, 0, false)});
  ASSERT_EQ(curve.size(), kBins);
  EXPECT_EQ(curve.front().rows, 2U);
  EXPECT_EQ(curve.back().rows, 1U);
}

TEST(Metrics, TheLowestBarCostsNoMoreThanAllowed) {
  std::vector<Judged> rows;
  for (int i = 0; i < 100; ++i) rows.push_back(row("a", "a", 1.0, i / 100.0, false));
  for (int i = 0; i < 10; ++i) rows.push_back(row("", "a", 1.0, 0.95, false));
  for (const double cost : {0.0, 0.01, 0.05, 0.5}) {
    const double bar = lowest_bar(rows, cost);
    EXPECT_NEAR(at_bar(rows, bar).accuracy_joint, 1.0 - cost, 1e-12) << cost;
  }
  EXPECT_DOUBLE_EQ(lowest_bar(rows, 1.0), 0.0);
  EXPECT_DOUBLE_EQ(at_bar(rows, lowest_bar(rows, 0.05)).oos_recall, 1.0);
}

TEST(Metrics, ConfusionsWorstFirst) {
  const auto found = confusions({row("a", "b", 1, 0, false), row("c", "b", 1, 0, false),
                                 row("c", "b", 1, 0, false), row("a", "a", 1, 0, false),
                                 row("", "b", 1, 0, false)});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].truth, "c");
  EXPECT_EQ(found[0].rows, 2U);
  EXPECT_EQ(found[1].taken, "b");
}

}  // namespace
}  // namespace wasl::intents
