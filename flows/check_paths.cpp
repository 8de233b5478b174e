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
  if (std::holds_alternative<HandoffStep>(step) || std::holds_alternative<EndStep>(step)) return {};
  return {at + 1};
}

bool waits(const Instruction& step) {
  return std::holds_alternative<AskStep>(step) || std::holds_alternative<CallStep>(step);
}

/// Depth-first through steps that do not wait; a way back to a step on the path is a loop.
/// Gives the instruction that closes the loop.
class LoopSearch {
 public:
  explicit LoopSearch(const Flow& flow) : flow_(flow), colour_(flow.code.size(), Colour::fresh) {}

  std::optional<std::uint32_t> run() {
    for (std::uint32_t i = 0; i < flow_.code.size(); ++i) {
      if (colour_[i] == Colour::fresh && visit(i)) return closing_;
    }
    return std::nullopt;
  }

 private:
  enum class Colour { fresh, on_path, done };

  bool visit(std::uint32_t at) {
    if (waits(flow_.code[at])) return false;
    colour_[at] = Colour::on_path;
    for (const std::uint32_t next : after(flow_, at)) {
      if (next >= flow_.code.size() || waits(flow_.code[next])) continue;
      if (colour_[next] == Colour::on_path) {
        closing_ = at;
        return true;
      }
      if (colour_[next] == Colour::fresh && visit(next)) return true;
    }
    colour_[at] = Colour::done;
    return false;
  }

  const Flow& flow_;
  std::vector<Colour> colour_;
  std::uint32_t closing_ = 0;
};

}  // namespace

void check_paths(const Flow& flow, const std::vector<yaml::Mark>& marks, const std::string& file,
                 yaml::Mistakes& mistakes) {
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
    } else if (marks[i].line > 0 && !told) {
      told = true;
      mistakes.add(file, marks[i], "this step can never be reached");
    }
  }
  if (const auto loop = LoopSearch(flow).run()) {
    mistakes.add(file, marks[*loop],
                 "this loops without an ask or a call: the bot would never stop");
  }
}

}  // namespace wasl::flows
