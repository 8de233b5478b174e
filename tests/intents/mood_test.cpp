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
      << heard << " of " << rows.size() << "; missed:\n" << missed;
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

}  // namespace
}  // namespace wasl::intents
