// Instructions, one after the other, until one waits.
#include "wasl/core/text.hpp"

#include "flows/dialogue.hpp"

#include <algorithm>

namespace wasl::flows {
namespace {

constexpr const char* kMorning = "09:00";  ///< when a reminder names a day only
// Nothing runs twice between two waits (check_paths.cpp), so this is never reached.
constexpr std::size_t kRunMax = kInstructionsMax * kWishesMax;
constexpr std::size_t kPathMax = 64;

/// `value` as the field's type says, or nothing.
std::optional<Value> fit(const CallSpec::Field& field, const Value& value) {
  using FieldType = CallSpec::Field::Type;
  switch (field.type) {
    case FieldType::text:
      return Value(to_text(value));
    case FieldType::number:
    case FieldType::money:
      if (!std::holds_alternative<double>(value)) return std::nullopt;
      return value;
    case FieldType::flag:
      if (!std::holds_alternative<bool>(value)) return std::nullopt;
      return value;
    case FieldType::date: {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr || !parse_iso8601(*text)) return std::nullopt;
      return value;
    }
    case FieldType::time: {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr || !reads_as(Kind::time, *text)) return std::nullopt;
      return value;
    }
    case FieldType::choice: {
      const auto* text = std::get_if<std::string>(&value);
      const auto& known = field.choices;
      if (text == nullptr || std::find(known.begin(), known.end(), *text) == known.end()) {
        return std::nullopt;
      }
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

void Dialogue::run() {
  for (std::size_t left = kRunMax; !state().stack.empty(); --left) {
    if (left == 0) return hand_over("backend_error", "");
    const Flow& flow = top_flow();
    const Instruction& step = flow.code[state().stack.back().at];
    if (around_.trace) result_.ran.push_back({flow.name, state().stack.back().at});
    if (const auto* ask = std::get_if<AskStep>(&step)) {
      if (!filled(ask->slot)) {
        state().asking = ask->slot;
        state().tries = 0;
        if (returning_ && !again_) speak_of("resume.back", state().stack[below_wish()].flow);
        return ask_now(*ask, false);
      }
      mark_done();
      go(state().stack.back().at + 1);
    } else if (const auto* call = std::get_if<CallStep>(&step)) {
      mark_done();
      return start_call(*call);
    } else if (const auto* handoff = std::get_if<HandoffStep>(&step)) {
      return hand_over(handoff->reason, handoff->team);
    } else {
      run_one(step);
    }
  }
}

void Dialogue::mark_done() {
  FlowFrame& frame = state().stack.back();
  if (frame.path.size() >= kPathMax) {
    frame.path.erase(frame.path.begin(), frame.path.begin() + kPathMax / 2);
  }
  frame.path.push_back(frame.at);
}

void Dialogue::run_one(const Instruction& step) {
  mark_done();
  const std::uint32_t next = state().stack.back().at + 1;
  if (const auto* said = std::get_if<SayStep>(&step)) {
    go(next);
    Reply reply;
    reply.answer = said->answer;
    reply.args = values_of(said->args);
    say(std::move(reply));
  } else if (const auto* set = std::get_if<SetStep>(&step)) {
    go(next);
    for (const auto& [name, value] : values_of(set->slots)) fill(name, value);
  } else if (const auto* branch = std::get_if<BranchStep>(&step)) {
    go(truth(evaluate(branch->when, facts())) ? next : branch->otherwise);
  } else if (const auto* search = std::get_if<SearchStep>(&step)) {
    run_search(*search, next);
  } else if (const auto* jump = std::get_if<JumpStep>(&step)) {
    for (const std::string& slot : jump->forgets) state().slots.erase(slot);
    go(jump->to);
  } else if (const auto* sub = std::get_if<DoStep>(&step)) {
    enter(*sub);
  } else if (const auto* later = std::get_if<RemindStep>(&step)) {
    go(next);
    remind(*later);
  } else if (const auto* ended = std::get_if<EndStep>(&step)) {
    // The flow says nothing of it; a subflow leaves that to the flow that does it.
    if (failed_ && caller() == nullptr) say("backend_error.sorry");
    end(ended->outcome);
    begin_waiting();
  }
}

void Dialogue::remind(const RemindStep& step) {
  if (step.cancel) {
    result_.effects.push_back(ForgetReminder{step.answer});
    return;
  }
  Remind later;
  later.answer = step.answer;
  later.args = values_of(step.args);
  later.after = step.after;
  later.before = step.before;
  if (!step.after) {
    later.date = to_text(evaluate(step.on, facts()));
    later.time = step.at ? to_text(evaluate(*step.at, facts())) : kMorning;
    // Without a day, or an hour, there is nothing to remind of.
    if (later.date.empty() || later.time.empty()) return;
  }
  result_.effects.push_back(std::move(later));
}

Values Dialogue::values_of(const std::vector<Argument>& args) {
  Values values;
  for (const Argument& arg : args) values[arg.name] = evaluate(arg.value, facts());
  return values;
}

void Dialogue::start_call(const CallStep& call) {
  keep_words_for_search();
  state().pending_call = call.call;
  ++state().call_number;
  result_.effects.push_back(StartCall{state().call_number, call.call, values_of(call.args)});
}

void Dialogue::return_from(const CallResult& back) {
  const CallStep& call = *top_call();
  state().pending_call.clear();
  const std::uint32_t next = state().stack.back().at + 1;
  failed_ = back.outcome != CallResult::Outcome::ok;
  if (back.outcome == CallResult::Outcome::not_found) return go(call.on_not_found);
  if (back.outcome == CallResult::Outcome::error || !save(call, back.values)) {
    failed_ = true;
    return go(call.on_error);
  }
  go(next);
}

bool Dialogue::save(const CallStep& call, const Values& values) {
  const CallSpec& spec = *program_.find_call(call.call);
  Values kept;
  for (const auto& field : spec.result) {
    const auto found = values.find(field.name);
    if (found == values.end() || std::holds_alternative<std::monostate>(found->second)) continue;
    const std::optional<Value> value = fit(field, found->second);
    if (!value) return false;
    kept[call.save + "." + field.name] = *value;
  }
  if (call.save.empty()) return true;
  for (const auto& field : spec.result) state().slots.erase(call.save + "." + field.name);
  for (auto& [name, value] : kept) state().slots[name] = std::move(value);
  return true;
}

}  // namespace wasl::flows
