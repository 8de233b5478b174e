// What `wasl validate` tells besides the shape of files: slots, buttons, plurals, channel forms.
// Each class of mistake in its own row; the rest is in load_test.cpp and beside each step.
#include "wasl/flows/render.hpp"

#include "tests/flows/talk.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using test::BotFolder;
using Told = std::vector<std::string>;

struct Findings {
  Told mistakes;
  Told warnings;
};

Findings validate(const std::string& flows, const std::string& answers) {
  const BotFolder folder;
  folder.write("flows/f.yml", flows);
  folder.write("answers/a.yml", answers);
  yaml::Mistakes mistakes;
  yaml::Mistakes warnings;
  (void)load_program(folder.path(), test::kKnown, test::kLanguages, mistakes, &warnings);
  Findings found;
  for (const auto& one : mistakes.sorted()) found.mistakes.push_back(yaml::to_string(one));
  for (const auto& one : warnings.sorted()) found.warnings.push_back(yaml::to_string(one));
  return found;
}

struct Case {
  const char* name;
  const char* flow;     ///< after `- flow: f` and its start, from line 3 on
  const char* answers;  ///< below topic `f`
  Told mistakes;
  Told warnings;
};

const Case kCases[] = {
    {"a slot that nothing fills",
     "  slots: {n: {type: number}}\n  steps: [{if: n > 1, then: [{end: big}]}]\n",
     "",
     {"flows/f.yml:3:11: slot 'n' is used, but nothing fills it: ask for it or set it"},
     {}},
    {"a slot that its message may fill",
     "  slots: {d: {type: date}}\n  steps: [{if: d > today, then: [{end: later}]}]\n",
     "",
     {},
     {}},
    {"a slot that is never used",
     "  slots: {n: {type: number}}\n  steps: [{end: done}]\n",
     "",
     {},
     {"flows/f.yml:3:11: slot 'n' is never used"}},
    {"an answer that is for nothing",
     "  slots: {n: {type: number}}\n  steps: [{ask: n}]\n",
     "  ask_n: {ar: كم, en: How many}\n",
     {},
     {"flows/f.yml:3:11: slot 'n' is asked for, but nothing uses the answer"}},
    {"an answer that an agent reads",
     "  slots: {n: {type: number}}\n  steps: [{ask: n}, {handoff: {reason: lost}}]\n",
     "  ask_n: {ar: كم, en: How many}\n",
     {},
     {}},
    {"too many buttons with those of the slot",
     "  slots: {c: {type: choice, values: {a: {ar: أ, en: A}, b: {ar: ب, en: B}, c: {ar: ج, en: "
     "C}, "
     "d: {ar: د, en: D}, e: {ar: ه, en: E}, g: {ar: و, en: G}, h: {ar: ز, en: H}, i: {ar: ح, en: "
     "I}, j: {ar: ط, en: J}, k: {ar: ي, en: K}}}}\n"
     "  steps: [{ask: c}, {if: c == \"a\", then: [{end: a}]}]\n",
     "  ask_c: {ar: أي, en: Which, buttons: [{handoff: asked, ar: موظف, en: A person}]}\n",
     {"flows/f.yml:4:17: 'f.ask_c' has 11 buttons with those of the slot; at most 10 fit a "
      "message"},
     {}},
    {"an Arabic plural without its forms",
     "  slots: {n: {type: number}}\n  steps: [{ask: n}, {say: hi, args: {n: n}}]\n",
     "  ask_n: {ar: كم, en: How many}\n"
     "  hi: {ar: '{n, plural, one {رسالة} other {# رسالة}}', en: '{n, plural, one {# message} "
     "other "
     "{# messages}}'}\n",
     {},
     {"answers/a.yml:3:12: the plural of {n} has no form two, few, many: 'other' is said instead, "
      "which may read wrong"}},
    {"an Arabic plural that shows no number",
     "  slots: {n: {type: number}}\n  steps: [{ask: n}, {say: hi, args: {n: n}}]\n",
     "  ask_n: {ar: كم, en: How many}\n"
     "  hi: {ar: '{n, plural, =1 {هذه} other {هذه كلها}}', en: '{n, plural, =1 {this} other "
     "{all}}'}\n",
     {},
     {}},
    {"an Arabic plural that counts nothing",
     "  slots: {n: {type: number}}\n  steps: [{ask: n}, {say: hi, args: {n: n}}]\n",
     "  ask_n: {ar: كم, en: How many}\n"
     "  hi: {ar: '{n, plural, =0 {لا} other {رقمك {n, number}.}}', en: '{n}'}\n",
     {},
     {}},
    {"a form for a channel we do not know",
     "  steps: [{say: hi}]\n",
     "  hi: {ar: أهلا, en: Hi, telegramm: {ar: أهلا, en: Hi}}\n",
     {"answers/a.yml:2:26: unknown key 'telegramm' (did you mean \"telegram\"?)"},
     {}},
    {"a form for a channel in one language only",
     "  steps: [{say: hi}]\n",
     "  hi: {ar: أهلا, en: Hi, telegram: {en: Hi}}\n",
     {"answers/a.yml:2:36: 'f.hi' (telegram) has no text in 'ar'"},
     {}},
    {"a time shown as a date",
     "  slots: {t: {type: time}}\n  steps: [{ask: t}, {say: hi, args: {t: t}}]\n",
     "  ask_t: {ar: متى, en: When}\n  hi: {ar: '{t, date}', en: '{t, date}'}\n",
     {"flows/f.yml:4:38: argument 't': the text needs a date, this is a time of day"},
     {}},
    {"a time shown as it is stored",
     "  slots: {t: {type: time}}\n  steps: [{ask: t}, {say: hi, args: {t: t}}]\n",
     "  ask_t: {ar: متى, en: When}\n  hi: {ar: '{t}', en: '{t}'}\n",
     {"flows/f.yml:4:38: argument 't': it is a time: write {…, time, short}"},
     {}},
};

TEST(Validator, TellsEachClassWithItsPlace) {
  for (const Case& c : kCases) {
    const std::string answers = *c.answers == '\0' ? "" : std::string("f:\n") + c.answers;
    const Findings found =
        validate(std::string("- flow: f\n  start: {intent: greet}\n") + c.flow, answers);
    EXPECT_EQ(found.mistakes, c.mistakes) << c.name;
    EXPECT_EQ(found.warnings, c.warnings) << c.name;
  }
}

TEST(Validator, ALongQuestionWithButtonsDoesNotFit) {
  const std::string text(1100, 'x');
  const Findings found = validate(
      "- flow: f\n  start: {intent: greet}\n  slots: {sure: {type: yes_no}}\n"
      "  steps: [{ask: sure}, {if: sure, then: [{end: yes}]}]\n",
      "f:\n  ask_sure: {ar: متأكد, en: " + text + "}\n");
  EXPECT_EQ(found.mistakes,
            Told{"answers/a.yml:2:3: 'f.ask_sure' is asked with buttons: in 'en' it is longer than "
                 "the 1024 characters a message with buttons may have"});
}

TEST(Validator, ASubflowsSlotsAreUsedByWhoSavesThem) {
  const char* const sub = "- flow: b\n  slots: {n: {type: number}}\n  steps: [{ask: n}]\n";
  const char* const answers = "b:\n  ask_n: {ar: كم, en: How many}\n";
  const std::string head = "- flow: a\n  start: {intent: greet}\n  steps: ";
  EXPECT_EQ(validate(head + "[{do: b, save: r}]\n" + sub, answers).warnings, Told{});
  EXPECT_EQ(validate(head + "[{do: b}]\n" + sub, answers).warnings,
            Told{"flows/f.yml:5:11: slot 'n' is asked for, but nothing uses the answer"});
}

std::string said(const test::Talk& talk, const Voice& voice) {
  return Renderer::make(talk.program)->render(talk.result.replies.back(), voice).text;
}

TEST(Answers, AChannelMayHaveItsOwnForm) {
  test::Talk talk("- flow: f\n  start: {intent: greet}\n  steps: [{say: hi}]\n",
                  "f:\n  hi: {ar: أهلا, en: Hello, telegram: {ar: هلا, en: Hi}, upset: {ar: أعتذر, "
                  "en: Sorry}}\n");
  (void)talk.say("hi", "greet");
  EXPECT_EQ(said(talk, {Language::en, false, 0, "web"}), "Hello");
  EXPECT_EQ(said(talk, {Language::en, false, 0, "telegram"}), "Hi");
  EXPECT_EQ(said(talk, {Language::ar, false, 0, "telegram"}), "هلا");
  EXPECT_EQ(said(talk, {Language::en, true, 0, "telegram"}), "Sorry");
}

TEST(Answers, WhatRunsTheOtherWayIsIsolated) {
  struct Row {
    const char* value;
    Language language;
    bool isolated;
  };
  const Row kRows[] = {
      {"A-1032", Language::ar, true},  {"+966501234567", Language::ar, true},
      {"10:30", Language::ar, true},   {"1032", Language::ar, false},
      {"نورة", Language::ar, false},   {"نورة", Language::en, true},
      {"A-1032", Language::en, false},
  };
  for (const Row& row : kRows) {
    test::Talk talk(
        "- flow: f\n  start: {intent: greet}\n  slots: {t: {type: text}}\n"
        "  steps: [{ask: t}, {say: hi, args: {t: t}}]\n",
        "f:\n  ask_t: {ar: ما هو, en: What}\n  hi: {ar: 'هو {t}.', en: 'It is {t}.'}\n");
    (void)talk.say("hi", "greet");
    (void)talk.say(row.value);
    const std::string text = said(talk, {row.language, false, 0});
    const std::string isolated = std::string("\u2068") + row.value + "\u2069";
    EXPECT_EQ(text.find(isolated) != std::string::npos, row.isolated) << text;
  }
}

}  // namespace
}  // namespace wasl::flows
