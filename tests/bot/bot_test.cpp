// Loading a bot folder as a whole.
#include "bot/bot.hpp"

#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace wasl::bot {
namespace {

namespace fs = std::filesystem;

TEST(Bot, AFileThatCannotBeReadHasNoConsequencesElsewhere) {
  const fs::path starter = fs::path(WASL_SOURCE_DIR) / "starter";
  for (const char* file :
       {"wasl.yml", "handoff.yml", "intents/entities.yml", "intents/track_order.yml",
        "flows/track_order.yml", "flows/find_order.yml", "answers/track_order.yml",
        "answers/find_order.yml", "calls/orders.yml"}) {
    ASSERT_TRUE(fs::exists(starter / file)) << file;
    const test::Folder folder;
    for (const char* part :
         {"wasl.yml", "handoff.yml", "intents", "flows", "answers", "calls", "knowledge"}) {
      fs::copy(starter / part, folder.path() / part, fs::copy_options::recursive);
    }
    std::ofstream(folder.path() / file, std::ios::app) << "\n]: [\n";

    yaml::Mistakes mistakes;
    EXPECT_EQ(load_bot(folder.path(), false, mistakes), nullptr) << file;
    EXPECT_FALSE(mistakes.empty()) << file;
    for (const auto& mistake : mistakes.sorted()) {
      EXPECT_EQ(mistake.file, file) << yaml::to_string(mistake);
    }
  }
}

}  // namespace
}  // namespace wasl::bot
