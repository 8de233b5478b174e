// Flows begin and end.
//
// A flow begun in the middle of another lies above it on the stack.  It sees fresh slots; what the
// flows below had under the same names is held in its frame and put back when it ends, and the open
// question is asked again.  Only a value of the same entity is shared: who has given an order
// number is not asked for it twice.  The wish that ended last is remembered for corrections.
//
// A subflow lies above the flow that does it, whose frame stands at the `do`.  It shares nothing:
// it gets its arguments, and what this message says besides.  A wish is a flow and its subflows:
// they are given up together.
#include "flows/dialogue.hpp"

#include <algorithm>
#include <utility>

namespace wasl::flows {
void Dialogue::begin(const Flow& flow, Entities entities) {
  understood();
  open_frame(flow);
  begin_values(std::move(entities));
  run();
}

void Dialogue::open_frame(const Flow& flow) {
  leave_for(flow);
  state().asking.clear();
  state().tries = 0;
  push(flow, true);
  if (!flow.slots.empty()) state().last_flow = flow.name;  // thanks in between change nothing
  returning_ = false;
}

void Dialogue::push(const Flow& flow, bool sharing) {
  FlowFrame frame;
  frame.flow = flow.name;
  const auto below = names_below();
  const auto take = [&](const std::string& name, const Slot* slot) {
    const auto found = state().slots.find(name);
    if (std::find(below.begin(), below.end(), name) != below.end()) {
      frame.held[name] = found == state().slots.end() ? Value{} : found->second;
      if (sharing && slot != nullptr && shares(*slot)) return;
    }
    if (found != state().slots.end()) state().slots.erase(found);
  };
  for (const Slot& slot : flow.slots) take(slot.name, &slot);
  for (const std::string& name : results_of(flow)) take(name, nullptr);
  state().stack.push_back(std::move(frame));
}

void Dialogue::enter(const DoStep& step) {
  const Flow& flow = *program_.find_flow(step.flow);
  Values given = values_of(step.args);
  push(flow, false);
  for (auto& [name, value] : given) {
    if (!std::holds_alternative<std::monostate>(value)) state().slots[name] = std::move(value);
  }
  fill_from_entities(std::exchange(spare_, {}));
}

const DoStep* Dialogue::caller() {
  const auto& stack = state().stack;
  if (stack.size() < 2) return nullptr;
  const FlowFrame& below = stack[stack.size() - 2];
  const auto* step = std::get_if<DoStep>(&program_.find_flow(below.flow)->code[below.at]);
  return step != nullptr && step->flow == stack.back().flow ? step : nullptr;
}

void Dialogue::end(const std::string& outcome) {
  const DoStep* step = caller();
  if (step == nullptr) return pop(outcome);
  Values results;
  const Flow& flow = top_flow();
  if (!step->save.empty()) {
    for (const Slot& slot : flow.slots) {
      if (filled(slot.name)) results[step->save + "." + slot.name] = state().slots[slot.name];
    }
    results[step->save + ".outcome"] = outcome;
  }
  pop(outcome);
  for (const std::string& name : names_of(*step, flow)) state().slots.erase(name);
  for (auto& [name, value] : results) state().slots[name] = std::move(value);
  go(state().stack.back().at + 1);
}

std::vector<std::string> Dialogue::names_of(const DoStep& step, const Flow& subflow) {
  std::vector<std::string> names;
  if (step.save.empty()) return names;
  for (const Slot& slot : subflow.slots) names.push_back(step.save + "." + slot.name);
  names.push_back(step.save + ".outcome");
  return names;
}

bool Dialogue::under_way(const Flow& flow) {
  const auto& stack = state().stack;
  for (std::size_t i = stack.size(); i-- > 0;) {
    if (stack[i].flow == flow.name) return true;
    const bool inner = i > 0 && std::holds_alternative<DoStep>(
                                    program_.find_flow(stack[i - 1].flow)->code[stack[i - 1].at]);
    if (!inner) break;
  }
  return false;
}

void Dialogue::leave_for(const Flow& flow) {
  const auto holds = [&] {
    return std::any_of(state().stack.begin(), state().stack.end(),
                       [&](const FlowFrame& frame) { return frame.flow == flow.name; });
  };
  while (holds() || wishes() >= kWishesMax) {
    pop_wish("cancelled");
    state().finished = {};
  }
}

std::size_t Dialogue::wishes() {
  std::size_t count = 0;
  for (const FlowFrame& frame : state().stack) {
    if (!std::holds_alternative<DoStep>(program_.find_flow(frame.flow)->code[frame.at])) ++count;
  }
  return count;
}

std::size_t Dialogue::below_wish() {
  const auto& stack = state().stack;
  std::size_t below = stack.empty() ? 0 : stack.size() - 1;
  while (below > 0 && std::holds_alternative<DoStep>(
                          program_.find_flow(stack[below - 1].flow)->code[stack[below - 1].at])) {
    --below;
  }
  return below;
}

void Dialogue::pop_wish(const std::string& outcome) {
  do {
    pop(outcome);
  } while (top_step<DoStep>() != nullptr);
}

std::vector<std::string> Dialogue::names_below() {
  std::vector<std::string> names;
  for (const FlowFrame& frame : state().stack) {
    const Flow* flow = program_.find_flow(frame.flow);
    for (const Slot& slot : flow->slots) names.push_back(slot.name);
    for (std::string& name : results_of(*flow)) names.push_back(std::move(name));
  }
  return names;
}

bool Dialogue::shares(const Slot& slot) {
  if (slot.type != SlotType::entity) return false;
  return std::any_of(state().stack.begin(), state().stack.end(), [&](const FlowFrame& frame) {
    const Slot* other = program_.find_flow(frame.flow)->find_slot(slot.name);
    return other != nullptr && other->type == SlotType::entity && other->entity == slot.entity;
  });
}

std::vector<std::string> Dialogue::results_of(const Flow& flow) const {
  std::vector<std::string> names;
  for (const auto& [save, call] : flow.saves) {
    const CallSpec* spec = program_.find_call(call);
    if (spec == nullptr) continue;
    for (const auto& field : spec->result) names.push_back(save + "." + field.name);
  }
  for (const auto& [save, name] : flow.returns) {
    const Flow* subflow = program_.find_flow(name);
    if (subflow == nullptr) continue;
    for (std::string& result : names_of({name, {}, save}, *subflow)) {
      names.push_back(std::move(result));
    }
  }
  for (const std::string& save : flow.searches) {
    for (const std::string_view value : kArticleValues) {
      names.push_back(save + "." + std::string(value));
    }
  }
  return names;
}

// "Where is A-1032?", and after the answer: "cancel it".  Who starts the same flow again means
// another one.
void Dialogue::carry_over(const Flow& flow, Entities& entities) {
  const FinishedFlow& finished = state().finished;
  const Flow* before = program_.find_flow(finished.flow);
  if (before == nullptr || before == &flow || state().stack.size() != 1) return;
  for (const Slot& slot : flow.slots) {
    if (slot.type != SlotType::entity) continue;
    const bool said = std::any_of(entities.begin(), entities.end(),
                                  [&](const auto& entity) { return entity.first == slot.entity; });
    if (said) continue;
    const Slot* only = nullptr;
    std::size_t alike = 0;
    for (const Slot& other : before->slots) {
      if (other.type != SlotType::entity || other.entity != slot.entity) continue;
      only = &other;
      ++alike;
    }
    const auto held = alike == 1 ? finished.slots.find(only->name) : finished.slots.end();
    if (held != finished.slots.end()) entities.emplace_back(slot.entity, to_text(held->second));
  }
}

void Dialogue::begin_values(Entities entities) {
  carry_over(top_flow(), entities);
  for (const Slot& slot : top_flow().slots) {
    const bool given = std::any_of(entities.begin(), entities.end(), [&](const auto& entity) {
      return entity.first == entity_of(slot);
    });
    if (given) state().slots.erase(slot.name);
  }
  fill_from_entities(std::move(entities));
}

Entities Dialogue::entities_but_first(const std::string& entity) {
  Entities entities;
  bool skipped = entity.empty();
  for (const Entity& found : turn_->understanding.entities) {
    if (!skipped && found.entity == entity) {
      skipped = true;
    } else {
      entities.emplace_back(found.entity, found.value);
    }
  }
  return entities;
}

bool Dialogue::filled(const std::string& slot) {
  const auto found = state().slots.find(slot);
  return found != state().slots.end() && !std::holds_alternative<std::monostate>(found->second);
}

void Dialogue::fill(const std::string& slot, const Value& value) {
  state().slots[slot] = value;
  result_.effects.push_back(FilledSlot{slot, value});
}

void Dialogue::fill_given(const std::string& slot, const Value& value) {
  fill(slot, value);
  given_.push_back(slot);
}

void Dialogue::fill_and_go_on(const std::string& slot, const Value& value) {
  fill_given(slot, value);
  understood();
  state().asking.clear();
  run();
}

void Dialogue::pop(const std::string& outcome) {
  const bool whole_wish = caller() == nullptr;
  FlowFrame frame = std::move(state().stack.back());
  state().stack.pop_back();
  state().correcting = {};
  if (whole_wish) {
    remember_finished(frame);
    returning_ = !state().stack.empty();
  }
  for (auto& [name, value] : frame.held) {
    if (std::holds_alternative<std::monostate>(value)) {
      state().slots.erase(name);
    } else {
      state().slots[name] = std::move(value);
    }
  }
  result_.effects.push_back(EndedFlow{frame.flow, outcome});
}

void Dialogue::remember_finished(const FlowFrame& frame) {
  const Flow* flow = program_.find_flow(frame.flow);
  if (flow == nullptr || flow->slots.empty()) return;
  FinishedFlow done;
  done.flow = frame.flow;
  done.path = frame.path;
  for (const Slot& slot : flow->slots) {
    if (filled(slot.name)) done.slots[slot.name] = state().slots[slot.name];
  }
  state().finished = std::move(done);
}

void Dialogue::cancel() {
  understood();
  pop_wish("cancelled");
  state().finished = {};
  state().asking.clear();
  state().tries = 0;
  say("cancel.done");
  begin_waiting();
  run();
}

void Dialogue::hand_over(const std::string& reason, const std::string& team) {
  while (!state().stack.empty()) pop("handoff");
  reset();
  result_.effects.push_back(AskHandoff{reason, team});
}

}  // namespace wasl::flows
