// What the bot says, and that it does not say the same again.
#include "flows/dialogue.hpp"

namespace wasl::flows {

void Dialogue::ask_again() {
  if (const AskStep* ask = top_ask()) ask_now(*ask, false);
}

void Dialogue::ask_now(const AskStep& ask, bool retry) {
  Reply reply;
  reply.answer = ask.answer;
  reply.args = values_of(ask.args);
  const Slot* slot = top_flow().find_slot(ask.slot);
  reply.retry = retry || refused_ == ask.slot;
  reply.invalid = refused_ == ask.slot;
  if (reply.retry) explain(*slot, reply);
  if (slot->type == SlotType::choice || slot->type == SlotType::yes_no) {
    reply.ask_slot = ask.slot;
  }
  if (!reply.retry && is_last(reply)) {  // a question must be put; then at least in other words
    result_.repeat = true;
    reply.retry = true;
  }
  remember(reply);
  result_.replies.push_back(std::move(reply));
}

void Dialogue::explain(const Slot& slot, Reply& reply) const {
  const Answer* answer = program_.find_answer(reply.answer);
  if (answer == nullptr || !answer->retry.empty()) return;
  if (reply.invalid) {
    if (answer->invalid.empty()) reply.lead = "slot.invalid";
    return;
  }
  reply.lead = "slot." + std::string(flows::name(slot.type)) + "_retry";
  if (program_.find_answer(reply.lead) == nullptr) reply.lead = "slot.retry";
  if (!slot.currency.empty()) reply.args.try_emplace("currency", slot.currency);
}

void Dialogue::say(std::string_view answer) {
  Reply reply;
  reply.answer = answer;
  say(std::move(reply));
}

void Dialogue::say(Reply reply) {
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

bool Dialogue::is_last(const Reply& reply) {
  return reply.answer == state().last_answer && reply.args == state().last_args &&
         reply.suggested_intents.empty();
}

void Dialogue::remember(Reply& reply) {
  state().repeats = 0;
  state().last_answer = reply.answer;
  state().last_args = reply.args;
  state().last_variant = static_cast<std::uint32_t>(around_.seed % 1000);
  reply.variant = state().last_variant;
}

}  // namespace wasl::flows
