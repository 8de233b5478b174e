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
    {"where is my order", kUnd, {kEn, false}},
    {"وين طلبي", kUnd, {kAr, false}},
    {"وين الـ order حقي A-1032", kUnd, {kAr, false}},
    {"where is my order please حبيبي I need it", kUnd, {kEn, false}},
    {"3ayez akalem 7ad", kUnd, {kAr, true}},
    {"wen talabi", kEn, {kAr, true}},
    {"sa7 keda", kUnd, {kAr, true}},
    {"shukran", kUnd, {kAr, true}},
    // What says nothing follows the conversation.
    {"A-1032", kAr, {kAr, false}},
    {"A-1032", kEn, {kEn, false}},
    {"12345", kAr, {kAr, false}},
    {"12345", kUnd, {kUnd, false}},
    {"😀", kEn, {kEn, false}},
    {"ok", kAr, {kAr, false}},
    {"ok thanks", kAr, {kAr, false}},
    {"Samsung Galaxy", kAr, {kAr, false}},
    {"", kAr, {kAr, false}},
    // A clear message switches at once.
    {"can you tell me where my parcel is", kAr, {kEn, false}},
    {"أين طلبي", kEn, {kAr, false}},
    // Digits in words that are not Arabizi.
    {"the 2nd mp3 costs 5kg", kUnd, {kEn, false}},
    {"iphone 15 pro max", kUnd, {kEn, false}},
};

TEST(Language, FollowsTheWordsAndElseTheConversation) {
  for (const Case& c : kCases) {
    const LanguageGuess guess = detect_language(clean(c.text), c.before);
    EXPECT_EQ(name(guess.language), name(c.want.language)) << c.text;
    EXPECT_EQ(guess.arabizi, c.want.arabizi) << c.text;
  }
}

}  // namespace
}  // namespace wasl::intents
