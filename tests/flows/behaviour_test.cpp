// What a conversation may always do: digress and return, want two things at once, hear it again.
#include "tests/flows/dialogue_scene.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using test::Dialogue;
using test::Told;
using Outcome = CallResult::Outcome;

// Digressions.

TEST(Resume, SaysWhatItReturnsToAndAsksOnce) {
  Dialogue d;
  (void)d.say("refund A-1", "get_refund", {"A-1"});
  EXPECT_EQ(d.say("hello", "greet"),
            (Told{"greet.hello", "resume.back", "get_refund.ask_reason", "end greet resolved"}));
  EXPECT_EQ(d.result.replies[1].title_of, "get_refund");
  EXPECT_FALSE(d.result.repeat);
  EXPECT_FALSE(d.result.slot_again);
}

TEST(Resume, AfterACallInTheDigression) {
  Dialogue d;
  (void)d.say("refund A-1", "get_refund", {"A-1"});
  (void)d.say("where is it", "track_order");
  EXPECT_EQ(d.back(Outcome::not_found), (Told{"track_order.not_found", "resume.back",
                                              "get_refund.ask_reason", "end track_order unknown"}));
}

TEST(Resume, CancellingADigressionReturns) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  (void)d.say("refund", "get_refund");
  ASSERT_EQ(d.state.stack.size(), 2U);
  EXPECT_EQ(d.say("cancel"), (Told{"cancel.done", "resume.back", "track_order.ask_order_number",
                                   "end get_refund cancelled"}));
  EXPECT_EQ(d.state.stack.size(), 1U);
}

TEST(Resume, AFlowBelowStartsAgainWhenItIsWantedAgain) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  (void)d.say("a refund please", "get_refund");
  (void)d.say("A-2", "", {"A-2"});
  ASSERT_EQ(d.state.asking, "reason");
  EXPECT_EQ(d.say("where is A-3", "track_order", {"A-3"}),
            (Told{"end get_refund cancelled", "end track_order cancelled", "slot order_number=A-3",
                  "call orders.lookup number=A-3"}));
  EXPECT_EQ(d.state.stack.size(), 1U);
}

// What was just spoken of.

TEST(CarryOver, TheNextWishIsAboutTheSame) {
  Dialogue d;
  (void)d.say("where is A-1", "track_order", {"A-1"});
  (void)d.shipped();
  EXPECT_EQ(d.say("i want my money back for it", "get_refund"),
            (Told{"get_refund.ask_reason", "slot order_number=A-1"}));
}

TEST(CarryOver, AlsoAfterAThanks) {
  Dialogue d;
  (void)d.say("where is A-1", "track_order", {"A-1"});
  (void)d.shipped();
  (void)d.say("thanks", "thank");
  EXPECT_EQ(d.say("refund", "get_refund"),
            (Told{"get_refund.ask_reason", "slot order_number=A-1"}));
}

TEST(CarryOver, WhatIsSaidNowWins) {
  Dialogue d;
  (void)d.say("where is A-1", "track_order", {"A-1"});
  (void)d.shipped();
  EXPECT_EQ(d.say("a refund for A-2", "get_refund", {"A-2"}),
            (Told{"get_refund.ask_reason", "slot order_number=A-2"}));
}

TEST(CarryOver, TheSameWishAgainIsAboutAnother) {
  Dialogue d;
  (void)d.say("where is A-1", "track_order", {"A-1"});
  (void)d.shipped();
  EXPECT_EQ(d.say("and my other order", "track_order"), Told{"track_order.ask_order_number"});
}

TEST(CarryOver, NotFromLongAgoNorFromWhatWasCancelled) {
  Dialogue d;
  (void)d.say("where is A-1", "track_order", {"A-1"});
  (void)d.shipped();
  (void)d.say("hi", "greet");
  (void)d.say("thanks", "thank");
  EXPECT_EQ(d.say("refund", "get_refund"), Told{"get_refund.ask_order_number"});
  (void)d.say("A-3", "", {"A-3"});
  (void)d.say("cancel");
  EXPECT_EQ(d.say("where is my order", "track_order"), Told{"track_order.ask_order_number"});
}

// Questions while something is asked.

const char* const kVisit = R"(
- flow: survey
  start: {intent: survey}
  slots: {day: {type: date}, note: {type: text}}
  steps: [{ask: day}, {ask: note}, {say: booked}]
)";
const char* const kVisitAnswers = R"(
survey:
  ask_day: {ar: أي يوم؟, en: "Which day?"}
  ask_note: {ar: ملاحظة؟, en: "A note?"}
  booked: {ar: تم., en: Done.}
)";

TEST(Digression, AQuestionWithADayInItIsNotTheDay) {
  for (const char* text :
       {"hello are you there on friday?", "are you there on friday", "هل أنتم هنا يوم الجمعة"}) {
    Dialogue d(kVisit, kVisitAnswers);
    (void)d.say("a visit", "survey");
    EXPECT_EQ(d.hear(text, "greet", {{"date", "2026-12-04"}}),
              (Told{"greet.hello", "resume.back", "survey.ask_day", "end greet resolved"}))
        << text;
    EXPECT_EQ(d.hear("friday then", "", {{"date", "2026-12-04"}}),
              (Told{"survey.ask_note", "slot day=2026-12-04"}));
  }
}

TEST(Digression, AQuestionAboutTheAnswerIsTheAnswer) {
  for (const char* intent : {"survey", ""}) {
    Dialogue d(kVisit, kVisitAnswers);
    (void)d.say("a visit", "survey");
    EXPECT_EQ(d.hear("can i come on friday?", intent, {{"date", "2026-12-04"}}),
              (Told{"survey.ask_note", "slot day=2026-12-04"}))
        << intent;
  }
}

TEST(Digression, AShortQuestionIsNoText) {
  for (const char* text : {"and who are you?", "who are you", "هل من أحد هنا"}) {
    Dialogue d(kVisit, kVisitAnswers);
    (void)d.say("a visit", "survey");
    (void)d.hear("friday", "", {{"date", "2026-12-04"}});
    EXPECT_EQ(d.say(text, "greet"),
              (Told{"greet.hello", "resume.back", "survey.ask_note", "end greet resolved"}))
        << text;
    EXPECT_EQ(d.say("how it went: not well", "greet"),
              (Told{"survey.booked", "slot note=how it went: not well", "end survey resolved"}));
  }
}

TEST(Text, IsMoreThanANod) {
  Dialogue d(kVisit, kVisitAnswers);
  (void)d.say("a visit", "survey");
  (void)d.hear("friday", "", {{"date", "2026-12-04"}});
  EXPECT_EQ(d.say("ايوه"), Told{"survey.ask_note (retry)"});
  EXPECT_EQ(d.say("نعم")[0], "survey.booked") << "said twice it is meant";

  Dialogue no(kVisit, kVisitAnswers);
  (void)no.say("a visit", "survey");
  (void)no.hear("friday", "", {{"date", "2026-12-04"}});
  EXPECT_EQ(no.say("no")[0], "survey.booked") << "no note";
}

// Several wishes.

TEST(Wishes, AreServedInOrder) {
  Dialogue d;
  EXPECT_EQ(d.several("hi and thanks", {{"greet", ""}, {"thank", ""}}),
            (Told{"greet.hello", "thank.welcome", "end greet resolved", "end thank resolved"}));
  EXPECT_TRUE(d.state.waiting.empty());
}

TEST(Wishes, WaitForACallAndForAQuestion) {
  Dialogue d;
  EXPECT_EQ(d.several("where is A-1 and refund A-2 and hi",
                      {{"track_order", "A-1"}, {"get_refund", "A-2"}, {"greet", ""}}),
            (Told{"slot order_number=A-1", "call orders.lookup number=A-1"}));
  EXPECT_EQ(d.state.waiting.size(), 2U);
  EXPECT_EQ(d.shipped(), (Told{"track_order.shipped", "resume.then", "get_refund.ask_reason",
                               "end track_order resolved", "slot order_number=A-2"}));
  EXPECT_EQ(d.result.replies[1].title_of, "greet") << "what is next waits, and the visitor knows";
  EXPECT_EQ(d.tap("value:reason=other"), (Told{"get_refund.ask_confirm", "slot reason=other"}))
      << "told once";
  EXPECT_EQ(d.say("no"),
            (Told{"get_refund.not_started", "resume.next", "greet.hello", "slot confirm=no",
                  "end get_refund resolved", "end greet resolved"}));
}

TEST(Wishes, AValueSaidOnceIsMeantTwice) {
  Dialogue d;
  (void)d.several("where is A-1 and I want a refund for it",
                  {{"track_order", "A-1"}, {"get_refund", ""}});
  (void)d.shipped();
  EXPECT_EQ(d.state.asking, "reason");
  EXPECT_EQ(d.state.slots.at("order_number"), Value(std::string("A-1")));
}

TEST(Wishes, CancellingLeavesOnlyTheCurrentOne) {
  Dialogue d;
  EXPECT_EQ(d.several("refund and hi", {{"get_refund", ""}, {"greet", ""}}),
            (Told{"resume.then", "get_refund.ask_order_number"}));
  EXPECT_EQ(d.say("cancel"), (Told{"cancel.done", "resume.next", "greet.hello",
                                   "end get_refund cancelled", "end greet resolved"}));
}

TEST(Wishes, APersonTakesThemAll) {
  Dialogue d;
  EXPECT_EQ(d.several("a person and hi", {{"contact", ""}, {"greet", ""}}),
            (Told{"end contact handoff", "handoff asked "}));
  EXPECT_TRUE(d.state.waiting.empty());
}

TEST(Wishes, InADigressionComeBeforeTheReturn) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.several("hi and thanks", {{"greet", ""}, {"thank", ""}}),
            (Told{"greet.hello", "thank.welcome", "resume.back", "track_order.ask_order_number",
                  "end greet resolved", "end thank resolved"}));
}

TEST(Wishes, BesideAnAnswer) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("A-1032, and by the way hello", "greet", {"A-1032"}),
            (Told{"slot order_number=A-1032", "call orders.lookup number=A-1032"}));
  EXPECT_EQ(d.shipped(), (Told{"track_order.shipped", "greet.hello", "end track_order resolved",
                               "end greet resolved"}));
  // Words around a number, or of a choice, are the answer itself.
  Dialogue e;
  (void)e.say("refund", "get_refund");
  (void)e.say("it is A-1", "track_order", {"A-1"});
  EXPECT_TRUE(e.state.waiting.empty());
  (void)e.say("it is damaged", "track_order");
  EXPECT_TRUE(e.state.waiting.empty());
  EXPECT_EQ(e.state.asking, "confirm");
}

TEST(Wishes, AreBounded) {
  Dialogue d;
  (void)d.say("refund", "get_refund");
  for (int i = 0; i < 5; ++i) {
    (void)d.several("a b c",
                    {{"get_refund", ""}, {"greet", ""}, {"thank", ""}, {"track_order", ""}});
  }
  EXPECT_LE(d.state.waiting.size(), 3U);
}

// Hear it again, help, wait.

TEST(Again, ThePresentQuestionOrTheLastAnswer) {
  for (const char* text : {"say that again please", "أعد من فضلك", "عيد لو سمحت", "Pardon?"}) {
    Dialogue d;
    EXPECT_EQ(d.say(text), Told{"repeat.last"}) << "nothing was said yet";
    (void)d.say("where is my order", "track_order");
    EXPECT_EQ(d.say(text), Told{"track_order.ask_order_number"}) << text;
    EXPECT_FALSE(d.result.repeat);
    EXPECT_FALSE(d.result.slot_again);
    EXPECT_EQ(d.state.tries, 0);
    (void)d.say("A-1032", "", {"A-1032"});
    (void)d.shipped();
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(d.say(text), Told{"track_order.shipped"});
      EXPECT_EQ(d.result.replies[0].args.at("number"), Value(std::string("A-1032")));
      EXPECT_FALSE(d.result.repeat);
    }
  }
}

TEST(Again, ByAFlowOfTheBot) {
  const char* const kAgain = R"(
- flow: survey
  description: Say it again.
  start: {intent: survey}
  steps: [{say: repeat.last}]
)";
  Dialogue d(kAgain, "");
  (void)d.say("thanks", "thank");
  EXPECT_EQ(d.say("I did not get it", "survey"), (Told{"thank.welcome", "end survey resolved"}));
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("I did not get it", "survey"),
            (Told{"track_order.ask_order_number", "end survey resolved"}))
      << "the open question, once";
  EXPECT_FALSE(d.result.repeat);
}

TEST(Help, ShowsTheFlowsTheAuthorChose) {
  const char* const kHelp = R"(
- flow: survey
  description: A survey.
  start: {intent: survey}
  help: 1
  steps: [{say: help.menu}]
)";
  Dialogue d(kHelp, "");
  EXPECT_EQ(d.say("help"), Told{"help.menu"});
  EXPECT_EQ(d.result.replies[0].suggested_intents, Told{"survey"});
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("مساعدة"), (Told{"help.menu", "track_order.ask_order_number"}));
}

TEST(Wait, GivesTime) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(d.say("wait"), Told{"wait.take_your_time"});
  for (const char* text : {"لحظة", "one moment please", "wait", "استنى شوية"}) {
    EXPECT_EQ(d.say(text).size(), 1U) << text;
    EXPECT_EQ(d.state.tries, 0);
    EXPECT_EQ(d.state.asking, "order_number");
  }
  EXPECT_EQ(d.say("A-1032", "", {"A-1032"}).back(), "call orders.lookup number=A-1032");
}

// Not understood, in two stages.

TEST(AnotherQuestion, AValueForALaterSlotMakesTheOpenOneNeedless) {
  const char* const flows = R"(
- flow: address
  start: {intent: survey}
  title: {ar: العنوان, en: Address}
  slots:
    which: {type: choice, values: {order: {ar: طلب, en: An order}, saved: {ar: المحفوظ, en: Saved}}}
    order_number: {type: entity, entity: order_number}
    wrap: {type: yes_no}
    phone: {type: phone}
  steps:
    - if: order_number == none
      then: [{ask: which}, {if: which == "saved", then: [{end: saved}]}]
    - ask: order_number
    - ask: wrap
    - ask: phone
    - if: wrap and phone != none
      then: [{end: done}]
)";
  const char* const answers = R"(
address:
  ask_which: {ar: أيهما, en: Which}
  ask_order_number: {ar: ما رقمه, en: What number}
  ask_wrap: {ar: أأغلفه, en: Shall I wrap it}
  ask_phone: {ar: ما جوالك, en: Your phone}
)";
  Dialogue d(flows, answers);
  EXPECT_EQ(d.say("address", "survey"), Told{"address.ask_which"});
  EXPECT_EQ(d.say("it is A-7", "", {"A-7"}), (Told{"address.ask_wrap", "slot order_number=A-7"}));
  EXPECT_EQ(d.hear("0501234567", "", {{"phone", "0501234567"}}),
            (Told{"noted.value", "address.ask_wrap", "slot phone=0501234567"}));
  EXPECT_EQ(d.state.tries, 0);
  EXPECT_EQ(d.say("yes").back(), "end address done");

  Dialogue other(flows, answers);
  (void)other.say("address", "survey");
  EXPECT_EQ(other.say("where is A-7", "track_order", {"A-7"}).back(),
            "call orders.lookup number=A-7")
      << "another wish is none of its values";
}

TEST(DontKnow, IsNoOtherWishAndNoMistake) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("I don't know", "thank"),
            (Told{"dont_know.no_problem", "track_order.ask_order_number"}));
  EXPECT_FALSE(d.result.replies[1].retry) << "nothing was wrong with it";
  EXPECT_TRUE(d.result.slot_again);
  EXPECT_EQ(d.say("قلت لك ما أعرف").back(), "handoff lost orders") << "after the last try";
  for (const char* text : {"idk", "no idea!", "مدري", "مش عارف", "ma ba3ref", "not sure"}) {
    Dialogue other;
    (void)other.say("refund", "get_refund");
    (void)other.say("A-1", "", {"A-1"});
    EXPECT_EQ(other.say(text), (Told{"dont_know.no_problem", "get_refund.ask_reason"})) << text;
    EXPECT_EQ(other.say("it is damaged").front(), "get_refund.ask_confirm") << text;
  }
}

TEST(Clarify, AValueAloneIsForWhatWasOffered) {
  Dialogue d;
  (void)d.say("where is A-1", "track_order", {"A-1"});
  (void)d.shipped();
  EXPECT_EQ(d.unsure("thing", {"get_refund", "greet"}), Told{"clarify.which"});
  EXPECT_EQ(d.say("A-7", "", {"A-7"}), (Told{"get_refund.ask_reason", "slot order_number=A-7"}))
      << "not for the order asked about before";

  Dialogue both;
  EXPECT_EQ(both.unsure("thing", {"get_refund", "greet", "track_order"}), Told{"clarify.which"});
  EXPECT_EQ(both.say("it is A-7", "", {"A-7"}), Told{"clarify.which"});
  EXPECT_EQ(both.result.replies[0].suggested_intents, (Told{"get_refund", "track_order"}));
  EXPECT_EQ(both.tap("intent:track_order"),
            (Told{"slot order_number=A-7", "call orders.lookup number=A-7"}));

  Dialogue none;
  EXPECT_EQ(none.unsure("thing", {"thank", "greet"}), Told{"clarify.which"});
  EXPECT_EQ(none.say("A-7", "", {"A-7"}), Told{"clarify.which"});
  EXPECT_EQ(none.result.replies[0].suggested_intents, (Told{"get_refund", "track_order"}));
}

TEST(Clarify, NoneOfTheseShowsOthersThenAPerson) {
  Dialogue d;
  const Told kMany{"track_order", "survey", "get_refund", "greet", "thank"};
  EXPECT_EQ(d.unsure("order A-7 thing", kMany, {"A-7"}), Told{"clarify.which"});
  EXPECT_EQ(d.tap("clarify:none"), Told{"clarify.which"});
  EXPECT_EQ(d.result.replies[0].suggested_intents, Told{"thank"});
  EXPECT_TRUE(d.result.fallback);
  Dialogue kept;
  (void)kept.unsure("order A-7 thing", {"greet", "thank", "contact", "track_order"}, {"A-7"});
  (void)kept.tap("clarify:none");
  EXPECT_EQ(kept.tap("intent:track_order"),
            (Told{"slot order_number=A-7", "call orders.lookup number=A-7"}))
      << "what was said is not lost";
  EXPECT_EQ(d.tap("clarify:none"), Told{"handoff lost "});
  EXPECT_EQ(d.tap("clarify:none"), Told{"stale_button.sorry"});
  Dialogue one;
  (void)one.unsure("thing", {"greet"});
  EXPECT_EQ(one.tap("clarify:none"), Told{"cannot_answer.offer_person"});
}

TEST(Clarify, WordsMayChooseToo) {
  Dialogue d;
  (void)d.unsure("order A-7 thing", {"track_order", "get_refund"}, {"A-7"});
  EXPECT_EQ(d.say("track order", "track_order"),
            (Told{"slot order_number=A-7", "call orders.lookup number=A-7"}));
}

// After a long silence.

TEST(Expired, SaysSoWhenTheAnswerComesTooLate) {
  Dialogue d;
  d.state.expired = true;
  EXPECT_EQ(d.say("the blue one"), Told{"session_expired.ended"});
  EXPECT_EQ(d.say("the blue one"), Told{"cannot_answer.rephrase"}) << "once";
  d.state.expired = true;
  EXPECT_EQ(d.tap("value:reason=damaged"), Told{"session_expired.ended"});
  d.state.expired = true;
  EXPECT_EQ(d.say("hi", "greet"), (Told{"greet.hello", "end greet resolved"}));
}

// Failed calls.

TEST(FailedCall, IsToldWhenTheFlowSaysNothing) {
  const char* const kSilent = R"(
- flow: survey
  description: Fails silently.
  start: {intent: survey}
  steps:
    - call: orders.lookup
      with: {number: '"A-1"'}
      on_error: [{end: failed}]
    - end: resolved
)";
  Dialogue d(kSilent, "");
  (void)d.say("a survey", "survey");
  EXPECT_EQ(d.back(Outcome::error), (Told{"backend_error.sorry", "end survey failed"}));
  (void)d.say("where is my order", "track_order");
  (void)d.say("a survey", "survey");
  EXPECT_EQ(d.back(Outcome::error), (Told{"backend_error.sorry", "resume.back",
                                          "track_order.ask_order_number", "end survey failed"}))
      << "in a digression too";
  Dialogue e(kSilent, "");
  (void)e.several("a survey and hi", {{"survey", ""}, {"greet", ""}});
  EXPECT_EQ(e.back(Outcome::error),
            (Told{"backend_error.sorry", "greet.hello", "end survey failed", "end greet resolved"}))
      << "and before what waits";
}

// Former bug: the subflow apologised before the flow that does it could say what was the matter.
TEST(FailedCall, InASubflowIsForTheFlowThatDoesItToTell) {
  const char* const kFlows = R"(
- flow: survey
  description: Tells what its part could not find.
  start: {intent: survey}
  steps:
    - do: find
      save: found
    - if: found.outcome == "missing"
      then: [{say: greet.hello}, {end: missing}]
    - end: resolved
- flow: find
  description: Ends silently when nothing is found.
  steps:
    - call: orders.lookup
      with: {number: '"A-1"'}
      on_not_found: [{end: missing}]
      on_error: [{end: down}]
)";
  Dialogue d(kFlows, "");
  (void)d.say("a survey", "survey");
  EXPECT_EQ(d.back(Outcome::not_found),
            (Told{"greet.hello", "end find missing", "end survey missing"}));
  Dialogue e(kFlows, "");
  (void)e.say("a survey", "survey");
  EXPECT_EQ(e.back(Outcome::error),
            (Told{"backend_error.sorry", "end find down", "end survey resolved"}))
      << "silence is never the answer";
}

TEST(ChangedFlow, StartsTheQuestionAgain) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  d.state.program = "another";
  EXPECT_EQ(d.say("hmm what now"), (Told{"changed_flow.sorry", "track_order.ask_order_number"}));
  d.state.program = "another";
  EXPECT_EQ(d.say("A-1", "", {"A-1"}),
            (Told{"changed_flow.sorry", "slot order_number=A-1", "call orders.lookup number=A-1"}));
}

}  // namespace
}  // namespace wasl::flows
