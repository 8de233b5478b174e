#include "intents/wishes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wasl::intents {
namespace {

std::string cut(const char* text) {
  const Clean cleaned = clean(text);
  std::string all;
  for (const Span& span : cut_wishes(cleaned.text, read_words(cleaned))) {
    all += "[" + cleaned.text.substr(span.start, span.end - span.start) + "]";
  }
  return all;
}

TEST(Wishes, AreCutWhereAnotherOpens) {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"where is my order and how do I return the shoes",
       "[where is my order][and how do i return the shoes]"},
      {"Cancel my order, and also I want my money back",
       "[cancel my order,][and also i want my money back]"},
      {"where is my order? can I change the address?",
       "[where is my order?][can i change the address?]"},
      {"وين طلبي وكمان ابغى الغي الثاني", "[وين طلبي][وكمان ابغي الغي الثاني]"},
      {"وين طلبي وابغى ارجع الجزمة", "[وين طلبي][وابغي ارجع الجزمه]"},
      {"فين الاوردر؟ عايز كمان اغير العنوان", "[فين الاوردر?][عايز كمان اغير العنوان]"},
      {"wen talabi el awal w kaman abi alghi el thani",
       "[wen talabi el awal][w kaman abi alghi el thani]"},
      // one wish
      {"a black and white shirt", ""},
      {"i want a black and white shirt and a blue one", ""},
      {"my order arrived and it is broken", ""},
      {"i have been waiting for two weeks, where is my order", ""},
      {"where is my order", ""},
      {"وين طلبي", ""},
      {"ابي قميص ابيض واسود", ""},
      {"طلبت قميص وبنطلون وجزمة ووصلوا", ""},
      {"and how", ""},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(cut(c.text), c.want) << c.text;
}

TEST(Wishes, AreFourAtMost) {
  std::string text = "where is my order";
  for (int i = 0; i < 50; ++i) text += " and where is my order";
  const Clean cleaned = clean(text);
  EXPECT_EQ(cut_wishes(cleaned.text, read_words(cleaned)).size(), kWishesMax);
}

}  // namespace
}  // namespace wasl::intents
