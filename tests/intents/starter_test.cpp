#include "wasl/intents/understander.hpp"

#include "intents/bot_files.hpp"
#include "tests/intents/folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

// The shipped example bot, whatever its intents are called: its files load, it can be trained, and
// what it then makes of its own examples and of strangers' sentences is sane.

namespace wasl::intents {
namespace {

TEST(Starter, LearnsItsOwnSentencesAndLeavesOthersAlone) {
  const std::filesystem::path source = std::filesystem::path(WASL_SOURCE_DIR) / "starter";
  if (!std::filesystem::exists(source / "intents")) GTEST_SKIP() << "no starter bot here";
  const Folder folder;
  std::filesystem::copy(
      source / "intents", folder.path() / "intents",
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  yaml::Mistakes mistakes;
  const BotFiles files = read_bot_files(folder.path(), mistakes);
  ASSERT_EQ(told(mistakes), std::vector<std::string>{});
  const auto report = train(folder.path(), 7, {}, mistakes);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_GE(report->accuracy, 0.75);
  EXPECT_LT(report->model_bytes, 8U << 20);

  const auto loaded = Understander::load(folder.path(), true, mistakes);
  ASSERT_TRUE(loaded.understander);
  EXPECT_EQ(loaded.warning, "");
  std::size_t all = 0;
  std::size_t right = 0;
  for (const IntentSource& intent : files.intents) {
    for (const Example& example : intent.examples) {
      const auto u = loaded.understander->understand("please " + example.text, {});
      ++all;
      right += !u.intents.empty() && u.intents[0].intent == intent.name ? 1U : 0U;
    }
    for (const Example& sentence : intent.nots) {
      const auto u = loaded.understander->understand(sentence.text, {});
      const bool claimed = u.decision == Decision::act && u.intents[0].intent == intent.name;
      EXPECT_FALSE(claimed) << sentence.text << ": " << u.why << " oos " << u.oos_score;
    }
  }
  EXPECT_GE(static_cast<double>(right), 0.95 * static_cast<double>(all));
  for (const char* text :
       {"what's the weather like in london", "who won the match", "مين فاز بالمباراة",
        "كيف حال الطقس بكرة", "asdf qwer", "؟؟؟", "😀", "12345", "yes", "نعم"}) {
    const auto u = loaded.understander->understand(text, {});
    EXPECT_EQ(u.decision, Decision::not_understood) << text << ": " << u.why;
  }
}

}  // namespace
}  // namespace wasl::intents
