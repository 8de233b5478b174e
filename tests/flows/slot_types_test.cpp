// Money, dates and times as slots, what they must fulfil, and what is said when they do not.
#include "wasl/flows/render.hpp"

#include "tests/flows/talk.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using test::BotFolder;
using test::mistakes_of;
using test::Talk;
using Told = Talk::Told;

const char* const kFlows = R"(
- flow: book
  start: {intent: contact}
  slots:
    day: {type: date, check: day >= today and day <= today + 30}
    at: {type: time, check: at >= "09:00" and at < "17:00"}
    paid: {type: money, currency: SAR}
  steps:
    - ask: day
    - ask: at
      max_tries: 2
      on_fail: [{end: lost}]
    - ask: paid
    - if: day - today == 1
      then: [{say: tomorrow, args: {at: at}}]
      else: [{say: booked, args: {day: day, at: at, paid: paid}}]
)";
const char* const kAnswers = R"(
book:
  ask_day:
    ar: أي يوم؟
    en: "Which day?"
    invalid: {ar: "اختر يومًا قريبًا.", en: "Choose a day within 30 days."}
  ask_at: {ar: متى؟, en: "At what time?"}
  ask_paid: {ar: كم دفعت؟, en: "How much?"}
  tomorrow: {ar: "غدًا {at, time, short}", en: "Tomorrow at {at, time, short}"}
  booked:
    ar: "{day, date, ::EEEEdMMMM} {at, time, short} {paid, number, ::currency/SAR}"
    en: "{day, date, ::EEEEdMMMM} {at, time, short} {paid, number, ::currency/SAR}"
)";

class Booking : public Talk {
 public:
  Booking() : Talk(kFlows, kAnswers) {
    around.today = "2026-11-22";
    around.clock = "12:00";
  }

  std::string text(Language language) {
    const auto renderer = Renderer::make(program);
    return renderer->render(result.replies.back(), {language, false, 0}).text;
  }
};

TEST(SlotTypes, ADateAndATimeInOneMessageFillBoth) {
  Booking talk;
  EXPECT_EQ(talk.say("book", "contact"), Told{"book.ask_day"});
  EXPECT_EQ(talk.say("tomorrow at 4 pm", "", {{"date", "2026-11-23"}, {"time", "16:00"}}),
            Told{"book.ask_paid"});
  EXPECT_EQ(talk.slot("day"), "2026-11-23");
  EXPECT_EQ(talk.slot("at"), "16:00");
  EXPECT_EQ(talk.say("200 ريال", "", {{"amount", "200 SAR"}}).front(), "book.tomorrow at=16:00");
  EXPECT_EQ(talk.text(Language::en), "Tomorrow at 16:00");
}

TEST(SlotTypes, TheFirstMessageFillsThemToo) {
  Booking talk;
  EXPECT_EQ(talk.say("book me on friday", "contact", {{"date", "2026-11-27"}}),
            Told{"book.ask_at"});
}

TEST(SlotTypes, ACheckRefusesWithItsOwnWords) {
  Booking talk;
  (void)talk.say("book", "contact");
  EXPECT_EQ(talk.say("yesterday", "", {{"date", "2026-11-21"}}), Told{"book.ask_day (retry)"});
  EXPECT_TRUE(talk.result.slot_again) << "it counts as a try";
  EXPECT_EQ(talk.state.tries, 1);
  EXPECT_EQ(talk.text(Language::en), "Choose a day within 30 days.");
  EXPECT_EQ(talk.text(Language::ar), "اختر يومًا قريبًا.");
  EXPECT_EQ(talk.slot("day"), "");
  EXPECT_EQ(talk.say("friday", "", {{"date", "2026-11-27"}}), Told{"book.ask_at"});
}

TEST(SlotTypes, AValueOfTheFirstMessageIsCheckedToo) {
  Booking talk;
  EXPECT_EQ(talk.say("book me for yesterday", "contact", {{"date", "2026-11-21"}}),
            Told{"book.ask_day (retry)"});
  EXPECT_EQ(talk.text(Language::en), "Choose a day within 30 days.");
}

TEST(SlotTypes, WordsOfOurOwnWhereTheAuthorWroteNone) {
  Booking talk;
  (void)talk.say("book", "contact", {{"date", "2026-11-27"}});
  (void)talk.say("a bit later");
  EXPECT_EQ(talk.text(Language::en),
            "I could not find a time in your message. Write it like 17:30 or 5 pm. At what time?");
  EXPECT_EQ(talk.say("20:00", "", {{"time", "20:00"}}), (Told{"help.fallback", "end book lost"}));
}

TEST(SlotTypes, AnHourAloneIsTheOneThatFits) {
  for (const auto& [text, at] : {std::pair{"5", ""},
                                 {"10", "10:00"},
                                 {"٣", "15:00"},
                                 {"at 2:30", "14:30"},
                                 {"25", ""},
                                 {"12", "12:00"}}) {
    Booking talk;
    (void)talk.say("book", "contact", {{"date", "2026-11-27"}});
    (void)talk.say(text);
    EXPECT_EQ(talk.slot("at"), at) << text;
  }
}

TEST(SlotTypes, AnotherCurrencyIsNoAmount) {
  Booking talk;
  (void)talk.say("book", "contact", {{"date", "2026-11-27"}, {"time", "10:00"}});
  EXPECT_EQ(talk.say("$200", "", {{"amount", "200 USD"}}),
            Told{"book.ask_paid (retry) currency=SAR"});
  EXPECT_EQ(talk.text(Language::en),
            "I could not find the amount in your message. Write it in digits, like 200 SAR. How "
            "much?");
  EXPECT_EQ(talk.say("200.5").front(), "book.booked at=10:00 day=2026-11-27 paid=200.5");
  EXPECT_EQ(talk.text(Language::en), "Friday, 27 November 10:00 SAR\u00a0200.50");
}

struct Case {
  const char* name;
  const char* slots;
  Told want;
};

const Case kCases[] = {
    {"money without currency", "p: {type: money}", {"flows/f.yml:3:14: missing 'currency'"}},
    {"a word as currency",
     "p: {type: money, currency: riyal}",
     {"flows/f.yml:3:38: a currency is written as its three letters, like SAR or EGP"}},
    {"currency of a number",
     "p: {type: number, currency: SAR}",
     {"flows/f.yml:3:39: 'currency' does not belong to this type"}},
    {"a check that is no condition",
     "p: {type: number, check: p + 1}",
     {"flows/f.yml:3:36: a condition is expected, this is a number"}},
    {"a check of another type",
     "p: {type: date, check: p > 3}",
     {"flows/f.yml:3:38: a date cannot be compared with a number"}},
    {"words for two values",
     "p: {type: choice, values: {a: {ar: أ, en: [A, the first]}, b: {ar: ب, en: [B, The first!]}}}",
     {"flows/f.yml:3:70: 'the first' stands for 'a' and for 'b'"}},
    {"a list that is no list of words",
     "p: {type: choice, values: {a: {ar: [], en: [A, {b: c}]}}}",
     {"flows/f.yml:3:46: a title is missing here", "flows/f.yml:3:58: words are expected here"}},
    {"a time that is none",
     "p: {type: time, check: p > \"25:00\"}",
     {"flows/f.yml:3:38: write a time like \"17:30\""}},
    {"a misspelt name",
     "p: {type: date, check: p > todat}",
     {"flows/f.yml:3:38: unknown name 'todat' (did you mean \"today\"?)"}},
    {"a name that is taken",
     "today: {type: date}",
     {"flows/f.yml:3:11: 'today' has a meaning of its own: name the slot otherwise"}},
};

TEST(SlotTypes, MistakesAreToldWithTheirPlace) {
  for (const Case& c : kCases) {
    const BotFolder folder;
    const std::string slots(c.slots);
    folder.write("flows/f.yml", "- flow: f\n  start: {intent: greet}\n  slots: {" + slots +
                                    "}\n  steps: [{ask: " + slots.substr(0, slots.find(':')) +
                                    "}]\n");
    folder.write("answers/a.yml",
                 "f:\n  ask_" + slots.substr(0, slots.find(':')) + ": {ar: كم, en: How many}\n");
    EXPECT_EQ(mistakes_of(folder), c.want) << c.name;
  }
}

TEST(SlotTypes, AnInvalidTextNeedsACheck) {
  const BotFolder folder;
  folder.write("flows/f.yml",
               "- flow: f\n  start: {intent: greet}\n  slots: {n: {type: number}}\n"
               "  steps: [{ask: n}]\n");
  folder.write("answers/a.yml",
               "f:\n  ask_n: {ar: كم, en: How many, invalid: {ar: لا, en: Not so many}}\n");
  EXPECT_EQ(mistakes_of(folder),
            Told{"answers/a.yml:2:3: 'f.ask_n' has an invalid text, but no ask of a slot with a "
                 "check uses it"});
}

}  // namespace
}  // namespace wasl::flows
