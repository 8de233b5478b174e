#include "intents/features.hpp"

#include "intents/dialect_words.hpp"

#include <gtest/gtest.h>

namespace wasl::intents {
namespace {

TEST(Features, ASkeletonIsTheSameInBothAlphabets) {
  const struct {
    const char* arabic;
    const char* latin;
  } cases[] = {{"طلبي", "talabi"},     {"فلوس", "flous"}, {"شحنه", "sha7na"}, {"خدمه", "5edmeh"},
               {"مساعده", "mosa3deh"}, {"غالي", "ghali"}, {"رجع", "raja3"},   {"حبيبي", "7abibi"}};
  for (const auto& c : cases) EXPECT_EQ(skeleton(c.arabic), skeleton(c.latin)) << c.latin;
  EXPECT_EQ(skeleton("اي"), "") << "vowels only";
  EXPECT_EQ(skeleton("pзы7"), "~bh") << "letters of a third alphabet were cut into bytes";
}

TEST(Features, CountOnlyWordsThatCouldMeanSomething) {
  const auto words = [](const char* text) { return make_features(clean(text), {}, false); };
  EXPECT_EQ(words("don't send 55 boxes").line, "dont send 0 boxes");
  EXPECT_EQ(words("yes, 12 😀").words, 0U);
  EXPECT_EQ(words("yes, 12 😀").all, 3U);
  EXPECT_EQ(words("أين طلبي").line, "اين طلبي ~n ~tlb =where");
  EXPECT_EQ(words("where is it").line, "where is it");
  const Clean text = clean("order A-1032 now");
  EXPECT_EQ(make_features(text, {{"code", "A-1032", {6, 12}}}, false).line, "order entitycode now");
}

TEST(Features, DialectsShareTheirConcepts) {
  const struct {
    const char* text;
    const char* meant;
  } cases[] = {{"أريد", "=want"}, {"بدي", "=want"},  {"عايز", "=want"},  {"أبغى", "=want"},
               {"وين", "=where"}, {"فين", "=where"}, {"وليش", "=why"},   {"ليه", "=why"},
               {"الحين", "=now"}, {"هلأ", "=now"},   {"دلوقتي", "=now"}, {"كتاب", ""},
               {"want", ""},      {"و", ""}};
  for (const auto& c : cases) EXPECT_EQ(concept_of(clean(c.text).text), c.meant) << c.text;
}

}  // namespace
}  // namespace wasl::intents
