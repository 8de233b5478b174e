#include "wasl/intents/evaluation.hpp"
#include "wasl/intents/training.hpp"

#include "intents/model_files.hpp"
#include "tests/intents/folder.hpp"

#include <gtest/gtest.h>

#include <string>

// From lines of label<TAB>text to a model, and back to figures: the commands without the command
// line.

namespace wasl::intents {
namespace {

std::string rows() {
  std::string text;
  const char* const things[] = {"parcel", "order", "package", "delivery", "shipment", "box"};
  const char* const ways[] = {"please", "now", "today", "quickly"};
  for (const char* thing : things) {
    for (const char* way : ways) {
      text += std::string("track\twhere is my ") + thing + " " + way + "\n";
      text += std::string("refund\tgive me money back for the ") + thing + " " + way + "\n";
      text += std::string("وقت العمل\tمتى تفتحون ") + way + " " + thing + "\n";
      text += std::string("oos\tthe ") + thing + " of the football match " + way + "\n";
    }
  }
  return text;
}

DataPaths paths(const Folder& folder, const char* model = "model") {
  return {folder.path() / "train.tsv", {}, folder.path() / model};
}

void train_well(const DataPaths& where, std::uint64_t seed = 1) {
  yaml::Mistakes mistakes;
  const auto report = train(where, seed, {}, mistakes);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->intents, 3U);
  EXPECT_GT(report->accuracy, 0.9);
}

TEST(DataTraining, TrainsEvaluatesAndPredicts) {
  const Folder folder;
  folder.write("train.tsv", rows());
  folder.write("test.tsv",
               "track\twhere is my parcel then\nrefund\tmoney back please\nوقت العمل\tمتى تفتحون\n"
               "oos\tthe football match today\nunheard of\twhere is it\n");
  train_well(paths(folder));

  yaml::Mistakes mistakes;
  const auto e = evaluate_model(folder.path() / "model", folder.path() / "test.tsv", mistakes);
  ASSERT_TRUE(e) << e.error().what;
  EXPECT_EQ(e->rows, 5U);
  EXPECT_NEAR(e->accuracy_in_scope_top1, 0.75, 1e-9)
      << "an unknown label is wrong whatever is said";
  EXPECT_TRUE(e->oos_auroc);
  EXPECT_GT(e->us_p50, 0.0);

  const auto predictor = Predictor::load(folder.path() / "model");
  ASSERT_TRUE(predictor);
  const auto said = (*predictor)->predict("متى تفتحون", 2);
  ASSERT_EQ(said.ranking.size(), 2U);
  EXPECT_EQ(said.ranking[0].intent, "وقت العمل");
  EXPECT_EQ(said.language, Language::ar);
  EXPECT_FALSE(said.out_of_scope);
  for (const std::string& hostile :
       {std::string(), std::string(64 * 1024, '\xFF'), std::string(64 * 1024, 'a'),
        std::string("\xED\xA0\x80"), std::string("😀😀😀")}) {
    EXPECT_EQ((*predictor)->predict(hostile, 9).ranking.size(), 3U);
  }
  EXPECT_TRUE((*predictor)->predict("x", 0).ranking.empty());
}

TEST(DataTraining, SameInputSameBytes) {
  const Folder folder;
  folder.write("train.tsv", rows());
  train_well(paths(folder, "one"));
  train_well(paths(folder, "two"));
  for (const char* file : {"classifier.bin", "manifest", "card.md"}) {
    EXPECT_EQ(folder.read(std::string("one/") + file), folder.read(std::string("two/") + file))
        << file;
  }
  train_well(paths(folder, "three"), 2);
  EXPECT_NE(folder.read("three/classifier.bin"), folder.read("one/classifier.bin"));
}

TEST(DataTraining, FewRowsAreKeptAndTellStrangersWithoutRowsOfSuch) {
  const char* const things[] = {"parcel",  "invoice",  "password", "address", "voucher", "shoes",
                                "account", "warranty", "opening",  "branch",  "courier", "review"};
  const char* const ways[] = {"i have a question about the",  "please help me with my",
                              "something is wrong with this", "can you look at the",
                              "tell me more about that",      "who is responsible for the",
                              "i would like to change the",   "why did nobody mention my"};
  std::string text;
  for (const char* thing : things) {
    for (const char* way : ways) {
      text += std::string(thing) + "\t" + way + " " + thing + "\n";
    }
  }
  const Folder folder;
  folder.write("train.tsv", text);
  yaml::Mistakes mistakes;
  ASSERT_TRUE(train(paths(folder), 1, {}, mistakes));
  EXPECT_NE(folder.read("model/manifest").find("; neighbours"), std::string::npos);
  const auto predictor = Predictor::load(folder.path() / "model");
  ASSERT_TRUE(predictor);
  const auto known = (*predictor)->predict("my voucher please", 1);
  EXPECT_EQ(known.ranking[0].intent, "voucher");
  for (const char* strange : {"the football match tonight", "zzz", "كم درجة الحرارة غدا"}) {
    EXPECT_GT((*predictor)->predict(strange, 1).oos_score, known.oos_score) << strange;
  }
}

TEST(DataTraining, GoesBackToTheLastGoodModel) {
  const Folder folder;
  folder.write("train.tsv", rows());
  const auto model = folder.path() / "model";
  EXPECT_EQ(roll_back_data(model).error().code, Error::Code::not_found);
  train_well(paths(folder), 1);
  const std::string first = folder.read("model/manifest");
  EXPECT_EQ(roll_back_data(model).error().code, Error::Code::not_found);
  train_well(paths(folder), 2);
  const std::string second = folder.read("model/manifest");
  ASSERT_TRUE(roll_back_data(model));
  EXPECT_EQ(folder.read("model/manifest"), first);
  ASSERT_TRUE(roll_back_data(model)) << "twice is as never";
  EXPECT_EQ(folder.read("model/manifest"), second);
  folder.write("model.previous/classifier.bin", "damaged");
  EXPECT_EQ(roll_back_data(model).error().code, Error::Code::invalid_input);
  EXPECT_EQ(folder.read("model/manifest"), second) << "a damaged one is not taken";
}

TEST(DataTraining, RefusesDataThatTeachesNothing) {
  const struct {
    const char* name;
    const char* text;
    const char* told;
  } cases[] = {
      {"empty", "", "no rows"},
      {"one label", "a\tx\na\ty\n", "too few examples"},
      {"out of scope alone", "oos\tx y\noos\tz\n", "too few examples"},
      {"no tab", "a x\n", "no tab"},
  };
  for (const auto& c : cases) {
    const Folder folder;
    folder.write("train.tsv", c.text);
    yaml::Mistakes mistakes;
    EXPECT_FALSE(train(paths(folder), 1, {}, mistakes)) << c.name;
    ASSERT_EQ(mistakes.size(), 1U) << c.name;
    EXPECT_NE(told(mistakes)[0].find(c.told), std::string::npos) << told(mistakes)[0];
    EXPECT_NE(told(mistakes)[0].find("train.tsv:"), std::string::npos) << told(mistakes)[0];
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "model")) << c.name;
  }
}

TEST(DataTraining, EveryFlippedByteIsRefused) {
  const Folder folder;
  folder.write("train.tsv", rows());
  train_well(paths(folder));
  const std::string good = folder.read("model/classifier.bin");
  for (std::size_t at = 0; at < good.size(); at += good.size() / 64 + 1) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    folder.write("model/classifier.bin", bad);
    EXPECT_FALSE(Predictor::load(folder.path() / "model")) << at;
    // Should somebody forge the hash as well, the bytes are read or refused, never trusted.
    (void)Parts::read(bad);
  }
  folder.write("model/classifier.bin", good);
  EXPECT_TRUE(Predictor::load(folder.path() / "model"));
}

}  // namespace
}  // namespace wasl::intents
