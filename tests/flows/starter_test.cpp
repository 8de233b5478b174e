#include "wasl/flows/program.hpp"
#include "wasl/flows/render.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace wasl::flows {
namespace {

/// The names in the starter's other files, read as plainly as possible.
Known known_of(const std::filesystem::path& folder, yaml::Mistakes& mistakes) {
  Known known;
  for (const auto& document : yaml::load_folder(folder, "intents", mistakes)) {
    for (const auto& item : document.root.items) {
      if (const auto* intent = item.find("intent")) known.intents.push_back(intent->scalar);
      if (const auto* entity = item.find("entity")) known.entities.push_back(entity->scalar);
    }
  }
  if (const auto handoff = yaml::load(folder / "handoff.yml", "handoff.yml", mistakes)) {
    if (const auto* teams = handoff->root.find("teams")) {
      for (const auto& [name, team] : teams->entries) known.teams.push_back(name.scalar);
    }
  }
  return known;
}

TEST(Starter, LoadsWithoutMistakes) {
  const std::filesystem::path folder = std::filesystem::path(WASL_SOURCE_DIR) / "starter";
  if (!std::filesystem::exists(folder / "flows")) GTEST_SKIP() << "no starter folder here";
  yaml::Mistakes mistakes;
  const Known known = known_of(folder, mistakes);
  const auto program =
      load_program(folder, known, {{"ar", "ar-u-nu-latn-ca-gregory"}, {"en", "en-GB"}}, mistakes);
  for (const auto& mistake : mistakes.sorted()) ADD_FAILURE() << yaml::to_string(mistake);
  ASSERT_NE(program, nullptr);
  EXPECT_FALSE(program->flow_names().empty());
}

}  // namespace
}  // namespace wasl::flows
