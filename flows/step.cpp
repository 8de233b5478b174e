// One turn of a dialogue, as a value.
//
// A turn first decides what the visitor's words are for (dialogue_wishes.cpp), which may begin or
// end flows (dialogue_stack.cpp), then runs instructions until one waits (dialogue_run.cpp).
#include "wasl/flows/step.hpp"

#include "wasl/core/check.hpp"

#include "flows/dialogue.hpp"
#include "flows/words.hpp"

#include <algorithm>
#include <utility>

namespace wasl::flows {
namespace {

constexpr int kFinishedTurnsMax = 2;  // later, "no, I meant …" is about something else

}  // namespace

Dialogue::Dialogue(const CompiledProgram& program, const FlowState& before,
                   const Surroundings& around)
    : program_(program), around_(around) {
  result_.after = before;
}

StepResult Dialogue::user(const UserTurn& turn) {
  turn_ = &turn;
  plain_ = fold(turn.text);
  if (!adopt_program() && !state().pending_call.empty()) return done();  // the caller queues
  expired_ = std::exchange(state().expired, false);
  if (++state().finished.turns > kFinishedTurnsMax) state().finished = {};
  kept_ = std::exchange(state().kept, {});
  state().said.clear();
  state().said_seq = 0;
  if (!turn.button.empty()) {
    tap(turn.button);
  } else if (!state().asking.empty()) {
    answer_question();
  } else {
    understand_afresh();
  }
  if (silent()) say("help.fallback");
  if (!given_.empty()) state().last_filled = std::move(given_);
  tell_what_waits();
  return done();
}

StepResult Dialogue::call(const CallResult& back) {
  if (state().pending_call.empty() || back.call_number != state().call_number) return done();
  const bool changed = adopt_program();
  if (changed || top_call() == nullptr) {
    reset();
    say("changed_flow.sorry");
    return done();
  }
  return_from(back);
  run();
  if (silent()) say("backend_error.sorry");
  tell_what_waits();
  return done();
}

bool Dialogue::silent() const {
  if (!result_.replies.empty()) return false;
  return std::none_of(result_.effects.begin(), result_.effects.end(), [](const auto& effect) {
    return std::holds_alternative<AskHandoff>(effect) || std::holds_alternative<StartCall>(effect);
  });
}

bool Dialogue::adopt_program() {
  const bool foreign = state().program != program_.print;
  state().program = program_.print;
  if (!foreign && sound()) return false;
  const bool asked = !state().asking.empty();
  const bool had_dialogue = asked || !state().stack.empty() || !state().pending_call.empty();
  if (had_dialogue && foreign && !state().stack.empty()) dropped_flow_ = state().stack[0].flow;
  reset();
  if (foreign && asked && turn_ != nullptr) say("changed_flow.sorry");
  return had_dialogue;
}

bool Dialogue::sound() {
  const FlowState& s = state();
  for (std::size_t i = 0; i < s.stack.size(); ++i) {
    const Flow* flow = program_.find_flow(s.stack[i].flow);
    if (flow == nullptr || s.stack[i].at >= flow->code.size()) return false;
    for (const std::uint32_t at : s.stack[i].path) {
      if (at >= flow->code.size()) return false;
    }
    const auto* step = std::get_if<DoStep>(&flow->code[s.stack[i].at]);
    if (step == nullptr) continue;
    if (i + 1 == s.stack.size() || s.stack[i + 1].flow != step->flow) return false;
  }
  if (s.stack.empty()) return s.asking.empty() && s.pending_call.empty();
  if (!s.pending_call.empty()) return top_call() != nullptr;
  const AskStep* ask = top_ask();
  return ask != nullptr && ask->slot == s.asking;
}

void Dialogue::reset() {
  forget_dialogue(state());
}

const Flow& Dialogue::top_flow() {
  const Flow* flow = program_.find_flow(state().stack.back().flow);
  WASL_CHECK(flow != nullptr);
  return *flow;
}

void forget_dialogue(FlowState& state) {
  state.stack.clear();
  state.asking.clear();
  state.pending_call.clear();
  state.tries = 0;
  state.finished = {};
  state.correcting = {};
  state.waiting.clear();
}

StepResult step(const Program& program, const FlowState& before, const FlowInput& input,
                const Surroundings& around) {
  const auto* compiled = dynamic_cast<const CompiledProgram*>(&program);
  WASL_CHECK(compiled != nullptr);  // load_program makes no other
  Dialogue dialogue(*compiled, before, around);
  if (const auto* user = std::get_if<UserTurn>(&input)) return dialogue.user(*user);
  return dialogue.call(std::get<CallResult>(input));
}

}  // namespace wasl::flows
