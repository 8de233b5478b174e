#include "bot/example_edit.hpp"

#include "wasl/core/yaml.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

struct Case {
  const char* name;
  const char* before;
  const char* group;
  std::vector<std::string> sentences;
  const char* after;
};

const Case kCases[] = {
    {"below the last line of the block, comments and other intents as they were",
     "# Orders.\n"
     "- intent: track   # the parcel\n"
     "  examples:\n"
     "    en: |\n"
     "      where is my order\n"
     "\n"
     "      track it\n"
     "\n"
     "    # Arabic\n"
     "    ar: |\n"
     "      وين طلبي\n"
     "  patterns: ['^track']\n"
     "\n"
     "- intent: other\n"
     "  examples: {en: \"x\"}\n",
     "en",
     {"has it left", "track it"},
     "# Orders.\n"
     "- intent: track   # the parcel\n"
     "  examples:\n"
     "    en: |\n"
     "      where is my order\n"
     "\n"
     "      track it\n"
     "      has it left\n"
     "\n"
     "    # Arabic\n"
     "    ar: |\n"
     "      وين طلبي\n"
     "  patterns: ['^track']\n"
     "\n"
     "- intent: other\n"
     "  examples: {en: \"x\"}\n"},
    {"a block that the intent has not yet",
     "- intent: track\n  examples:\n    en: |\n      where\n  not: [x]\n",
     "arabizi",
     {"wen talabi"},
     "- intent: track\n  examples:\n    en: |\n      where\n    arabizi: |\n      wen talabi\n"
     "  not: [x]\n"},
    {"an intent of patterns alone",
     "- intent: track\n  patterns: ['^track']\n",
     "ar",
     {"وين طلبي", "أين الطلب"},
     "- intent: track\n  examples:\n    ar: |\n      وين طلبي\n      أين الطلب\n  patterns: "
     "['^track']\n"},
    {"nothing but a name",
     "- intent: oos\n",
     "en",
     {"will it rain"},
     "- intent: oos\n  examples:\n    en: |\n      will it rain\n"},
    {"one sentence on the line itself",
     "- intent: a\n  examples:\n    en: \"hello there\"\n    ar: أهلا\n",
     "en",
     {"hi"},
     "- intent: a\n  examples:\n    en: |\n      hello there\n      hi\n    ar: أهلا\n"},
    {"no line break at the end, deeper indentation",
     "-   intent: a\n    examples:\n        en: |\n            hello",
     "en",
     {"hi"},
     "-   intent: a\n    examples:\n        en: |\n            hello\n            hi\n"},
    {"line ends of Windows",
     "- intent: a\r\n  examples:\r\n    en: |\r\n      hello\r\n",
     "en",
     {"hi"},
     "- intent: a\r\n  examples:\r\n    en: |\r\n      hello\r\n      hi\r\n"},
    {"what looks like YAML is text in a block",
     "- intent: a\n  examples:\n    en: |\n      hello\n",
     "en",
     {"# not a comment", "- intent: b", "key: value"},
     "- intent: a\n  examples:\n    en: |\n      hello\n      # not a comment\n      - intent: b\n"
     "      key: value\n"},
};

TEST(ExampleEdit, AddsInTheBlockOfTheLanguage) {
  for (const Case& c : kCases) {
    yaml::Mistakes mistakes;
    const auto document = yaml::parse(c.before, "a.yml", mistakes);
    ASSERT_TRUE(document) << c.name;
    const std::string name = document->root.items.front().find("intent")->scalar;
    const auto after = add_examples(c.before, name, c.group, c.sentences);
    ASSERT_TRUE(after) << c.name << ": " << after.error().what;
    EXPECT_EQ(*after, c.after) << c.name;
    EXPECT_TRUE(yaml::parse(*after, "a.yml", mistakes)) << c.name;
    const auto again = add_examples(*after, name, c.group, c.sentences);
    ASSERT_TRUE(again) << c.name;
    EXPECT_EQ(*again, *after) << c.name << ": the same sentence is added once";
  }
}

TEST(ExampleEdit, SaysWhereNothingCanBeAdded) {
  for (const char* text : {"- {intent: a, patterns: [x]}\n", "- intent: a\n  examples: {en: x}\n",
                           "- intent: a\n  examples:\n    en: >\n      folded\n"}) {
    const auto after = add_examples(text, "a", "en", {"hi"});
    ASSERT_FALSE(after) << text;
    EXPECT_EQ(after.error().code, Error::Code::invalid_input);
    EXPECT_NE(after.error().what.find("en: |"), std::string::npos);
  }
  const auto unknown = add_examples("- intent: a\n", "b", "en", {"hi"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Error::Code::not_found);
}

TEST(ExampleEdit, AnExampleIsOneLineWithoutBraces) {
  struct Row {
    const char* text;
    const char* line;
  };
  for (const Row& row : {Row{" two\n lines\t\there ", "two lines here"},
                         {"give {order_number: A-1}", "give order_number: A-1"},
                         {"\x01\x02", ""},
                         {"{}", ""},
                         {"وين   طلبي؟", "وين طلبي؟"}}) {
    EXPECT_EQ(as_example(row.text), row.line);
  }
  EXPECT_EQ(as_example(std::string(5'000, 'x')).size(), 500U);
}

}  // namespace
}  // namespace wasl::bot
