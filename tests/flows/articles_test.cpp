// Answers from articles: with a search step, and without one where no flow answers.

#include "wasl/flows/step.hpp"

#include "tests/flows/bot_folder.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using Told = std::vector<std::string>;

const char* const kAskFlow = R"(
- flow: survey
  description: Looks things up.
  start: {intent: survey}
  slots:
    order_number: {type: entity, entity: order_number}
  steps:
    - search:
      save: article
      on_not_found: [{say: none}, {end: unknown}]
    - say: found
      args: {title: article.title, passage: article.passage, url: article.url}
    - end: resolved
- flow: contact
  description: Looks up after a call.
  start: {intent: contact}
  steps:
    - call: orders.lookup
      with: {number: '"A-1"'}
      save: order
      on_error: [{search: , save: article, on_not_found: [{say: survey.none}]}, {end: unknown}]
    - search: '"box"'
      save: article
    - say: survey.none
)";

const char* const kAskAnswers = R"(
survey:
  none: {ar: لا شيء, en: Nothing}
  found: {ar: "{title} {passage} {url}", en: "{title} {passage} {url}"}
)";

/// Knows two things and remembers what it was asked.
class Shelf final : public Knowledge {
 public:
  [[nodiscard]] std::optional<KnownAnswer> find(std::string_view question,
                                                Language language) const override {
    asked.emplace_back(question);
    for (const char* word : {"box", "wool"}) {
      if (question.find(word) == std::string_view::npos) continue;
      return KnownAnswer{word, std::string("About ") + word, "It is so.",
                         "/help/" + std::string(name(language)) + "/" + word};
    }
    return std::nullopt;
  }
  mutable std::vector<std::string> asked;
};

class Dialogue {
 public:
  Dialogue() {
    test::write_shop(folder_);
    std::string flows = test::kFlows;  // `contact` is ours
    flows.resize(flows.find("- flow: contact"));
    folder_.write("flows/shop.yml", flows);
    folder_.write("flows/ask.yml", kAskFlow);
    folder_.write("answers/ask.yml", kAskAnswers);
    EXPECT_EQ(test::mistakes_of(folder_, &program_), Told{});
    around.knowledge = &shelf;
    around.language = Language::en;
    around.site = "https://a.example";
  }

  Told say(const std::string& text, const std::string& intent = "") {
    UserTurn turn;
    turn.text = text;
    turn.seq = ++seq;
    if (!intent.empty()) {
      turn.understanding.decision = Decision::act;
      turn.understanding.intents = {{intent, 0.9F, "classifier"}};
    }
    return take(turn);
  }
  Told unsure(const std::string& text, const Told& intents) {
    UserTurn turn;
    turn.text = text;
    turn.seq = ++seq;
    turn.understanding.decision = Decision::ask_which;
    for (const auto& intent : intents) turn.understanding.intents.push_back({intent, 0.4F, ""});
    return take(turn);
  }
  Told tap(const std::string& button) {
    UserTurn turn;
    turn.button = button;
    turn.seq = ++seq;
    return take(turn);
  }

  Told take(const FlowInput& input) {
    result = step(*program_, state, input, around);
    state = result.after;
    Told told;
    for (const Reply& reply : result.replies) told.push_back(reply.answer);
    for (const FlowEffect& effect : result.effects) {
      if (const auto* left = std::get_if<LeftUnanswered>(&effect)) {
        told.push_back(std::to_string(left->seq) + " " + left->why + " " + left->article);
      } else if (const auto* handoff = std::get_if<AskHandoff>(&effect)) {
        told.push_back("handoff " + handoff->reason);
      }
    }
    return told;
  }

  FlowState state;
  StepResult result;
  Surroundings around;
  Shelf shelf;
  std::uint64_t seq = 0;

 private:
  test::BotFolder folder_;
  std::shared_ptr<const Program> program_;
};

const Told kFound{"knowledge.found", "knowledge.did_it_help"};

TEST(Articles, AnswerWhatNoFlowDoes) {
  Dialogue d;
  EXPECT_EQ(d.say("what about the box"), kFound);
  const Values& args = d.result.replies[0].args;
  EXPECT_EQ(args.at("title"), Value(std::string("About box")));
  EXPECT_EQ(args.at("passage"), Value(std::string("It is so.")));
  EXPECT_EQ(args.at("url"), Value(std::string("https://a.example/help/en/box")));
  EXPECT_FALSE(d.result.fallback);
  EXPECT_EQ(d.state.not_understood, 0);
}

TEST(Articles, WhatNobodyKnowsIsNoted) {
  Dialogue d;
  EXPECT_EQ(d.say("what about the moon"), (Told{"cannot_answer.rephrase", "1 not_understood "}));
  EXPECT_EQ(d.say("the moon I said"), (Told{"cannot_answer.offer_person", "2 not_understood "}));
  EXPECT_EQ(d.say("moon"), (Told{"3 not_understood ", "handoff lost"}));
  EXPECT_EQ(d.say("?!"), Told{"help.fallback"}) << "no words, nothing to look through";
}

TEST(Articles, AnIntentComesFirst) {
  Dialogue d;
  EXPECT_EQ(d.say("hello box", "greet"), Told{"greet.hello"});
  EXPECT_EQ(d.unsure("thanks for the box", {"thank", "greet"}),
            (Told{"clarify.which", "2 not_understood "}));
  EXPECT_TRUE(d.shelf.asked.empty());
  EXPECT_EQ(d.unsure("the box", {"thank", "greet"}), kFound) << "these two were offered already";
}

TEST(Articles, NoMeansThatItDidNotHelp) {
  for (const char* no : {"no", "لا", "no thanks"}) {
    Dialogue d;
    (void)d.say("the box?");
    EXPECT_EQ(d.say(no), (Told{"knowledge.not_helped", "1 not_helped box"})) << no;
    EXPECT_TRUE(d.result.fallback);
    EXPECT_EQ(d.say(no).front(), "cannot_answer.rephrase") << "a no is heard once";
  }
  Dialogue d;
  (void)d.say("the box?");
  EXPECT_EQ(d.tap("helped:no"), (Told{"knowledge.not_helped", "1 not_helped box"}));
  EXPECT_EQ(d.tap("helped:no"), Told{"stale_button.sorry"});
}

TEST(Articles, YesMeansThatItDid) {
  Dialogue d;
  (void)d.say("the box?");
  EXPECT_EQ(d.say("yes"), Told{"knowledge.helped"});
  (void)d.say("the wool?");
  EXPECT_EQ(d.tap("helped:yes"), Told{"knowledge.helped"});
  EXPECT_TRUE(d.state.article.empty());
}

TEST(Articles, AnythingElseAfterItIsAWish) {
  Dialogue d;
  (void)d.say("the box?");
  EXPECT_EQ(d.say("no, tell me where my order is please", "track_order"),
            Told{"track_order.ask_order_number"});
  (void)d.tap("helped:no");
  EXPECT_EQ(d.result.replies.size(), 2U) << "judged, and the open question asked again";
}

TEST(Articles, TheSameOneIsNotGivenTwiceInARow) {
  Dialogue d;
  (void)d.say("the box?");
  EXPECT_EQ(d.say("but the box?"), Told{"repeat.blocked"});
  EXPECT_TRUE(d.result.repeat);
  EXPECT_EQ(d.say("the wool?"), kFound);
}

TEST(Articles, InTheMiddleOfAQuestionOnlyAQuestionIsLookedUp) {
  Dialogue d;
  (void)d.say("where is my order", "track_order");
  EXPECT_EQ(d.say("in the box"), Told{"track_order.ask_order_number"});
  EXPECT_TRUE(d.result.slot_again);
  EXPECT_EQ(d.say("may I open the box?"),
            (Told{"knowledge.found", "knowledge.did_it_help", "track_order.ask_order_number"}));
  EXPECT_EQ(d.state.asking, "order_number");
}

TEST(Articles, ASearchStepLooksForTheVisitorsWords) {
  Dialogue d;
  EXPECT_EQ(d.say("about wool", "survey"), Told{"survey.found"});
  EXPECT_EQ(d.result.replies[0].args.at("title"), Value(std::string("About wool")));
  EXPECT_EQ(d.shelf.asked, Told{"about wool"});
  EXPECT_EQ(d.say("about the moon", "survey"), (Told{"survey.none", "2 not_understood "}));
}

TEST(Articles, ASearchAfterACallRemembersTheWords) {
  Dialogue d;
  (void)d.say("wool please", "contact");
  EXPECT_EQ(d.take(CallResult{d.state.call_number, CallResult::Outcome::error, {}}),
            Told{"backend_error.sorry"});
  EXPECT_EQ(d.shelf.asked, Told{"wool please"});
  (void)d.say("moon please", "contact");
  EXPECT_EQ(d.take(CallResult{d.state.call_number, CallResult::Outcome::error, {}}),
            (Told{"survey.none", "2 not_understood "}));
}

TEST(Articles, WithoutArticlesNothingIsFound) {
  Dialogue d;
  d.around.knowledge = nullptr;
  EXPECT_EQ(d.say("the box"), (Told{"cannot_answer.rephrase", "1 not_understood "}));
  EXPECT_EQ(d.say("the box", "survey"), (Told{"survey.none", "2 not_understood "}));
}

}  // namespace
}  // namespace wasl::flows
