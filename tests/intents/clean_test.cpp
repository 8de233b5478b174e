#include "wasl/intents/clean.hpp"

#include "wasl/core/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wasl::intents {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* want;
};

const Case kCases[] = {
    {"case", "Where IS my Order", "where is my order"},
    {"spaces", "  a \t\n b\u00A0c\u200Cd  ", "a b c d"},
    {"tashkeel", "شُكْرًا", "شكرا"},
    {"tatweel", "شكـــرا", "شكرا"},
    {"forms of alef and hamza", "أ إ آ ٱ ؤ ئ شيء", "ا ا ا ا و ي شي"},
    {"yaa and taa marbuta", "على فاطمة", "علي فاطمه"},
    {"Persian letters", "کیف گلت چ پ", "كيف كلت ج ب"},
    {"presentation forms", "\uFEB7\uFEDC\uFEAE", "شكر"},
    {"lam-alef ligature", "\uFEFB", "لا"},
    {"Arabic-Indic digits", "٠١٢٣٤٥٦٧٨٩", "0123456789"},
    {"Persian digits", "۰۱۲۳۴۵۶۷۸۹", "0123456789"},
    {"full width", "Ａ１", "a1"},
    {"punctuation", "متى؟ نعم، لا؛ ٥٪", "متي? نعم, لا; 5%"},
    {"quotes and dashes", "“it’s” – «ok»", "\"it's\" - \"ok\""},
    {"bidi marks", "\u202Eabc\u202C\u200F", "abc"},
    {"accents, composed or not", "réclamation re\u0301clamation", "reclamation reclamation"},
    {"elongation", "pleaseeeee جداااااا", "pleasee جداا"},
    {"digits are never elongation", "1000000", "1000000"},
    {"emoji are words", "ok😀😀😀😀done", "ok 😀 😀 done"},
    {"an arrow that is an emoji with a stroke", "a\u21AEb", "a \u2194 b"},
    {"skin tone and selector vanish", "👍🏽 ❤️", "👍 ❤"},
    {"control characters", "a\x01\x02z", "az"},
    {"nothing", "", ""},
};

TEST(Clean, FoldsSpelling) {
  for (const Case& c : kCases) {
    EXPECT_EQ(clean(c.text).text, c.want) << c.name;
  }
}

TEST(Clean, StretchedLettersCanBeWrittenOnce) {
  EXPECT_EQ(clean("agenttttt موظففففف hello", 1).text, "agent موظف hello");
}

TEST(Clean, IsItsOwnFixedPoint) {
  for (const Case& c : kCases) {
    const std::string once = clean(c.text).text;
    EXPECT_EQ(clean(once).text, once) << c.name;
  }
}

TEST(Clean, SpansLeadBackToTheOriginal) {
  const std::string text = "رقمُ الطَّلب  A-١٠٣٢!";
  const Clean cleaned = clean(text);
  const std::size_t at = cleaned.text.find("a-1032");
  ASSERT_NE(at, std::string::npos);
  const Span span = cleaned.original(at, at + 6);
  EXPECT_EQ(text.substr(span.start, span.end - span.start), "A-١٠٣٢");
  const std::size_t word = cleaned.text.find("الطلب");
  const Span marked = cleaned.original(word, word + std::string("الطلب").size());
  EXPECT_EQ(text.substr(marked.start, marked.end - marked.start), "الطَّلب");
}

TEST(Clean, CountsWhatFoldingHides) {
  const Clean cleaned = clean("WHY؟؟؟؟ soooo جداااا 😀");
  EXPECT_EQ(cleaned.latin_capitals, 3U);
  EXPECT_EQ(cleaned.elongations, 2U);
  EXPECT_EQ(cleaned.emoji, 1U);
  EXPECT_FALSE(cleaned.exclamation.empty());
  EXPECT_EQ(clean("www ههههه 1000").elongations, 0U) << "addresses and laughter";
  EXPECT_TRUE(clean("really?!").exclamation.empty());
}

TEST(Clean, SurvivesAnyBytes) {
  std::string marks = "a";
  for (int i = 0; i < 10'000; ++i) marks += "\u0301";
  std::string emoji;
  for (int i = 0; i < 5'000; ++i) emoji += "😀";
  std::string ligatures;
  for (int i = 0; i < 4'000; ++i) ligatures += "\uFDFA";
  const std::string hostile[] = {
      std::string(64 * 1024, 'a'),
      std::string(64 * 1024, '!'),
      std::string(64 * 1024, '\0'),
      std::string(64 * 1024, '\xFF'),
      "\xED\xA0\x80\xED\xB0\x80 lone",
      "\xC0\xAF\xE0\x80\xAF",
      "cut \xD8",
      marks,
      emoji,
      ligatures,
  };
  for (const std::string& text : hostile) {
    const Clean cleaned = clean(text);
    EXPECT_TRUE(valid_utf8(cleaned.text));
    EXPECT_LE(cleaned.text.size(), 16U * 1024);
    ASSERT_EQ(cleaned.text.size(), cleaned.origin.size());
    for (const Span& span : cleaned.origin) {
      EXPECT_LE(span.start, span.end);
      EXPECT_LE(span.end, text.size());
    }
  }
  EXPECT_EQ(clean(marks).text, "a");
}

}  // namespace
}  // namespace wasl::intents
