// An open question: what a message says to it, or instead of it.
#include "flows/dialogue.hpp"
#include "flows/redo.hpp"
#include "flows/slots.hpp"

#include <algorithm>
#include <utility>

namespace wasl::flows {
namespace {

constexpr std::size_t kQuestionWordsMax = 10;  // more is a story that asks in passing

}  // namespace

void Dialogue::answer_question() {
  if (program_.words.cancel.has(plain_)) return cancel();
  if (serve_short_word()) return;
  const Slot& slot = *top_flow().find_slot(state().asking);
  const bool cannot_say = slot.type != SlotType::text && program_.words.dont_know.has(plain_);
  if (cannot_say) return go_on_unanswered();
  if (correct()) return;
  const bool no_answer = asks_something_else(slot) || only_nods(slot);
  if (const auto value = read(slot); value && !no_answer) return take_answer(slot, *value);
  const Flow* other = wanted_flow();
  if (other != nullptr && !under_way(*other)) {
    const auto depth = static_cast<std::uint32_t>(state().stack.size());
    const Flow* first = split_wishes(depth);
    return begin(first == nullptr ? *other : *first, entities_of_wish());
  }
  if (answer_another()) return;
  if (asks_something() && answer_from_articles()) return ask_again();
  if (give_up_asking()) return;
  ask_now(*top_ask(), true);
}

void Dialogue::take_answer(const Slot& slot, const Value& value) {
  keep_wish_beside_answer(slot);
  fill_given(slot.name, value);
  fill_from_entities(entities_but_first(std::string(entity_of(slot))));
  understood();
  state().asking.clear();
  run();
}

// "A-1033" to "an order, or your saved address?": it may make the open question needless.
bool Dialogue::answer_another() {
  if (!refused_.empty()) return false;
  Entities entities = entities_of_message();
  std::erase_if(entities, [](const auto& entity) { return entity.first == "number"; });  // of what?
  if (entities.empty()) return false;
  fill_from_entities(std::move(entities));
  if (given_.empty()) return false;
  understood();
  const Flow& flow = top_flow();
  FlowFrame& frame = state().stack.back();
  std::size_t from = frame.path.size();
  for (const std::string& name : given_) {
    const Redo redo = redo_after(program_, flow, frame.path, name);
    if (redo.final_call) continue;
    from = std::min(from, redo.from);
    for (const std::string& stale : redo.stale) state().slots.erase(stale);
  }
  state().asking.clear();
  if (from < frame.path.size()) {
    frame.at = frame.path[from];
    frame.path.resize(from);
    state().tries = 0;
  } else {
    for (const std::string& name : given_) {
      note("noted.value", *flow.find_slot(name), state().slots[name]);
    }
  }
  run();
  return true;
}

bool Dialogue::serve_short_word() {
  const Words& words = program_.words;
  if (words.wait.has(plain_)) {
    Reply reply;
    reply.answer = "wait.take_your_time";  // as often as it takes
    result_.replies.push_back(std::move(reply));
  } else if (words.repeat.has(plain_)) {
    again_ = true;
    if (state().asking.empty()) {
      say("repeat.last");
    } else {
      ask_again();
    }
  } else if (words.help.has(plain_) && wanted_flow() == nullptr) {
    say("help.menu");
    ask_again();
  } else {
    return false;
  }
  return true;
}

bool Dialogue::give_up_asking() {
  const AskStep& ask = *top_ask();
  if (++state().tries < ask.max_tries) {
    result_.slot_again = true;
    return false;
  }
  state().asking.clear();
  state().tries = 0;
  state().stack.back().at = ask.on_fail;
  run();
  return true;
}

// "I don't know", whatever else the words may sound like.
void Dialogue::go_on_unanswered() {
  if (give_up_asking()) return;
  say("dont_know.no_problem");
  ask_again();
}

// Days, times and amounts are in many questions, and any words at all are a text.  What has a form
// of its own, as an order number, is taken for the answer, and the question waits for its turn.
bool Dialogue::asks_something_else(const Slot& slot) {
  switch (slot.type) {
    case SlotType::date:
    case SlotType::time:
    case SlotType::number:
    case SlotType::money:
    case SlotType::text:
      break;
    default:
      return false;
  }
  const Flow* other = wanted_flow();
  return other != nullptr && !under_way(*other) && asks_something() && brief(kQuestionWordsMax) &&
         turn_->understanding.parts.empty();
}

// "Yes" to "what is wrong with it?"; said twice, it is what they want to say.
bool Dialogue::only_nods(const Slot& slot) {
  return slot.type == SlotType::text && state().tries == 0 && program_.words.yes.has(plain_);
}

}  // namespace wasl::flows
