// `do`: a flow that is a part of others.
#include "tests/flows/talk.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using test::BotFolder;
using test::mistakes_of;
using test::Talk;
using Told = Talk::Told;

const char* const kFlows = R"(
- flow: deliver
  start: {intent: contact}
  slots: {city: {type: text}, parcels: {type: number}}
  steps:
    - ask: parcels
    - do: choose_address
      with: {city: '"Riyadh"'}
      save: address
    - if: address.outcome == "abroad"
      then: [{say: not_there}, {end: refused}]
    - say: coming
      args: {city: address.city, street: address.street, parcels: parcels}
- flow: choose_address
  slots: {city: {type: text}, street: {type: text}}
  steps:
    - ask: city
    - ask: street
    - if: street == "abroad"
      then: [{end: abroad}]
- flow: greet
  start: {intent: greet}
  steps: [{say: hello}]
)";
const char* const kAnswers = R"(
deliver:
  ask_parcels: {ar: كم؟, en: How many}
  not_there: {ar: لا, en: Not there}
  coming: {ar: "{city} {street} {parcels, number}", en: "{city} {street} {parcels, number}"}
choose_address:
  ask_city: {ar: المدينة؟, en: City}
  ask_street: {ar: الشارع؟, en: Street}
greet:
  hello: {ar: أهلا, en: Hello}
)";

TEST(Subflow, ArgumentsAreNotAskedAndSlotsComeBack) {
  Talk talk(kFlows, kAnswers);
  EXPECT_EQ(talk.say("deliver", "contact"), Told{"deliver.ask_parcels"});
  EXPECT_EQ(talk.say("2"), Told{"choose_address.ask_street"});
  EXPECT_EQ(talk.state.stack.size(), 2U);
  EXPECT_EQ(talk.say("King Road"), (Told{"deliver.coming city=Riyadh parcels=2 street=King Road",
                                         "end choose_address resolved", "end deliver resolved"}));
  EXPECT_TRUE(talk.state.stack.empty());
}

TEST(Subflow, TheParentSeesHowItEnded) {
  Talk talk(kFlows, kAnswers);
  (void)talk.say("deliver", "contact");
  (void)talk.say("2");
  EXPECT_EQ(talk.say("abroad"),
            (Told{"deliver.not_there", "end choose_address abroad", "end deliver refused"}));
}

TEST(Subflow, ItsSlotsAreItsOwn) {
  Talk talk(kFlows, kAnswers);
  (void)talk.say("deliver", "contact");
  (void)talk.say("2");
  EXPECT_EQ(talk.slot("city"), "Riyadh");
  (void)talk.say("King Road");
  EXPECT_EQ(talk.slot("city"), "") << "the parent never filled its own";
}

TEST(Subflow, CancelEndsTheWholeWish) {
  Talk talk(kFlows, kAnswers);
  (void)talk.say("deliver", "contact");
  (void)talk.say("2");
  EXPECT_EQ(talk.say("cancel"),
            (Told{"cancel.done", "end choose_address cancelled", "end deliver cancelled"}));
  EXPECT_TRUE(talk.state.stack.empty());
}

TEST(Subflow, ADigressionComesBackToItsQuestion) {
  Talk talk(kFlows, kAnswers);
  (void)talk.say("deliver", "contact");
  (void)talk.say("2");
  const Told told = talk.tap("intent:greet");
  ASSERT_GE(told.size(), 2U);
  EXPECT_EQ(told[0], "greet.hello");
  EXPECT_EQ(talk.state.asking, "street");
  EXPECT_EQ(talk.say("King Road").front(), "deliver.coming city=Riyadh parcels=2 street=King Road");
}

TEST(Subflow, WhatTheMessageSaysBesidesFillsItsSlots) {
  Talk talk(R"(
- flow: book
  start: {intent: contact}
  steps:
    - do: choose
      save: it
    - say: done
      args: {number: it.number}
- flow: choose
  slots: {number: {type: entity, entity: order_number}}
  steps: [{ask: number}]
)",
            "book:\n  done: {ar: '{number}', en: '{number}'}\n"
            "choose:\n  ask_number: {ar: كم؟, en: Which}\n");
  EXPECT_EQ(talk.say("A-1 please", "contact", {{"order_number", "A-1"}}).front(),
            "book.done number=A-1");
}

TEST(Subflow, AStateThatCannotBeIsDropped) {
  Talk talk(kFlows, kAnswers);
  (void)talk.say("deliver", "contact");
  (void)talk.say("2");
  talk.state.stack.pop_back();  // stands at a `do` with nothing done
  EXPECT_FALSE(talk.say("King Road").empty());
  EXPECT_TRUE(talk.state.stack.empty());
}

TEST(Goto, GoingBackAsksAgain) {
  Talk talk(R"(
- flow: order
  start: {intent: contact}
  slots: {colour: {type: text}, count: {type: number}}
  steps:
    - ask: colour
    - id: count
      ask: count
    - if: count > 5
      then: [{say: too_many}, {goto: count}]
    - say: ordered
      args: {colour: colour, count: count}
)",
            "order:\n  ask_colour: {ar: اللون؟, en: Colour}\n  ask_count: {ar: كم؟, en: How many}\n"
            "  too_many: {ar: كثير, en: Too many}\n"
            "  ordered: {ar: '{colour} {count}', en: '{colour} {count}'}\n");
  (void)talk.say("order", "contact");
  (void)talk.say("red");
  EXPECT_EQ(talk.say("9"), (Told{"order.too_many", "order.ask_count"}));
  EXPECT_EQ(talk.say("3").front(), "order.ordered colour=red count=3");
}

TEST(Goto, GoingBackInsideABodyAsksAgain) {
  Talk talk(R"(
- flow: order
  start: {intent: contact}
  slots: {a: {type: number}, b: {type: number}}
  steps:
    - ask: a
      max_tries: 1
      on_fail:
        - id: again
          ask: b
        - if: b > 5
          then: [{goto: again}]
        - end: lost
    - say: done
)",
            "order:\n  ask_a: {ar: كم, en: How many}\n  ask_b: {ar: كم, en: How much}\n"
            "  done: {ar: تم, en: Done}\n");
  (void)talk.say("order", "contact");
  EXPECT_EQ(talk.say("no number"), Told{"order.ask_b"});
  EXPECT_EQ(talk.say("9"), Told{"order.ask_b (retry)"});
  EXPECT_EQ(talk.say("3"), (Told{"help.fallback", "end order lost"}));
}

struct Case {
  const char* name;
  const char* flows;
  Told want;
};

// Flow `a` starts on line 1 of flows/f.yml.
const Case kCases[] = {
    {"unknown flow",
     "- flow: a\n  start: {intent: greet}\n  steps: [{do: aa}]\n",
     {"flows/f.yml:3:16: unknown flow 'aa'"}},
    {"unknown argument",
     "- flow: a\n  start: {intent: greet}\n  steps: [{do: b, with: {siz: 1}}]\n"
     "- flow: b\n  slots: {size: {type: number}}\n  steps: [{end: x}]\n",
     {"flows/f.yml:3:26: flow 'b' has no slot 'siz' (did you mean \"size\"?)"}},
    {"argument of a wrong type",
     "- flow: a\n  start: {intent: greet}\n  steps: [{do: b, with: {size: channel}}]\n"
     "- flow: b\n  slots: {size: {type: number}}\n  steps: [{if: size > 1, then: [{end: big}]}]\n",
     {"flows/f.yml:3:26: slot 'size' holds a number, this is a text"}},
    {"unknown outcome",
     "- flow: a\n  start: {intent: greet}\n  steps:\n    - {do: b, save: r}\n"
     "    - if: r.outcome == \"smal\"\n      then: [{end: x}]\n"
     "- flow: b\n  steps: [{end: small}]\n",
     {"flows/f.yml:5:24: 'smal' is never a value of 'r.outcome' (did you mean \"small\"?)"}},
    {"a name for two results",
     "- flow: a\n  start: {intent: greet}\n  steps:\n    - {do: b, save: r}\n    - {do: c, save: "
     "r}\n"
     "- flow: b\n  steps: [{end: x}]\n- flow: c\n  steps: [{end: x}]\n",
     {"flows/f.yml:5:21: 'r' already holds the result of b"}},
    {"recursion",
     "- flow: a\n  start: {intent: greet}\n  steps: [{do: b}]\n"
     "- flow: b\n  steps: [{do: c}]\n- flow: c\n  steps: [{do: b}]\n",
     {"flows/f.yml:7:16: this never ends: b → c → b"}},
    {"nested too deeply",
     "- flow: a\n  start: {intent: greet}\n  steps: [{do: b}]\n- flow: b\n  steps: [{do: c}]\n"
     "- flow: c\n  steps: [{do: d}]\n- flow: d\n  steps: [{do: e}]\n- flow: e\n  steps: [{do: f}]\n"
     "- flow: f\n  steps: [{end: x}]\n",
     {"flows/f.yml:3:16: 'b' does other flows 4 deep already; at most 4 may lie one in the other"}},
    {"never used",
     "- flow: a\n  start: {intent: greet}\n  steps: [{end: x}]\n- flow: b\n  steps: [{end: x}]\n",
     {"flows/f.yml:4:3: missing 'start': nothing would start this flow"}},
    {"a loop around a subflow that does not wait",
     "- flow: a\n  start: {intent: greet}\n  steps:\n    - {id: top, do: b}\n    - goto: top\n"
     "- flow: b\n  steps: [{end: x}]\n",
     {"flows/f.yml:5:7: this loops without an ask: the bot would never stop"}},
    {"a goto into the body of an ask",
     "- flow: a\n  start: {intent: greet}\n  slots: {n: {type: number}}\n  steps:\n"
     "    - {ask: n, on_fail: [{id: lost, end: lost}]}\n    - {if: n > 2, then: [{goto: lost}]}\n",
     {"flows/f.yml:6:33: a goto may leave on_fail, on_error and on_not_found, but not enter them"}},
    {"a loop around an ask that is filled each time",
     "- flow: a\n  start: {intent: greet}\n  slots: {n: {type: number}}\n  steps:\n"
     "    - {id: top, set: {n: 1}}\n    - ask: n\n    - {if: n > 2, then: [{goto: top}]}\n",
     {"flows/f.yml:7:26: this loops without an ask: the bot would never stop"}},
};

TEST(Subflow, MistakesAreToldWithTheirPlace) {
  for (const Case& c : kCases) {
    const BotFolder folder;
    folder.write("flows/f.yml", c.flows);
    folder.write("answers/a.yml", std::string(c.name).find("ask") == std::string::npos
                                      ? ""
                                      : "a:\n  ask_n: {ar: كم؟, en: How many}\n");
    EXPECT_EQ(mistakes_of(folder), c.want) << c.name;
  }
}

TEST(Subflow, ALoopAroundOneThatAsksIsFine) {
  const BotFolder folder;
  folder.write("flows/f.yml",
               "- flow: a\n  start: {intent: greet}\n  steps:\n    - {id: top, do: b, save: r}\n"
               "    - {if: r.n > 1, then: [{goto: top}]}\n"
               "- flow: b\n  slots: {n: {type: number}}\n  steps: [{ask: n}]\n");
  folder.write("answers/a.yml", "b:\n  ask_n: {ar: كم؟, en: How many}\n");
  EXPECT_EQ(mistakes_of(folder), Told{});
}

}  // namespace
}  // namespace wasl::flows
