// What each trigger does.  The table is moves.cpp; guards.cpp refuses, effects.cpp enters states.
//
// Each trigger has one short function that edits a copy of the record and says what the visitor
// hears.  settle() then does, once for all of them, what must never be forgotten: the epoch rises
// when the owner changed or an offer began or ended, who is gone is not waited for too long, and
// the move must stand in the table.
//
// Ages: `waiting_since` is when the visitor began to wait for a person; it lives while promised,
// queued or offered, and is what the queue is ordered by.  `queued_at` only paces what is said.
// `age_since` keeps the age while a person serves, so that a transfer does not cost it.
#include "handoff/decision.hpp"

#include <algorithm>
#include <utility>

namespace wasl::handoff {
namespace {

constexpr std::size_t kDeclinedByMax = 64;

Error refuse(const char* code) {
  return {Error::Code::invalid_input, code};
}

bool listed(State from, Trigger on) {
  return std::any_of(moves().begin(), moves().end(),
                     [&](const Move& move) { return move.from == from && move.on == on; });
}

bool listed(State from, Trigger on, State to) {
  return std::any_of(moves().begin(), moves().end(), [&](const Move& move) {
    return move.from == from && move.on == on && move.to == to;
  });
}

}  // namespace

/// A new episode: reason and evidence are this handoff's, and nobody has declined it yet.
void Decision::begin_handoff() {
  Record& r = record();
  r.reason = signal_.reason.empty() ? "asked" : signal_.reason;
  r.team = signal_.team;
  r.evidence = signal_.evidence;
  r.declined_by.clear();
  if (before_.state == State::promised) return;  // asked again: the same case, the same age
  new_episode();
  const bool soon = r.left_queue_at && now() - *r.left_queue_at <= timers_.ask_again;
  if (soon) r.waiting_since = r.left_waiting_since;
  r.left_queue_at.reset();
  r.left_waiting_since.reset();
}

void Decision::on_leaving_queue() {
  if (before_.state == State::promised) return;
  record().left_queue_at = now();
  record().left_waiting_since = before_.waiting_since;
}

/// Nobody came in time.  Who can be reached is promised a person; to the others we apologize.
void Decision::on_abandoned() {
  if (!situation_.contact_known) return abandon();
  out_.reason = "abandoned";
  to_promise("handoff.promised");
}

void Decision::abandon() {
  out_.reason = "abandoned";
  on_leaving_queue();
  to_resolved();
  say("handoff.abandoned");
}

/// The visitor is there after all.
void Decision::come_back() {
  Record& r = record();
  if (!r.gone_since) return;
  r.gone_since.reset();
  if (r.state == State::queued) queue_deadline();
  if (r.state == State::offered) r.deadline = r.offered_until.value_or(now() + timers_.offer);
}

/// Unsolved and spam are never rated; the unsolved hear an apology and may make it a complaint.
void Decision::on_resolve() {
  const bool unsolved = signal_.reason == "unsolved";
  const bool spam = signal_.reason == "spam";
  out_.rate = !unsolved && !spam;
  to_wrap_up();
  if (!spam) say(unsolved ? "handoff.unsolved" : "handoff.resolved");
}

void Decision::on_complaint() {
  Record& r = record();
  new_episode();
  r.reason = "complaint";
  r.ticket.clear();
  to_promise("handoff.promised");
}

void Decision::on_visitor_end() {
  switch (before_.state) {
    case State::human:
      return to_wrap_up();
    case State::queued:
    case State::offered:
      return abandon();
    case State::bot:
    case State::offering:
      return to_resolved();
    default:
      return;  // a promise and a date stand, the rest is over already
  }
}

void Decision::on_customer_message() {
  Record& r = record();
  switch (before_.state) {
    case State::bot:
    case State::offering:
      return to_bot_turn();
    case State::queued:
    case State::offered:
      return come_back();
    case State::human:
      if (!r.owed_since) r.owed_since = now();
      r.deadline = *r.owed_since + timers_.reply_owed;
      return;
    case State::snoozed:
      return on_waking();
    case State::wrap_up:
    case State::resolved:
      return on_reopening();
    default:
      return;  // joins the ticket
  }
}

void Decision::on_reopening() {
  Record& r = record();
  ++r.reopened;
  // While wrapping up the slot is still taken by this very conversation.
  if (before_.state == State::wrap_up && situation_.owner_connected) return back_to_owner();
  const bool by_person = before_.state == State::wrap_up || !before_.reason.empty();
  if (!by_person) return to_bot();
  new_episode();
  r.reason = "reopened";
  r.evidence.clear();
  if (before_.state == State::resolved && !before_.last_agent.empty() && owner_is_there()) {
    to_human({OwnerKind::agent, before_.last_agent, before_.last_agent_name});
    return back_to_owner();
  }
  to_queue_or_promise("handoff.queued");
}

/// The date has come, or the visitor has written before it.
void Decision::on_waking() {
  if (owner_is_there()) return back_to_owner();
  boost_age();
  to_queue_or_promise("handoff.colleague");
}

void Decision::on_offer_ended() {
  Record& r = record();
  const std::string agent = before_.offered_to;
  std::erase(r.declined_by, agent);
  r.declined_by.push_back(agent);
  if (r.declined_by.size() > kDeclinedByMax) r.declined_by.erase(r.declined_by.begin());
  if (r.wanted_agent == agent) {
    r.wanted_agent.clear();
    r.wanted_until.reset();
  }
  r.state = State::queued;
  r.offered_to.clear();
  r.offered_until.reset();
  queue_deadline();
}

/// The age of whoever was being served, and more: it is not their fault.
void Decision::boost_age() {
  const Time owed = before_.owed_since.value_or(now());
  record().waiting_since = std::min(owed, before_.age_since.value_or(owed)) - timers_.boost;
}

void Decision::on_lost_agent() {
  boost_age();
  record().declined_by = {before_.owner.id};
  to_queue_or_promise("handoff.agent_left");
}

/// The owner keeps it until this is committed; then it waits as old as it was.
void Decision::on_transfer() {
  Record& r = record();
  const auto add = [&](std::string party) {
    const auto known = std::find(r.transfer_path.begin(), r.transfer_path.end(), party);
    if (known == r.transfer_path.end()) r.transfer_path.push_back(std::move(party));
  };
  add("agent:" + before_.owner.id);
  ++r.transfers;
  if (r.transfers == kTransfersMax) r.supervised = true;
  r.last_agent.clear();  // who passed it on is not asked first
  r.last_agent_name.clear();
  r.declined_by = {before_.owner.id};
  r.waiting_since = before_.age_since.value_or(before_.owed_since.value_or(now()));
  if (!signal_.to_team.empty()) {
    add("team:" + signal_.to_team);
    r.team = signal_.to_team;
  } else {
    const Colleague& colleague = *situation_.colleague;
    add("agent:" + signal_.to_agent);
    r.team = colleague.team;
    const bool may_serve = !r.supervised || supervises(colleague.role);
    if (may_serve) {
      r.wanted_agent = signal_.to_agent;
      r.wanted_until = now() + timers_.named_agent;
    }
  }
  to_queue_or_promise("handoff.transferred");
}

void Decision::on_queue_deadline() {
  if (gone_too_long()) return on_abandoned();
  Record& r = record();
  const Time since = queued_since();
  const bool long_wait = now() >= since + timers_.alternatives;
  const bool relax = !r.relaxed && now() >= since + timers_.relax;
  const bool alternatives = !r.alternatives_given && (!situation_.anyone_online || long_wait);
  if (relax) r.relaxed = true;
  if (alternatives) r.alternatives_given = true;
  if (long_wait) r.alerted = true;
  if (alternatives) {
    say("handoff.alternatives");
  } else if (relax) {
    say("handoff.still_waiting");
  }
  queue_deadline();
}

void Decision::on_deadline() {
  switch (before_.state) {
    case State::bot:
    case State::wrap_up:
      return to_resolved();
    case State::offering:
      return to_bot_turn();
    case State::promised:
      if (staffed()) return to_queue("handoff.queued");
      return promise_deadline();
    case State::queued:
      return on_queue_deadline();
    case State::offered:
      return gone_too_long() ? on_abandoned() : on_offer_ended();
    case State::human:
      return before_.owed_since ? on_lost_agent() : to_wrap_up();
    case State::snoozed:
      return on_waking();
    case State::resolved:
      return to_closed();
    default:
      return;
  }
}

void Decision::run() {
  Record& r = record();
  switch (signal_.trigger) {
    case Trigger::customer_message:
      return on_customer_message();
    case Trigger::bot_activity:
      if (r.state == State::bot) r.deadline = now() + timers_.idle_bot;
      return;
    case Trigger::soft_offer:
      if (r.bot_returns == 0) return to_offering();
      begin_handoff();
      return to_queue_or_promise("handoff.queued");
    case Trigger::offer_refused:
      return to_bot_turn();
    case Trigger::handoff:
      begin_handoff();
      return to_queue_or_promise("handoff.queued");
    case Trigger::offer:
      return to_offered();
    case Trigger::accept:
    case Trigger::take:
      return to_human(signal_.agent);
    case Trigger::assign:
      return to_human(situation_.colleague->who);
    case Trigger::transfer:
      return on_transfer();
    case Trigger::snooze:
      return to_snoozed();
    case Trigger::decline:
      return on_offer_ended();
    case Trigger::agent_gone:
      return before_.state == State::offered ? on_offer_ended() : on_lost_agent();
    case Trigger::agent_reply:
      r.owed_since.reset();
      r.deadline = now() + timers_.silence;
      return;
    case Trigger::return_to_bot:
      ++r.bot_returns;
      to_bot();
      return say("handoff.returned");
    case Trigger::resolve:
      return on_resolve();
    case Trigger::done:
      return to_resolved();
    case Trigger::choose_bot:
      if (r.state == State::promised) return;
      on_leaving_queue();
      to_bot();
      return say("handoff.returned");
    case Trigger::choose_cancel:
      out_.reason = "withdrawn";
      on_leaving_queue();
      to_bot();
      return say("handoff.withdrawn");
    case Trigger::choose_callback:
    case Trigger::choose_message:
      if (r.state != State::promised) to_promise("handoff.promised");
      return;
    case Trigger::complain:
      return on_complaint();
    case Trigger::visitor_end:
      return on_visitor_end();
    case Trigger::customer_gone:
      r.gone_since = now();
      return;
    case Trigger::customer_back:
    case Trigger::choose_wait:
      return come_back();
    case Trigger::hours_open:
      return to_queue("handoff.queued");
    case Trigger::hours_close:
      return to_promise("handoff.promised");
    case Trigger::deadline:
      return on_deadline();
    case Trigger::note:
      return;  // recorded, nothing moves
  }
}

Transition Decision::settle() {
  Record& r = record();
  const bool owner_changed = r.owner.kind != before_.owner.kind || r.owner.id != before_.owner.id;
  const bool offer_changed = r.offered_to != before_.offered_to;
  r.epoch = before_.epoch + (owner_changed || offer_changed ? 1 : 0);
  if (waiting(r.state) && r.gone_since) {
    r.deadline = std::min(r.deadline.value_or(now()), *r.gone_since + timers_.gone);
  }
  if (out_.reason.empty() && signal_.agent.kind == OwnerKind::agent) out_.reason = signal_.reason;
  WASL_CHECK(listed(before_.state, signal_.trigger, r.state));
  WASL_CHECK(r.state == State::closed || r.deadline.has_value());
  return std::move(out_);
}

Result<Transition> transition(const Record& before, const Signal& signal, const Policy& policy,
                              const Situation& situation) {
  if (signal.epoch && *signal.epoch != before.epoch) {
    return Error{Error::Code::conflict, "stale_epoch"};
  }
  if (!listed(before.state, signal.trigger)) return refuse("bad_state");

  Decision decision(before, signal, policy, situation);
  if (const char* code = decision.refusal()) return refuse(code);
  decision.run();
  return decision.settle();
}

}  // namespace wasl::handoff
