#pragma once

#include "wasl/flows/step.hpp"

#include "tests/flows/bot_folder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace wasl::flows::test {

/// A dialogue with flows of one's own; what a turn does comes back as lines.
class Talk {
 public:
  using Told = std::vector<std::string>;
  using Entities = std::vector<std::pair<std::string, std::string>>;

  Talk(const std::string& flows, const std::string& answers, const std::string& calls = "") {
    folder_.write("flows/f.yml", flows);
    folder_.write("answers/a.yml", answers);
    if (!calls.empty()) folder_.write("calls/c.yml", calls);
    EXPECT_EQ(mistakes_of(folder_, &program), Told{});
    around.now = Time{Millis{1'795'348'800'000}};  // 2026-11-22T12:00Z
  }

  /// The visitor says `text`; understood as `intent` when one is given.
  Told say(const std::string& text, const std::string& intent = "", const Entities& found = {}) {
    UserTurn turn;
    turn.text = text;
    if (!intent.empty()) {
      turn.understanding.decision = Decision::act;
      turn.understanding.intents = {{intent, 0.9F, "classifier"}};
    }
    for (const auto& [entity, value] : found) {
      turn.understanding.entities.push_back({entity, value, value, 0, value.size()});
    }
    return take(turn);
  }

  Told tap(const std::string& button) {
    UserTurn turn;
    turn.button = button;
    return take(turn);
  }

  Told back(CallResult::Outcome outcome, Values values = {}) {
    CallResult called;
    called.call_number = state.call_number;
    called.outcome = outcome;
    called.values = std::move(values);
    return take(called);
  }

  Told take(const FlowInput& input) {
    result = step(*program, state, input, around);
    state = result.after;
    Told told;
    for (const Reply& reply : result.replies) {
      std::string line = reply.answer + (reply.retry ? " (retry)" : "");
      for (const auto& [name, value] : reply.args) line += " " + name + "=" + to_text(value);
      told.push_back(line);
    }
    for (const FlowEffect& effect : result.effects) {
      std::string line = line_of(effect);
      if (!line.empty()) told.push_back(std::move(line));
    }
    return told;
  }

  /// Filled slots are left out: `state.slots` tells.
  static std::string line_of(const FlowEffect& effect) {
    if (const auto* call = std::get_if<StartCall>(&effect)) return "call " + call->name;
    if (const auto* asked = std::get_if<AskHandoff>(&effect)) return "handoff " + asked->reason;
    if (const auto* ended = std::get_if<EndedFlow>(&effect)) {
      return "end " + ended->flow + " " + ended->outcome;
    }
    return "";
  }

  [[nodiscard]] std::string slot(const std::string& name) const {
    const auto found = state.slots.find(name);
    return found == state.slots.end() ? "" : to_text(found->second);
  }

  FlowState state;
  StepResult result;
  Surroundings around;
  std::shared_ptr<const Program> program;

 private:
  BotFolder folder_;
};

}  // namespace wasl::flows::test
