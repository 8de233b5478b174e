#include "intents/mood.hpp"

#include "wasl/core/text.hpp"

#include "intents/mood_training.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace wasl::intents {
namespace {

/// `mood<TAB>sentence` lines of tests/understanding.
std::vector<std::pair<std::string, std::string>> sentences(const char* file) {
  std::ifstream in(std::string(WASL_SOURCE_DIR) + "/tests/understanding/" + file);
  std::vector<std::pair<std::string, std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos) rows.emplace_back(line.substr(0, tab), line.substr(tab + 1));
  }
  return rows;
}

const MoodSignal* find(const std::vector<MoodSignal>& mood, std::string_view signal) {
  for (const MoodSignal& one : mood) {
    if (one.signal == signal) return &one;
  }
  return nullptr;
}

std::vector<MoodSignal> mood_of(const std::string& text) {
  const Clean cleaned = clean(text);
  return read_mood(text, cleaned, mark_words(cleaned.text));
}

TEST(MoodModel, HearsWhatItMustHear) {
  const auto rows = sentences("must_fire.tsv");
  ASSERT_GE(rows.size(), 100U);
  std::size_t heard = 0;
  std::string missed;
  for (const auto& [signal, text] : rows) {
    const auto mood = mood_of(text);
    if (const MoodSignal* const found = find(mood, signal)) {
      ++heard;
      EXPECT_EQ(found->text, text.substr(found->start, found->end - found->start));
      EXPECT_FALSE(found->text.empty()) << text;
    } else {
      missed += signal + ": " + text + "\n";
    }
  }
  EXPECT_GE(static_cast<double>(heard), 0.9 * static_cast<double>(rows.size()))
      << heard << " of " << rows.size() << "; missed:\n"
      << missed;
}

TEST(MoodModel, StaysQuietWhereItMust) {
  const auto rows = sentences("must_not_fire.tsv");
  ASSERT_GE(rows.size(), 100U);
  for (const auto& [signal, text] : rows) {
    const auto mood = mood_of(text);
    const MoodSignal* const found = find(mood, signal);
    EXPECT_EQ(found, nullptr) << signal << ": " << text << " ("
                              << (found != nullptr ? found->strength : 0.0F) << ")";
  }
}

TEST(MoodModel, IsTheOneItsTextsGive) {
  const auto rows = read_mood_rows(std::string(WASL_SOURCE_DIR) + "/models/mood");
  ASSERT_TRUE(rows) << rows.error().what;
  MoodScores scores;
  const std::string bytes = MoodModel::write(train_mood(*rows, scores));
  const auto again = MoodModel::read(bytes);
  ASSERT_TRUE(again);
  for (std::size_t i = 0; i < rows->size(); i += 7) {
    const auto signs = mood_signs((*rows)[i].text);
    EXPECT_EQ(mood_model().score(signs).chances, again->score(signs).chances);
  }
  for (const MoodScores::Of& of : scores.moods) {
    EXPECT_GT(of.rows, 100U);
    EXPECT_LE(of.false_fires * 100, scores.neutral) << "one neutral sentence in a hundred at most";
    EXPECT_GE(of.fired * 4, of.rows) << "and it still hears something";
  }
}

TEST(MoodModel, NamesItsWords) {
  const std::string text =
      "I ordered a lamp on monday and you are all a bunch of liars and thieves";
  const auto mood = mood_of(text);
  const MoodSignal* const anger = find(mood, "anger");
  ASSERT_NE(anger, nullptr);
  EXPECT_NE(anger->text.find("liars"), std::string::npos) << anger->text;
  EXPECT_EQ(anger->text.find("lamp"), std::string::npos) << anger->text;
}

TEST(MoodModel, RefusesWhatIsNone) {
  MoodModel::Trained trained;
  trained.weights.push_back({77, {1.0F, -0.5F, 0.0F, 0.25F}});
  const std::string good = MoodModel::write(trained);
  ASSERT_TRUE(MoodModel::read(good));
  std::string full = good;
  for (std::size_t i = good.size() - 32; i < good.size(); ++i) full[i] = 'x';
  for (const std::string& bad :
       {std::string(), std::string("wasl-mood-1\n"), good.substr(0, good.size() - 1), good + "x",
        "wasl-mood-2\n" + good.substr(12), full}) {
    EXPECT_FALSE(MoodModel::read(bad)) << bad.size();
  }
}

TEST(Mood, JokesAndPatienceTakeAngerBack) {
  for (const char* text : {"you thieves haha just kidding, love the discount",
                           "يا حرامية ههههه امزح معكم", "مش زعلان بس وين الطلب"}) {
    const auto mood = mood_of(text);
    EXPECT_EQ(find(mood, "anger"), nullptr) << text;
    EXPECT_EQ(find(mood, "calm"), nullptr) << "it is no sign to others";
  }
}

}  // namespace
}  // namespace wasl::intents
