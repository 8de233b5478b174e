// `remind`: an answer for later.
#include "tests/flows/talk.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using test::BotFolder;
using test::mistakes_of;
using test::Talk;
using Told = Talk::Told;

template <typename Effect>
std::vector<Effect> all(const StepResult& result) {
  std::vector<Effect> found;
  for (const FlowEffect& effect : result.effects) {
    if (const auto* one = std::get_if<Effect>(&effect)) found.push_back(*one);
  }
  return found;
}

TEST(Remind, TellsWhenAndWithWhat) {
  Talk talk(R"(
- flow: book
  start: {intent: contact}
  slots: {day: {type: date}}
  steps:
    - ask: day
    - {remind: soon, on: day, before: 1d, args: {day: day}}
    - {remind: soon, on: day + 1, at: '"17:30"', args: {day: day}}
    - {remind: later, after: 24h}
    - {remind: later, cancel: true}
    - say: done
)",
            "book:\n  ask_day: {ar: متى, en: When}\n  done: {ar: تم, en: Done}\n"
            "  later: {ar: لاحقا, en: Later}\n"
            "  soon: {ar: '{day, date, ::dMMMM}', en: '{day, date, ::dMMMM}'}\n");
  (void)talk.say("book", "contact");
  EXPECT_EQ(talk.say("2026-12-01"), (Told{"book.done", "end book resolved"}));
  const auto set = all<Remind>(talk.result);
  ASSERT_EQ(set.size(), 3U);
  EXPECT_EQ(set[0].answer, "book.soon");
  EXPECT_EQ(set[0].date + " " + set[0].time, "2026-12-01 09:00");
  EXPECT_EQ(set[0].before, Millis{24 * 3600 * 1000});
  EXPECT_EQ(set[0].args.at("day"), Value(std::string("2026-12-01")));
  EXPECT_EQ(set[1].date + " " + set[1].time, "2026-12-02 17:30");
  EXPECT_EQ(set[2].after, Millis{24 * 3600 * 1000});
  const auto forgotten = all<ForgetReminder>(talk.result);
  ASSERT_EQ(forgotten.size(), 1U);
  EXPECT_EQ(forgotten[0].answer, "book.later");
}

TEST(Remind, WithoutADayThereIsNothingToRemindOf) {
  Talk talk(R"(
- flow: book
  start: {intent: contact}
  slots: {day: {type: date}}
  steps:
    - {remind: soon, on: day}
    - say: done
)",
            "book:\n  done: {ar: تم, en: Done}\n  soon: {ar: قريبا, en: Soon}\n");
  (void)talk.say("book", "contact");
  EXPECT_TRUE(all<Remind>(talk.result).empty());
}

TEST(Remind, ACorrectedDaySetsItAnew) {
  Talk talk(R"(
- flow: book
  start: {intent: contact}
  slots: {day: {type: date}, sure: {type: yes_no}}
  steps:
    - ask: day
    - {remind: soon, on: day}
    - ask: sure
    - if: sure
      then: [{say: done}]
)",
            "book:\n  ask_day: {ar: متى, en: When}\n  ask_sure: {ar: متأكد, en: Sure}\n"
            "  done: {ar: تم, en: Done}\n  soon: {ar: قريبا, en: Soon}\n");
  (void)talk.say("book", "contact");
  (void)talk.say("2026-12-01");
  ASSERT_EQ(all<Remind>(talk.result).size(), 1U);
  (void)talk.say("no, I meant 2026-12-02", "", {{"date", "2026-12-02"}});
  const auto anew = all<Remind>(talk.result);
  ASSERT_EQ(anew.size(), 1U);
  EXPECT_EQ(anew[0].date, "2026-12-02");
}

struct Case {
  const char* name;
  const char* step;
  Told want;
};

// The step stands in line 4 of flows/f.yml.
const Case kCases[] = {
    {"neither after nor on",
     "{remind: soon}",
     {"flows/f.yml:4:11: a reminder comes `after` a while or `on` a date: write one"}},
    {"both",
     "{remind: soon, after: 1h, on: today}",
     {"flows/f.yml:4:11: a reminder comes `after` a while or `on` a date: write one"}},
    {"a while too long",
     "{remind: soon, after: 900d}",
     {"flows/f.yml:4:33: a reminder comes within 365d"}},
    {"before without on",
     "{remind: soon, after: 1h, before: 1h}",
     {"flows/f.yml:4:45: 'before' goes with 'on'"}},
    {"on something else",
     "{remind: soon, on: channel}",
     {"flows/f.yml:4:30: a date is expected, this is a text"}},
    {"at something else",
     "{remind: soon, on: today, at: today}",
     {"flows/f.yml:4:41: a time of day is expected, this is a date"}},
    {"cancel of an unknown one",
     "{remind: son, cancel: true}, {remind: soon, after: 1h}",
     {"flows/f.yml:4:20: unknown reminder 'f.son' (did you mean \"f.soon\"?)"}},
    {"cancel with a time",
     "{remind: soon, after: 1h}, {remind: soon, cancel: true, after: 1h}",
     {"flows/f.yml:4:74: a cancelled reminder needs no 'after'"}},
    {"no text",
     "{remind: sooner, after: 1h}, {say: soon}",
     {"flows/f.yml:4:20: there is no text for 'f.sooner' in answers/ (did you mean \"f.soon\"?)"}},
};

TEST(Remind, MistakesAreToldWithTheirPlace) {
  for (const Case& c : kCases) {
    const BotFolder folder;
    folder.write("flows/f.yml",
                 std::string("- flow: f\n  start: {intent: greet}\n\n  steps: [") + c.step + "]\n");
    folder.write("answers/a.yml", "f:\n  soon: {ar: قريبا, en: Soon}\n");
    EXPECT_EQ(mistakes_of(folder), c.want) << c.name;
  }
}

}  // namespace
}  // namespace wasl::flows
