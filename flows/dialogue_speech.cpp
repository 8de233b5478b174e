// What the bot says, and that it does not say the same again.
#include "flows/dialogue.hpp"

#include <algorithm>

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
  failed_ = false;
  const bool wanted = retry || again_;
  if (!wanted && !reply.retry && is_last(reply)) {  // it must be put; then in other words
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
  if (reply.answer == "repeat.last" && !state().last_answer.empty()) return say_last_again();
  if (reply.answer == "help.menu") reply.suggested_intents = program_.help_menu();
  failed_ = false;
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

void Dialogue::speak(Reply reply) {
  failed_ = false;
  remember(reply);
  result_.replies.push_back(std::move(reply));
}

void Dialogue::speak_of(std::string_view answer, const std::string& flow) {
  Reply reply;
  reply.answer = answer;
  reply.title_of = flow;
  speak(std::move(reply));
}

void Dialogue::say_last_again() {
  // A question that is open below is put again by itself, once what wants it has ended.
  again_ = true;
  const auto open =
      std::find_if(state().stack.begin(), state().stack.end(), [&](const FlowFrame& frame) {
        return std::holds_alternative<AskStep>(program_.find_flow(frame.flow)->code[frame.at]);
      });
  if (open != state().stack.end()) return;
  Reply reply;
  reply.answer = state().last_answer;
  reply.args = state().last_args;
  reply.title_of = state().last_title_of;
  if (reply.answer == "clarify.which") reply.suggested_intents = state().choices;
  if (reply.answer == "help.menu") reply.suggested_intents = program_.help_menu();
  reply.variant = ++state().last_variant;  // other words, where there are any
  result_.replies.push_back(std::move(reply));
}

bool Dialogue::is_last(const Reply& reply) {
  return reply.answer == state().last_answer && reply.args == state().last_args &&
         reply.title_of == state().last_title_of && reply.suggested_intents.empty();
}

void Dialogue::remember(Reply& reply) {
  state().repeats = 0;
  state().last_answer = reply.answer;
  state().last_args = reply.args;
  state().last_title_of = reply.title_of;
  state().last_variant = static_cast<std::uint32_t>(around_.seed % 1000);
  reply.variant = state().last_variant;
}

}  // namespace wasl::flows
