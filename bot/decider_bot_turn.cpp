// The bot reads what was said, steps its dialogue, and weighs whether a person is needed.
#include "bot/decider.hpp"

#include <algorithm>
#include <utility>

namespace wasl::bot {
namespace {

using handoff::Trigger;

constexpr std::size_t kUnreadMax = 20;

}  // namespace

flows::Surroundings Decider::surroundings() const {
  flows::Surroundings around{world_.desk.now, world_.desk.hours_open, turn_.after.channel,
                             world_.seed};
  const std::string local = handoff::iso8601_in(world_.desk.now, zone());
  around.trace = world_.trace;
  around.today = local.substr(0, 10);
  around.clock = local.substr(11, 5);
  around.language = language();
  around.customer = {turn_.after.customer, turn_.after.contact, situation_.contact_known};
  around.knowledge = bot_.library.get();
  around.site = bot_.config.public_url.empty() ? world_.site : bot_.config.public_url;
  return around;
}

Turn Decider::on_answer_to_offer(const Unread& said) {
  const std::optional<bool> wants = bot_.program->yes_or_no(said.text);
  if (said.button == "handoff:yes" || said.button == "handoff:asked" || wants == true) {
    const auto evidence = turn_.after.escalation.evidence;
    ask_person(handoff::dominating_reason(evidence), "", evidence);
    return finish();
  }
  if (said.button == "handoff:no" || wants == false) {
    refuse_offer();
    say(reply("handoff.declined"), Party::bot);
    move(Trigger::bot_activity);
    return finish();
  }
  bot_turn({said});  // anything else is a turn as any other; rage in it calls a person
  return finish();
}

void Decider::refuse_offer() {
  move(Trigger::offer_refused);
  turn_.after.escalation = handoff::after_refusal(turn_.after.escalation);
}

void Decider::hear(Unread said) {
  const bool tap = !said.button.empty();
  if (turn_.after.open_call) return bot_turn({std::move(said)});
  turn_.after.unread.push_back(std::move(said));
  if (world_.read_after > Millis{0} && !tap && turn_.after.unread.size() < kUnreadMax) {
    turn_.after.read_at = world_.desk.now + world_.read_after;
  } else {
    read_unread();
  }
}

void Decider::read_unread() {
  turn_.after.read_at.reset();
  auto said = std::exchange(turn_.after.unread, {});
  if (!said.empty()) bot_turn(std::move(said));
}

Understanding Decider::understand(const Unread& said) {
  if (said.text.empty()) {
    Understanding tap;
    tap.language = turn_.after.language;
    return tap;
  }
  return bot_.understander->understand(
      said.text, {turn_.after.language, Dialect::none, handoff::date_in(world_.desk.now, zone())});
}

bool Decider::said_already(const Unread& said) {
  if (!said.button.empty()) return false;
  const auto& unread = turn_.after.unread;
  const std::string& last = turn_.after.escalation.last_clean;
  const auto same = [&](const Unread& other) { return other.text == said.text; };
  return std::any_of(unread.begin(), unread.end(), same) ||
         (!last.empty() && understand(said).clean == last);
}

void Decider::bot_turn(std::vector<Unread> said) {
  if (turn_.after.open_call) {
    // A call is under way: read them together once it is back, never fragment by fragment.
    for (Unread& one : said) {
      if (turn_.after.unread.size() < kUnreadMax && !said_already(one)) {
        turn_.after.unread.push_back(std::move(one));
      }
    }
    return;
  }
  Unread merged = std::move(said.front());
  for (std::size_t i = 1; i < said.size(); ++i) {
    if (!said[i].text.empty()) merged.text += (merged.text.empty() ? "" : "\n") + said[i].text;
    if (!said[i].button.empty()) merged.button = said[i].button;
    merged.seq = said[i].seq;
  }

  flows::UserTurn user{merged.text, merged.button, understand(merged), merged.seq};
  if (user.understanding.language != Language::und) {
    turn_.after.language = user.understanding.language;
  }
  if (!merged.text.empty()) append(Understood{merged.seq, user.understanding});

  auto stepped = flows::step(*bot_.program, turn_.after.flow, user, surroundings());
  const auto assessed = assess(merged, user.understanding, stepped);
  turn_.after.escalation = assessed.after;

  const bool asks_person = std::any_of(
      stepped.effects.begin(), stepped.effects.end(),
      [](const auto& effect) { return std::holds_alternative<flows::AskHandoff>(effect); });
  if (assessed.verdict == handoff::Verdict::handoff && !asks_person) {
    // What the bot would have said no longer matters: a person takes it from here.
    ask_person(assessed.reason, "", assessed.evidence);
    return;
  }
  if (now().state == State::offering && !asks_person) refuse_offer();
  const bool offers = assessed.verdict == handoff::Verdict::offer && now().state == State::bot;
  if (offers && !asks_person) leave_out_offers(stepped.replies);
  perform(stepped, assessed.evidence.empty()
                       ? std::vector<Evidence>{{"said", 1.0, merged.seq, merged.text}}
                       : assessed.evidence);
  if (assessed.verdict == handoff::Verdict::offer && now().state == State::bot) {
    offer_person(assessed.reason, assessed.evidence);
  } else if (bot_owns()) {
    move(Trigger::bot_activity);
  }
}

void Decider::leave_out_offers(std::vector<flows::Reply>& replies) {
  std::erase_if(replies, [](const flows::Reply& reply) {
    return reply.answer == "repeat.blocked" || reply.answer == "cannot_answer.offer_person";
  });
}

void Decider::offer_person(const std::string& reason, const std::vector<Evidence>& evidence) {
  if (turn_.after.open_call) {
    turn_.after.escalation.armed = true;
    move(Trigger::bot_activity);
    return;
  }
  handoff::Signal signal = signal_of(Trigger::soft_offer);
  signal.reason = reason;
  signal.evidence = evidence;
  move(signal);
}

void Decider::offer_what_waited() {
  const handoff::Escalation& mood = turn_.after.escalation;
  const bool waits =
      mood.armed && mood.rest_turns == 0 && mood.score >= bot_.policy.escalation.offer_at;
  if (!waits || now().state != State::bot || turn_.after.open_call) return;
  const auto evidence = mood.evidence;
  turn_.after.escalation.armed = false;
  offer_person(handoff::dominating_reason(evidence), evidence);
}

handoff::Assessment Decider::assess(const Unread& said, const Understanding& understanding,
                                    const flows::StepResult& stepped) const {
  handoff::TurnSigns signs;
  signs.seq = said.seq;
  signs.text = said.text;
  signs.clean = understanding.clean;
  signs.mood = understanding.mood;
  if (!said.text.empty() && !turn_.after.escalation.last_clean.empty()) {
    signs.similarity = intents::similarity(understanding.clean, turn_.after.escalation.last_clean);
  }
  signs.fallback = stepped.fallback;
  signs.slot_again = stepped.slot_again;
  signs.bot_repeat = stepped.repeat;
  return handoff::assess(turn_.after.escalation, signs, bot_.policy.escalation);
}

void Decider::perform(const flows::StepResult& stepped, const std::vector<Evidence>& evidence) {
  turn_.after.flow = stepped.after;
  turn_.ran.insert(turn_.ran.end(), stepped.ran.begin(), stepped.ran.end());
  for (const flows::FlowEffect& effect : stepped.effects) {
    if (const auto* slot = std::get_if<flows::FilledSlot>(&effect)) {
      append(SlotFilled{slot->name, flows::to_text(slot->value)});
    } else if (const auto* later = std::get_if<flows::Remind>(&effect)) {
      forget(turn_.after.reminders, later->answer);
      const auto at = due_at(*later, world_.desk.now, zone());
      if (at) keep(turn_.after.reminders, {later->answer, later->args, *at});
    } else if (const auto* forgotten = std::get_if<flows::ForgetReminder>(&effect)) {
      forget(turn_.after.reminders, forgotten->answer);
    } else if (const auto* left = std::get_if<flows::LeftUnanswered>(&effect)) {
      append(Unanswered{left->seq, left->why, left->article});
    }
  }
  for (const flows::Reply& what : stepped.replies) say(what, Party::bot);
  for (const flows::FlowEffect& effect : stepped.effects) {
    if (const auto* call = std::get_if<flows::StartCall>(&effect)) {
      turn_.after.open_call = *call;
      turn_.call = *call;
    } else if (const auto* ended = std::get_if<flows::EndedFlow>(&effect)) {
      append(FlowEnded{ended->flow, ended->outcome});
    }
  }
  for (const flows::FlowEffect& effect : stepped.effects) {
    if (const auto* asked = std::get_if<flows::AskHandoff>(&effect)) {
      ask_person(asked->reason, asked->team, evidence);
      return;
    }
  }
}

}  // namespace wasl::bot
