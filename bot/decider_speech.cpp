// What is said, by the bot or on its behalf: replies, notices, reminders, the greeting.
#include "bot/decider.hpp"
#include "bot/queue_card.hpp"

#include <utility>

namespace wasl::bot {
namespace {

constexpr double kUpsetScore = 0.5;

}  // namespace

flows::Rendered Decider::rendered_now(const flows::Reply& what) const {
  const bool upset = turn_.after.escalation.score >= kUpsetScore;
  return renderer_.render(what, {language(), upset, world_.seed + turn_.after.last_seq,
                                 channel_kind(bot_.config, turn_.after.channel)});
}

void Decider::say(const flows::Reply& what, Party from) {
  auto rendered = rendered_now(what);
  MessageSaid message;
  message.from = from;
  message.text = std::move(rendered.text);
  message.language = rendered.language;
  message.buttons = std::move(rendered.buttons);
  message.answer = std::move(rendered.answer);
  turn_.after.shown_buttons = message.buttons;
  append(std::move(message));
}

void Decider::remind(const Reminder& due) {
  flows::Reply what = reply(due.answer);
  what.args = due.args;
  if (!renderer_.has(due.answer)) {  // the bot was changed meanwhile
    what = reply("remind.lost");
    what.args["name"] = due.answer;
    append(NoteWritten{"", rendered_now(what).text});
    return;
  }
  const bool speaks =
      keeps_dialogue(now().state) || now().state == State::resolved || now().state == State::closed;
  if (speaks) return say(what, Party::bot);
  flows::Reply note = reply("remind.note");
  note.args["text"] = rendered_now(what).text;
  append(NoteWritten{"", rendered_now(note).text});
}

void Decider::greet_first() {
  if (turn_.after.last_seq != 0 || turn_.after.channel != "web") return;
  const auto shown = greeting(bot_, renderer_, language(), turn_.after.created_at);
  MessageSaid message;
  message.from = Party::bot;
  message.text = shown.text;
  message.language = shown.language;
  message.buttons = shown.buttons;
  message.answer = shown.answer;
  turn_.after.shown_buttons = message.buttons;
  append(std::move(message));
}

std::string Decider::title_of(const std::string& button) const {
  for (const Button& shown : turn_.after.shown_buttons) {
    if (shown.id == button) return shown.title;
  }
  return tap_title(button, language());
}

void Decider::say_notice(const handoff::Notice& notice) {
  flows::Reply what = reply(notice.answer);
  for (const auto& [key, value] : notice.args) {
    if (!value.empty()) what.args[key] = value;
  }
  tell_next_open(what);
  if (world_.position > 0 && now().state == State::queued) {
    what.args["position"] = static_cast<double>(world_.position);
  }
  say(what, notice.answer == "handoff.offer" ? Party::bot : Party::system);
}

void Decider::say_promise() {
  flows::Reply promised = reply("handoff.promised");
  promised.args["ticket"] = now().ticket;
  tell_next_open(promised);
  say(promised, Party::system);
}

void Decider::tell_next_open(flows::Reply& what) const {
  if (world_.desk.hours_open || !world_.desk.next_open) return;
  what.args["next_open"] = handoff::iso8601_in(*world_.desk.next_open, zone());
}

}  // namespace wasl::bot
