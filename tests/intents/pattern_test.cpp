#include "intents/pattern_set.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wasl::intents {
namespace {

struct Case {
  const char* pattern;
  const char* text;
  bool want;
};

const Case kCases[] = {
    {"<order>", "my order is late", true},
    {"<order>", "Order", true},
    {"<order>", "orders", false},
    {"<order>", "reorder it", false},
    {"<order>", "(order)!", true},
    {"<order", "orders", true},
    {"order>", "reorder", true},
    {"<طلب>", "وين طلب", true},
    {"<طلب>", "وين طلبي", false},
    {"<طلب", "طلبي وين", true},
    {"<track> <my>", "please track my order", true},
    {"<track(ing)?>", "tracking please", true},
    {"<track(ing)?>", "tracker", false},
    {"<(track|tracking)>.{0,20}<(order|parcel)>", "tracking of my order", true},
    {"<(track|tracking)>.{0,3}<(order|parcel)>", "tracking of my order", false},
    {"<track>.{0,20}<order>", "I want to order a track suit", false},
    {"^(help|menu)[ .!]*$", "Help!", true},
    {"^(help|menu)[ .!]*$", "help me", false},
    {"^مساعدة[ ؟!.]*$", "مساعدة؟", true},
    {"شكرًا", "شكرا", true},
    {"شكرا", "شُكْراً", true},
    {"[A-Z]-\\d{4,8}", "order a-١٠٣٢ please", true},
    {"[A-Z]-\\d{4,8}", "order a-103 please", false},
    {"مدة (التوصيل|الشحن)", "كم مده الشحن", true},
    {"\\w+@\\w+\\.com", "write to me@shop.com", true},
    {"<no[^a-z]*way>", "no, way", true},
    {"a b", "a b", true},
    {"a b", "ab", false},
    {"go+d", "gooood", true},
    {"colou?r", "color", true},
    {"<colou?r>", "colour.", true},
    {"(?P<value>\\d+) (days|يوم)", "in 5 days", true},
    {"1\\.5", "1.5", true},
    {"1\\.5", "145", false},
    {"كم\\?", "كم؟", true},
    {"كم؟", "كم؟", true},
    {"\\<b\\>", "a <b> c", true},
    {"<\\D+>", "12 ab", true},
    {"^.$", "😀", true},
};

TEST(Pattern, MatchesAsItsAuthorReadsIt) {
  for (const Case& c : kCases) {
    PatternSet set;
    const auto added = set.add(c.pattern);
    ASSERT_TRUE(added) << c.pattern << ": " << added.error().what;
    const Marked marked = mark_words(clean(c.text).text);
    EXPECT_EQ(!set.hits(marked).empty(), c.want) << "one by one: " << c.pattern << " in " << c.text;
    set.compile();
    EXPECT_EQ(!set.hits(marked).empty(), c.want) << "as a set: " << c.pattern << " in " << c.text;
  }
}

TEST(Pattern, SaysWhatIsWrong) {
  const struct {
    const char* pattern;
    const char* want;
  } cases[] = {
      {"(order", "missing )"},           {"[a-", "a '[' without ']'"},
      {"order)", "unexpected )"},        {"a**", "bad repetition"},
      {"\\border\\b", "'<' and '>'"},    {"x{2,1}", "invalid repetition"},
      {"a{1001}", "invalid repetition"}, {"\\", "lone '\\'"},
      {"\\y", "unknown escape"},         {"(?=x)", "invalid perl operator"},
  };
  for (const auto& c : cases) {
    PatternSet set;
    const auto added = set.add(c.pattern);
    ASSERT_FALSE(added) << c.pattern;
    EXPECT_NE(added.error().what.find(c.want), std::string::npos)
        << c.pattern << ": " << added.error().what;
  }
}

TEST(Pattern, FindsEveryPlaceInTheCleanText) {
  PatternSet set;
  ASSERT_TRUE(set.add("[A-Z]-\\d{4}"));
  ASSERT_TRUE(set.add("<number (?P<value>\\d+)>"));
  set.compile();
  const std::string text = clean("A-1032, B-2041 and number ٧٧").text;
  const Marked marked = mark_words(text);
  ASSERT_EQ(set.hits(marked), (std::vector<int>{0, 1}));
  const auto orders = set.find(0, marked, 8);
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_EQ(text.substr(orders[1].start, orders[1].end - orders[1].start), "b-2041");
  const auto number = set.find(1, marked, 8);
  ASSERT_EQ(number.size(), 1U);
  EXPECT_EQ(text.substr(number[0].start, number[0].end - number[0].start), "77");
  EXPECT_EQ(set.find(0, marked, 1).size(), 1U);
}

TEST(Pattern, AllTogetherHaveABound) {
  PatternSet set;
  std::string refusal;
  for (int i = 0; i < 3000 && refusal.empty(); ++i) {
    const auto added = set.add("<n" + std::to_string(i) + ">(?:[abcxyz]{1,4}x){150}|<yes>");
    if (!added) refusal = added.error().what;
  }
  EXPECT_EQ(refusal, "all patterns together are too large");
  EXPECT_GT(set.size(), 100U);
  EXPECT_TRUE(set.add("<still>")) << "a small one may fit where a large one did not";
  set.compile();
  EXPECT_EQ(set.hits(mark_words("still")), std::vector<int>{static_cast<int>(set.size()) - 1});
}

TEST(Pattern, GreedyAutomataFallBackToOneByOne) {
  // Each wants its own counters; together they outgrow the memory a set is given.
  PatternSet set;
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(set.add("x.{0,90}y.{0,90}z" + std::to_string(i)));
  }
  set.compile();
  std::string text;
  for (int i = 0; i < 400; ++i) text += i % 3 == 0 ? "x y x" : "yx xy";
  text += "z7";
  const auto hits = set.hits(mark_words(text));
  EXPECT_NE(std::find(hits.begin(), hits.end(), 7), hits.end());
}

}  // namespace
}  // namespace wasl::intents
