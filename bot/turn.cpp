// A turn is built by one Decider: it appends events to the turn and keeps `after` in step with
// them.  Nothing here does I/O; what is left out (storing, sending, calling) is bot/shard.cpp.

#include "bot/turn.hpp"

#include "wasl/core/text.hpp"

#include "bot/queue_card.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

using handoff::Trigger;

constexpr std::size_t kUnreadMax = 20;
constexpr std::size_t kLineCharsMax = 120;
constexpr std::size_t kContactCharsMax = 200;
constexpr double kUpsetScore = 0.5;

/// Which way a customer's words run: told by their letters, before they are understood.
Language written_in(std::string_view text, Language otherwise) {
  if (has_arabic(text)) return Language::ar;
  const bool latin = std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return latin ? Language::en : otherwise;
}

class Decider {
 public:
  Decider(const Bot& bot, flows::Renderer& renderer, const Conversation& before, const World& world)
      : bot_(bot), renderer_(renderer), world_(world), situation_(world.desk) {
    turn_.after = before;
    turn_.events.reserve(8);
    situation_.contact_known = before.channel != "web" || !before.contact.empty();
    if (before.last_seq == 0 && before.created_at == Time{})
      turn_.after.created_at = world.desk.now;
  }

  Turn on(const VisitorSaid& said) {
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
    if (bot_owns() && !promised_now) bot_turn({unread});  // else the promise was just made
    return finish();
  }

  Turn on(const VisitorChose& chose) {
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

  Turn on(const VisitorEnded& ended) {
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

  Turn on(const CallReturned& returned) {
    auto& open = turn_.after.open_call;
    if (!open || open->call_number != returned.result.call_number || !bot_owns()) {
      return refuse("stale");
    }
    open.reset();
    constexpr std::string_view kOutcomes[] = {"ok", "not_found", "error"};
    const flows::CallResult& result = returned.result;
    turn_.own_seq = append(
        CallMade{returned.name, std::string(kOutcomes[static_cast<std::size_t>(result.outcome)]),
                 result.why, result.attempts, result.took.count()});
    const auto stepped =
        flows::step(*bot_.program, turn_.after.flow, returned.result, surroundings());
    perform(stepped, {});
    if (bot_owns() && !turn_.after.open_call && !turn_.after.unread.empty()) {
      bot_turn(std::exchange(turn_.after.unread, {}));
    } else {
      offer_what_waited();
    }
    return finish();
  }

  Turn on(const AgentDid& did) {
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

  Turn on(const DeskOrdered& ordered) {
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

  Turn on(const DeadlineCame& /*came*/) {
    for (const Reminder& due : take_due(turn_.after.reminders, world_.desk.now)) remind(due);
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

  Turn on(const VisitorLeft& /*left*/) { return on_presence(Trigger::customer_gone); }
  Turn on(const VisitorCameBack& /*back*/) { return on_presence(Trigger::customer_back); }

 private:
  Turn on_presence(Trigger trigger) {
    if (turn_.after.last_seq == 0) return refuse("unknown_conversation");
    const std::string last_trigger = turn_.after.last_trigger;
    if (!move(trigger)) return refuse(refusal_);
    turn_.after.last_trigger = last_trigger;  // nothing that anybody decided
    return finish();
  }

  [[nodiscard]] const handoff::Record& now() const { return turn_.after.record; }
  [[nodiscard]] bool bot_owns() const {
    return now().state == State::bot || now().state == State::promised;
  }
  // Whether a dialogue lives on in `state`: a question of the bot may be open in it.
  [[nodiscard]] static bool keeps_dialogue(State state) {
    return state == State::bot || state == State::offering || state == State::promised;
  }
  [[nodiscard]] Language language() const {
    return turn_.after.language == Language::und ? bot_.config.default_language
                                                 : turn_.after.language;
  }

  [[nodiscard]] flows::Surroundings surroundings() const {
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

  // The customer's time zone, else the desk's.
  [[nodiscard]] const std::string& zone() const {
    return turn_.after.timezone.empty() ? bot_.policy.hours.zone : turn_.after.timezone;
  }

  [[nodiscard]] static flows::Reply reply(std::string answer) {
    flows::Reply reply;
    reply.answer = std::move(answer);
    return reply;
  }

  handoff::Signal signal_of(Trigger trigger) const {
    handoff::Signal signal;
    signal.trigger = trigger;
    signal.ticket = world_.ticket;
    return signal;
  }

  std::uint64_t append(EventBody body) {
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

  [[nodiscard]] flows::Rendered rendered_now(const flows::Reply& what) const {
    const bool upset = turn_.after.escalation.score >= kUpsetScore;
    return renderer_.render(what, {language(), upset, world_.seed + turn_.after.last_seq,
                                   channel_kind(bot_.config, turn_.after.channel)});
  }

  void say(const flows::Reply& what, Party from) {
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

  // The bot is silent while a person has the conversation: then it is a note for them.
  void remind(const Reminder& due) {
    flows::Reply what = reply(due.answer);
    what.args = due.args;
    if (!renderer_.has(due.answer)) {  // the bot was changed meanwhile
      what = reply("remind.lost");
      what.args["name"] = due.answer;
      append(NoteWritten{"", rendered_now(what).text});
      return;
    }
    const bool speaks = keeps_dialogue(now().state) || now().state == State::resolved ||
                        now().state == State::closed;
    if (speaks) return say(what, Party::bot);
    flows::Reply note = reply("remind.note");
    note.args["text"] = rendered_now(what).text;
    append(NoteWritten{"", rendered_now(note).text});
  }

  // A tap on a choice that the queue's alternatives offered: `handoff:callback` and its like.
  [[nodiscard]] std::optional<Trigger> choice_of_button(std::string_view button) const {
    constexpr std::string_view kPrefix = "handoff:";
    if (!button.starts_with(kPrefix)) return std::nullopt;
    return trigger_of_option(button.substr(kPrefix.size()));
  }

  // The greeting was shown before anything was stored; it becomes part of the transcript now.
  void greet_first() {
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

  // What a tap looks like in the transcript: the title of the button, as last shown.
  [[nodiscard]] std::string title_of(const std::string& button) const {
    for (const Button& shown : turn_.after.shown_buttons) {
      if (shown.id == button) return shown.title;
    }
    return tap_title(button, language());
  }

  bool move(Trigger trigger) { return move(signal_of(trigger)); }

  // Carries out a legal move with its events and notices; false (and refusal_) for an illegal one.
  bool move(const handoff::Signal& signal) {
    const handoff::Record before = now();
    auto moved = handoff::transition(before, signal, bot_.policy, situation_);
    if (!moved) {
      refusal_ = moved.error().what;
      return false;
    }
    handoff::Record& after = turn_.after.record;
    after = std::move(moved->after);
    turn_.after.last_trigger = handoff::name(signal.trigger);
    turn_.moves.push_back({before.state, signal.trigger, after.state});
    const bool to_person = (after.state == State::queued || after.state == State::promised) &&
                           after.episode != before.episode;
    if (to_person) {
      append(Escalated{after.reason, after.evidence, turn_.after.escalation.score});
      forget_flow();
    }
    if (after.state != before.state) {
      StateChanged changed{before.state, after.state, std::string(handoff::name(signal.trigger)),
                           moved->reason};
      if (signal.trigger == Trigger::transfer) {
        changed.target =
            signal.to_agent.empty() ? "team:" + signal.to_team : "agent:" + signal.to_agent;
      }
      if (after.state == State::snoozed) changed.until = signal.until;
      append(std::move(changed));
    }
    if (!(after.owner == before.owner)) append(OwnerChanged{after.owner});
    if (after.episode != before.episode) after.handoff_seq = turn_.after.last_seq;
    if (keeps_dialogue(before.state) != keeps_dialogue(after.state)) {
      const bool silent = signal.trigger == Trigger::deadline && before.state == State::bot;
      if (silent && !turn_.after.flow.asking.empty()) turn_.after.flow.expired = true;
      forget_flow();
    }
    if (!keeps_dialogue(before.state) && after.state == State::bot) {
      // After a return, only what comes now counts.
      turn_.after.escalation = handoff::after_return(turn_.after.escalation);
    }
    for (const handoff::Notice& notice : moved->notices) say_notice(notice);
    return true;
  }

  // What the visitor chose while waiting; false when there is nothing to choose now.
  bool carry_out(Trigger choice) {
    const State before = now().state;
    if (!move(choice)) return false;
    if (before == State::promised && now().state == State::promised) {
      if (choice == Trigger::choose_bot) {
        say(reply("handoff.returned"), Party::system);
      } else {
        say_promise();
      }
    }
    return true;
  }

  void forget_flow() {
    flows::forget_dialogue(turn_.after.flow);
    turn_.after.flow.not_understood = 0;
    turn_.after.open_call.reset();
    turn_.after.unread.clear();
  }

  void say_notice(const handoff::Notice& notice) {
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

  Turn on_answer_to_offer(const Unread& said) {
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

  // The soft signs rest for a while after a no.
  void refuse_offer() {
    move(Trigger::offer_refused);
    turn_.after.escalation = handoff::after_refusal(turn_.after.escalation);
  }

  Understanding understand(const Unread& said) {
    if (said.text.empty()) {
      Understanding tap;
      tap.language = turn_.after.language;
      return tap;
    }
    return bot_.understander->understand(said.text, {turn_.after.language, Dialect::none,
                                                     handoff::date_in(world_.desk.now, zone())});
  }

  // An impatient visitor sends the same again while a call is under way: its answer is for both.
  bool said_already(const Unread& said) {
    if (!said.button.empty()) return false;
    const auto& unread = turn_.after.unread;
    const std::string& last = turn_.after.escalation.last_clean;
    const auto same = [&](const Unread& other) { return other.text == said.text; };
    return std::any_of(unread.begin(), unread.end(), same) ||
           (!last.empty() && understand(said).clean == last);
  }

  // The bot reads what was said (several messages read as one) and answers.
  void bot_turn(std::vector<Unread> said) {
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

  // What only says again that a person can come, where that is about to be asked.
  static void leave_out_offers(std::vector<flows::Reply>& replies) {
    std::erase_if(replies, [](const flows::Reply& reply) {
      return reply.answer == "repeat.blocked" || reply.answer == "cannot_answer.offer_person";
    });
  }

  // Asks whether a person is wanted; not before the bot has answered what a call under way is for.
  void offer_person(const std::string& reason, const std::vector<Evidence>& evidence) {
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

  // The offer that a call has put off.
  void offer_what_waited() {
    const handoff::Escalation& mood = turn_.after.escalation;
    const bool waits =
        mood.armed && mood.rest_turns == 0 && mood.score >= bot_.policy.escalation.offer_at;
    if (!waits || now().state != State::bot || turn_.after.open_call) return;
    const auto evidence = mood.evidence;
    turn_.after.escalation.armed = false;
    offer_person(handoff::dominating_reason(evidence), evidence);
  }

  handoff::Assessment assess(const Unread& said, const Understanding& understanding,
                             const flows::StepResult& stepped) const {
    handoff::TurnSigns signs;
    signs.seq = said.seq;
    signs.text = said.text;
    signs.clean = understanding.clean;
    signs.mood = understanding.mood;
    if (!said.text.empty() && !turn_.after.escalation.last_clean.empty()) {
      signs.similarity =
          intents::similarity(understanding.clean, turn_.after.escalation.last_clean);
    }
    signs.fallback = stepped.fallback;
    signs.slot_again = stepped.slot_again;
    signs.bot_repeat = stepped.repeat;
    return handoff::assess(turn_.after.escalation, signs, bot_.policy.escalation);
  }

  // Says the replies and carries out the effects of a step, handoff last.
  void perform(const flows::StepResult& stepped, const std::vector<Evidence>& evidence) {
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

  void ask_person(const std::string& reason, const std::string& team,
                  std::vector<Evidence> evidence) {
    turn_.call.reset();
    turn_.after.open_call.reset();
    turn_.after.unread.clear();  // for the person to read
    handoff::Signal signal = signal_of(Trigger::handoff);
    signal.reason = reason;
    signal.team = team;
    signal.evidence = std::move(evidence);
    if (move(signal)) return;
    // Already promised: the ticket stands; say so again, never make a second one.
    forget_flow();
    say_promise();
  }

  void say_promise() {
    flows::Reply promised = reply("handoff.promised");
    promised.args["ticket"] = now().ticket;
    tell_next_open(promised);
    say(promised, Party::system);
  }

  // The opening time as the visitor's own clock shows it.
  void tell_next_open(flows::Reply& what) const {
    if (world_.desk.hours_open || !world_.desk.next_open) return;
    what.args["next_open"] = handoff::iso8601_in(*world_.desk.next_open, zone());
  }

  Turn refuse(std::string code) {
    Turn refused;
    refused.refused = code.empty() ? "bad_state" : std::move(code);
    return refused;
  }

  Turn finish() {
    if (bot_owns() && now().state == State::bot && !now().deadline) move(Trigger::bot_activity);
    return std::move(turn_);
  }

  const Bot& bot_;
  flows::Renderer& renderer_;
  const World& world_;
  handoff::Situation situation_;
  Turn turn_;
  std::string refusal_;
};

}  // namespace

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
