// Several wishes in one message: the first is served, the others wait in the order they were said.
//
// A wish is begun when the flows that were under way when it was said have ended, in the same turn.
// Cancelling leaves only what is under way: the others were not what the visitor has tired of.
#include "wasl/core/text.hpp"

#include "flows/dialogue.hpp"

#include <algorithm>

namespace wasl::flows {
namespace {

constexpr std::size_t kWaitingMax = 3;
constexpr std::size_t kWordsBesideAnswer = 3;  // fewer belong to the answer: "it is A-1032"

}  // namespace

const Flow* Dialogue::split_wishes(std::uint32_t depth) {
  const Flow* first = nullptr;
  for (const Part& part : turn_->understanding.parts) {
    if (part.decision != Decision::act || part.intents.empty()) continue;
    const Flow* flow = program_.flow_of(part.intents.front().intent);
    if (flow == nullptr || flow == first) continue;
    if (first == nullptr) {
      first = flow;
    } else {
      wait_for({part.intents.front().intent, entities_of(part), depth, false});
    }
  }
  return first;
}

void Dialogue::wait_for(Wish wish) {
  auto& waiting = state().waiting;
  const bool known = std::any_of(waiting.begin(), waiting.end(),
                                 [&](const Wish& other) { return other.intent == wish.intent; });
  if (known || waiting.size() >= kWaitingMax) return;
  // What was said later about something further up is begun sooner.
  const auto place = std::find_if(waiting.begin(), waiting.end(),
                                  [&](const Wish& other) { return other.depth < wish.depth; });
  waiting.insert(place, std::move(wish));
}

void Dialogue::keep_wish_beside_answer(const Slot& slot) {
  const std::size_t below = below_wish();
  const auto depth = static_cast<std::uint32_t>(below);
  const Understanding& u = turn_->understanding;
  const std::string& here = program_.find_flow(state().stack[below].flow)->intent;
  if (!u.parts.empty()) {
    for (const Part& part : u.parts) {
      if (part.decision != Decision::act || part.intents.empty()) continue;
      const std::string& intent = part.intents.front().intent;
      if (intent == here || program_.flow_of(intent) == nullptr) continue;
      wait_for({intent, entities_of(part), depth, false});
    }
    return;
  }
  // The words of a choice or a text may sound like a wish; those around a number are one.
  const Flow* other = wanted_flow();
  const bool bare =
      slot.type != SlotType::text && slot.type != SlotType::choice && slot.type != SlotType::yes_no;
  if (other == nullptr || other->intent == here || !bare) return;
  std::size_t value_words = 0;
  for (const Entity& entity : u.entities) value_words += split(fold(entity.text), ' ').size();
  if (split(plain_, ' ').size() < value_words + kWordsBesideAnswer) return;
  wait_for({other->intent, entities_of_message(), depth, false});
}

bool Dialogue::begin_waiting() {
  auto& waiting = state().waiting;
  while (!waiting.empty() && state().stack.size() <= waiting.front().depth) {
    const Wish wish = std::move(waiting.front());
    waiting.erase(waiting.begin());
    const Flow* flow = program_.flow_of(wish.intent);
    const bool under_way =
        flow != nullptr &&
        std::any_of(state().stack.begin(), state().stack.end(),
                    [&](const FlowFrame& frame) { return frame.flow == flow->name; });
    if (flow == nullptr || under_way) continue;
    if (wish.told) speak_of("resume.next", flow->name);
    open_frame(*flow);
    begin_values(wish.entities);
    return true;
  }
  return false;
}

void Dialogue::tell_what_waits() {
  auto& waiting = state().waiting;
  if (waiting.empty() || state().asking.empty() || result_.replies.empty()) return;
  if (waiting.front().told) return;
  for (Wish& wish : waiting) wish.told = true;
  const Flow* flow = program_.flow_of(waiting.front().intent);
  if (flow == nullptr) return;
  Reply reply;
  reply.answer = "resume.then";
  reply.title_of = flow->name;
  result_.replies.insert(result_.replies.end() - 1, std::move(reply));  // the question stays last
}

Entities Dialogue::entities_of(const Part& part) const {
  Entities entities;
  for (const Entity& entity : part.entities) entities.emplace_back(entity.entity, entity.value);
  const auto has = [&](const std::string& name) {
    return std::any_of(entities.begin(), entities.end(),
                       [&](const auto& entity) { return entity.first == name; });
  };
  // "Where is A-1032, and I want a refund for it": said once, meant twice.
  const auto& all = turn_->understanding.entities;
  for (const Entity& entity : all) {
    const auto same = std::count_if(
        all.begin(), all.end(), [&](const Entity& other) { return other.entity == entity.entity; });
    if (same == 1 && !has(entity.entity)) entities.emplace_back(entity.entity, entity.value);
  }
  return entities;
}

Entities Dialogue::entities_of_message() const {
  Entities entities;
  for (const Entity& entity : turn_->understanding.entities) {
    entities.emplace_back(entity.entity, entity.value);
  }
  return entities;
}

Entities Dialogue::entities_of_wish() const {
  for (const Part& part : turn_->understanding.parts) {
    const bool first = part.decision == Decision::act && !part.intents.empty() &&
                       program_.flow_of(part.intents.front().intent) != nullptr;
    if (first) return entities_of(part);
  }
  Entities entities = entities_of_message();
  if (!entities.empty()) return entities;
  for (const auto& [entity, value] : kept_) entities.emplace_back(entity, to_text(value));
  return entities;
}

}  // namespace wasl::flows
