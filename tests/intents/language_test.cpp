#include "intents/language.hpp"

#include <gtest/gtest.h>

namespace wasl::intents {
namespace {

constexpr Language kAr = Language::ar;
constexpr Language kEn = Language::en;
constexpr Language kUnd = Language::und;

struct Case {
  const char* text;
  Language before;
  LanguageGuess want;
};

const Case kCases[] = {
    {"where is my order", kUnd, {kEn, false, false, Dialect::none}},
    {"وين طلبي", kUnd, {kAr, false, false, Dialect::none}},
    {"وين الـ order حقي A-1032", kUnd, {kAr, false, false, Dialect::none}},
    {"where is my order please حبيبي I need it", kUnd, {kEn, false, false, Dialect::none}},
    {"3ayez akalem 7ad", kUnd, {kAr, true, false, Dialect::none}},
    {"3ayez alghy el order", kUnd, {kAr, true, true, Dialect::none}},
    {"wen talabi", kEn, {kAr, true, false, Dialect::none}},
    {"sa7 keda", kUnd, {kAr, true, false, Dialect::none}},
    {"shukran", kUnd, {kAr, true, false, Dialect::none}},
    // What says nothing follows the conversation.
    {"A-1032", kAr, {kAr, false, false, Dialect::none}},
    {"A-1032", kEn, {kEn, false, false, Dialect::none}},
    {"12345", kAr, {kAr, false, false, Dialect::none}},
    {"12345", kUnd, {kUnd, false, false, Dialect::none}},
    {"😀", kEn, {kEn, false, false, Dialect::none}},
    {"ok", kAr, {kAr, false, false, Dialect::none}},
    {"ok thanks", kAr, {kAr, false, false, Dialect::none}},
    {"Samsung Galaxy", kAr, {kAr, false, false, Dialect::none}},
    {"", kAr, {kAr, false, false, Dialect::none}},
    // A clear message switches at once.
    {"can you tell me where my parcel is", kAr, {kEn, false, false, Dialect::none}},
    {"أين طلبي", kEn, {kAr, false, false, Dialect::none}},
    // French is no Arabizi; it is answered as the conversation goes, else in English.
    {"bonjour ou est ma commande svp", kUnd, {kEn, false, false, Dialect::none}},
    {"je veux annuler ma commande", kAr, {kAr, false, false, Dialect::none}},
    {"bghit nbeddel la commande dyali", kUnd, {kAr, true, false, Dialect::none}},
    {"momken a3raf el order wasal fein", kUnd, {kAr, true, false, Dialect::none}},
    // Digits in words that are not Arabizi.
    {"the 2nd mp3 costs 5kg", kUnd, {kEn, false, false, Dialect::none}},
    {"iphone 15 pro max", kUnd, {kEn, false, false, Dialect::none}},
};

TEST(Language, FollowsTheWordsAndElseTheConversation) {
  for (const Case& c : kCases) {
    const LanguageGuess guess = detect_language(clean(c.text), c.before);
    EXPECT_EQ(name(guess.language), name(c.want.language)) << c.text;
    EXPECT_EQ(guess.arabizi, c.want.arabizi) << c.text;
  }
}

TEST(Language, SaysWhatIsMixed) {
  for (const char* text :
       {"وين الـ order حقي", "cancel الطلب من فضلك", "abi cancel my order ya3ni abi"}) {
    EXPECT_TRUE(detect_language(clean(text), kUnd).mixed) << text;
  }
  for (const char* text : {"وين طلبي A-1032", "where is my order", "وين طلبي من Samsung"}) {
    EXPECT_FALSE(detect_language(clean(text), kUnd).mixed) << text;
  }
}

}  // namespace
}  // namespace wasl::intents
