#include "wasl/flows/step.hpp"

#include "tests/flows/dialogue_scene.hpp"

#include <gtest/gtest.h>

#include <random>

namespace wasl::flows {
namespace {

using test::Dialogue;
using test::Told;

TEST(Step, TracksAnOrderFromEndToEnd) {
  Dialogue d;
  EXPECT_EQ(d.say("where is my order", "track_order"), Told{"track_order.ask_order_number"});
  EXPECT_EQ(d.state.asking, "order_number");
  EXPECT_EQ(d.say("A-1032", "", {"A-1032"}),
            (Told{"slot order_number=A-1032", "call orders.lookup number=A-1032"}));
  EXPECT_EQ(d.state.pending_call, "orders.lookup");
  EXPECT_EQ(d.shipped(), (Told{"track_order.shipped", "end track_order resolved"}));
  EXPECT_EQ(d.result.replies[0].args.at("eta"), Value(std::string("2026-12-01")));
  EXPECT_TRUE(d.state.stack.empty());
  EXPECT_EQ(d.state.slots.at("order_number"), Value(std::string("A-1032")));
}

TEST(Step, EntitiesOfTheFirstMessageAreNotAskedAgain) {
  Dialogue d;
  EXPECT_EQ(d.say("where is A-1032", "track_order", {"A-1032"}),
            (Told{"slot order_number=A-1032", "call orders.lookup number=A-1032"}));
  EXPECT_EQ(d.back(CallResult::Outcome::ok, {{"status", std::string("preparing")}}),
            (Told{"track_order.preparing", "end track_order resolved"}));
}

TEST(Step, AFreshStartAsksAgain) {
  Dialogue d;
  (void)d.say("where is A-1032", "track_order", {"A-1032"});
  (void)d.shipped();
  EXPECT_EQ(d.tap("intent:track_order"), Told{"track_order.ask_order_number"});
}

TEST(Step, FailedCallsAlwaysGiveAReply) {
  Dialogue d;
  (void)d.say("where is A-1", "track_order", {"A-1"});
  EXPECT_EQ(d.back(CallResult::Outcome::not_found),
            (Told{"track_order.not_found", "end track_order unknown"}));
  (void)d.say("where is A-2", "track_order", {"A-2"});
  EXPECT_EQ(d.back(CallResult::Outcome::error),
            (Told{"end track_order handoff", "handoff backend_error orders"}));
  EXPECT_TRUE(d.state.stack.empty());
}

TEST(Step, AResultThatBreaksItsPromiseIsAnError) {
  const Values kBroken[] = {{{"status", std::string("lost")}},
                            {{"status", std::string("shipped")}, {"eta", std::string("soon")}},
                            {{"status", 3.0}},
                            {{"total", std::string("much")}}};
  for (const Values& values : kBroken) {
    Dialogue d;
    (void)d.say("where is A-2", "track_order", {"A-2"});
    EXPECT_EQ(d.back(CallResult::Outcome::ok, values),
              (Told{"end track_order handoff", "handoff backend_error orders"}));
  }
}

TEST(Step, LateCallResultsChangeNothing) {
  Dialogue d;
  (void)d.say("where is A-2", "track_order", {"A-2"});
  const FlowState before = d.state;
  EXPECT_EQ(d.take(CallResult{before.call_number + 1, CallResult::Outcome::ok, {}}), Told{});
  EXPECT_EQ(d.state, before);
  EXPECT_EQ(d.say("hello?", "greet"), Told{}) << "a message while a call is pending waits";
  EXPECT_EQ(d.state, before);
  (void)d.shipped();
  const FlowState after = d.state;
  EXPECT_EQ(d.take(CallResult{before.call_number, CallResult::Outcome::ok, {}}), Told{});
  EXPECT_EQ(d.state, after);
}

TEST(Step, AsksAgainAndThenGivesUp) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("I lost it"), Told{"track_order.ask_order_number (retry)"});
  EXPECT_TRUE(d.result.slot_again);
  EXPECT_EQ(d.say("no idea"), (Told{"end track_order handoff", "handoff lost orders"}));
}

TEST(Step, WithoutOnFailAPersonIsAsked) {
  Dialogue d;
  (void)d.say("refund", "get_refund");
  EXPECT_EQ(d.say("x"), Told{"get_refund.ask_order_number (retry)"});
  EXPECT_EQ(d.say("y"), Told{"get_refund.ask_order_number (retry)"});
  EXPECT_EQ(d.say("z"), (Told{"end get_refund handoff", "handoff lost "}));
}

TEST(Step, ChoicesAndYesNoByTextAndByTap) {
  Dialogue d;
  EXPECT_EQ(d.say("refund A-1", "get_refund", {"A-1"}),
            (Told{"get_refund.ask_reason", "slot order_number=A-1"}));
  EXPECT_EQ(d.result.replies[0].ask_slot, "reason");
  EXPECT_EQ(d.tap("value:reason=damaged"), (Told{"get_refund.ask_confirm", "slot reason=damaged"}));
  EXPECT_EQ(d.say("نعم من فضلك"),
            (Told{"slot confirm=yes", "end get_refund handoff", "handoff refund orders"}));

  (void)d.say("refund A-1", "get_refund", {"A-1"});
  EXPECT_EQ(d.say("سبب آخر"), (Told{"get_refund.ask_confirm", "slot reason=other"}));
  EXPECT_EQ(d.tap("value:confirm=no"),
            (Told{"get_refund.not_started", "slot confirm=no", "end get_refund resolved"}));
}

TEST(Step, ADigressionReturnsToTheQuestion) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("hello", "greet"), (Told{"greet.hello", "resume.back",
                                           "track_order.ask_order_number", "end greet resolved"}));
  EXPECT_EQ(d.result.replies[1].title_of, "track_order");
  EXPECT_FALSE(d.result.slot_again);
  EXPECT_EQ(d.say("A-1032", "", {"A-1032"}),
            (Told{"slot order_number=A-1032", "call orders.lookup number=A-1032"}));
}

TEST(Step, ADigressionKeepsItsValuesToItself) {
  Dialogue d;
  (void)d.say("refund A-1", "get_refund", {"A-1"});
  ASSERT_EQ(d.state.asking, "reason");
  // The number is shared downward; a new one stays in the digression.
  EXPECT_EQ(d.say("where is it", "track_order"), Told{"call orders.lookup number=A-1"});
  EXPECT_EQ(d.shipped(), (Told{"track_order.shipped", "resume.back", "get_refund.ask_reason",
                               "end track_order resolved"}));
  EXPECT_EQ(d.say("and where is A-2", "track_order", {"A-2"}),
            (Told{"slot order_number=A-2", "call orders.lookup number=A-2"}));
  (void)d.shipped();
  EXPECT_EQ(d.state.slots.at("order_number"), Value(std::string("A-1")));
  EXPECT_EQ(d.state.asking, "reason");
}

TEST(Step, TheSameIntentDoesNotDigress) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("my order, where is it", "track_order"),
            Told{"track_order.ask_order_number (retry)"});
}

TEST(Step, CancelEndsTheInnermostFlow) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("إلغاء!"), (Told{"cancel.done", "end track_order cancelled"}));
  EXPECT_TRUE(d.state.stack.empty());
  EXPECT_EQ(d.say("Never mind."), (Told{"repeat.blocked"})) << "the same words twice";
}

TEST(Step, ThreeMissesAskForAPerson) {
  Dialogue d;
  EXPECT_EQ(d.say("blah"), Told{"cannot_answer.rephrase"});
  EXPECT_TRUE(d.result.fallback);
  EXPECT_EQ(d.say("bluh"), Told{"cannot_answer.offer_person"});
  EXPECT_TRUE(d.result.fallback);
  EXPECT_EQ(d.say("blih"), Told{"handoff lost "});
  EXPECT_TRUE(d.result.fallback);
}

TEST(Step, AnAnswerInBetweenForgivesMisses) {
  Dialogue d;
  (void)d.say("blah");
  EXPECT_EQ(d.say("hi", "greet"), (Told{"greet.hello", "end greet resolved"}));
  EXPECT_EQ(d.say("blah"), Told{"cannot_answer.rephrase"});
}

TEST(Step, AnIntentWithoutAFlowIsNotUnderstood) {
  Dialogue d;
  EXPECT_EQ(d.say("a survey please", "survey"), Told{"cannot_answer.rephrase"});
}

TEST(Step, EmojiGetHelpFirst) {
  Dialogue d;
  EXPECT_EQ(d.say("🙂"), Told{"help.fallback"});
  EXPECT_EQ(d.say("🙂🙂"), Told{"cannot_answer.offer_person"});
}

TEST(Step, ClarifiesThenOffersOthersThenAPerson) {
  Dialogue d;
  const Told kMany{"track_order", "survey", "get_refund", "greet", "thank"};
  EXPECT_EQ(d.unsure("order A-7 thing", kMany, {"A-7"}), Told{"clarify.which"});
  EXPECT_EQ(d.result.replies[0].suggested_intents, (Told{"track_order", "get_refund", "greet"}));
  EXPECT_EQ(d.result.replies[0].args.at("count"), Value(3.0));
  EXPECT_FALSE(d.result.fallback);
  Dialogue other;
  (void)other.unsure("order A-7 thing", kMany, {"A-7"});
  EXPECT_EQ(other.tap("intent:track_order"),
            (Told{"slot order_number=A-7", "call orders.lookup number=A-7"}))
      << "the unclear message's entity is kept";
  EXPECT_EQ(d.unsure("thing", kMany), Told{"clarify.which"});
  EXPECT_EQ(d.result.replies[0].suggested_intents, (Told{"thank"}));
  EXPECT_TRUE(d.result.fallback);
  EXPECT_EQ(d.unsure("thing", kMany), Told{"handoff lost "});
}

TEST(Step, ALoneValueFindsItsFlow) {
  Dialogue d;
  EXPECT_EQ(d.say("A-1032", "", {"A-1032"}), Told{"clarify.which"});
  EXPECT_EQ(d.result.replies[0].suggested_intents, (Told{"get_refund", "track_order"}));
  (void)d.tap("intent:track_order");
  (void)d.shipped();
  EXPECT_EQ(d.say("لا قصدي A-1033", "", {"A-1033"}),
            (Told{"slot order_number=A-1033", "call orders.lookup number=A-1033"}))
      << "the flow that last took such a value takes the next one";
}

TEST(Step, Buttons) {
  Dialogue d;
  EXPECT_EQ(d.tap("handoff:asked"), Told{"handoff asked "});
  EXPECT_EQ(d.tap("handoff:no"), Told{"handoff.declined"});
  for (const char* stale :
       {"value:reason=damaged", "value:=", "value:", "intent:gone", "gone", ":"}) {
    Dialogue fresh;
    EXPECT_EQ(fresh.tap(stale), Told{"stale_button.sorry"}) << stale;
  }
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.tap("value:reason=damaged"),
            (Told{"stale_button.sorry", "track_order.ask_order_number"}));
  EXPECT_EQ(d.tap("intent:contact"),
            (Told{"end contact handoff", "end track_order handoff", "handoff asked "}));
}

TEST(Step, NeverTheSameAnswerTwice) {
  Dialogue d;
  (void)d.say("thanks", "thank");
  const auto first = d.result.replies[0].variant;
  EXPECT_EQ(d.say("thanks", "thank"), (Told{"thank.welcome", "end thank resolved"}));
  EXPECT_TRUE(d.result.repeat);
  EXPECT_NE(*d.result.replies[0].variant % 2, *first % 2) << "other words";
  EXPECT_EQ(d.say("thanks", "thank"), (Told{"repeat.blocked", "end thank resolved"}));
  EXPECT_EQ(d.say("thanks", "thank"), (Told{"cannot_answer.offer_person", "end thank resolved"}));
  EXPECT_EQ(d.say("hi", "greet"), (Told{"greet.hello", "end greet resolved"}));
  EXPECT_FALSE(d.result.repeat);
  EXPECT_EQ(d.say("hi", "greet"), (Told{"repeat.blocked", "end greet resolved"}));
}

TEST(Step, OtherArgumentsAreNoRepeat) {
  Dialogue d;
  for (const char* order : {"A-1", "A-2"}) {
    (void)d.say("where is it", "track_order", {order});
    (void)d.shipped();
    EXPECT_FALSE(d.result.repeat) << order;
  }
}

TEST(Step, AnotherProgramDropsTheDialogue) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  d.state.program = "another";
  EXPECT_EQ(d.say("hi", "greet"),
            (Told{"changed_flow.sorry", "greet.hello", "end greet resolved"}));
  d.state.program = "another";
  EXPECT_EQ(d.say("thanks", "thank"), (Told{"thank.welcome", "end thank resolved"}));
  (void)d.say("where is A-2", "track_order", {"A-2"});
  d.state.program = "another";
  EXPECT_EQ(d.shipped(), Told{"changed_flow.sorry"});
  EXPECT_TRUE(d.state.pending_call.empty());
}

TEST(Step, ImpossibleStatesStillGiveAnAnswer) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  const FlowState good = d.state;
  FlowState bad[6];
  for (FlowState& state : bad) state = good;
  bad[0].stack[0].at = 9999;
  bad[1].stack[0].flow = "gone";
  bad[2].asking = "gone";
  bad[3].stack.clear();
  bad[4].stack[0].at = 1;
  bad[5].stack[0].path = {0, 9999};
  for (const FlowState& state : bad) {
    d.state = state;
    EXPECT_EQ(d.say("hi", "greet"), (Told{"greet.hello", "end greet resolved"}));
    d.state = state;
    d.state.pending_call = "orders.lookup";
    EXPECT_FALSE(d.say("hi", "greet").empty() && d.state.pending_call.empty());
  }
}

/// A wandering visitor: whatever comes, the dialogue stays sound and the visitor gets an answer.
TEST(Step, SurvivesAnyOrderOfEvents) {
  const Told kTexts{"A-1", "نعم", "no", "cancel", "blah", "", "🙂", "2", "damaged", "إلغاء"};
  const Told kIntents{"", "", "track_order", "get_refund", "greet", "thank", "survey"};
  const Told kButtons{"intent:get_refund",
                      "intent:track_order",
                      "value:reason=other",
                      "value:confirm=yes",
                      "value:order_number=A-3",
                      "handoff:no",
                      "x"};
  std::mt19937 random(7);
  const auto pick = [&](const Told& from) { return from[random() % from.size()]; };
  Dialogue d;
  for (int i = 0; i < 20000; ++i) {
    d.around.seed = random();
    if (random() % 500 == 0) d.state.program = "another";
    const bool waiting = !d.state.pending_call.empty() && d.state.program != "another";
    Told told;
    switch (random() % 4) {
      case 0:
        told = d.tap(pick(kButtons));
        break;
      case 1:
        told = d.unsure(pick(kTexts), {pick(kIntents), pick(kIntents)}, {"A-9"});
        break;
      case 2: {
        const auto outcome = static_cast<CallResult::Outcome>(random() % 3);
        told = d.back(outcome, {{"status", std::string(random() % 2 == 0 ? "shipped" : "?")}});
        if (waiting) {
          EXPECT_FALSE(told.empty());
        }
        continue;
      }
      default: {
        const std::string text = pick(kTexts);
        told = d.say(text, pick(kIntents), text == "A-1" ? Told{text} : Told{});
      }
    }
    ASSERT_EQ(told.empty(), waiting) << i;
    ASSERT_LE(d.state.stack.size(), 4U);
    ASSERT_EQ(d.state.stack.empty(), d.state.asking.empty() && d.state.pending_call.empty());
    ASSERT_TRUE(d.state.asking.empty() || d.state.pending_call.empty());
  }
}

TEST(Step, IsPure) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  const FlowState before = d.state;
  const Told once = d.say("hello", "greet");
  const FlowState after = d.state;
  d.state = before;
  EXPECT_EQ(d.say("hello", "greet"), once);
  EXPECT_EQ(d.state, after);
}

}  // namespace
}  // namespace wasl::flows
