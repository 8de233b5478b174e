// Moves of a conversation through the table of states (handoff/moves.cpp), with what they say.
#include "bot/decider.hpp"
#include "bot/queue_card.hpp"

#include <utility>

namespace wasl::bot {
namespace {

using handoff::Trigger;

}  // namespace

bool Decider::move(Trigger trigger) {
  return move(signal_of(trigger));
}

bool Decider::move(const handoff::Signal& signal) {
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

bool Decider::carry_out(Trigger choice) {
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

void Decider::forget_flow() {
  flows::forget_dialogue(turn_.after.flow);
  turn_.after.flow.not_understood = 0;
  turn_.after.open_call.reset();
  turn_.after.unread.clear();
  turn_.after.read_at.reset();
}

std::optional<Trigger> Decider::choice_of_button(std::string_view button) const {
  constexpr std::string_view kPrefix = "handoff:";
  if (!button.starts_with(kPrefix)) return std::nullopt;
  return trigger_of_option(button.substr(kPrefix.size()));
}

void Decider::ask_person(const std::string& reason, const std::string& team,
                         std::vector<Evidence> evidence) {
  turn_.call.reset();
  turn_.after.open_call.reset();
  turn_.after.unread.clear();  // for the person to read
  turn_.after.read_at.reset();
  handoff::Signal signal = signal_of(Trigger::handoff);
  signal.reason = reason;
  signal.team = team;
  signal.evidence = std::move(evidence);
  if (move(signal)) return;
  // Already promised: the ticket stands; say so again, never make a second one.
  forget_flow();
  say_promise();
}

}  // namespace wasl::bot
