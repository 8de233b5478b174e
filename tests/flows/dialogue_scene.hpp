#pragma once

#include "wasl/flows/step.hpp"

#include "tests/flows/bot_folder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wasl::flows::test {

using Told = std::vector<std::string>;

/// A dialogue with the shop of bot_folder.hpp.
class Dialogue {
 public:
  Dialogue() : Dialogue("", "") {}
  /// With more flows and answers.
  Dialogue(const std::string& flows, const std::string& answers, const std::string& calls = "") {
    write_shop(folder_);
    if (!flows.empty()) folder_.write("flows/more.yml", flows);
    if (!answers.empty()) folder_.write("answers/more.yml", answers);
    if (!calls.empty()) folder_.write("calls/more.yml", calls);
    EXPECT_EQ(mistakes_of(folder_, &program_), Told{});
  }

  /// The visitor says `text`; understood as `intent` when one is given.
  Told say(const std::string& text, const std::string& intent = "", const Told& orders = {}) {
    UserTurn turn;
    turn.text = text;
    if (!intent.empty()) {
      turn.understanding.decision = Decision::act;
      turn.understanding.intents = {{intent, 0.9F, "classifier"}};
    }
    for (const auto& order : orders) {
      turn.understanding.entities.push_back({"order_number", order, order, 0, order.size()});
    }
    return take(turn);
  }

  Told unsure(const std::string& text, const Told& intents, const Told& orders = {}) {
    UserTurn turn;
    turn.text = text;
    turn.understanding.decision = Decision::ask_which;
    for (const auto& intent : intents) turn.understanding.intents.push_back({intent, 0.4F, ""});
    for (const auto& order : orders) {
      turn.understanding.entities.push_back({"order_number", order, order, 0, order.size()});
    }
    return take(turn);
  }

  /// Understood as `intent` with `entities`, or as nothing.
  Told hear(const std::string& text, const std::string& intent,
            const std::vector<std::pair<std::string, std::string>>& entities) {
    UserTurn turn;
    turn.text = text;
    if (!intent.empty()) {
      turn.understanding.decision = Decision::act;
      turn.understanding.intents = {{intent, 0.9F, "classifier"}};
    }
    for (const auto& [name, value] : entities) {
      turn.understanding.entities.push_back({name, value, value, 0, value.size()});
    }
    return take(turn);
  }

  /// Several wishes, each an intent and the order number in it, or "".
  Told several(const std::string& text,
               const std::vector<std::pair<std::string, std::string>>& wishes) {
    UserTurn turn;
    turn.text = text;
    Understanding& u = turn.understanding;
    u.decision = Decision::act;
    u.intents = {{wishes.front().first, 0.9F, "classifier"}};
    for (const auto& [intent, order] : wishes) {
      Part part;
      part.intents = {{intent, 0.9F, "classifier"}};
      if (!order.empty()) {
        part.entities.push_back({"order_number", order, order, 0, order.size()});
        u.entities.push_back(part.entities[0]);
      }
      u.parts.push_back(std::move(part));
    }
    return take(turn);
  }

  Told tap(const std::string& button) {
    UserTurn turn;
    turn.button = button;
    return take(turn);
  }

  Told back(CallResult::Outcome outcome, Values values = {}) {
    return take(CallResult{state.call_number, outcome, std::move(values)});
  }
  Told shipped() {
    return back(CallResult::Outcome::ok,
                {{"status", std::string("shipped")}, {"eta", std::string("2026-12-01")}});
  }

  Told take(const FlowInput& input) {
    result = step(*program_, state, input, around);
    state = result.after;
    Told told;
    for (const Reply& reply : result.replies) {
      told.push_back(reply.answer + (reply.retry ? " (retry)" : ""));
    }
    for (const FlowEffect& effect : result.effects) {
      if (const auto* call = std::get_if<StartCall>(&effect)) {
        std::string line = "call " + call->name;
        for (const auto& [name, value] : call->args) line += " " + name + "=" + to_text(value);
        told.push_back(line);
      } else if (const auto* handoff = std::get_if<AskHandoff>(&effect)) {
        told.push_back("handoff " + handoff->reason + " " + handoff->team);
      } else if (const auto* ended = std::get_if<EndedFlow>(&effect)) {
        told.push_back("end " + ended->flow + " " + ended->outcome);
      } else if (const auto* slot = std::get_if<FilledSlot>(&effect)) {
        told.push_back("slot " + slot->name + "=" + to_text(slot->value));
      }
    }
    return told;
  }

  FlowState state;
  StepResult result;
  Surroundings around;

 private:
  test::BotFolder folder_;
  std::shared_ptr<const Program> program_;
};

}  // namespace wasl::flows::test
