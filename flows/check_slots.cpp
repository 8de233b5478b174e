// Slots that are used are filled by something, and those that are filled are used.
#include "flows/load.hpp"

#include <map>
#include <set>

namespace wasl::flows {
namespace {

using Names = std::set<std::string, std::less<>>;

/// What the steps of one flow do with names.
struct Uses {
  Names read;
  Names asked;
  Names filled;
  bool hands_over = false;  ///< where an agent reads what was asked

  void add(const Expression& expression) {
    for (const Expression::Node& node : expression.nodes) {
      if (node.op == Expression::Op::name) read.insert(node.name);
    }
  }
  void add(const std::vector<Argument>& args) {
    for (const Argument& arg : args) add(arg.value);
  }

  void operator()(const SayStep& step) { add(step.args); }
  void operator()(const AskStep& step) {
    asked.insert(step.slot);
    add(step.args);
  }
  void operator()(const SetStep& step) {
    add(step.slots);
    for (const Argument& slot : step.slots) filled.insert(slot.name);
  }
  void operator()(const BranchStep& step) { add(step.when); }
  void operator()(const JumpStep& /*step*/) {}
  void operator()(const CallStep& step) { add(step.args); }
  void operator()(const DoStep& step) { add(step.args); }
  void operator()(const SearchStep& step) {
    if (step.words) add(*step.words);
  }
  void operator()(const RemindStep& step) {
    add(step.args);
    add(step.on);
    if (step.at) add(*step.at);
  }
  void operator()(const HandoffStep& /*step*/) {}
  void operator()(const EndStep& /*step*/) {}
};

/// What other flows give to a subflow, and whether one of them takes its slots back.
struct Given {
  Names slots;
  bool saved = false;
};

Uses uses_of(const Flow& flow) {
  Uses uses;
  for (std::size_t i = 0; i < flow.code.size(); ++i) {
    std::visit([&](const auto& step) { uses(step); }, flow.code[i]);
    // A person takes over after an ask without on_fail, too; that is not what it asks for.
    const bool own = flow.marks[i].line > 0;
    uses.hands_over = uses.hands_over || (own && std::holds_alternative<HandoffStep>(flow.code[i]));
  }
  for (const Slot& slot : flow.slots) {
    if (!slot.check) continue;
    Uses check;
    check.add(*slot.check);
    check.read.erase(slot.name);
    uses.read.merge(check.read);
  }
  return uses;
}

void check(const Flow& flow, const Given& given, const Loading& loading) {
  const Uses uses = uses_of(flow);
  for (const Slot& slot : flow.slots) {
    const std::string quoted = "slot '" + slot.name + "'";
    const bool read = given.saved || uses.read.count(slot.name) > 0;
    const bool asked = uses.asked.count(slot.name) > 0;
    const bool filled = asked || uses.filled.count(slot.name) > 0 ||
                        given.slots.count(slot.name) > 0 || !entity_of(slot).empty();
    if (uses.read.count(slot.name) > 0 && !filled) {
      loading.mistakes.add(flow.file, slot.at,
                           quoted + " is used, but nothing fills it: ask for it or set it");
    } else if (!read && !asked) {
      loading.warnings.add(flow.file, slot.at, quoted + " is never used");
    } else if (!read && !uses.hands_over) {
      loading.warnings.add(flow.file, slot.at,
                           quoted + " is asked for, but nothing uses the answer");
    }
  }
}

}  // namespace

void check_slots(const Loading& loading) {
  std::map<std::string, Given, std::less<>> given;
  for (const auto& [name, flow] : loading.program.flows) {
    for (const Instruction& step : flow.code) {
      const auto* sub = std::get_if<DoStep>(&step);
      if (sub == nullptr) continue;
      Given& to = given[sub->flow];
      for (const Argument& arg : sub->args) to.slots.insert(arg.name);
      to.saved = to.saved || !sub->save.empty();
    }
  }
  for (const auto& [name, flow] : loading.program.flows) {
    if (loading.broken.count(name) == 0) check(flow, given[name], loading);
  }
}

}  // namespace wasl::flows
