// "No, I meant A-1033": a value that was given is changed, what came of the old one is forgotten,
// and the flow goes on from the first instruction that looked at it.
//
// A correction is told by its words (reserved/words.yml, and a mood signal of understanding), by a
// value that contradicts what a yes/no question is about, or by a value alone that fits no open
// question.  It means the flow under way, or the one that has just ended, which then starts again.
// A call that cannot be taken back is never made twice: a person is offered instead.
#include "wasl/core/text.hpp"

#include "flows/dialogue.hpp"
#include "flows/redo.hpp"
#include "flows/slots.hpp"

#include <algorithm>
#include <utility>

namespace wasl::flows {
namespace {

constexpr std::size_t kValueWordsMax = 10;  // around a value; more is a story
constexpr std::size_t kBareWordsMax = 6;    // without a value

}  // namespace

bool Dialogue::brief(std::size_t words_max) const {
  return split(plain_, ' ').size() <= words_max;
}

bool Dialogue::correct() {
  if (choose_correction()) return true;
  const bool open = !state().stack.empty();
  const bool said = program_.words.correct.within(plain_);
  const bool marked = said || turn_->understanding.find_mood("correction") != nullptr;
  const bool just_ended = !state().finished.flow.empty() && state().finished.turns == 1;
  if (just_ended && marked && correct_value(marked, true)) return true;
  if (open && correct_value(marked, false)) return true;
  if (open && marked && correct_above()) return true;
  if (!open && marked && correct_value(marked, true)) return true;
  const bool wrong = program_.words.wrong.within(plain_);
  if (!wrong || !brief(kBareWordsMax)) return false;
  if (wanted_flow() != nullptr && !says_only_wrong(program_.words, plain_)) return false;
  return correct_nameless(!open);
}

const Flow* Dialogue::flow_of_corrections(bool of_finished) {
  if (of_finished) return program_.find_flow(state().finished.flow);
  return state().stack.empty() ? nullptr : &top_flow();
}

const Values& Dialogue::values_of_corrections(bool of_finished) {
  return of_finished ? state().finished.slots : state().slots;
}

std::vector<const Slot*> Dialogue::given_slots(bool of_finished) {
  const Flow* flow = flow_of_corrections(of_finished);
  if (flow == nullptr) return {};
  const Values& values = values_of_corrections(of_finished);
  std::vector<const Slot*> all;
  std::vector<const Slot*> latest;
  for (const Slot& slot : flow->slots) {
    const auto held = values.find(slot.name);
    if (held == values.end() || std::holds_alternative<std::monostate>(held->second)) continue;
    if (slot.type == SlotType::yes_no) continue;  // the answer to a question, no value
    all.push_back(&slot);
    const auto& last = state().last_filled;
    if (std::find(last.begin(), last.end(), slot.name) != last.end()) latest.push_back(&slot);
  }
  // The latest first; those that are not fall behind.
  std::stable_partition(all.begin(), all.end(), [&](const Slot* slot) {
    return std::find(latest.begin(), latest.end(), slot) != latest.end();
  });
  return all;
}

std::optional<Value> Dialogue::new_value(const Slot& slot, const Value& held, bool marked) {
  const auto& entities = turn_->understanding.entities;
  for (auto entity = entities.rbegin(); entity != entities.rend(); ++entity) {
    if (entity->entity != entity_of(slot)) continue;
    const auto other = from_entity(slot, entity->value);
    if (other && *other != held && allows(slot, *other)) return other;
  }
  if (slot.type == SlotType::entity) return std::nullopt;
  std::optional<Value> value;
  if (slot.type != SlotType::text) {
    value = extract(slot, turn_->text, turn_->understanding, program_.words);
  } else if (marked) {
    const std::string_view behind_no = rest_after(program_.words.no, turn_->text);
    const std::string_view text = behind_no.empty() ? std::string_view(turn_->text) : behind_no;
    const std::string_view rest = rest_after(program_.words.correct, text);
    if (!rest.empty() && turn_->understanding.entities.empty()) value = std::string(rest);
  }
  if (value && (*value == held || !allows(slot, *value))) value.reset();
  return value;
}

bool Dialogue::correct_value(bool marked, bool of_finished) {
  const Flow* flow = flow_of_corrections(of_finished);
  if (flow == nullptr || !brief(kValueWordsMax)) return false;
  const Flow* wanted = wanted_flow();
  const bool another_wish = wanted != nullptr && wanted->name != flow->name;
  if (another_wish && !marked) return false;
  const Slot* asked =
      of_finished || state().asking.empty() ? nullptr : flow->find_slot(state().asking);
  const bool fits_question =
      asked != nullptr && asked->type != SlotType::yes_no &&
      extract(*asked, turn_->text, turn_->understanding, program_.words).has_value();
  if (fits_question && !marked) return false;

  const auto slots = given_slots(of_finished);
  const auto& last = state().last_filled;
  Values fitting;
  bool latest = false;
  for (const Slot* slot : slots) {
    const bool of_last = std::find(last.begin(), last.end(), slot->name) != last.end();
    if (!of_last && latest) break;
    const auto value = new_value(*slot, values_of_corrections(of_finished).at(slot->name), marked);
    // Without words of correcting, only what has a form of its own is surely another value.
    const bool shaped = !entity_of(*slot).empty() && slot->type != SlotType::number;
    const bool confirming = asked != nullptr && asked->type == SlotType::yes_no;
    const bool sure = shaped || (confirming && slot->type == SlotType::choice);
    if (!value || (!marked && !sure)) continue;
    latest = of_last;
    fitting[slot->name] = *value;
  }
  if (fitting.empty()) return false;
  if (fitting.size() == 1) {
    apply_correction(fitting.begin()->first, fitting.begin()->second, of_finished);
  } else {
    ask_which_slot(std::move(fitting), of_finished);
  }
  return true;
}

// What the flow that does this one was given: this one is then done again.
bool Dialogue::correct_above() {
  if (caller() == nullptr) return false;
  const FlowState before = state();
  const std::size_t effects = result_.effects.size();
  pop("corrected");
  state().asking.clear();
  if (correct_value(true, false)) return true;
  state() = before;
  result_.effects.resize(effects, FilledSlot{});
  return false;
}

bool Dialogue::correct_nameless(bool of_finished) {
  const Flow* flow = flow_of_corrections(of_finished);
  if (flow == nullptr) return false;
  if (!of_finished) {
    const Slot* asked = flow->find_slot(state().asking);
    if (asked == nullptr || asked->type == SlotType::text) return false;
    const bool answered =
        asked->type == SlotType::yes_no
            ? program_.words.yes.has(plain_) || program_.words.no.has(plain_)
            : extract(*asked, turn_->text, turn_->understanding, program_.words).has_value();
    if (answered) return false;
  }
  const auto slots = given_slots(of_finished);
  if (slots.empty()) return false;
  const auto& last = state().last_filled;
  Values meant;
  for (const Slot* slot : slots) {
    const bool of_last = std::find(last.begin(), last.end(), slot->name) != last.end();
    if (of_last || meant.empty() || state().asking.empty()) meant[slot->name] = Value{};
  }
  const Slot* asked = of_finished ? nullptr : flow->find_slot(state().asking);
  if (asked != nullptr && asked->type == SlotType::yes_no) {
    for (const Slot* slot : slots) meant[slot->name] = Value{};  // a confirmation is about all
  }
  if (meant.size() == 1) {
    apply_correction(meant.begin()->first, Value{}, of_finished);
  } else {
    ask_which_slot(std::move(meant), of_finished);
  }
  return true;
}

void Dialogue::ask_which_slot(Values slots, bool of_finished) {
  Reply reply;
  reply.answer = "correct.which";
  reply.title_of = flow_of_corrections(of_finished)->name;
  for (const auto& [name, value] : slots) {
    reply.slots_to_choose[name] = values_of_corrections(of_finished).at(name);
  }
  understood();
  speak(std::move(reply));
  state().correcting = {std::move(slots), of_finished};
}

bool Dialogue::choose_correction() {
  if (state().correcting.slots.empty()) return false;
  const Correcting choice = std::exchange(state().correcting, {});
  const Flow* flow = flow_of_corrections(choice.finished);
  if (flow == nullptr) return false;
  const std::string text = " " + plain_ + " ";
  const Slot* named = nullptr;
  for (const auto& [name, value] : choice.slots) {
    const Slot* slot = flow->find_slot(name);
    const auto held = values_of_corrections(choice.finished).find(name);
    if (slot == nullptr || held == values_of_corrections(choice.finished).end()) continue;
    const std::string given = to_text(held->second);
    const Choice* known = slot->find_choice(given);
    const auto names = known == nullptr ? std::vector<std::string>{fold(given)} : known->names;
    const bool said = std::any_of(names.begin(), names.end(), [&](const std::string& called) {
      return text.find(" " + called + " ") != std::string::npos;
    });
    if (said && named != nullptr) return false;
    if (said) named = slot;
  }
  if (named == nullptr) return false;
  apply_correction(named->name, choice.slots.at(named->name), choice.finished);
  return true;
}

void Dialogue::apply_correction(const std::string& slot, const Value& value, bool of_finished) {
  understood();
  if (of_finished) {
    restart_finished(slot, value);
  } else {
    change_slot(slot, value);
  }
}

void Dialogue::change_slot(const std::string& name, const Value& value) {
  const Flow& flow = top_flow();
  FlowFrame& frame = state().stack.back();
  const bool cleared = std::holds_alternative<std::monostate>(value);
  Redo redo = redo_after(program_, flow, frame.path, name);
  if (cleared) {
    const auto asked = std::find_if(frame.path.begin(), frame.path.end(), [&](std::uint32_t at) {
      const auto* ask = std::get_if<AskStep>(&flow.code[at]);
      return ask != nullptr && ask->slot == name;
    });
    redo.from = std::min(redo.from, static_cast<std::size_t>(asked - frame.path.begin()));
  }
  if (redo.final_call) return say_too_late();
  const std::string asking = std::exchange(state().asking, "");
  state().tries = 0;
  for (const std::string& stale : redo.stale) state().slots.erase(stale);
  if (redo.from < frame.path.size()) {
    frame.at = frame.path[redo.from];
    frame.path.resize(redo.from);
  }
  if (cleared) {
    state().slots.erase(name);
    say("correct.again");
  } else {
    fill_given(name, value);
    note("correct.noted", *flow.find_slot(name), value);
  }
  run();
}

void Dialogue::restart_finished(const std::string& name, const Value& value) {
  const FinishedFlow done = state().finished;
  const Flow& flow = *program_.find_flow(done.flow);
  if (has_final_call(program_, flow, done.path)) return say_too_late();
  const Redo redo = redo_after(program_, flow, done.path, name);
  open_frame(flow);
  for (const auto& [slot, held] : done.slots) {
    const Slot* known = flow.find_slot(slot);
    const bool stale = std::find(redo.stale.begin(), redo.stale.end(), slot) != redo.stale.end();
    if (known != nullptr && known->type != SlotType::yes_no && !stale) state().slots[slot] = held;
  }
  if (std::holds_alternative<std::monostate>(value)) {
    state().slots.erase(name);
    say("correct.again");
  } else {
    fill_given(name, value);
  }
  run();
}

void Dialogue::say_too_late() {
  say("correct.too_late");
  ask_again();
}

void Dialogue::note(std::string answer, const Slot& slot, const Value& value) {
  Reply reply;
  reply.answer = std::move(answer);
  const bool readable = slot.type == SlotType::entity || slot.type == SlotType::pattern ||
                        slot.type == SlotType::phone || slot.type == SlotType::email ||
                        slot.type == SlotType::number;
  if (readable) reply.args["value"] = to_text(value);
  speak(std::move(reply));
}

}  // namespace wasl::flows
