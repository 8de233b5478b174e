#include "flows/slots.hpp"

#include "flows/load.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

Words words() {
  yaml::Mistakes mistakes;
  for (std::size_t i = 0; i < kReservedCount; ++i) {
    if (std::string_view(kReserved[i].file) != "reserved/words.yml") continue;
    return read_words(*yaml::parse(kReserved[i].text, kReserved[i].file, mistakes), mistakes);
  }
  return {};
}

struct Case {
  SlotType type;
  const char* text;
  const char* want;  ///< as to_text() shows it; "" for none
};

const Case kCases[] = {
    {SlotType::text, "  hello ", "hello"},
    {SlotType::text, "   ", ""},
    {SlotType::number, "3", "3"},
    {SlotType::number, "about 12 pieces", "12"},
    {SlotType::number, "٣٤", "34"},
    {SlotType::number, "١٢٫٥", "12.5"},
    {SlotType::number, "1,200", "1200"},
    {SlotType::number, "1,200.50", "1200.5"},
    {SlotType::number, "-4", "-4"},
    {SlotType::number, "3 or 4", ""},
    {SlotType::number, "three", ""},
    {SlotType::number, "A-1032", ""},
    {SlotType::number, "3kg", "3"},
    {SlotType::number, "(7)", "7"},
    {SlotType::phone, "+966 50 123 4567", "+966501234567"},
    {SlotType::phone, "رقمي ٠٥٠١٢٣٤٥٦٧", "0501234567"},
    {SlotType::phone, "(050) 123-4567", "0501234567"},
    {SlotType::phone, "12345", ""},
    {SlotType::email, "write to Noor.K+1@example.co.uk please", "Noor.K+1@example.co.uk"},
    {SlotType::email, "noor at example", ""},
    {SlotType::yes_no, "نعم", "yes"},
    {SlotType::yes_no, "أيوه، كمّل", "yes"},
    {SlotType::yes_no, "Yes, please!", "yes"},
    {SlotType::yes_no, "لا شكراً", "no"},
    {SlotType::yes_no, "No.", "no"},
    {SlotType::yes_no, "la2", "no"},
    {SlotType::yes_no, "that is not right", ""},
    {SlotType::yes_no, "maybe", ""},
    {SlotType::yes_no, "is friday ok?", ""},
    {SlotType::yes_no, "is friday ok", ""},
    {SlotType::yes_no, "friday, ok?", ""},
    {SlotType::yes_no, "هل السبت تمام؟", ""},
    {SlotType::yes_no, "ok?", "yes"},
    {SlotType::yes_no, "yes, is it far?", "yes"},
    {SlotType::yes_no, "لا، هل من موعد آخر؟", "no"},
    {SlotType::yes_no, "ok but first tell me where my order went", ""},
    {SlotType::pattern, "it is a-1032, I think", "A-1032"},
    {SlotType::pattern, "A-١٠٣٢", "A-1032"},
    {SlotType::pattern, "1032", ""},
    {SlotType::choice, "damaged", "damaged"},
    {SlotType::choice, "مكسور", "damaged"},
    {SlotType::choice, "وصلني مكسورا والله", "damaged"},
    {SlotType::choice, "it just does not work at all", "damaged"},
    {SlotType::choice, "does it work", ""},
    {SlotType::choice, "وصل تالفاً", "damaged"},
    {SlotType::choice, "2", "other"},
    {SlotType::choice, "well, another reason", "other"},
    {SlotType::choice, "it is damaged or another reason", ""},
    {SlotType::choice, "nothing", ""},
    {SlotType::choice, "وصل تالف", "damaged"},
    {SlotType::choice, "Damaged!", "damaged"},
    {SlotType::choice, "another", "other"},
    {SlotType::choice, "it", ""},
};

TEST(Extract, ReadsWhatVisitorsWrite) {
  const Words known = words();
  for (const Case& c : kCases) {
    Slot slot;
    slot.name = "slot";
    slot.type = c.type;
    slot.pattern = std::make_shared<const RE2>(R"([A-Z]-\d{4,8})");
    slot.values = {make_choice("damaged", {{"ar", "وصل تالفًا"}, {"en", "It is damaged"}},
                               {"مكسور", "does not work"}),
                   make_choice("other", {{"ar", "سبب آخر"}, {"en", "Another reason"}})};
    const auto value = extract(slot, c.text, {}, known);
    EXPECT_EQ(value ? to_text(*value) : "", c.want) << c.text;
    EXPECT_EQ(value.has_value(), *c.want != '\0') << c.text;
  }
}

TEST(Extract, EntitiesComeFromUnderstanding) {
  Slot slot;
  slot.type = SlotType::entity;
  slot.entity = "city";
  Understanding understanding;
  EXPECT_FALSE(extract(slot, "riyadh", understanding, {}));
  understanding.entities = {{"order_number", "A-1", "A-1", 0, 3},
                            {"city", "riyadh", "الرياض", 4, 9}};
  EXPECT_EQ(extract(slot, "", understanding, {}), Value(std::string("riyadh")));
}

TEST(Phrases, AreFoundAtWordsBeginningsAndEnds) {
  const Phrases phrases({"no", "no i meant", "لا قصدي", "one"});
  for (const char* text : {"no", "well no", "no thanks", "oh no i meant that", "اه لا قصدي كذا"}) {
    EXPECT_TRUE(phrases.within(text)) << text;
  }
  for (const char* text : {"", "north", "piano", "لا", "none", "i meant no1"}) {
    EXPECT_FALSE(phrases.within(text)) << text;
  }
  EXPECT_TRUE(phrases.has("no"));
  EXPECT_FALSE(phrases.has("no one"));
  EXPECT_FALSE(phrases.has(""));
  EXPECT_EQ(phrases.begin_of("no i meant it"), std::string_view("no i meant").size());
  EXPECT_EQ(phrases.begin_of("no i mean it"), 2U);
  EXPECT_EQ(phrases.begin_of("oh no"), 0U);
}

TEST(Cancel, IsTheWholeMessage) {
  const Words known = words();
  for (const char* text : {"cancel", "Cancel.", "never mind", "إلغاء", "الغاء!", "خلاص"}) {
    EXPECT_TRUE(known.cancel.has(fold(text))) << text;
  }
  for (const char* text : {"cancel my order A-1032", "إلغاء الطلب", "", "no"}) {
    EXPECT_FALSE(known.cancel.has(fold(text))) << text;
  }
}

TEST(Fold, MakesSpellingsAlike) {
  EXPECT_EQ(fold("  أُريدُ، إِلغـاء!! "), "اريد الغاء");
  EXPECT_EQ(fold("Don't STOP"), "don t stop");
  EXPECT_EQ(fold("🙂 ؟"), "");
  EXPECT_EQ(latin_digits("٠٥۵ x"), "055 x");
}

}  // namespace
}  // namespace wasl::flows
