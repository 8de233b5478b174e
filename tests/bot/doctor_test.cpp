#include "bot/doctor.hpp"

#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace wasl::bot {
namespace {

const Time kNow = *parse_iso8601("2027-02-01T12:00Z");

/// What a check says: `place: what`.
std::vector<std::string> said(std::string_view check, const test::Folder& folder) {
  const Patient patient = admit(folder.path(), "", kNow);
  std::vector<std::string> list;
  for (const Check& one : doctor_checks()) {
    if (one.name != check) continue;
    for (const Finding& finding : one.examine(patient)) {
      list.push_back(finding.place + ": " + finding.what);
    }
  }
  return list;
}

using Said = std::vector<std::string>;

std::string article(const char* language, const char* reviewed, const char* body = "Text.\n") {
  return std::string("---\ntitle: {") + language + ": T}\nowner: parcels\nreviewed: " + reviewed +
         "\nreview_every: 90d\n---\n" + body;
}

TEST(Doctor, ArticlesAreDueAndNamed) {
  const test::Folder folder;
  test::write_small_bot(folder);
  for (const char* language : {"ar", "en"}) {
    const std::string in = std::string("knowledge/") + language + "/";
    folder.write(in + "old.md", article(language, "2026-11-02"));
    folder.write(in + "today.md", article(language, "2026-11-03"));
    folder.write(in + "ahead.md", article(language, "2027-02-02"));
  }
  EXPECT_EQ(said("reviews", folder),
            (Said{"knowledge/ar/ahead.md: 'reviewed: 2027-02-02' has not come yet",
                  "knowledge/ar/old.md: was due for review on 2027-01-31; its owner is parcels",
                  "knowledge/en/ahead.md: 'reviewed: 2027-02-02' has not come yet",
                  "knowledge/en/old.md: was due for review on 2027-01-31; its owner is parcels"}));
}

TEST(Doctor, ArticlesInOneLanguageAndWhatTheySayInVain) {
  const test::Folder folder;
  test::write_small_bot(folder);
  folder.write("knowledge/en/a.md", article("en", "2027-01-01", "Text <b>x</b>.\n"));
  EXPECT_EQ(said("languages", folder),
            Said{"knowledge/en/a.md: is missing in 'ar': knowledge/ar/a.md"});
  EXPECT_EQ(said("markdown", folder).size(), 2U);
  EXPECT_EQ(said("markdown", folder)[0],
            "knowledge/en/a.md:7: raw HTML is not shown: write Markdown");
}

TEST(Doctor, MistakesOfTheFolderAreTold) {
  const test::Folder folder;
  test::write_small_bot(folder);
  EXPECT_EQ(said("folder", folder), Said{});
  folder.write("answers/small.yml", "nobody: {}\n");
  EXPECT_FALSE(said("folder", folder).empty());
  EXPECT_EQ(said("reviews", folder), Said{}) << "it cannot see the articles";
}

TEST(Doctor, SecretsThatAreNotSet) {
  const test::Folder folder;
  test::write_small_bot(folder);
  ::unsetenv("WASL_TEST_SECRET");
  folder.write("wasl.yml", std::string(test::kConfig) +
                               "store: \"${WASL_TEST_STORE:-memory:}\"\n"
                               "channels:\n  web: {identity_secret: \"${WASL_TEST_SECRET:-}\"}\n");
  EXPECT_EQ(said("secrets", folder),
            Said{"wasl.yml:6: 'WASL_TEST_SECRET' is not set in the environment"});
  ::setenv("WASL_TEST_SECRET", "x", 1);
  EXPECT_EQ(said("secrets", folder), Said{});
  ::unsetenv("WASL_TEST_SECRET");
}

TEST(Doctor, IntentsWithoutExamplesInALanguage) {
  const test::Folder folder;
  test::write_small_bot(folder);
  folder.write("intents/more.yml", "- intent: more\n  examples:\n    en: |\n      more of it\n");
  EXPECT_EQ(said("examples", folder),
            Said{"intents/more.yml:1: intent 'more' has no examples in 'ar'"})
      << "patterns alone are enough";
}

TEST(Doctor, AStoreThatDoesNotOpen) {
  const test::Folder folder;
  test::write_small_bot(folder);
  EXPECT_EQ(said("store", folder), Said{}) << "none yet";
  folder.write("data/wasl.db", "this is no database, and long enough to be looked at as one");
  EXPECT_EQ(said("store", folder).size(), 1U);
}

}  // namespace
}  // namespace wasl::bot
