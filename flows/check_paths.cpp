#include "flows/load.hpp"

#include <cstddef>

namespace wasl::flows {
namespace {

/// The instructions that may run after number `at`.
std::vector<std::uint32_t> after(const Flow& flow, std::uint32_t at) {
  const Instruction& step = flow.code[at];
  if (const auto* ask = std::get_if<AskStep>(&step)) return {at + 1, ask->on_fail};
  if (const auto* branch = std::get_if<BranchStep>(&step)) return {at + 1, branch->otherwise};
  if (const auto* jump = std::get_if<JumpStep>(&step)) return {jump->to};
  if (const auto* call = std::get_if<CallStep>(&step)) {
    return {at + 1, call->on_error, call->on_not_found};
  }
  if (const auto* search = std::get_if<SearchStep>(&step)) return {at + 1, search->on_not_found};
  if (std::holds_alternative<HandoffStep>(step) || std::holds_alternative<EndStep>(step)) return {};
  return {at + 1};
}

/// Slots that steps of `flow` fill: an ask of one of them may be passed over.
std::vector<std::string> set_in(const Flow& flow) {
  std::vector<std::string> slots;
  for (const Instruction& step : flow.code) {
    const auto* set = std::get_if<SetStep>(&step);
    if (set == nullptr) continue;
    for (const Argument& slot : set->slots) {
      if (slot.value.type.kind != Kind::none) slots.push_back(slot.name);
    }
  }
  return slots;
}

/// Whether a step surely waits for somebody.  Inside a loop an ask waits, because going back
/// forgets its answer (JumpStep); in a subflow it does, because that begins with empty slots.
class Waiting {
 public:
  explicit Waiting(const CompiledProgram& program) : program_(program) {}

  [[nodiscard]] bool waits(const Instruction& step, const std::vector<std::string>& filled) const {
    if (const auto* ask = std::get_if<AskStep>(&step)) return !contains(filled, ask->slot);
    if (const auto* sub = std::get_if<DoStep>(&step)) return !can_pass(*sub);
    return false;  // a call comes back by itself
  }

 private:
  /// Whether a subflow may come to its end without waiting.
  [[nodiscard]] bool can_pass(const DoStep& sub) const {
    const Flow* flow = program_.find_flow(sub.flow);
    if (flow == nullptr) return true;
    std::vector<std::string> filled = set_in(*flow);
    for (const Argument& arg : sub.args) filled.push_back(arg.name);
    std::vector<bool> seen(flow->code.size(), false);
    std::vector<std::uint32_t> open{0};
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (at >= flow->code.size() || seen[at]) continue;
      seen[at] = true;
      const Instruction& step = flow->code[at];
      if (std::holds_alternative<EndStep>(step)) return true;
      if (waits(step, filled)) continue;
      for (const std::uint32_t next : after(*flow, at)) open.push_back(next);
    }
    return false;
  }

  const CompiledProgram& program_;
};

/// Depth-first through steps that do not wait; a way back to a step on the path is a loop.
/// Gives the instruction that closes the loop.
class LoopSearch {
 public:
  LoopSearch(const CompiledProgram& program, const Flow& flow)
      : waiting_(program),
        flow_(flow),
        filled_(set_in(flow)),
        colour_(flow.code.size(), Colour::fresh) {}

  std::optional<std::uint32_t> run() {
    for (std::uint32_t i = 0; i < flow_.code.size(); ++i) {
      if (colour_[i] == Colour::fresh && visit(i)) return closing_;
    }
    return std::nullopt;
  }

 private:
  enum class Colour { fresh, on_path, done };

  bool visit(std::uint32_t at) {
    if (waits(at)) return false;
    colour_[at] = Colour::on_path;
    for (const std::uint32_t next : after(flow_, at)) {
      if (next >= flow_.code.size() || waits(next)) continue;
      if (colour_[next] == Colour::on_path) {
        closing_ = at;
        return true;
      }
      if (colour_[next] == Colour::fresh && visit(next)) return true;
    }
    colour_[at] = Colour::done;
    return false;
  }

  [[nodiscard]] bool waits(std::uint32_t at) const {
    return waiting_.waits(flow_.code[at], filled_);
  }

  Waiting waiting_;
  const Flow& flow_;
  std::vector<std::string> filled_;
  std::vector<Colour> colour_;
  std::uint32_t closing_ = 0;
};

}  // namespace

void check_paths(const CompiledProgram& program, const Flow& flow, yaml::Mistakes& mistakes) {
  std::vector<bool> reached(flow.code.size(), false);
  std::vector<std::uint32_t> open{0};
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    if (at >= flow.code.size() || reached[at]) continue;
    reached[at] = true;
    for (const std::uint32_t next : after(flow, at)) open.push_back(next);
  }
  bool told = false;  // one mistake per stretch of unreachable steps
  for (std::size_t i = 0; i < flow.code.size(); ++i) {
    if (reached[i]) {
      told = false;
    } else if (flow.marks[i].line > 0 && !told) {
      told = true;
      mistakes.add(flow.file, flow.marks[i], "this step can never be reached");
    }
  }
  if (const auto loop = LoopSearch(program, flow).run()) {
    mistakes.add(flow.file, flow.marks[*loop],
                 "this loops without an ask: the bot would never stop");
  }
}

}  // namespace wasl::flows
