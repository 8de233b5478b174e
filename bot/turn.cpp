// What can happen to a conversation, and what each of it does: a turn is built by one Decider.
// Nothing here does I/O; what is left out (storing, sending, calling) is bot/shard.cpp.
#include "bot/turn.hpp"

#include "wasl/core/text.hpp"

#include "bot/decider.hpp"
#include "bot/queue_card.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

using handoff::Trigger;

constexpr std::size_t kLineCharsMax = 120;
constexpr std::size_t kContactCharsMax = 200;

/// Which way a customer's words run: told by their letters, before they are understood.
Language written_in(std::string_view text, Language otherwise) {
  if (has_arabic(text)) return Language::ar;
  const bool latin = std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return latin ? Language::en : otherwise;
}

}  // namespace

Decider::Decider(const Bot& bot, flows::Renderer& renderer, const Conversation& before,
                 const World& world)
    : bot_(bot), renderer_(renderer), world_(world), situation_(world.desk) {
  turn_.after = before;
  turn_.events.reserve(8);
  situation_.contact_known = before.channel != "web" || !before.contact.empty();
  if (before.last_seq == 0 && before.created_at == Time{}) turn_.after.created_at = world.desk.now;
}

Turn Decider::on(const VisitorSaid& said) {
  if (now().state == State::closed) return refuse("closed");
  greet_first();
  MessageSaid message;
  message.text = said.text;
  message.language = written_in(said.text, language());
  message.client_id = said.client_id;
  message.button = said.button;
  if (message.text.empty()) message.text = title_of(said.button);
  turn_.own_seq = append(message);
  const Unread unread{turn_.own_seq, said.text, said.button};

  if (now().state == State::offering) return on_answer_to_offer(unread);
  const auto choice = choice_of_button(said.button);
  if (choice && carry_out(*choice)) return finish();
  const State before = now().state;
  // After the reopening window it belongs to a new conversation.
  if (!move(Trigger::customer_message)) return refuse("closed");
  const bool promised_now = now().state == State::promised && before != State::promised;
  if (bot_owns() && !promised_now) hear(unread);  // else the promise was just made
  return finish();
}

Turn Decider::on(const VisitorChose& chose) {
  const auto trigger = trigger_of_option(chose.option);
  if (!trigger || turn_.after.last_seq == 0) return refuse("bad_message");
  if (now().state == State::closed) return refuse("closed");
  MessageSaid message;
  message.text = option_title(chose.option, language());
  message.language = language();
  message.client_id = chose.client_id;
  message.button = "choose:" + chose.option;
  turn_.own_seq = append(message);
  if (!chose.contact.empty()) {
    append(NoteWritten{"", chose.contact});
    turn_.after.contact = first_code_points(chose.contact, kContactCharsMax);
  }
  if (carry_out(*trigger)) return finish();
  const State before = now().state;
  if (!move(Trigger::customer_message)) return refuse("closed");
  const bool promised_now = now().state == State::promised && before != State::promised;
  if (bot_owns() && !promised_now) say(reply("stale_button.sorry"), Party::bot);
  return finish();
}

Turn Decider::on(const VisitorEnded& ended) {
  if (turn_.after.last_seq == 0) return refuse("bad_message");
  if (now().state == State::closed) return refuse("closed");
  MessageSaid message;
  message.language = language();
  message.client_id = ended.client_id;
  message.button = "end";
  turn_.own_seq = append(message);
  move(Trigger::visitor_end);
  return finish();
}

Turn Decider::on(const CallReturned& returned) {
  auto& open = turn_.after.open_call;
  if (!open || open->call_number != returned.result.call_number || !bot_owns()) {
    return refuse("stale");
  }
  open.reset();
  constexpr std::string_view kOutcomes[] = {"ok", "not_found", "error"};
  const flows::CallResult& result = returned.result;
  turn_.own_seq = append(CallMade{returned.name,
                                  std::string(kOutcomes[static_cast<std::size_t>(result.outcome)]),
                                  result.why, result.attempts, result.took.count()});
  const auto stepped =
      flows::step(*bot_.program, turn_.after.flow, returned.result, surroundings());
  perform(stepped, {});
  if (bot_owns() && !turn_.after.open_call && !turn_.after.unread.empty()) {
    read_unread();
  } else {
    offer_what_waited();
  }
  return finish();
}

Turn Decider::on(const AgentDid& did) {
  if (turn_.after.last_seq == 0) return refuse("unknown_conversation");
  handoff::Signal signal = signal_of(did.trigger);
  signal.epoch = did.epoch;
  signal.agent = did.agent;
  signal.agent_role = did.role;
  signal.reason = did.reason;
  signal.to_agent = did.to_agent;
  signal.to_team = did.to_team;
  signal.until = did.until;
  situation_.agent_eligible = did.eligible;
  situation_.agent_has_room = did.has_room;
  situation_.colleague = did.colleague;
  situation_.unanswered = turn_.after.open_call || !turn_.after.unread.empty();
  const std::uint64_t first = turn_.after.last_seq + 1;
  const bool speaks = did.trigger == Trigger::agent_reply || did.trigger == Trigger::note;
  if (speaks && did.text.empty()) return refuse("bad_message");
  if (!move(signal)) return refuse(refusal_);
  if (did.trigger == Trigger::agent_reply) {
    MessageSaid message;
    message.from = Party::agent;
    message.name = did.agent.name;
    message.text = did.text;
    message.language = written_in(did.text, language());
    message.client_id = did.client_id;
    append(message);
  } else if (did.trigger == Trigger::transfer && !did.reason.empty()) {
    append(NoteWritten{did.agent.name, did.reason});  // for whoever takes it next
  } else if (!did.text.empty()) {                     // a note, or the note of a resolve
    append(NoteWritten{did.agent.name, did.text});
  }
  turn_.own_seq = std::min(first, turn_.after.last_seq);
  return finish();
}

Turn Decider::on(const DeskOrdered& ordered) {
  if (turn_.after.last_seq == 0) return refuse("unknown_conversation");
  using Kind = handoff::Order::Kind;
  Trigger trigger = Trigger::offer;
  switch (ordered.order.kind) {
    case Kind::offer:
      trigger = Trigger::offer;
      break;
    case Kind::agent_gone:
      trigger = Trigger::agent_gone;
      break;
    case Kind::hours_open:
      trigger = Trigger::hours_open;
      break;
    case Kind::hours_close:
      trigger = Trigger::hours_close;
      break;
  }
  handoff::Signal signal = signal_of(trigger);
  signal.epoch = ordered.order.epoch;
  signal.agent = {OwnerKind::agent, ordered.order.agent, ordered.agent_name};
  if (!move(signal)) return refuse(refusal_);
  return finish();
}

Turn Decider::on(const DeadlineCame& /*came*/) {
  for (const Reminder& due : take_due(turn_.after.reminders, world_.desk.now)) remind(due);
  if (turn_.after.read_at && *turn_.after.read_at <= world_.desk.now) {
    read_unread();
    return finish();
  }
  const bool reminded = !turn_.events.empty();
  if (!now().deadline || *now().deadline > world_.desk.now) {
    return reminded ? std::move(turn_) : refuse("stale");
  }
  if (now().state == State::resolved && !turn_.after.reminders.empty()) {
    // It stays open for what is still to be said, and for the answer to that.
    turn_.after.record.deadline = turn_.after.reminders.back().at + bot_.policy.timers.reopen;
    return std::move(turn_);
  }
  const bool was_asked = now().state == State::offering;
  if (!move(Trigger::deadline)) return refuse(refusal_);
  if (was_asked) turn_.after.escalation = handoff::after_refusal(turn_.after.escalation);
  return finish();
}

Turn Decider::on_presence(Trigger trigger) {
  if (turn_.after.last_seq == 0) return refuse("unknown_conversation");
  const std::string last_trigger = turn_.after.last_trigger;
  if (!move(trigger)) return refuse(refusal_);
  turn_.after.last_trigger = last_trigger;  // nothing that anybody decided
  return finish();
}

handoff::Signal Decider::signal_of(Trigger trigger) const {
  handoff::Signal signal;
  signal.trigger = trigger;
  signal.ticket = world_.ticket;
  return signal;
}

std::uint64_t Decider::append(EventBody body) {
  if (const auto* message = std::get_if<MessageSaid>(&body)) {
    turn_.after.last_line = first_code_points(message->text, kLineCharsMax);
    turn_.after.last_from = message->from;
  }
  Event event;
  event.seq = ++turn_.after.last_seq;
  event.at = world_.desk.now;
  event.epoch = now().epoch;
  event.body = std::move(body);
  turn_.events.push_back(std::move(event));
  return turn_.after.last_seq;
}

Turn Decider::refuse(std::string code) {
  Turn refused;
  refused.refused = code.empty() ? "bad_state" : std::move(code);
  return refused;
}

Turn Decider::finish() {
  if (bot_owns() && now().state == State::bot && !now().deadline) move(Trigger::bot_activity);
  return std::move(turn_);
}

Turn decide(const Bot& bot, flows::Renderer& renderer, const Conversation& before,
            const Input& input, const World& world) {
  Decider decider(bot, renderer, before, world);
  return std::visit([&](const auto& happened) { return decider.on(happened); }, input);
}

flows::Rendered greeting(const Bot& bot, flows::Renderer& renderer, Language language,
                         Time created_at) {
  flows::Reply reply;
  reply.answer = "session_start.greeting";
  const auto seed = static_cast<std::uint64_t>(created_at.time_since_epoch().count() / 86'400'000);
  return renderer.render(reply, {language == Language::und ? bot.config.default_language : language,
                                 false, seed, "web"});
}

}  // namespace wasl::bot
