// The path is walked once, from its beginning.  A name is changed when the slot is it, or when it
// came of a changed one; an instruction that looks at a changed name is done again, and so is all
// that a changed branch or call decided about.  Too much may be done again, never too little.
#include "flows/redo.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace wasl::flows {
namespace {

using Names = std::set<std::string, std::less<>>;

bool looks_at(const Expression& expression, const Names& names) {
  return std::any_of(
      expression.nodes.begin(), expression.nodes.end(), [&](const Expression::Node& node) {
        return node.op == Expression::Op::name && names.find(node.name) != names.end();
      });
}

bool looks_at(const std::vector<Argument>& args, const Names& names) {
  return std::any_of(args.begin(), args.end(),
                     [&](const Argument& arg) { return looks_at(arg.value, names); });
}

bool looks_at(const Instruction& step, const Names& names) {
  if (const auto* said = std::get_if<SayStep>(&step)) return looks_at(said->args, names);
  if (const auto* ask = std::get_if<AskStep>(&step)) return looks_at(ask->args, names);
  if (const auto* call = std::get_if<CallStep>(&step)) return looks_at(call->args, names);
  if (const auto* sub = std::get_if<DoStep>(&step)) return looks_at(sub->args, names);
  if (const auto* set = std::get_if<SetStep>(&step)) return looks_at(set->slots, names);
  if (const auto* later = std::get_if<RemindStep>(&step)) {
    return looks_at(later->args, names) || looks_at(later->on, names) ||
           (later->at && looks_at(*later->at, names));
  }
  if (const auto* branch = std::get_if<BranchStep>(&step)) return looks_at(branch->when, names);
  return false;
}

/// Whether `step` makes a call that cannot be taken back, or does a flow that may.
bool cannot_be_taken_back(const CompiledProgram& program, const Instruction& step) {
  if (const auto* call = std::get_if<CallStep>(&step)) {
    const CallSpec* spec = program.find_call(call->call);
    return spec != nullptr && is_final(*spec);
  }
  const auto* sub = std::get_if<DoStep>(&step);
  const Flow* flow = sub == nullptr ? nullptr : program.find_flow(sub->flow);
  return flow != nullptr && std::any_of(flow->code.begin(), flow->code.end(),
                                        [&](const Instruction& inner) {  // no flow does itself
                                          return cannot_be_taken_back(program, inner);
                                        });
}

class Walk {
 public:
  Walk(const CompiledProgram& program, const Flow& flow, const Path& path, std::string slot)
      : program_(program), flow_(flow), path_(path), slot_(std::move(slot)), changed_{slot_} {
    redo_.from = path.size();
  }

  Redo run() {
    for (std::size_t i = 0; i < path_.size(); ++i) {
      const std::uint32_t at = path_[i];
      if (at >= flow_.code.size()) continue;
      const Instruction& step = flow_.code[at];
      const auto* ask = std::get_if<AskStep>(&step);
      if (ask != nullptr && ask->slot == slot_) given_ = true;
      const bool again = looks_at(step, changed_) || decided(at) || confirms(ask);
      if (again) redo_.from = std::min(redo_.from, i);
      if (again) spread(step, at);
      if (i >= redo_.from && cannot_be_taken_back(program_, step)) redo_.final_call = true;
    }
    return std::move(redo_);
  }

 private:
  /// Whether a branch or call whose grounds have changed decided that `at` is done.
  [[nodiscard]] bool decided(std::uint32_t at) const {
    return std::any_of(ranges_.begin(), ranges_.end(),
                       [&](const auto& range) { return at >= range.first && at < range.second; });
  }

  [[nodiscard]] bool confirms(const AskStep* ask) const {
    if (ask == nullptr || !given_ || ask->slot == slot_) return false;
    const Slot* slot = flow_.find_slot(ask->slot);
    return slot != nullptr && slot->type == SlotType::yes_no;
  }

  void spread(const Instruction& step, std::uint32_t at) {
    if (const auto* ask = std::get_if<AskStep>(&step)) {
      if (ask->slot != slot_) forget(ask->slot);
    } else if (const auto* set = std::get_if<SetStep>(&step)) {
      for (const Argument& target : set->slots) {
        if (target.name != slot_ && looks_at(target.value, changed_)) changed_.insert(target.name);
      }
    } else if (const auto* sub = std::get_if<DoStep>(&step)) {
      forget(sub->save + ".outcome");
      const Flow* flow = program_.find_flow(sub->flow);
      for (const Slot& slot : flow == nullptr ? std::vector<Slot>{} : flow->slots) {
        forget(sub->save + "." + slot.name);
      }
    } else if (const auto* branch = std::get_if<BranchStep>(&step)) {
      ranges_.emplace_back(at + 1, end_of(*branch));
    } else if (const auto* call = std::get_if<CallStep>(&step)) {
      if (const CallSpec* spec = program_.find_call(call->call)) {
        for (const auto& field : spec->result) forget(call->save + "." + field.name);
      }
      const std::uint32_t bodies = std::min(call->on_error, call->on_not_found);
      if (bodies > at) ranges_.emplace_back(bodies, flow_.code.size());
    }
  }

  void forget(const std::string& name) {
    changed_.insert(name);
    redo_.stale.push_back(name);
  }

  /// Where both ways of a branch meet again.
  [[nodiscard]] std::uint32_t end_of(const BranchStep& branch) const {
    const std::uint32_t end = branch.otherwise;
    if (end == 0 || end > flow_.code.size()) return end;
    const auto* over = std::get_if<JumpStep>(&flow_.code[end - 1]);
    return over != nullptr && over->to > end ? over->to : end;
  }

  const CompiledProgram& program_;
  const Flow& flow_;
  const Path& path_;
  std::string slot_;
  Names changed_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges_;
  bool given_ = false;  ///< the slot has its value
  Redo redo_;
};

}  // namespace

Redo redo_after(const CompiledProgram& program, const Flow& flow, const Path& path,
                const std::string& slot) {
  return Walk(program, flow, path, slot).run();
}

bool is_final(const CallSpec& call) {
  return call.irreversible;
}

bool has_final_call(const CompiledProgram& program, const Flow& flow, const Path& path) {
  return std::any_of(path.begin(), path.end(), [&](std::uint32_t at) {
    return at < flow.code.size() && cannot_be_taken_back(program, flow.code[at]);
  });
}

}  // namespace wasl::flows
