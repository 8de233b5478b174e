#include "wasl/intents/search_words.hpp"

#include <gtest/gtest.h>

namespace wasl::intents {
namespace {

bool same(const SearchWord& a, const SearchWord& b) {
  const auto shares = [&](const std::string& form) {
    return !form.empty() && (form == b.stem || form == b.bare);
  };
  return shares(a.stem) || shares(a.bare);
}

SearchWord only(const char* word) {
  const auto words = search_words(word, 10);
  EXPECT_EQ(words.size(), 1U) << word;
  return words.empty() ? SearchWord{} : words.front();
}

TEST(SearchWords, OneWordHasOneStemHoweverItIsWritten) {
  const struct {
    const char* one;
    const char* other;
  } cases[] = {
      {"return", "returns"},     {"return", "Returning"},
      {"return", "returned"},    {"size", "sizes"},
      {"size", "sizing"},        {"policy", "policies"},
      {"box", "boxes"},          {"watch", "watches"},
      {"pay", "payments"},       {"ship", "shipping"},
      {"ship", "shipment"},      {"deliver", "delivery"},
      {"deliver", "deliveries"}, {"exchange", "exchanging"},
      {"order", "order's"},      {"طلب", "الطلب"},
      {"طلب", "طلبي"},           {"طلب", "وطلبك"},
      {"طلب", "طلبات"},          {"طلب", "بالطلب"},
      {"طلب", "للطلب"},          {"بطاقة", "البطاقة"},
      {"بطاقة", "بطاقتي"},       {"بطاقة", "بطاقات"},
      {"بطاقة", "ببطاقتك"},      {"منتج", "المنتجات"},
      {"ضمان", "الضمان"},        {"ضمان", "ضمانكم"},
      {"شحنة", "شحنتي"},         {"إلغاء", "الغاء"},
      {"هدية", "الهدية"},        {"ملابس", "لملابسي"},
  };
  for (const auto& c : cases) {
    EXPECT_TRUE(same(only(c.one), only(c.other)))
        << c.one << " is " << only(c.one).stem << ", " << c.other << " is " << only(c.other).stem;
  }
}

TEST(SearchWords, OtherWordsStayApart) {
  const struct {
    const char* one;
    const char* other;
  } cases[] = {{"thing", "thin"}, {"press", "pre"}, {"need", "needle"}, {"status", "state"},
               {"gift", "give"},  {"ضمان", "ضمير"}, {"بنك", "بن"},      {"ورق", "رق"},
               {"بيت", "بيع"},    {"كتاب", "كاتب"}};
  for (const auto& c : cases) {
    if (search_words(c.one, 9).empty() || search_words(c.other, 9).empty()) continue;
    EXPECT_FALSE(same(only(c.one), only(c.other))) << c.one << " and " << c.other;
  }
}

TEST(SearchWords, ConsonantsJoinWhatAStemCannot) {
  EXPECT_EQ(only("إرجاع").bones, only("ارجع").bones);
  EXPECT_EQ(only("استرجاع").bones.substr(0, 1), "~");
  EXPECT_EQ(only("باب").bones, "") << "two consonants are everybody's";
  EXPECT_EQ(only("return").bones, "");
}

TEST(SearchWords, LeavesOutWhatEveryQuestionHas) {
  const auto stems = [](const char* text) {
    std::string line;
    for (const SearchWord& word : search_words(text, 50)) line += word.stem + " ";
    return line;
  };
  EXPECT_EQ(stems("How can I do that, please?"), "");
  EXPECT_EQ(stems("هل يمكن أن من فضلك؟").find("هل"), std::string::npos);
  EXPECT_EQ(stems("I don't want the wool sweater"), "wool sweater ");
  EXPECT_EQ(stems("order A-1032"), "order 1032 ") << "one letter alone tells nothing";
}

TEST(SearchWords, AnyBytesAreRead) {
  EXPECT_TRUE(search_words("", 10).empty());
  EXPECT_TRUE(search_words("\xFF\xFE \" ' * ( ) OR", 10).size() <= 1);
  EXPECT_EQ(search_words("one1 two2 three3 four4", 2).size(), 2U);
  std::string endless;
  for (int i = 0; i < 2'000; ++i) endless += "ab";
  EXPECT_TRUE(search_words(endless, 10).empty()) << "no word is so long";
}

}  // namespace
}  // namespace wasl::intents
