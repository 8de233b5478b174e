// Before what cannot be undone, the customer has said yes.
//
// Walks every path of a flow with what is known of its yes/no slots, and looks at each irreversible
// call: some slot must have been asked and answered with yes, by an `if` that the path went
// through, after the last change of what the call sends.  What a correction changes while the flow
// runs is not seen here.
#include "flows/load.hpp"

#include <cstdint>
#include <set>

namespace wasl::flows {
namespace {

constexpr std::size_t kVisitsMax = 20'000;  // of steps, over all calls of a flow

/// What is known of a yes/no slot at a point of a path.
enum class Known : std::uint8_t {
  empty,
  asked,  ///< answered, one way or the other
  yes,
  no,
  stale,  ///< filled otherwise, or before something else changed
};

using Op = Expression::Op;

class ConfirmationSearch {
  using State = std::vector<Known>;  // one for each yes/no slot

 public:
  /// `given`: slots that other flows fill when they do this one.
  ConfirmationSearch(const Flow& flow, const CallStep& call, const std::set<std::string>& given)
      : flow_(flow) {
    for (const Slot& slot : flow.slots) {
      if (slot.type != SlotType::yes_no) continue;
      asked_for_.push_back(slot.name);
      at_first_.push_back(given.contains(slot.name) ? Known::stale : Known::empty);
    }
    for (const Argument& argument : call.args) {
      for (const Expression::Node& node : argument.value.nodes) {
        if (node.op == Op::name) sent_.insert(node.name);
      }
    }
  }

  enum class Found { always_confirmed, unconfirmed, changed_after, too_many };

  /// Takes what it needs from `visits_left`.
  Found run(std::uint32_t call, std::size_t& visits_left) {
    Found worst = Found::always_confirmed;
    visit(0, at_first_);
    while (!open_.empty()) {
      if (visits_left == 0) return Found::too_many;
      --visits_left;
      const auto [at, state] = open_.back();
      open_.pop_back();
      if (at == call) {
        const Found found = judge(state);
        if (found == Found::unconfirmed) return found;
        if (found != Found::always_confirmed) worst = found;
      }
      follow(at, state);
    }
    return worst;
  }

 private:
  static Found judge(const State& state) {
    bool stale = false;
    for (const Known known : state) {
      if (known == Known::yes) return Found::always_confirmed;
      stale = stale || known == Known::stale;
    }
    return stale ? Found::changed_after : Found::unconfirmed;
  }

  void visit(std::uint32_t at, State state) {
    if (at >= flow_.code.size()) return;
    if (seen_.emplace(at, state).second) open_.emplace_back(at, std::move(state));
  }

  void follow(std::uint32_t at, const State& state) {
    const Instruction& step = flow_.code[at];
    if (const auto* ask = std::get_if<AskStep>(&step)) {
      visit(ask->on_fail, state);
      visit(at + 1, after_ask(*ask, state));
    } else if (const auto* set = std::get_if<SetStep>(&step)) {
      visit(at + 1, after_set(*set, state));
    } else if (const auto* branch = std::get_if<BranchStep>(&step)) {
      follow_branch(*branch, at, state);
    } else if (const auto* jump = std::get_if<JumpStep>(&step)) {
      visit(jump->to, after_jump(*jump, state));
    } else if (const auto* call = std::get_if<CallStep>(&step)) {
      visit(call->on_error, state);
      visit(call->on_not_found, state);
      visit(at + 1, after_saving(call->save, state));
    } else if (const auto* search = std::get_if<SearchStep>(&step)) {
      visit(search->on_not_found, state);
      visit(at + 1, after_saving(search->save, state));
    } else if (const auto* sub = std::get_if<DoStep>(&step)) {
      visit(at + 1, after_saving(sub->save, state));
    } else if (!std::holds_alternative<HandoffStep>(step) &&
               !std::holds_alternative<EndStep>(step)) {
      visit(at + 1, state);
    }
  }

  /// A slot that is filled is not asked for again.
  State after_ask(const AskStep& ask, State state) const {
    for (std::size_t i = 0; i < asked_for_.size(); ++i) {
      if (asked_for_[i] != ask.slot) continue;
      if (state[i] != Known::empty) return state;
      state = changed(ask.slot, std::move(state));
      state[i] = Known::asked;
      return state;
    }
    return changed(ask.slot, std::move(state));
  }

  State after_set(const SetStep& set, State state) const {
    for (const Argument& argument : set.slots) {
      state = changed(argument.name, std::move(state));
      for (std::size_t i = 0; i < asked_for_.size(); ++i) {
        if (asked_for_[i] != argument.name) continue;
        state[i] = argument.value.type.kind == Kind::none ? Known::empty : Known::stale;
      }
    }
    return state;
  }

  State after_saving(const std::string& save, State state) const {
    if (save.empty()) return state;
    for (const std::string& name : sent_) {
      if (name.starts_with(save + ".")) return changed(name, std::move(state));
    }
    return state;
  }

  /// Going back forgets answers.
  State after_jump(const JumpStep& jump, State state) const {
    for (const std::string& slot : jump.forgets) {
      state = changed(slot, std::move(state));
      for (std::size_t i = 0; i < asked_for_.size(); ++i) {
        if (asked_for_[i] == slot) state[i] = Known::empty;
      }
    }
    return state;
  }

  /// What the customer has agreed to is no longer what would be sent.
  State changed(const std::string& name, State state) const {
    if (!sent_.contains(name)) return state;
    for (Known& known : state) {
      if (known == Known::asked || known == Known::yes) known = Known::stale;
    }
    return state;
  }

  void follow_branch(const BranchStep& branch, std::uint32_t at, const State& state) {
    for (const bool truth : {true, false}) {
      State assumed = state;
      const bool possible =
          branch.when.nodes.empty() ||
          assume(branch.when, static_cast<std::uint32_t>(branch.when.nodes.size() - 1), truth,
                 assumed);
      if (possible) visit(truth ? at + 1 : branch.otherwise, std::move(assumed));
    }
  }

  /// Adds to `state` what follows from node `index` being `truth`; false when it cannot be.
  bool assume(const Expression& expression, std::uint32_t index, bool truth, State& state) const {
    const Expression::Node& node = expression.nodes[index];
    switch (node.op) {
      case Op::negate:
        return assume(expression, node.left, !truth, state);
      case Op::both:
        if (!truth) return true;  // either of them may be what is false
        return assume(expression, node.left, true, state) &&
               assume(expression, node.right, true, state);
      case Op::either:
        if (truth) return true;
        return assume(expression, node.left, false, state) &&
               assume(expression, node.right, false, state);
      case Op::name:
        return assume_slot(node.name, truth, state);
      default:
        return true;
    }
  }

  bool assume_slot(const std::string& name, bool truth, State& state) const {
    for (std::size_t i = 0; i < asked_for_.size(); ++i) {
      if (asked_for_[i] != name) continue;
      if (state[i] == Known::asked) state[i] = truth ? Known::yes : Known::no;
      const bool surely_true = state[i] == Known::yes;
      const bool surely_false = state[i] == Known::no || state[i] == Known::empty;
      return truth ? !surely_false : !surely_true;
    }
    return true;
  }

  const Flow& flow_;
  std::vector<std::string> asked_for_;  ///< the yes/no slots
  State at_first_;                      ///< what is known of them where the flow begins
  std::set<std::string> sent_;          ///< what the call's arguments are made of
  std::set<std::pair<std::uint32_t, State>> seen_;
  std::vector<std::pair<std::uint32_t, State>> open_;
};

std::string place_of(const CallSpec& spec, const Loading& loading) {
  const auto place = loading.places.find("call " + spec.name);
  return place == loading.places.end() ? "calls/" : place->second;
}

/// Slots of `flow` that another flow may fill when it does this one.
std::set<std::string> given_to(const Flow& flow, const CompiledProgram& program) {
  std::set<std::string> given;
  for (const auto& [name, other] : program.flows) {
    for (const Instruction& step : other.code) {
      const auto* sub = std::get_if<DoStep>(&step);
      if (sub == nullptr || sub->flow != flow.name) continue;
      for (const Argument& argument : sub->args) given.insert(argument.name);
    }
  }
  return given;
}

/// What to tell the author.
std::string tell(ConfirmationSearch::Found found, const CallSpec& spec, const Loading& loading) {
  using Found = ConfirmationSearch::Found;
  const std::string begin = "call '" + spec.name + "' cannot be undone, ";
  if (found == Found::unconfirmed) {
    return begin +
           "and a path leads here without the customer's yes: ask a yes_no slot and put the call "
           "under `if: that_slot`, or write irreversible: false in " +
           place_of(spec, loading);
  }
  if (found == Found::changed_after) {
    return begin +
           "and what it sends can change after the customer's yes: set the yes_no slot to none and "
           "ask again";
  }
  return begin + "and this flow has too many yes/no questions to follow: split it";
}

}  // namespace

void check_confirmed(const Flow& flow, const Loading& loading) {
  using Found = ConfirmationSearch::Found;
  std::size_t visits_left = kVisitsMax;
  const std::set<std::string> given = given_to(flow, loading.program);
  for (std::uint32_t at = 0; at < flow.code.size(); ++at) {
    const auto* call = std::get_if<CallStep>(&flow.code[at]);
    const CallSpec* spec = call == nullptr ? nullptr : loading.program.find_call(call->call);
    if (spec == nullptr || !spec->irreversible) continue;
    const Found found = ConfirmationSearch(flow, *call, given).run(at, visits_left);
    if (found == Found::always_confirmed) continue;
    loading.mistakes.add(flow.file, flow.marks[at], tell(found, *spec, loading));
    if (found == Found::too_many) return;
  }
}

}  // namespace wasl::flows
