// Flows begin and end.
//
// A flow begun in the middle of another lies above it on the stack.  It sees fresh slots; what the
// flows below had under the same names is held in its frame and put back when it ends, and the open
// question is asked again.  Only a value of the same entity is shared: who has given an order
// number is not asked for it twice.
#include "flows/dialogue.hpp"

#include <algorithm>

namespace wasl::flows {
namespace {

constexpr std::size_t kStackMax = 4;

}  // namespace

void Dialogue::begin(const Flow& flow, const Values& kept) {
  understood();
  leave_for(flow);
  state().asking.clear();
  state().tries = 0;
  FlowFrame frame;
  frame.flow = flow.name;
  const auto below = names_below();
  const auto take = [&](const std::string& name, const Slot* slot) {
    const auto found = state().slots.find(name);
    if (std::find(below.begin(), below.end(), name) != below.end()) {
      frame.held[name] = found == state().slots.end() ? Value{} : found->second;
      if (slot != nullptr && shares(*slot)) return;
    }
    if (found != state().slots.end()) state().slots.erase(found);
  };
  for (const Slot& slot : flow.slots) take(slot.name, &slot);
  for (const std::string& name : results_of(flow)) take(name, nullptr);
  state().stack.push_back(std::move(frame));
  state().last_flow = flow.name;
  begin_values(kept);
  run();
}

void Dialogue::leave_for(const Flow& flow) {
  const auto same = std::find_if(state().stack.begin(), state().stack.end(),
                                 [&](const FlowFrame& frame) { return frame.flow == flow.name; });
  const auto keep = static_cast<std::size_t>(same - state().stack.begin());
  while (state().stack.size() > std::min(keep, kStackMax - 1)) pop("cancelled");
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
  return names;
}

void Dialogue::begin_values(const Values& kept) {
  std::vector<std::pair<std::string, std::string>> entities = entities_but_first("");
  if (entities.empty()) {
    for (const auto& [entity, value] : kept) entities.emplace_back(entity, to_text(value));
  }
  for (const Slot& slot : top_flow().slots) {
    const bool given = std::any_of(entities.begin(), entities.end(), [&](const auto& entity) {
      return slot.type == SlotType::entity && entity.first == slot.entity;
    });
    if (given) state().slots.erase(slot.name);
  }
  fill_from_entities(std::move(entities));
}

std::vector<std::pair<std::string, std::string>> Dialogue::entities_but_first(
    const std::string& entity) {
  std::vector<std::pair<std::string, std::string>> entities;
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

void Dialogue::fill_from_entities(std::vector<std::pair<std::string, std::string>> entities) {
  for (const Slot& slot : top_flow().slots) {
    if (slot.type != SlotType::entity || filled(slot.name)) continue;
    const auto found = std::find_if(entities.begin(), entities.end(), [&](const auto& entity) {
      return entity.first == slot.entity;
    });
    if (found == entities.end()) continue;
    fill(slot.name, found->second);
    entities.erase(found);
  }
}

bool Dialogue::filled(const std::string& slot) {
  const auto found = state().slots.find(slot);
  return found != state().slots.end() && !std::holds_alternative<std::monostate>(found->second);
}

void Dialogue::fill(const std::string& slot, const Value& value) {
  state().slots[slot] = value;
  result_.effects.push_back(FilledSlot{slot, value});
}

void Dialogue::fill_and_go_on(const std::string& slot, const Value& value) {
  fill(slot, value);
  understood();
  state().asking.clear();
  run();
}

void Dialogue::pop(const std::string& outcome) {
  FlowFrame frame = std::move(state().stack.back());
  state().stack.pop_back();
  for (auto& [name, value] : frame.held) {
    if (std::holds_alternative<std::monostate>(value)) {
      state().slots.erase(name);
    } else {
      state().slots[name] = std::move(value);
    }
  }
  result_.effects.push_back(EndedFlow{frame.flow, outcome});
}

void Dialogue::cancel() {
  understood();
  pop("cancelled");
  state().asking.clear();
  state().tries = 0;
  say("cancel.done");
  run();
}

void Dialogue::hand_over(const std::string& reason, const std::string& team) {
  while (!state().stack.empty()) pop("handoff");
  reset();
  result_.effects.push_back(AskHandoff{reason, team});
}

}  // namespace wasl::flows
