// Where a conversation goes: each state is entered here and nowhere else, so that what must hold in
// it is written once.
#include "handoff/decision.hpp"

#include <algorithm>

namespace wasl::handoff {
namespace {

/// Forgets what belongs to one wait.
void end_wait(Record& r) {
  r.waiting_since.reset();
  r.queued_at.reset();
  r.offered_to.clear();
  r.offered_until.reset();
  r.declined_by.clear();
  r.gone_since.reset();
  r.wanted_agent.clear();
  r.wanted_until.reset();
}

void forget_transfers(Record& r) {
  r.transfer_path.clear();
  r.transfers = 0;
  r.supervised = false;
}

}  // namespace

void Decision::to_bot() {
  Record& r = record();
  r.state = State::bot;
  r.owner = {OwnerKind::bot, "", ""};
  r.deadline = now() + timers_.idle_bot;
  end_wait(r);
  forget_transfers(r);
  r.age_since.reset();
  r.owed_since.reset();
  r.reason.clear();
  r.team.clear();
  r.evidence.clear();
  r.ticket.clear();
}

/// Still the bot's: only its question is over.
void Decision::to_bot_turn() {
  record().state = State::bot;
  record().deadline = now() + timers_.idle_bot;
}

void Decision::to_offering() {
  record().state = State::offering;
  record().deadline = now() + timers_.offering;
  say("handoff.offer");
}

void Decision::to_queue_or_promise(const char* queue_notice) {
  if (staffed()) {
    to_queue(queue_notice);
  } else {
    to_promise("handoff.promised");
  }
}

void Decision::to_queue(const char* notice) {
  Record& r = record();
  r.state = State::queued;
  r.owner = {OwnerKind::queue, "", ""};
  r.offered_to.clear();
  r.offered_until.reset();
  r.queued_at = now();
  r.owed_since.reset();
  r.relaxed = false;
  r.alternatives_given = false;
  r.alerted = false;
  if (!r.waiting_since) r.waiting_since = now();
  queue_deadline();
  if (!situation_.anyone_online) r.deadline = now();  // the alternatives are offered at once
  say(notice);
}

void Decision::to_promise(const char* notice) {
  Record& r = record();
  r.state = State::promised;
  r.owner = {OwnerKind::bot, "", ""};
  const Time since = r.waiting_since.value_or(now());
  const std::vector<std::string> declined_by = r.declined_by;
  end_wait(r);
  r.waiting_since = since;  // the case goes on waiting
  r.declined_by = declined_by;
  r.owed_since.reset();
  if (r.ticket.empty()) r.ticket = signal_.ticket;
  promise_deadline();
  const bool later = !situation_.hours_open && situation_.next_open;
  say(notice, {{"ticket", r.ticket}, {"next_open", later ? iso8601(*situation_.next_open) : ""}});
}

void Decision::to_offered() {
  Record& r = record();
  r.state = State::offered;
  r.offered_to = signal_.agent.id;
  r.offered_until = now() + timers_.offer;
  r.deadline = r.offered_until;
}

void Decision::to_human(const Owner& agent) {
  Record& r = record();
  const bool waited = before_.waiting_since.has_value();
  // Whoever waited for a person, for this one's predecessor or for the bot is owed a reply from now
  // on.
  const bool owed = waited || before_.owed_since.has_value() || situation_.unanswered;
  if (before_.state == State::bot || before_.state == State::offering) new_episode();
  if (r.reason.empty()) r.reason = "taken";
  if (waited) r.age_since = before_.waiting_since;
  r.state = State::human;
  r.owner = agent;
  r.last_agent = agent.id;
  r.last_agent_name = agent.name;
  end_wait(r);
  r.left_queue_at.reset();
  r.left_waiting_since.reset();
  r.owed_since.reset();
  if (owed) r.owed_since = now();
  r.deadline = now() + (owed ? timers_.reply_owed : timers_.silence);
  if (!(agent == before_.owner)) say("handoff.agent_joined", {{"name", agent.name}});
}

/// To the person who had it and still does; a reply is owed from now on.
void Decision::back_to_owner() {
  record().state = State::human;
  record().owed_since = now();
  record().deadline = now() + timers_.reply_owed;
}

/// What the visitor is owed stays owed; only nobody is pressed for it before the date.
void Decision::to_snoozed() {
  record().state = State::snoozed;
  record().deadline = signal_.until;
}

void Decision::to_wrap_up() {
  record().state = State::wrap_up;
  record().owed_since.reset();
  record().deadline = now() + timers_.wrap_up;
}

/// The reason of the handoff stays only if a person resolved it; reopening looks at that.
void Decision::to_resolved() {
  Record& r = record();
  const bool by_person = before_.state == State::wrap_up;
  if (!by_person) {
    r.reason.clear();
    r.team.clear();
    r.evidence.clear();
    r.ticket.clear();
  }
  r.state = State::resolved;
  r.owner = {OwnerKind::system, "", ""};
  end_wait(r);
  forget_transfers(r);
  r.age_since.reset();
  r.owed_since.reset();
  r.deadline = now() + timers_.reopen;
}

void Decision::to_closed() {
  record().state = State::closed;
  record().owner = {OwnerKind::none, "", ""};
  record().deadline.reset();
}

void Decision::new_episode() {
  Record& r = record();
  ++r.episode;
  forget_transfers(r);
  r.age_since.reset();
  r.declined_by.clear();
}

/// The next opening, or, when the desk is open or never opens, a while from now.
void Decision::promise_deadline() {
  const bool later =
      !situation_.hours_open && situation_.next_open && *situation_.next_open > now();
  record().deadline = later ? *situation_.next_open : now() + timers_.callback;
}

/// The next thing to say or do to who waits.
void Decision::queue_deadline() {
  Record& r = record();
  const Time since = queued_since();
  if (!r.relaxed) {
    r.deadline = since + timers_.relax;
  } else if (!r.alternatives_given || !r.alerted) {
    r.deadline = since + timers_.alternatives;
  } else {
    r.deadline = now() + timers_.alternatives;
  }
}

}  // namespace wasl::handoff
