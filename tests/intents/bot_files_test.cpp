#include "intents/bot_files.hpp"

#include "wasl/intents/understander.hpp"

#include "tests/intents/folder.hpp"

#include <gtest/gtest.h>

namespace wasl::intents {
namespace {

std::vector<std::string> mistakes_in(const char* yaml) {
  const Folder folder;
  folder.write("intents/a.yml", yaml);
  yaml::Mistakes mistakes;
  const auto loaded = Understander::load(folder.path(), false, mistakes);
  EXPECT_EQ(loaded.understander == nullptr, !mistakes.empty());
  return told(mistakes);
}

struct Case {
  const char* name;
  const char* yaml;
  std::vector<const char*> want;  ///< starts of the mistakes, in order
};

const Case kCases[] = {
    {"good",
     "- intent: a\n  examples:\n    en: |\n      one two\n- entity: n\n  pattern: '\\d+'\n",
     {}},
    {"empty file", "", {}},
    {"no list", "intent: a\n", {"intents/a.yml:1:1: a list of entries is expected"}},
    {"unknown key",
     "- intent: a\n  patern: 'x'\n  examples: {en: x}\n",
     {"intents/a.yml:2:3: unknown key 'patern' (did you mean \"patterns\"?)"}},
    {"unknown language",
     "- intent: a\n  examples:\n    en: x\n    fr: y\n",
     {"intents/a.yml:4:5: unknown key 'fr'; known here: en, ar, arabizi"}},
    {"examples as a list",
     "- intent: a\n  examples: [x]\n",
     {"intents/a.yml:1:3: intent 'a' has no examples",
      "intents/a.yml:2:13: examples are given by"}},
    {"nothing", "- intent: a\n", {"intents/a.yml:1:3: intent 'a' has no examples and no patterns"}},
    {"duplicate intent",
     "- intent: a\n  patterns: [x]\n- intent: a\n  patterns: [y]\n",
     {"intents/a.yml:3:11: intent 'a' is already declared at intents/a.yml:1"}},
    {"bad name",
     "- intent: Track Order\n  patterns: [x]\n",
     {"intents/a.yml:1:11: 'Track Order' is no name"}},
    {"bad pattern",
     "- intent: a\n  patterns: ['ok', '(order']\n",
     {"intents/a.yml:2:20: bad pattern '(order': missing ): (order"}},
    {"bad entity pattern",
     "- entity: a\n  pattern: '[0-9'\n",
     {"intents/a.yml:2:12: bad pattern '[0-9': a '[' without ']'"}},
    {"entity without anything",
     "- entity: a\n",
     {"intents/a.yml:1:3: entity 'a' needs a 'pattern'"}},
    {"one word, two values",
     "- entity: c\n  values: {riyadh: [الرياض], jeddah: [الرِياض]}\n",
     {"intents/a.yml:2:39: 'الرِياض' means both 'riyadh' and 'jeddah'"}},
    {"unknown entity",
     "- intent: a\n  examples:\n    en: |\n      where is {order_numbr: A-1}\n- entity: "
     "order_number\n  pattern: '[A-Z]-\\d'\n",
     {"intents/a.yml:4:9: unknown entity 'order_numbr' (did you mean \"order_number\"?)"}},
    {"odd annotation",
     "- intent: a\n  examples:\n    en: |\n      where is {A-1}\n",
     {"intents/a.yml:4:9: an annotation is written {entity: value}"}},
    {"one example, two intents",
     "- intent: a\n  examples:\n    en: |\n      hello there\n- intent: b\n  examples:\n    en: |\n"
     "      bye\n      Hello there!\n",
     {"intents/a.yml:9:9: 'Hello there!' is an example of 'b' and of 'a' (intents/a.yml:4)"}},
    {"a pattern that claims its own 'not'",
     "- intent: a\n  patterns: ['<order>']\n  not: ['an order of merit']\n",
     {"intents/a.yml:3:9: pattern '<order>' of 'a' matches this sentence, which it must not"}},
    {"patterns in oos",
     "- intent: oos\n  patterns: [x]\n  examples: {en: x y}\n",
     {"intents/a.yml:1:3: 'oos' collects sentences"}},
    {"neither",
     "- intnt: a\n",
     {"intents/a.yml:1:3: an entry needs the key 'intent' or 'entity' (did you mean \"intent\"?)"}},
};

TEST(BotFiles, NamesEveryMistakeByPlace) {
  for (const Case& c : kCases) {
    const auto found = mistakes_in(c.yaml);
    ASSERT_EQ(found.size(), c.want.size()) << c.name << ": " << (found.empty() ? "" : found[0]);
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].substr(0, std::string(c.want[i]).size()), c.want[i]) << c.name;
    }
  }
}

TEST(BotFiles, ReadsWhatAuthorsWrite) {
  const Folder folder;
  folder.write("intents/a.yml",
               "- intent: track\n  examples:\n    en: |\n      where is {n: A-1032} now\n\n      "
               "track it\n    ar: |\n      وين طلبي\n    arabizi: |\n      wen talabi\n  not: "
               "[track suit]\n- entity: n\n  pattern: "
               "'[A-Z]-\\d+'\n- intent: oos\n  examples:\n    en: |\n      tell me a joke\n");
  yaml::Mistakes mistakes;
  const BotFiles files = read_bot_files(folder.path(), mistakes);
  EXPECT_TRUE(mistakes.empty());
  ASSERT_EQ(files.intents.size(), 1U);
  ASSERT_EQ(files.intents[0].examples.size(), 4U);
  EXPECT_EQ(files.intents[0].examples[0].text, "where is A-1032 now");
  EXPECT_EQ(files.intents[0].examples[1].at.line, 6);
  EXPECT_EQ(files.intents[0].examples[2].group, "ar");
  EXPECT_EQ(files.intents[0].examples[3].group, "arabizi");
  EXPECT_EQ(files.intents[0].nots.size(), 1U);
  EXPECT_EQ(files.out_of_scope.size(), 1U);
}

}  // namespace
}  // namespace wasl::intents
