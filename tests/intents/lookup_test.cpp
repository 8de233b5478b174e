#include "intents/entities_lookup.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wasl::intents {
namespace {

ValueLookup cities() {
  ValueLookup lookup;
  const struct {
    const char* value;
    const char* words;
  } values[] = {{"riyadh", "الرياض"},   {"riyadh", "riyadh"},    {"jeddah", "جدة"},
                {"jeddah", "jeddah"},   {"khobar", "al khobar"}, {"khobar", "الخبر"},
                {"alex", "alexandria"}, {"alex", "الاسكندرية"},  {"iphone_15", "iphone 15"}};
  for (const auto& one : values) lookup.add("city", one.value, clean(one.words).text);
  return lookup;
}

std::string found_in(const ValueLookup& lookup, const std::string& text) {
  const Clean cleaned = clean(text);
  std::vector<EntityHit> hits;
  lookup.find(cleaned.text, read_words(cleaned), hits);
  std::string all;
  for (const EntityHit& hit : hits) {
    const Span from = cleaned.original(hit.span.start, hit.span.end);
    all += hit.value + "'" + text.substr(from.start, from.end - from.start) + "'";
  }
  return all;
}

TEST(Lookup, FindsValuesAndForgivesTypos) {
  const ValueLookup lookup = cities();
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"ship to Riyadh", "riyadh'Riyadh'"},
      {"للرياض", "riyadh'للرياض'"},
      {"بالرياض", "riyadh'الرياض'"},
      {"والخبر", "khobar'الخبر'"},
      {"بجدة لو سمحت", "jeddah'جدة'"},
      {"in Al Khobar now", "khobar'Al Khobar'"},
      {"an iphone 15 case", "iphone_15'iphone 15'"},
      {"an iphone 14 case", ""},
      // one edit from five letters on
      {"riyad", "riyadh'riyad'"},
      {"riaydh", "riyadh'riaydh'"},
      {"jedda", "jeddah'jedda'"},
      {"الريااض", "riyadh'الريااض'"},
      {"rydh", ""},
      // two from eight on
      {"alexanderia", "alex'alexanderia'"},
      {"alxendria", "alex'alxendria'"},
      {"الاسكندريه", "alex'الاسكندريه'"},
      {"الاسكنرية", "alex'الاسكنرية'"},
      {"alx", ""},
      // short words and words of the language are what they are
      {"جده", "jeddah'جده'"},
      {"خدة", ""},
      {"جد", ""},
      {"the ready one", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(found_in(lookup, c.text), c.want) << c.text;
}

TEST(Lookup, WhatIsSparedIsNoMisspeltValue) {
  ValueLookup lookup = cities();
  lookup.add("city", "dammam", "الدمام");
  EXPECT_EQ(found_in(lookup, "متى الدوام"), "dammam'الدوام'");
  const Clean known = clean("متى الدوام عندكم في الرياض");
  lookup.spare(known.text, read_words(known));
  EXPECT_EQ(found_in(lookup, "متى الدوام"), "");
  EXPECT_EQ(found_in(lookup, "إلى الدمم"), "dammam'الدمم'") << "still misspelt";
  EXPECT_EQ(found_in(lookup, "في الدمام وفي الرياض"), "dammam'الدمام'riyadh'الرياض'");
}

TEST(Lookup, TakesPlainWordsOnly) {
  for (const char* words : {"riyadh", "al khobar", "جده", "15", "a b c d e f"}) {
    EXPECT_TRUE(ValueLookup::takes(words)) << words;
  }
  for (const char* words : {"", " ", "c++", "wi-fi", "a_b", "a b c d e f g", "😀"}) {
    EXPECT_FALSE(ValueLookup::takes(words)) << words;
  }
}

TEST(Lookup, CountsEdits) {
  const struct {
    const char32_t* a;
    const char32_t* b;
    std::size_t edits;
  } cases[] = {{U"same", U"same", 0},
               {U"riyadh", U"riyad", 1},
               {U"riyadh", U"riaydh", 1},
               {U"abcdef", U"bacdfe", 2},
               {U"kitten", U"sitting", 3}};
  for (const auto& c : cases) {
    EXPECT_TRUE(within_edits(c.a, c.b, c.edits));
    if (c.edits > 0) {
      EXPECT_FALSE(within_edits(c.a, c.b, c.edits - 1));
    }
  }
}

TEST(Lookup, ManyValuesAndManyWordsStayBounded) {
  ValueLookup lookup;
  for (int i = 0; i < 20'000; ++i)
    lookup.add("n", "v",
               "product" + std::string(1, static_cast<char>('a' + i % 26)) +
                   std::string(1, static_cast<char>('a' + i / 26 % 26)));
  std::string text;
  for (int i = 0; i < 400; ++i) text += "prodoctxq ";
  const Clean cleaned = clean(text);
  std::vector<EntityHit> hits;
  lookup.find(cleaned.text, read_words(cleaned), hits);
  EXPECT_LE(hits.size(), 64U);
}

}  // namespace
}  // namespace wasl::intents
