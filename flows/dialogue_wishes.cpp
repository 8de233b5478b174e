// What the visitor's words are for where no question is open: a tap, a new wish, or nothing we
// know.
#include "wasl/core/text.hpp"

#include "flows/dialogue.hpp"
#include "flows/slots.hpp"

#include <algorithm>
#include <utility>

namespace wasl::flows {
namespace {

constexpr std::size_t kChoicesMax = 3;
constexpr std::size_t kLoneWordsMax = 6;  // "the number is A-1033" is about that value

bool starts_with_word(std::string_view text, std::string_view prefix, std::string_view& rest) {
  if (!text.starts_with(prefix)) return false;
  rest = text.substr(prefix.size());
  return true;
}

}  // namespace

void Dialogue::tap(const std::string& button) {
  std::string_view rest;
  if (starts_with_word(button, "intent:", rest)) {
    if (const Flow* flow = program_.flow_of(rest)) return begin(*flow, entities_of_wish());
  } else if (starts_with_word(button, "value:", rest)) {
    const std::size_t equals = rest.find('=');
    if (equals != std::string_view::npos) {
      tap_value(rest.substr(0, equals), rest.substr(equals + 1));
      if (!result_.replies.empty() || !result_.effects.empty()) return;
    }
  } else if (starts_with_word(button, "correct:", rest)) {
    const Correcting choice = std::exchange(state().correcting, {});
    const auto found = choice.slots.find(rest);
    if (found != choice.slots.end()) {
      return apply_correction(found->first, found->second, choice.finished);
    }
  } else if (button == "clarify:none" && state().not_understood > 0) {
    return none_of_these();
  } else if (starts_with_word(button, "helped:", rest) && !state().article.empty()) {
    judge_article(rest == "yes");
    return ask_again();
  } else if (button == "handoff:asked" || button == "handoff:yes") {
    return hand_over("asked", "");
  } else if (button == "handoff:no") {
    say("handoff.declined");
    return ask_again();
  }
  if (result_.replies.empty()) say(expired_ ? "session_expired.ended" : "stale_button.sorry");
  ask_again();
}

// The button of an earlier question of this flow corrects its answer.
void Dialogue::tap_value(std::string_view name, std::string_view text) {
  if (state().stack.empty()) return;
  const Slot* slot = top_flow().find_slot(name);
  if (slot == nullptr) return;
  const auto value = tapped(*slot, text, program_.words);
  if (!value) return;
  if (name == state().asking && !allows(*slot, *value)) return ask_now(*top_ask(), true);
  if (name == state().asking) return fill_and_go_on(slot->name, *value);
  const bool given = slot->type == SlotType::choice && filled(slot->name);
  if (given && state().slots[slot->name] != *value) change_slot(slot->name, *value);
}

void Dialogue::understand_afresh() {
  if (const auto helped = verdict()) return judge_article(*helped);
  if (correct()) return;
  if (const Flow* flow = wanted_flow()) {
    const Flow* first = split_wishes(0);
    return begin(first == nullptr ? *flow : *first, entities_of_wish());
  }
  if (program_.words.cancel.has(plain_)) {
    understood();
    say("cancel.done");
    return;
  }
  if (serve_short_word() || choose_by_value()) return;
  if (const Flow* flow = flow_for_lone_value()) return begin(*flow, entities_of_wish());
  // "Let us start it again": a question of the flow that has changed.
  if (const Flow* flow = program_.find_flow(dropped_flow_); flow != nullptr && !silent()) {
    return begin(*flow, {});
  }
  if (expired_) return say("session_expired.ended");
  miss();
}

const Flow* Dialogue::wanted_flow() {
  const Understanding& u = turn_->understanding;
  if (u.decision != Decision::act || u.intents.empty()) return nullptr;
  return program_.flow_of(u.intents.front().intent);
}

bool Dialogue::takes_value(const Flow& flow) const {
  const auto& entities = turn_->understanding.entities;
  return std::any_of(flow.slots.begin(), flow.slots.end(), [&](const Slot& slot) {
    return slot.type == SlotType::entity &&
           std::any_of(entities.begin(), entities.end(),
                       [&](const Entity& entity) { return entity.entity == slot.entity; });
  });
}

bool Dialogue::choose_by_value() {
  if (!brief(kLoneWordsMax)) return false;
  std::vector<std::string> taking;
  for (const std::string& intent : state().choices) {
    const Flow* flow = program_.flow_of(intent);
    if (flow != nullptr && takes_value(*flow)) taking.push_back(intent);
  }
  if (taking.empty() || taking.size() > kChoicesMax) return false;
  if (taking.size() == 1) {
    begin(*program_.flow_of(taking.front()), entities_of_wish());
    return true;
  }
  keep_entities();
  state().choices.clear();
  again_ = true;
  offer(std::move(taking));
  return true;
}

const Flow* Dialogue::flow_for_lone_value() {
  const bool unclear = turn_->understanding.decision == Decision::ask_which;
  const Flow* last = program_.find_flow(state().last_flow);
  if (last != nullptr && takes_value(*last) && (brief(kLoneWordsMax) || !unclear)) return last;
  if (unclear) return nullptr;
  const Flow* only = nullptr;
  lone_value_intents_.clear();
  for (const auto& [name, flow] : program_.flows) {
    if (flow.intent.empty() || !takes_value(flow)) continue;
    only = &flow;
    lone_value_intents_.push_back(flow.intent);
  }
  return lone_value_intents_.size() == 1 ? only : nullptr;
}

void Dialogue::miss() {
  if (answer_from_articles()) return;
  note_unanswered();
  const int misses = ++state().not_understood;
  if (misses >= 3) {
    state().not_understood = 0;
    state().choices.clear();
    result_.fallback = true;
    return hand_over("lost", "");
  }
  std::vector<std::string> choices = suggestions();
  if (!choices.empty()) {
    keep_entities();
    result_.fallback = misses > 1;
    return offer(std::move(choices));
  }
  result_.fallback = true;
  if (misses == 1 && plain_.empty()) return say("help.fallback");
  say(misses == 1 ? "cannot_answer.rephrase" : "cannot_answer.offer_person");
}

void Dialogue::keep_entities() {
  for (const Entity& entity : turn_->understanding.entities) {
    state().kept.try_emplace(entity.entity, entity.value);
  }
  state().kept.merge(kept_);
}

void Dialogue::offer(std::vector<std::string> intents) {
  state().choices.insert(state().choices.end(), intents.begin(), intents.end());
  Reply reply;
  reply.answer = "clarify.which";
  reply.args["count"] = static_cast<double>(intents.size());
  reply.suggested_intents = std::move(intents);
  say(std::move(reply));
}

// Stage two: what else was likely, and then a person.
void Dialogue::none_of_these() {
  const int misses = ++state().not_understood;
  result_.fallback = true;
  if (misses >= 3) {
    state().not_understood = 0;
    state().choices.clear();
    return hand_over("lost", "");
  }
  std::vector<std::string> others = std::exchange(state().others, {});
  state().kept = kept_;
  if (!others.empty()) return offer(std::move(others));
  say("cannot_answer.offer_person");
}

std::vector<std::string> Dialogue::suggestions() {
  std::vector<std::string> found;
  const auto offer = [&](const std::string& intent) {
    const auto& before = state().choices;
    if (program_.flow_of(intent) == nullptr ||
        std::find(before.begin(), before.end(), intent) != before.end() ||
        std::find(found.begin(), found.end(), intent) != found.end()) {
      return;
    }
    (found.size() < kChoicesMax ? found : state().others).push_back(intent);
  };
  state().others.clear();
  if (turn_->understanding.decision == Decision::ask_which) {
    for (const IntentScore& score : turn_->understanding.intents) offer(score.intent);
  }
  for (const std::string& intent : lone_value_intents_) offer(intent);
  return found;
}

void Dialogue::understood() {
  state().not_understood = 0;
  state().choices.clear();
  state().others.clear();
}

}  // namespace wasl::flows
