// What the visitor's words are for: a tap, an answer to the open question, a new wish, or nothing
// we know.
#include "wasl/core/text.hpp"

#include "flows/dialogue.hpp"
#include "flows/slots.hpp"

#include <algorithm>

namespace wasl::flows {
namespace {

constexpr std::size_t kChoicesMax = 3;
constexpr std::size_t kLoneWordsMax = 6;  // "no, sorry, I meant A-1033" is about that value

bool starts_with_word(std::string_view text, std::string_view prefix, std::string_view& rest) {
  if (!text.starts_with(prefix)) return false;
  rest = text.substr(prefix.size());
  return true;
}

}  // namespace

void Dialogue::tap(const std::string& button, const Values& kept) {
  std::string_view rest;
  if (starts_with_word(button, "intent:", rest)) {
    if (const Flow* flow = program_.flow_of(rest)) return begin(*flow, kept);
  } else if (starts_with_word(button, "value:", rest)) {
    const std::size_t equals = rest.find('=');
    if (equals != std::string_view::npos && !state().asking.empty() &&
        rest.substr(0, equals) == state().asking) {
      const Slot& slot = *top_flow().find_slot(state().asking);
      const auto value = tapped(slot, rest.substr(equals + 1), program_.words);
      if (value && !allows(slot, *value)) return ask_now(*top_ask(), true);
      if (value) {
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

void Dialogue::answer_question() {
  if (says_cancel(program_.words, turn_->text)) return cancel();
  const Slot& slot = *top_flow().find_slot(state().asking);
  if (const auto value = read(slot)) {
    const std::string entity(entity_of(slot));
    fill(slot.name, *value);
    fill_from_entities(entities_but_first(entity));
    understood();
    state().asking.clear();
    return run();
  }
  const Flow* other = wanted_flow();
  if (other != nullptr && !under_way(*other)) return begin(*other, {});
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

void Dialogue::understand_afresh() {
  if (const Flow* flow = wanted_flow()) return begin(*flow, {});
  if (says_cancel(program_.words, turn_->text)) {
    understood();
    say("cancel.done");
    return;
  }
  if (const Flow* flow = flow_for_lone_value()) return begin(*flow, {});
  miss();
}

const Flow* Dialogue::wanted_flow() {
  const Understanding& u = turn_->understanding;
  if (u.decision != Decision::act || u.intents.empty()) return nullptr;
  return program_.flow_of(u.intents.front().intent);
}

const Flow* Dialogue::flow_for_lone_value() {
  const auto takes = [&](const Flow& flow) {
    return std::any_of(flow.slots.begin(), flow.slots.end(), [&](const Slot& slot) {
      return slot.type == SlotType::entity &&
             std::any_of(turn_->understanding.entities.begin(), turn_->understanding.entities.end(),
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
    if (flow.intent.empty() || !takes(flow)) continue;
    only = &flow;
    lone_value_intents_.push_back(flow.intent);
  }
  return lone_value_intents_.size() == 1 ? only : nullptr;
}

void Dialogue::miss() {
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

std::vector<std::string> Dialogue::suggestions() {
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

void Dialogue::understood() {
  state().not_understood = 0;
  state().choices.clear();
}

}  // namespace wasl::flows
