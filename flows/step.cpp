// One turn of a dialogue, as a value.
//
// A turn first decides what the visitor's words are for (an answer, a digression, a new wish, or
// nothing we know), then runs instructions until one waits.  Invariant between turns: the stack is
// empty, or a question is open in its innermost flow, or a call is under way there.
//
// A flow begun in the middle of another lies above it on the stack.  It sees fresh slots; what the
// flows below had under the same names is held in its frame and put back when it ends, and the open
// question is asked again.  Only a value of the same entity is shared: who has given an order
// number is not asked for it twice.
#include "wasl/flows/step.hpp"

#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"

#include "flows/model.hpp"
#include "flows/slots.hpp"

#include <algorithm>

namespace wasl::flows {
namespace {

constexpr int kInstructionsMax = 100;
constexpr std::size_t kStackMax = 4;
constexpr std::size_t kChoicesMax = 3;
constexpr std::size_t kLoneWordsMax = 6;  // "no, sorry, I meant A-1033" is about that value

bool starts_with_word(std::string_view text, std::string_view prefix, std::string_view& rest) {
  if (!text.starts_with(prefix)) return false;
  rest = text.substr(prefix.size());
  return true;
}

class Turn {
 public:
  Turn(const CompiledProgram& program, const FlowState& before, const Surroundings& around)
      : program_(program), around_(around) {
    result_.after = before;
  }

  StepResult user(const UserTurn& turn) {
    turn_ = &turn;
    if (!adopt_program() && !state().pending_call.empty()) return done();  // the caller queues
    const Values kept = std::move(state().kept);
    state().kept.clear();
    if (!turn.button.empty()) {
      tap(turn.button, kept);
    } else if (!state().asking.empty()) {
      answer_question();
    } else {
      understand_afresh();
    }
    if (silent()) say("help.fallback");
    return done();
  }

  StepResult call(const CallResult& back) {
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
    return done();
  }

 private:
  FlowState& state() { return result_.after; }
  StepResult done() { return std::move(result_); }

  [[nodiscard]] bool silent() const {
    if (!result_.replies.empty()) return false;
    return std::none_of(result_.effects.begin(), result_.effects.end(), [](const auto& effect) {
      return std::holds_alternative<AskHandoff>(effect) ||
             std::holds_alternative<StartCall>(effect);
    });
  }

  // ---- what state we may trust

  /// Drops a dialogue of another program, or one that cannot be: true when one was dropped.
  bool adopt_program() {
    const bool foreign = state().program != program_.print;
    state().program = program_.print;
    if (!foreign && sound()) return false;
    const bool asked = !state().asking.empty();
    const bool had_dialogue = asked || !state().stack.empty() || !state().pending_call.empty();
    reset();
    if (foreign && asked && turn_ != nullptr) say("changed_flow.sorry");
    return had_dialogue;
  }

  [[nodiscard]] bool sound() {
    const FlowState& s = state();
    for (const FlowFrame& frame : s.stack) {
      const Flow* flow = program_.find_flow(frame.flow);
      if (flow == nullptr || frame.at >= flow->code.size()) return false;
    }
    if (s.stack.empty()) return s.asking.empty() && s.pending_call.empty();
    if (!s.pending_call.empty()) return top_call() != nullptr;
    const AskStep* ask = top_ask();
    return ask != nullptr && ask->slot == s.asking;
  }

  void reset() {
    state().stack.clear();
    state().asking.clear();
    state().pending_call.clear();
    state().tries = 0;
  }

  const Flow& top_flow() {
    const Flow* flow = program_.find_flow(state().stack.back().flow);
    WASL_CHECK(flow != nullptr);
    return *flow;
  }
  template <typename Step>
  const Step* top_step() {
    if (state().stack.empty()) return nullptr;
    return std::get_if<Step>(&top_flow().code[state().stack.back().at]);
  }
  const AskStep* top_ask() { return top_step<AskStep>(); }
  const CallStep* top_call() { return top_step<CallStep>(); }

  // ---- what the visitor wants

  void tap(const std::string& button, const Values& kept) {
    std::string_view rest;
    if (starts_with_word(button, "intent:", rest)) {
      if (const Flow* flow = program_.flow_of(rest)) return begin(*flow, kept);
    } else if (starts_with_word(button, "value:", rest)) {
      const std::size_t equals = rest.find('=');
      if (equals != std::string_view::npos && !state().asking.empty() &&
          rest.substr(0, equals) == state().asking) {
        const Slot& slot = *top_flow().find_slot(state().asking);
        if (const auto value = tapped(slot, rest.substr(equals + 1), program_.words)) {
          return fill_and_go_on(slot.name, *value);
        }
      }
    } else if (button == "handoff:asked" || button == "handoff:yes") {
      return hand_over("asked", "");
    } else if (button == "handoff:no") {
      say("handoff.declined");
      return ask_again();
    }
    if (result_.replies.empty()) say("stale_button.sorry");
    ask_again();
  }

  void answer_question() {
    if (says_cancel(program_.words, turn_->text)) return cancel();
    const Slot& slot = *top_flow().find_slot(state().asking);
    if (const auto value = extract(slot, turn_->text, turn_->understanding, program_.words)) {
      const std::string entity = slot.entity;
      fill(slot.name, *value);
      fill_from_entities(entities_but_first(entity));
      understood();
      state().asking.clear();
      return run();
    }
    const Flow* other = wanted_flow();
    if (other != nullptr && other->name != state().stack.back().flow) return begin(*other, {});
    const AskStep& ask = *top_ask();
    if (++state().tries >= ask.max_tries) {
      state().asking.clear();
      state().tries = 0;
      state().stack.back().at = ask.on_fail;
      return run();
    }
    result_.slot_again = true;
    ask_now(ask, true);
  }

  void understand_afresh() {
    if (const Flow* flow = wanted_flow()) return begin(*flow, {});
    if (says_cancel(program_.words, turn_->text)) {
      understood();
      say("cancel.done");
      return;
    }
    if (const Flow* flow = flow_for_lone_value()) return begin(*flow, {});
    miss();
  }

  /// The flow of an intent that understanding is sure of.
  const Flow* wanted_flow() {
    const Understanding& u = turn_->understanding;
    if (u.decision != Decision::act || u.intents.empty()) return nullptr;
    return program_.flow_of(u.intents.front().intent);
  }

  /// "A-1032" alone: the flow that last used such a value, or the only one that can.
  const Flow* flow_for_lone_value() {
    const auto takes = [&](const Flow& flow) {
      return std::any_of(flow.slots.begin(), flow.slots.end(), [&](const Slot& slot) {
        return slot.type == SlotType::entity &&
               std::any_of(turn_->understanding.entities.begin(),
                           turn_->understanding.entities.end(),
                           [&](const Entity& entity) { return entity.entity == slot.entity; });
      });
    };
    const bool unclear = turn_->understanding.decision == Decision::ask_which;
    const bool brief = split(fold(turn_->text), ' ').size() <= kLoneWordsMax;
    const Flow* last = program_.find_flow(state().last_flow);
    if (last != nullptr && takes(*last) && (brief || !unclear)) return last;
    if (unclear) return nullptr;
    const Flow* only = nullptr;
    lone_value_intents_.clear();
    for (const auto& [name, flow] : program_.flows) {
      if (!takes(flow)) continue;
      only = &flow;
      lone_value_intents_.push_back(flow.intent);
    }
    return lone_value_intents_.size() == 1 ? only : nullptr;
  }

  // ---- not understood: did you mean, other words, a person

  void miss() {
    const int misses = ++state().not_understood;
    if (misses >= 3) {
      state().not_understood = 0;
      state().choices.clear();
      result_.fallback = true;
      return hand_over("lost", "");
    }
    std::vector<std::string> choices = suggestions();
    if (!choices.empty()) {
      for (const Entity& entity : turn_->understanding.entities) {
        state().kept.try_emplace(entity.entity, entity.value);
      }
      result_.fallback = misses > 1;
      state().choices.insert(state().choices.end(), choices.begin(), choices.end());
      Reply reply;
      reply.answer = "clarify.which";
      reply.args["count"] = static_cast<double>(choices.size());
      reply.suggested_intents = std::move(choices);
      return say(std::move(reply));
    }
    result_.fallback = true;
    if (misses == 1 && fold(turn_->text).empty()) return say("help.fallback");
    say(misses == 1 ? "cannot_answer.rephrase" : "cannot_answer.offer_person");
  }

  /// Up to three intents that have a flow and were not offered just before.
  std::vector<std::string> suggestions() {
    std::vector<std::string> found;
    const auto offer = [&](const std::string& intent) {
      const auto& before = state().choices;
      if (found.size() < kChoicesMax && program_.flow_of(intent) != nullptr &&
          std::find(before.begin(), before.end(), intent) == before.end()) {
        found.push_back(intent);
      }
    };
    if (turn_->understanding.decision == Decision::ask_which) {
      for (const IntentScore& score : turn_->understanding.intents) offer(score.intent);
    }
    for (const std::string& intent : lone_value_intents_) offer(intent);
    return found;
  }

  void understood() {
    state().not_understood = 0;
    state().choices.clear();
  }

  // ---- flows begin and end

  void begin(const Flow& flow, const Values& kept) {
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

  /// Makes room: a flow is on the stack at most once, and the stack stays small.
  void leave_for(const Flow& flow) {
    const auto same = std::find_if(state().stack.begin(), state().stack.end(),
                                   [&](const FlowFrame& frame) { return frame.flow == flow.name; });
    const auto keep = static_cast<std::size_t>(same - state().stack.begin());
    while (state().stack.size() > std::min(keep, kStackMax - 1)) pop("cancelled");
  }

  /// Slots and results of the flows under way.
  std::vector<std::string> names_below() {
    std::vector<std::string> names;
    for (const FlowFrame& frame : state().stack) {
      const Flow* flow = program_.find_flow(frame.flow);
      for (const Slot& slot : flow->slots) names.push_back(slot.name);
      for (std::string& name : results_of(*flow)) names.push_back(std::move(name));
    }
    return names;
  }

  /// Whether a flow below has the same slot for the same entity.
  bool shares(const Slot& slot) {
    if (slot.type != SlotType::entity) return false;
    return std::any_of(state().stack.begin(), state().stack.end(), [&](const FlowFrame& frame) {
      const Slot* other = program_.find_flow(frame.flow)->find_slot(slot.name);
      return other != nullptr && other->type == SlotType::entity && other->entity == slot.entity;
    });
  }

  [[nodiscard]] std::vector<std::string> results_of(const Flow& flow) const {
    std::vector<std::string> names;
    for (const auto& [save, call] : flow.saves) {
      const CallSpec* spec = program_.find_call(call);
      if (spec == nullptr) continue;
      for (const auto& field : spec->result) names.push_back(save + "." + field.name);
    }
    return names;
  }

  /// Entities of this message, or else of the unclear one before it, become slots.  What this
  /// message says is newer than a value shared from below.
  void begin_values(const Values& kept) {
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

  /// (entity, value) of this message, without the first of `entity`, which has been used.
  std::vector<std::pair<std::string, std::string>> entities_but_first(const std::string& entity) {
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

  /// Each entity fills the first empty slot of its kind in the innermost flow.
  void fill_from_entities(std::vector<std::pair<std::string, std::string>> entities) {
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

  [[nodiscard]] bool filled(const std::string& slot) {
    const auto found = state().slots.find(slot);
    return found != state().slots.end() && !std::holds_alternative<std::monostate>(found->second);
  }

  void fill(const std::string& slot, const Value& value) {
    state().slots[slot] = value;
    result_.effects.push_back(FilledSlot{slot, value});
  }

  void fill_and_go_on(const std::string& slot, const Value& value) {
    fill(slot, value);
    understood();
    state().asking.clear();
    run();
  }

  /// Ends the innermost flow; the one below finds its values as it left them.
  void pop(const std::string& outcome) {
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

  void cancel() {
    understood();
    pop("cancelled");
    state().asking.clear();
    state().tries = 0;
    say("cancel.done");
    run();
  }

  /// Ends all flows: a person goes on from here.
  void hand_over(const std::string& reason, const std::string& team) {
    while (!state().stack.empty()) pop("handoff");
    reset();
    result_.effects.push_back(AskHandoff{reason, team});
  }

  // ---- instructions

  /// Runs the innermost flow until something waits, and the flows below it after its end.
  void run() {
    for (int left = kInstructionsMax; !state().stack.empty(); --left) {
      if (left == 0) return hand_over("backend_error", "");
      const Flow& flow = top_flow();
      const Instruction& step = flow.code[state().stack.back().at];
      if (const auto* ask = std::get_if<AskStep>(&step)) {
        if (!filled(ask->slot)) {
          state().asking = ask->slot;
          state().tries = 0;
          return ask_now(*ask, false);
        }
        go(state().stack.back().at + 1);
      } else if (const auto* call = std::get_if<CallStep>(&step)) {
        return start_call(*call);
      } else if (const auto* handoff = std::get_if<HandoffStep>(&step)) {
        return hand_over(handoff->reason, handoff->team);
      } else {
        run_one(step);
      }
    }
  }

  void go(std::uint32_t at) { state().stack.back().at = at; }

  /// An instruction that does not wait.
  void run_one(const Instruction& step) {
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
    } else if (const auto* jump = std::get_if<JumpStep>(&step)) {
      go(jump->to);
    } else if (const auto* end = std::get_if<EndStep>(&step)) {
      pop(end->outcome);
    }
  }

  [[nodiscard]] Facts facts() { return {state().slots, around_.hours_open, around_.channel}; }

  Values values_of(const std::vector<Argument>& args) {
    Values values;
    for (const Argument& arg : args) values[arg.name] = evaluate(arg.value, facts());
    return values;
  }

  void start_call(const CallStep& call) {
    state().pending_call = call.call;
    ++state().call_number;
    result_.effects.push_back(StartCall{state().call_number, call.call, values_of(call.args)});
  }

  void return_from(const CallResult& back) {
    const CallStep& call = *top_call();
    state().pending_call.clear();
    const std::uint32_t next = state().stack.back().at + 1;
    if (back.outcome == CallResult::Outcome::not_found) return go(call.on_not_found);
    if (back.outcome == CallResult::Outcome::error || !save(call, back.values)) {
      return go(call.on_error);
    }
    go(next);
  }

  /// Keeps what the call's description promises; false when a value is not what it says.
  bool save(const CallStep& call, const Values& values) {
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

  /// `value` as the field's type says, or nothing.
  static std::optional<Value> fit(const CallSpec::Field& field, const Value& value) {
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

  // ---- speaking

  /// Poses the open question once more, if there is one.
  void ask_again() {
    if (const AskStep* ask = top_ask()) ask_now(*ask, false);
  }

  void ask_now(const AskStep& ask, bool retry) {
    Reply reply;
    reply.answer = ask.answer;
    reply.args = values_of(ask.args);
    reply.retry = retry;
    const Slot* slot = top_flow().find_slot(ask.slot);
    if (slot->type == SlotType::choice || slot->type == SlotType::yes_no) {
      reply.ask_slot = ask.slot;
    }
    if (!retry && is_last(reply)) {  // a question must be put; then at least in other words
      result_.repeat = true;
      reply.retry = true;
    }
    remember(reply);
    result_.replies.push_back(std::move(reply));
  }

  void say(std::string_view answer) {
    Reply reply;
    reply.answer = answer;
    say(std::move(reply));
  }

  void say(Reply reply) {
    if (!is_last(reply)) {
      remember(reply);
      result_.replies.push_back(std::move(reply));
      return;
    }
    result_.repeat = true;
    // First other words for the same; then we say that we repeat ourselves, and offer a person.
    const Answer* answer = program_.find_answer(reply.answer);
    const bool varied = answer != nullptr && answer->variants() > 1;
    if (++state().repeats == 1 && varied) {
      reply.variant = ++state().last_variant;
      result_.replies.push_back(std::move(reply));
      return;
    }
    const bool odd = (state().repeats - (varied ? 1 : 0)) % 2 == 1;
    Reply blocked;
    blocked.answer = odd ? "repeat.blocked" : "cannot_answer.offer_person";
    result_.replies.push_back(std::move(blocked));  // the answer itself stays the last one
  }

  [[nodiscard]] bool is_last(const Reply& reply) {
    return reply.answer == state().last_answer && reply.args == state().last_args &&
           reply.suggested_intents.empty();
  }

  void remember(Reply& reply) {
    state().repeats = 0;
    state().last_answer = reply.answer;
    state().last_args = reply.args;
    state().last_variant = static_cast<std::uint32_t>(around_.seed % 1000);
    reply.variant = state().last_variant;
  }

  const CompiledProgram& program_;
  const Surroundings& around_;
  const UserTurn* turn_ = nullptr;
  std::vector<std::string> lone_value_intents_;
  StepResult result_;
};

}  // namespace

StepResult step(const Program& program, const FlowState& before, const FlowInput& input,
                const Surroundings& around) {
  const auto* compiled = dynamic_cast<const CompiledProgram*>(&program);
  WASL_CHECK(compiled != nullptr);  // load_program makes no other
  Turn turn(*compiled, before, around);
  if (const auto* user = std::get_if<UserTurn>(&input)) return turn.user(*user);
  return turn.call(std::get<CallResult>(input));
}

}  // namespace wasl::flows
