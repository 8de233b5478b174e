#include "flows/redo.hpp"
#include "tests/flows/dialogue_scene.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using test::Dialogue;
using test::Told;

const char* const kTrip = R"(
- flow: survey
  description: Book a trip.
  title: {ar: حجز رحلة, en: Book a trip}
  start: {intent: survey}
  slots:
    from: {type: entity, entity: city}
    to: {type: entity, entity: city}
    seat:
      type: choice
      values: {window: {ar: نافذة, en: Window}, aisle: {ar: ممر, en: Aisle}}
    name: {type: text}
    sure: {type: yes_no}
  steps:
    - ask: from
    - ask: to
    - call: trips.price
      with: {from: from, to: to}
      save: trip
    - if: to == "mecca"
      then: [{say: crowded}]
    - ask: seat
    - ask: name
    - say: summary
      args: {from: from, to: to, price: trip.price}
    - ask: sure
    - if: sure
      then: [{call: trips.book, with: {from: from, to: to, seat: seat}}, {say: booked}]
      else: [{say: dropped}]
    - end: resolved
)";

const char* const kTripAnswers = R"(
survey:
  ask_from: {ar: من أين؟, en: "Where from?"}
  ask_to: {ar: إلى أين؟, en: "Where to?"}
  ask_seat: {ar: أي مقعد؟, en: "Which seat?"}
  ask_name: {ar: ما الاسم؟, en: "Whose name?"}
  ask_sure: {ar: هل أحجز؟, en: "Shall I book it?"}
  crowded: {ar: مزدحمة., en: It is crowded.}
  summary: {ar: "{from} {to} {price}", en: "{from} {to} {price}"}
  booked: {ar: تم., en: Booked.}
  dropped: {ar: تُرك., en: Dropped.}
)";

const char* const kTripCalls = R"(
- call: trips.price
  get: self:/trips/{from}/{to}
  result: {price: number}
- call: trips.book
  post: self:/trips
)";

/// A dialogue that books a trip from Riyadh, as far as the question for `asking`.
class Trip : public Dialogue {
 public:
  explicit Trip(const std::string& asking) : Dialogue(kTrip, kTripAnswers, kTripCalls) {
    (void)hear("a trip", "survey", {});
    if (asking == "from") return;
    (void)city("riyadh");
    if (asking == "to") return;
    (void)city("jeddah");
    (void)price();
    if (asking == "seat") return;
    (void)tap("value:seat=aisle");
    if (asking == "name") return;
    (void)hear("Sara", "", {});
  }
  Told city(const std::string& name) { return hear(name, "", {{"city", name}}); }
  Told price() { return back(CallResult::Outcome::ok, {{"price", 100.0}}); }
};

TEST(Correct, WordsInBothLanguages) {
  for (const char* text :
       {"no, I meant A-1033", "No I mean A-1033", "sorry the number is A-1033", "oops, A-1033",
        "not A-1032 but A-1033, my mistake", "لا قصدي A-1033", "لا، أقصد A-1033",
        "عفواً قصدي A-1033", "غلط، الرقم A-1033", "اسف الرقم A-1033", "la2 2asdi A-1033"}) {
    Dialogue d;
    (void)d.say("refund A-1032", "get_refund", {"A-1032"});
    ASSERT_EQ(d.state.asking, "reason");
    EXPECT_EQ(d.say(text, "", {"A-1033"}),
              (Told{"correct.noted", "get_refund.ask_reason", "slot order_number=A-1033"}))
        << text;
    EXPECT_EQ(d.result.replies[0].args.at("value"), Value(std::string("A-1033")));
    EXPECT_FALSE(d.result.slot_again);
    EXPECT_FALSE(d.result.repeat);
  }
}

TEST(Correct, TheOtherOfTwoValuesIsMeant) {
  for (const Told& orders : {Told{"A-1032", "A-1033"}, Told{"A-1033", "A-1032"}}) {
    Dialogue d;
    (void)d.say("refund A-1032", "get_refund", {"A-1032"});
    (void)d.say("I meant one not the other", "", orders);
    EXPECT_EQ(d.state.slots.at("order_number"), Value(std::string("A-1033")));
  }
}

TEST(Correct, AValueAloneThatFitsNoQuestionCorrects) {
  Dialogue d;
  (void)d.say("refund A-1032", "get_refund", {"A-1032"});
  EXPECT_EQ(d.say("A-1033", "", {"A-1033"}),
            (Told{"correct.noted", "get_refund.ask_reason", "slot order_number=A-1033"}));
  EXPECT_EQ(d.say("A-1033", "", {"A-1033"}), Told{"get_refund.ask_reason (retry)"})
      << "the same once more is no correction, and no answer";
}

TEST(Correct, BelongsToTheQuestionIfItFits) {
  Trip trip("to");
  EXPECT_EQ(trip.city("dammam"),
            (Told{"slot to=dammam", "call trips.price from=riyadh to=dammam"}));
  Trip other("to");
  EXPECT_EQ(other.hear("no I meant dammam", "", {{"city", "dammam"}}),
            (Told{"correct.noted", "survey.ask_to", "slot from=dammam"}))
      << "words of correcting are about what was given";
}

TEST(Correct, CallsThatUsedItAreMadeAgain) {
  Trip trip("seat");
  EXPECT_EQ(trip.hear("no, I meant dammam", "", {{"city", "dammam"}}),
            (Told{"correct.noted", "slot to=dammam", "call trips.price from=riyadh to=dammam"}))
      << "the city given last";
  EXPECT_EQ(trip.state.slots.count("trip.price"), 0U);
  EXPECT_EQ(trip.price(), Told{"survey.ask_seat"});
}

TEST(Correct, WhatDoesNotDependIsNotAskedAgain) {
  Trip trip("sure");
  EXPECT_EQ(trip.hear("sorry, I meant dammam", "", {{"city", "dammam"}}), (Told{"correct.which"}))
      << "two cities, neither just given";
  EXPECT_EQ(trip.result.replies[0].slots_to_choose,
            (Values{{"from", std::string("riyadh")}, {"to", std::string("jeddah")}}));
  EXPECT_EQ(trip.tap("correct:from"),
            (Told{"correct.noted", "slot from=dammam", "call trips.price from=dammam to=jeddah"}));
  EXPECT_EQ(trip.price(), (Told{"survey.summary", "survey.ask_sure"})) << "seat and name stand";
  EXPECT_EQ(trip.state.slots.at("seat"), Value(std::string("aisle")));
}

TEST(Correct, WhichMayBeWritten) {
  Trip trip("sure");
  (void)trip.hear("sorry, I meant dammam", "", {{"city", "dammam"}});
  EXPECT_EQ(trip.hear("the jeddah one", "", {{"city", "jeddah"}}).at(1), "slot to=dammam");
  Trip other("sure");
  (void)other.hear("sorry, I meant dammam", "", {{"city", "dammam"}});
  EXPECT_EQ(other.hear("hello", "greet", {}),
            (Told{"greet.hello", "resume.back", "survey.ask_sure", "end greet resolved"}));
  EXPECT_EQ(other.tap("correct:to"), (Told{"stale_button.sorry", "survey.ask_sure"}));
}

TEST(Correct, AValueBesideAYesIsNoYes) {
  Trip trip("sure");
  EXPECT_EQ(trip.hear("yes but make it a window", "", {}),
            (Told{"correct.noted", "survey.ask_sure", "slot seat=window"}));
  EXPECT_EQ(trip.hear("نعم بس لجدة", "", {{"city", "dammam"}}), Told{"correct.which"});
}

TEST(Correct, YesButSomethingIsWrongIsNoYes) {
  Trip trip("sure");
  EXPECT_EQ(trip.hear("نعم بس المدينة غلط", "", {}), Told{"correct.which"});
  EXPECT_EQ(trip.state.correcting.slots.size(), 4U) << "from, to, seat, name";
  EXPECT_EQ(trip.tap("correct:seat"), (Told{"correct.again", "survey.ask_seat"}));
  EXPECT_EQ(trip.tap("value:seat=window"),
            (Told{"survey.summary", "survey.ask_sure", "slot seat=window"}));
}

TEST(Correct, WithoutAValueAsksForIt) {
  for (const char* text : {"لا غلط", "that's wrong", "wrong one", "sorry, my mistake"}) {
    Dialogue d;
    (void)d.say("refund A-1032", "get_refund", {"A-1032"});
    EXPECT_EQ(d.say(text), (Told{"correct.again", "get_refund.ask_order_number"})) << text;
    EXPECT_EQ(d.say("A-7", "", {"A-7"}), (Told{"get_refund.ask_reason", "slot order_number=A-7"}));
  }
}

TEST(Correct, WordsOfWrongAloneOutweighAnIntent) {
  Dialogue d;
  (void)d.say("refund A-1032", "get_refund", {"A-1032"});
  EXPECT_EQ(d.say("لا غلط", "thank"), (Told{"correct.again", "get_refund.ask_order_number"}));
  Dialogue other;
  (void)other.say("refund A-1032", "get_refund", {"A-1032"});
  EXPECT_EQ(other.say("thanks, wrong number", "thank").at(0), "thank.welcome");
}

TEST(Correct, AWordOfMeaningAloneIsNone) {
  for (const char* text : {"I mean it", "no, sorry", "أقصد ذلك", "wrong item"}) {
    Dialogue d;
    (void)d.say("refund A-1032", "get_refund", {"A-1032"});
    EXPECT_EQ(d.say(text), Told{"get_refund.ask_reason (retry)"}) << text;
  }
}

TEST(Correct, ATappedButtonOfAnEarlierQuestionCorrects) {
  Trip trip("name");
  EXPECT_EQ(trip.tap("value:seat=window"),
            (Told{"correct.noted", "survey.ask_name", "slot seat=window"}));
  EXPECT_EQ(trip.tap("value:seat=window"), (Told{"stale_button.sorry", "survey.ask_name"}));
}

TEST(Correct, ATextIsWhatFollowsTheWords) {
  Trip trip("sure");
  EXPECT_EQ(trip.hear("no, I meant Sara Ahmed", "", {}).at(0), "correct.noted");
  EXPECT_EQ(trip.state.slots.at("name"), Value(std::string("Sara Ahmed")));
  EXPECT_EQ(trip.state.asking, "sure");
}

TEST(Correct, AFinishedFlowStartsAgainWithTheValue) {
  for (const char* text : {"لا قصدي A-1033", "no, I meant A-1033"}) {
    Dialogue d;
    (void)d.say("where is A-1032", "track_order", {"A-1032"});
    (void)d.shipped();
    EXPECT_EQ(d.say("thanks", "thank").at(0), "thank.welcome");
    EXPECT_EQ(d.say(text, "track_order", {"A-1033"}),
              (Told{"slot order_number=A-1033", "call orders.lookup number=A-1033"}))
        << text;
    EXPECT_EQ(d.shipped().at(0), "track_order.shipped");
  }
}

TEST(Correct, AFinishedDigressionIsMeantFirst) {
  Dialogue d;
  (void)d.say("refund A-1", "get_refund", {"A-1"});
  (void)d.say("and where is A-2", "track_order", {"A-2"});
  (void)d.shipped();
  EXPECT_EQ(d.say("no I meant A-3", "", {"A-3"}),
            (Told{"slot order_number=A-3", "call orders.lookup number=A-3"}));
  (void)d.shipped();
  EXPECT_EQ(d.state.slots.at("order_number"), Value(std::string("A-1")));
  EXPECT_EQ(d.state.asking, "reason");
}

TEST(Correct, NotLongAfterwards) {
  Dialogue d;
  (void)d.say("where is A-1032", "track_order", {"A-1032"});
  (void)d.shipped();
  for (int i = 0; i < 3; ++i) (void)d.say("thanks", "thank");
  EXPECT_TRUE(d.state.finished.flow.empty());
  EXPECT_EQ(d.say("wrong one"), Told{"cannot_answer.rephrase"});
}

TEST(Correct, NothingIsDoneTwiceThatCannotBeTakenBack) {
  Trip trip("sure");
  EXPECT_EQ(trip.tap("value:sure=yes"),
            (Told{"slot sure=yes", "call trips.book from=riyadh seat=aisle to=jeddah"}));
  EXPECT_EQ(trip.back(CallResult::Outcome::ok), (Told{"survey.booked", "end survey resolved"}));
  EXPECT_EQ(trip.hear("no, I meant dammam", "", {{"city", "dammam"}}), Told{"correct.which"});
  EXPECT_EQ(trip.tap("correct:to"), Told{"correct.too_late"});
}

TEST(Correct, AnotherWishIsNoCorrection) {
  Dialogue d;
  (void)d.say("refund A-1032", "get_refund", {"A-1032"});
  EXPECT_EQ(d.say("and where is A-1033", "track_order", {"A-1033"}),
            (Told{"slot order_number=A-1033", "call orders.lookup number=A-1033"}));
  EXPECT_EQ(d.state.stack.size(), 2U);
}

TEST(Correct, AFreeTextIsNotTakenForOne) {
  Trip trip("name");
  EXPECT_EQ(trip.hear("wrong order was sent and I am sad", "", {}).back(),
            "slot name=wrong order was sent and I am sad");
}

TEST(Correct, WhatAFlowThatDoesThisOneWasGiven) {
  const char* const kSend = R"(
- flow: survey
  description: Send something.
  start: {intent: survey}
  slots:
    order_number: {type: entity, entity: order_number}
  steps:
    - ask: order_number
    - do: address
      save: address
    - say: sent
      args: {number: order_number, to: address.to}
- flow: address
  description: Where to.
  slots:
    to: {type: entity, entity: city}
    floor: {type: number}
  steps:
    - ask: to
    - ask: floor
)";
  const char* const kSendAnswers = R"(
survey:
  ask_order_number: {ar: أي طلب؟, en: "Which order?"}
  sent: {ar: "{number} {to}", en: "{number} {to}"}
address:
  ask_to: {ar: إلى أين؟, en: "Where to?"}
  ask_floor: {ar: أي طابق؟, en: "Which floor?"}
)";
  Dialogue d(kSend, kSendAnswers);
  EXPECT_EQ(d.say("send A-1", "survey", {"A-1"}),
            (Told{"address.ask_to", "slot order_number=A-1"}));
  EXPECT_EQ(d.hear("jeddah", "", {{"city", "jeddah"}}),
            (Told{"address.ask_floor", "slot to=jeddah"}));
  EXPECT_EQ(d.hear("no I meant riyadh", "", {{"city", "riyadh"}}),
            (Told{"correct.noted", "address.ask_floor", "slot to=riyadh"}));
  EXPECT_EQ(
      d.say("no I meant A-2", "", {"A-2"}),
      (Told{"correct.noted", "address.ask_to", "end address corrected", "slot order_number=A-2"}));
  EXPECT_EQ(d.state.stack.size(), 2U);
  EXPECT_EQ(d.say("hello", "greet"),
            (Told{"greet.hello", "resume.back", "address.ask_to", "end greet resolved"}));
  EXPECT_EQ(d.result.replies[1].title_of, "survey") << "the wish, not the part of it";
  (void)d.hear("jeddah", "", {{"city", "jeddah"}});
  EXPECT_EQ(d.say("3"),
            (Told{"survey.sent", "slot floor=3", "end address resolved", "end survey resolved"}));
}

/// What is done again of the whole trip when `slot` changes.
std::string first_again(const std::string& slot) {
  Trip trip("sure");
  (void)trip.hear("no", "", {});
  test::BotFolder folder;
  test::write_shop(folder);
  folder.write("flows/more.yml", kTrip);
  folder.write("answers/more.yml", kTripAnswers);
  folder.write("calls/more.yml", kTripCalls);
  std::shared_ptr<const Program> program;
  EXPECT_EQ(test::mistakes_of(folder, &program), Told{});
  const auto& compiled = dynamic_cast<const CompiledProgram&>(*program);
  const Flow& flow = *compiled.find_flow("survey");
  const Path& path = trip.state.finished.path;
  const Redo redo = redo_after(compiled, flow, path, slot);
  if (redo.from == path.size()) return "nothing";
  std::string told = std::to_string(flow.code[path[redo.from]].index());
  for (const std::string& stale : redo.stale) told += " " + stale;
  return told;
}

TEST(Redo, IsWhatLookedAtTheSlotOrWhatCameOfIt) {
  const std::string call = std::to_string(Instruction(CallStep{}).index());
  const std::string ask = std::to_string(Instruction(AskStep{}).index());
  EXPECT_EQ(first_again("from"), call + " trip.price sure");
  EXPECT_EQ(first_again("to"), call + " trip.price sure");
  EXPECT_EQ(first_again("name"), ask + " sure") << "a yes is about all that was given before it";
  const std::string branch = std::to_string(Instruction(BranchStep{}).index());
  EXPECT_EQ(first_again("sure"), branch);
}

}  // namespace
}  // namespace wasl::flows
