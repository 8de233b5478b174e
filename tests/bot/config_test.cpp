#include "bot/config.hpp"

#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace wasl::bot {
namespace {

using Told = std::vector<std::string>;

/// A variable of the environment, for the life of the object.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

struct Read {
  Config config;
  Told mistakes;
};

Read read(const std::string& text) {
  const test::Folder folder;
  folder.write("wasl.yml", text);
  yaml::Mistakes mistakes;
  Config config = load_config(folder.path(), mistakes);
  return {std::move(config), test::told(mistakes)};
}

TEST(Config, HasDefaults) {
  const Read got = read("bot: small\n");
  EXPECT_EQ(got.mistakes, Told{});
  EXPECT_EQ(got.config.name, "small");
  EXPECT_EQ(got.config.default_language, Language::ar);
  EXPECT_EQ(got.config.listen, "127.0.0.1:8080");
  EXPECT_EQ(got.config.store, "sqlite:data/wasl.db");
  EXPECT_FALSE(got.config.demo);
  EXPECT_EQ(got.config.text_chars_max, 4000U);
  EXPECT_EQ(got.config.messages_per_minute, 60);
  EXPECT_TRUE(got.config.telegram.empty());
}

TEST(Config, ReadsEverySetting) {
  const Read got = read(R"(bot: shop
languages: {ar: ar-EG, en: en-US}
default_language: en
listen: 0.0.0.0:9000
store: "memory:"
demo: true
shards: 3
channels:
  web: {origins: ["https://shop.example"], identity_secret: x}
  support: {type: telegram, token: t, secret: s, api: "http://127.0.0.1:1", quiet: 2s}
calls: {hosts: [shop.example, "127.0.0.1:9"]}
limits: {text_chars_max: 10, messages_per_minute: 2, connections_per_address: 3, connections: 4, frame_bytes_max: 2048, trusted_proxies: [10.0.0.1]}
retention: {conversations_days: 30, attachments_days: 3}
)");
  EXPECT_EQ(got.mistakes, Told{});
  const Config& c = got.config;
  EXPECT_EQ(c.languages.at("ar"), "ar-EG");
  EXPECT_EQ(c.default_language, Language::en);
  EXPECT_EQ(c.listen, "0.0.0.0:9000");
  EXPECT_EQ(c.store, "memory:");
  EXPECT_TRUE(c.demo);
  EXPECT_EQ(c.shards, 3);
  EXPECT_EQ(c.web_origins, Told{"https://shop.example"});
  ASSERT_EQ(c.telegram.size(), 1U);
  EXPECT_EQ(c.telegram[0].id, "support");
  EXPECT_EQ(c.telegram[0].token, "t");
  EXPECT_EQ(c.telegram[0].secret, "s");
  EXPECT_EQ(c.telegram[0].api, "http://127.0.0.1:1");
  EXPECT_EQ(quiet_of(c, "support"), Millis{2000});
  EXPECT_EQ(quiet_of(c, "web"), Millis{0});
  EXPECT_EQ(c.call_hosts, (Told{"shop.example", "127.0.0.1:9"}));
  EXPECT_EQ(c.text_chars_max, 10U);
  EXPECT_EQ(c.messages_per_minute, 2);
  EXPECT_EQ(c.limits.connections_per_address_max, 3U);
  EXPECT_EQ(c.limits.connections_max, 4U);
  EXPECT_EQ(c.limits.frame_bytes_max, 2048U);
  EXPECT_EQ(c.limits.trusted_proxies, Told{"10.0.0.1"});
}

struct MistakeCase {
  const char* name;
  const char* text;
  const char* want;  ///< how the only mistake begins
};

const MistakeCase kMistakes[] = {
    {"no name", "demo: true\n", "wasl.yml:1:1: missing 'bot'"},
    {"an unknown key", "bot: a\nlistn: x\n",
     "wasl.yml:2:1: unknown key 'listn' (did you mean \"listen\"?)"},
    {"an unknown language", "bot: a\nlanguages: {fr: fr}\n",
     "wasl.yml:2:13: unknown language 'fr'"},
    {"languages that are no map", "bot: a\nlanguages: ar\n", "wasl.yml:2:12: must be a map"},
    {"a language without a tag", "bot: a\nlanguages: {ar: }\n", "wasl.yml:2:"},
    {"an unknown default language", "bot: a\ndefault_language: fr\n",
     "wasl.yml:2:19: 'default_language' must be ar or en"},
    {"demo neither true nor false", "bot: a\ndemo: yes\n", "wasl.yml:2:7: 'demo' must be true or"},
    {"shards out of bounds", "bot: a\nshards: 65\n", "wasl.yml:2:9: 'shards' must be a whole"},
    {"a limit that is a word", "bot: a\nlimits:\n  text_chars_max: many\n",
     "wasl.yml:3:19: 'text_chars_max' must be"},
    {"a limit of zero", "bot: a\nlimits: {messages_per_minute: 0}\n", "wasl.yml:2:31: 'messages_"},
    {"an unknown limit", "bot: a\nlimits: {text: 5}\n", "wasl.yml:2:10: unknown key 'text'"},
    {"limits that are a list", "bot: a\nlimits: [1]\n", "wasl.yml:2:9: must be a map"},
    {"channels that are a list", "bot: a\nchannels: [web]\n", "wasl.yml:2:11: must be a map"},
    {"an unknown channel type", "bot: a\nchannels:\n  t: {type: telegramm}\n",
     "wasl.yml:3:13: unknown channel type 'telegramm' (did you mean \"telegram\"?)"},
    {"a channel without a type", "bot: a\nchannels:\n  t: {token: x}\n",
     "wasl.yml:3:6: missing 'type'"},
    {"telegram without a secret", "bot: a\nchannels:\n  t: {type: telegram, token: x}\n",
     "wasl.yml:3:6: missing 'secret'"},
    {"telegram that is quiet for too long",
     "bot: a\nchannels:\n  t: {type: telegram, token: x, secret: y, quiet: 1m}\n",
     "wasl.yml:3:51: 'quiet' must be at most 10s"},
    {"telegram with an empty secret",
     "bot: a\nchannels:\n  t: {type: telegram, token: x, secret: \"\"}\n",
     "wasl.yml:3:41: 'secret' must not be empty"},
    {"a secret whose default is empty",
     "bot: a\nchannels:\n  t: {type: telegram, token: x, secret: \"${WASL_TEST_UNSET:-}\"}\n",
     "wasl.yml:3:41: 'secret' must not be empty"},
    {"a variable that is not set", "bot: a\nlisten: ${WASL_TEST_UNSET}\n",
     "wasl.yml:2:9: environment variable WASL_TEST_UNSET is not set"},
    {"one deep down", "bot: a\nchannels:\n  web:\n    origins:\n      - ${WASL_TEST_UNSET}\n",
     "wasl.yml:5:9: environment variable WASL_TEST_UNSET"},
    {"retention out of bounds", "bot: a\nretention: {conversations_days: 0}\n", "wasl.yml:2:"},
};

TEST(Config, BoundsHowLongAConnectionMayBeSilent) {
  using std::chrono::seconds;
  const Read usual = read("bot: small\n");
  EXPECT_EQ(usual.config.limits.handshake_max, seconds{10});
  EXPECT_EQ(usual.config.limits.silence_max, seconds{60});
  const Read got = read("bot: small\nlimits: {handshake: 2s, silence: 5m}\n");
  EXPECT_EQ(got.mistakes, Told{});
  EXPECT_EQ(got.config.limits.handshake_max, seconds{2});
  EXPECT_EQ(got.config.limits.silence_max, seconds{300});
  const Read wrong = read("bot: small\nlimits:\n  handshake: 0s\n  silence: 2h\n");
  EXPECT_EQ(wrong.mistakes, (Told{"wasl.yml:3:14: 'handshake' must be between 1s and 1h",
                                  "wasl.yml:4:12: 'silence' must be between 2s and 1h"}));
}

TEST(Config, SaysWhereAMistakeIs) {
  ::unsetenv("WASL_TEST_UNSET");
  for (const MistakeCase& c : kMistakes) {
    SCOPED_TRACE(c.name);
    const Told mistakes = read(c.text).mistakes;
    ASSERT_EQ(mistakes.size(), 1U) << ::testing::PrintToString(mistakes);
    EXPECT_EQ(mistakes[0].substr(0, std::string_view(c.want).size()), c.want);
  }
}

TEST(Config, TellsAllMistakesAtOnce) {
  EXPECT_EQ(read("shards: x\ndemo: 1\nlisten: [a]\n").mistakes.size(), 4U);
}

TEST(Config, SaysThatTheFileIsMissing) {
  const test::Folder folder;
  yaml::Mistakes mistakes;
  (void)load_config(folder.path(), mistakes);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_TRUE(test::told(mistakes)[0].starts_with("wasl.yml"));
}

TEST(Config, TheEnvironmentOverridesTheFile) {
  const Variable listen("WASL_LISTEN", "127.0.0.1:1");
  const Variable chars("WASL_LIMITS_TEXT_CHARS_MAX", "77");
  const Variable demo("WASL_DEMO", "true");
  const Variable secret("WASL_CHANNELS_WEB_IDENTITY_SECRET", "s");
  const Read got = read("bot: a\nlisten: 127.0.0.1:2\n");
  EXPECT_EQ(got.mistakes, Told{});
  EXPECT_EQ(got.config.listen, "127.0.0.1:1");
  EXPECT_EQ(got.config.text_chars_max, 77U);
  EXPECT_TRUE(got.config.demo);

  const Read kept = read("bot: a\nlimits: {messages_per_minute: 5}\n");
  EXPECT_EQ(kept.mistakes, Told{});
  EXPECT_EQ(kept.config.messages_per_minute, 5);
  EXPECT_EQ(kept.config.text_chars_max, 77U);
}

TEST(Config, AnOverrideMustFitToo) {
  const Variable shards("WASL_SHARDS", "many");
  const Told mistakes = read("bot: a\n").mistakes;
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_NE(mistakes[0].find("'shards' must be"), std::string::npos);
}

struct ExpandCase {
  const char* text;
  const char* want;  ///< nullptr: not set
};

const ExpandCase kExpand[] = {
    {"plain", "plain"},
    {"", ""},
    {"${WASL_TEST_SET}", "value"},
    {"a${WASL_TEST_SET}b${WASL_TEST_SET}", "avaluebvalue"},
    {"${WASL_TEST_SET:-other}", "value"},
    {"${WASL_TEST_UNSET:-other}", "other"},
    {"${WASL_TEST_UNSET:-}", ""},
    {"${WASL_TEST_UNSET:-a:-b}", "a:-b"},
    {"${WASL_TEST_UNSET}", nullptr},
    {"${}", nullptr},
    {"$WASL_TEST_SET {x} $", "$WASL_TEST_SET {x} $"},
    {"open ${WASL_TEST_SET", "open ${WASL_TEST_SET"},
};

TEST(ExpandEnvironment, ReplacesNames) {
  const Variable set("WASL_TEST_SET", "value");
  ::unsetenv("WASL_TEST_UNSET");
  for (const ExpandCase& c : kExpand) {
    SCOPED_TRACE(c.text);
    const auto got = expand_environment(c.text);
    EXPECT_EQ(static_cast<bool>(got), c.want != nullptr);
    if (got && c.want != nullptr) {
      EXPECT_EQ(*got, c.want);
    }
  }
}

// What stands in the environment is a value, not a text to expand again.
TEST(ExpandEnvironment, DoesNotExpandTwice) {
  const Variable set("WASL_TEST_SET", "${WASL_TEST_UNSET}");
  const auto got = expand_environment("${WASL_TEST_SET}");
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, "${WASL_TEST_UNSET}");
}

}  // namespace
}  // namespace wasl::bot
