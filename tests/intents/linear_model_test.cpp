#include "intents/linear_model.hpp"

#include "intents/linear_training.hpp"

#include <gtest/gtest.h>
#include <linear.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

// Two twins: the plain sum over floats (LinearWeights::score) for the packed model, and liblinear's
// own training and prediction for the weights.

namespace wasl::intents {
namespace {

const std::vector<LinearRow> kRows = {
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

LinearWeights trained(std::size_t threads = 1) {
  LinearSettings settings;
  settings.threads = threads;
  settings.tolerance = 0.001;
  return train_linear(kRows, 3, settings);
}

TEST(LinearModel, ScoresAsThePlainTwinWithinAByteOfAWeight) {
  const LinearWeights weights = trained();
  const LinearModel model(weights);
  for (const std::string& line : kAsked) {
    SCOPED_TRACE(line);
    const auto plain = weights.score(line);
    const auto packed = model.score(line);
    for (std::size_t k = 0; k < plain.size(); ++k) EXPECT_NEAR(packed.labels[k], plain[k], 0.02);
  }
  EXPECT_EQ(model.score("zzzz").known, 0U);
}

TEST(LinearModel, TrainsAndScoresAsLiblinearDoes) {
  LinearSettings settings;
  settings.tolerance = 0.0001;
  settings.balance = 0.0;
  const LinearWeights weights = train_linear(kRows, 3, settings);
  // The same rows, written out for the library: occurrences × rarity over the length.
  std::map<Gram, int> index;
  for (const Gram gram : weights.grams) index.emplace(gram, static_cast<int>(index.size()) + 1);
  const int bias = static_cast<int>(index.size()) + 1;
  const auto vector_of = [&](std::string_view line) {
    std::map<int, double> values;
    double squares = 0.0;
    for (const Gram gram : line_grams(line)) {
      const auto at = index.find(gram);
      if (at == index.end()) {
        squares += static_cast<double>(weights.unseen) * static_cast<double>(weights.unseen);
        continue;
      }
      const double rarity = weights.rarity[static_cast<std::size_t>(at->second - 1)];
      values[at->second] += rarity;
      squares += rarity * rarity;
    }
    std::vector<feature_node> nodes;
    for (const auto& [at, value] : values) nodes.push_back({at, value / std::sqrt(squares)});
    nodes.push_back({bias, 1.0});
    nodes.push_back({-1, 0.0});
    return nodes;
  };
  std::vector<std::vector<feature_node>> vectors;
  std::vector<feature_node*> rows;
  std::vector<double> labels;
  for (const LinearRow& row : kRows) {
    vectors.push_back(vector_of(row.line));
    labels.push_back(static_cast<double>(row.label));
  }
  for (auto& vector : vectors) rows.push_back(vector.data());
  problem task{static_cast<int>(rows.size()), bias, labels.data(), rows.data(), 1.0};
  parameter how{};
  how.solver_type = L2R_L2LOSS_SVC;
  how.C = 1.0;
  how.eps = 0.0001;
  model* library = ::train(&task, &how);
  for (const std::string& line : kAsked) {
    SCOPED_TRACE(line);
    double theirs[3] = {};
    (void)::predict_values(library, vector_of(line).data(), theirs);
    const auto ours = weights.score(line);
    for (int k = 0; k < 3; ++k) {
      EXPECT_NEAR(ours[static_cast<std::size_t>(library->label[k])], theirs[k], 0.01);
    }
  }
  free_and_destroy_model(&library);
}

TEST(LinearModel, ThreadsDoNotChangeAByte) {
  EXPECT_EQ(LinearModel(trained(1)).write(), LinearModel(trained(3)).write());
}

TEST(LinearModel, ALabelWithoutRowsIsNeverBest) {
  const LinearWeights weights = train_linear(kRows, 5, {});
  for (const std::string& line : kAsked) {
    const auto scores = LinearModel(weights).score(line).labels;
    EXPECT_LT(std::max(scores[3], scores[4]), *std::max_element(scores.begin(), scores.end()));
  }
}

TEST(LinearModel, ReadsWhatItWroteAndNothingElse) {
  const LinearModel model(trained());
  const std::string bytes = model.write();
  const auto again = LinearModel::read(bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->write(), bytes);
  for (std::size_t size = 0; size < bytes.size(); size += 97) {
    EXPECT_FALSE(LinearModel::read(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(LinearModel::read(bytes + std::string(1, '\0')));
  for (std::size_t at = 0; at < 12; ++at) {  // magic and sizes
    std::string forged = bytes;
    forged[at] = static_cast<char>(forged[at] ^ 1);
    EXPECT_FALSE(LinearModel::read(forged)) << at;
  }
  std::string wild = bytes;
  std::fill_n(wild.begin() + 16, 4, '\xFF');  // a bias that is no number
  EXPECT_FALSE(LinearModel::read(wild));
}

TEST(Grams, AnOutlineIsTheWordAndItsRunsOfThree) {
  const auto outline = [](std::string_view word) {
    std::vector<Gram> grams;
    add_outline_grams(word, grams);
    return grams;
  };
  EXPECT_EQ(outline("a").size(), 2U) << "the word and ` a `";
  EXPECT_EQ(outline("order").size(), 1U + 5U);
  EXPECT_EQ(outline("طلب").size(), 1U + 3U) << "letters, not bytes";
  const auto whole = line_grams("order");
  for (const Gram gram : outline("order")) {
    EXPECT_NE(std::find(whole.begin(), whole.end(), gram), whole.end());
  }
}

TEST(Grams, KindsDoNotMix) {
  const auto once = line_grams("an");
  EXPECT_EQ(once.size(), 1U + 3U + 2U + 1U) << "` a` `an` `n `, ` an` `an `, ` an `, the word";
  EXPECT_NE(pair_gram("a", "b"), pair_gram("b", "a"));
  EXPECT_NE(pair_gram("ab", "c"), pair_gram("a", "bc"));
  EXPECT_EQ(line_grams("an ox").size(), 2 * once.size() + 6U);
  std::vector<Gram> seen;
  std::vector<Gram> typed;
  add_pair_grams("where", "order", seen);
  add_pair_grams("wheere", "ordr", typed);
  EXPECT_NE(seen[0], typed[0]);
  EXPECT_EQ(seen[1], typed[1]) << "`re` and `ord`";
  EXPECT_TRUE(line_grams("").empty());
  EXPECT_EQ(line_grams("  a  b "), line_grams("a b"));
}

}  // namespace
}  // namespace wasl::intents
