#include "bot/call_fixture.hpp"

#include "bot/conversation_tests.hpp"
#include "bot/test_report.hpp"
#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

TEST(CallFixture, ComesBackAsItWasRecorded) {
  const test::Folder folder;
  const CallFixture fixtures[] = {
      {"a.b", 200, R"({"status":"home","list":[1,2.5,null],"text":"طرد \"x\""})"},
      {"a.b", 500, "<html>sorry</html>"},
      {"a.b", 204, ""},
      {"a.b", 404, "[]"},
  };
  for (const CallFixture& fixture : fixtures) {
    SCOPED_TRACE(fixture.body);
    folder.write("x.json", to_text(fixture, {}));
    const auto read = read_call_fixture(folder.path() / "x.json");
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->call, fixture.call);
    EXPECT_EQ(read->status, fixture.status);
    EXPECT_EQ(read->body, fixture.body);
  }
}

TEST(CallFixture, HoldsNoSecret) {
  const std::vector<std::string> secrets{"s3cr\"et", "tok_123", "ab"};
  const CallFixture echo{
      "a.b", 200, R"({"auth":"Bearer tok_123","tok_123":[{"x":"s3cr\"ettok_123"}],"ab":"ab"})"};
  const std::string text = to_text(echo, secrets);
  EXPECT_EQ(text.find("tok_123"), std::string::npos) << text;
  EXPECT_EQ(text.find("s3cr"), std::string::npos) << text;
  EXPECT_NE(text.find("\"ab\": \"ab\""), std::string::npos) << "too short to be told from a word";
  const std::string html = to_text({"a.b", 500, "<p>tok_123 was wrong</p>"}, secrets);
  EXPECT_EQ(html.find("tok_123"), std::string::npos) << html;
}

TEST(CallFixture, RefusesWhatIsNone) {
  const test::Folder folder;
  const std::string bad[] = {"",
                             "[]",
                             "{",
                             R"({"status":200,"body":{}})",
                             R"({"call":1,"status":200})",
                             R"({"call":"a","status":"200"})",
                             R"({"call":"a","status":99})",
                             R"({"call":"a","status":99999999999999})",
                             R"({"call":"a","status":200,"body":)" + std::string(500'000, '[')};
  for (const std::string& text : bad) {
    folder.write("x.json", text);
    const auto read = read_call_fixture(folder.path() / "x.json");
    ASSERT_FALSE(read) << text.substr(0, 60);
    EXPECT_EQ(read.error().code, Error::Code::invalid_input);
  }
  EXPECT_EQ(read_call_fixture(folder.path() / "none.json").error().code, Error::Code::not_found);
  EXPECT_FALSE(read_call_fixture(folder.path()));
}

/// A test of the small bot's tracking whose reply is `given`.
std::string track(const std::string& given, const std::string& answer) {
  return "- test: t\n  given: {parcels.lookup: " + given +
         "}\n  turns:\n    - visitor: track A-1032\n      bot: " + answer + "\n";
}

struct GivenCase {
  const char* name;
  const char* given;
  const char* answer;
  const char* mistake;  ///< empty: the test runs and passes
};

TEST(RecordedReplies, AreMappedAsLiveAnswersAre) {
  const GivenCase cases[] = {
      {"recorded", "fixtures/home.json", "track.status", ""},
      {"one after the other", "[fixtures/home.json, not_found]", "track.status", ""},
      {"a 404", "fixtures/none.json", "track.unknown", ""},
      {"no file", "fixtures/hom.json", "track.status",
       "tests/a.yml:2:27: fixtures/hom.json: there is no such file"},
      {"no fixture", "fixtures/bad.json", "track.status",
       "tests/a.yml:2:27: fixtures/bad.json: this is no recorded reply"},
      {"of another call", "fixtures/other.json", "track.status",
       "tests/a.yml:2:27: fixtures/other.json was recorded from 'parcels.move'"},
      {"outside", "../../secret.json", "track.status",
       "tests/a.yml:2:27: a recorded reply lies below tests/"},
      {"hidden outside", "fixtures/../../wasl.json", "track.status",
       "tests/a.yml:2:27: a recorded reply lies below tests/"},
      {"neither", "offline", "track.status", "tests/a.yml:2:27: a given call is a map of fields"},
  };
  const test::Folder folder;
  test::write_small_bot(folder);
  folder.write("tests/fixtures/home.json",
               to_text({"parcels.lookup", 200, R"({"status":"home"})"}, {}));
  folder.write("tests/fixtures/none.json", to_text({"parcels.lookup", 404, "gone"}, {}));
  folder.write("tests/fixtures/other.json", to_text({"parcels.move", 200, "{}"}, {}));
  folder.write("tests/fixtures/bad.json", R"({"status":"home"})");
  yaml::Mistakes none;
  const auto bot = load_bot(folder.path(), false, none);
  ASSERT_NE(bot, nullptr);
  for (const GivenCase& c : cases) {
    SCOPED_TRACE(c.name);
    folder.write("tests/a.yml", track(c.given, c.answer));
    yaml::Mistakes mistakes;
    const auto tests = load_conversation_tests(folder.path(), mistakes);
    const auto told = test::told(mistakes);
    if (std::string_view(c.mistake).empty()) {
      EXPECT_EQ(told, std::vector<std::string>{});
      for (const TestFailure& one : run_conversation_test(bot, tests.at(0)).failures) {
        ADD_FAILURE() << to_text(one);
      }
    } else {
      ASSERT_EQ(told.size(), 1U);
      EXPECT_TRUE(told[0].starts_with(c.mistake)) << told[0];
    }
  }
}

}  // namespace
}  // namespace wasl::bot
