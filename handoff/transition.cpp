// The guards and effects behind the table in moves.cpp.
//
// Each trigger has one short function that edits a copy of the record and says what the visitor
// hears.  settle() then does, once for all of them, what must never be forgotten: the epoch rises
// when the owner changed or an offer began or ended, and the move must stand in the table.
//
// Ages: `waiting_since` is when the visitor began to wait for a person; it lives while promised,
// queued or offered, and is what the queue is ordered by.  `queued_at` only paces what is said.
#include "wasl/handoff/moves.hpp"

#include <algorithm>
#include <utility>

namespace wasl::handoff {
namespace {

constexpr Millis kSilence{24LL * 3600 * 1000};  // a person's conversation with nothing owed
constexpr Millis kAgeBoost{10LL * 60 * 1000};   // for those whose agent was lost or too slow
constexpr Millis kAskAgain{30LL * 60 * 1000};   // within this, the old age is restored
constexpr std::size_t kDeclinedByMax = 64;

bool supervises(const Signal& signal) {
  return signal.agent_role == "supervisor" || signal.agent_role == "admin";
}

bool staffed(const Situation& situation) {
  return situation.hours_open && situation.rostered;
}

bool waiting(State state) {
  return state == State::queued || state == State::offered;
}

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

/// One decision under way.  Its functions are the effects; they assume that guards were passed.
class Turn {
 public:
  Turn(const Record& record, const Signal& signal, const Policy& policy, const Situation& situation)
      : before_(record), signal_(signal), timers_(policy.timers), situation_(situation) {
    out_.after = record;
  }

  /// The wire code of the guard that refuses, or nullptr.
  [[nodiscard]] const char* refusal() const;
  void run();
  Transition settle();

 private:
  Record& record() { return out_.after; }
  [[nodiscard]] Time now() const { return situation_.now; }
  void say(std::string answer, std::vector<std::pair<std::string, std::string>> args = {}) {
    out_.notices.push_back({std::move(answer), std::move(args)});
  }

  [[nodiscard]] const char* refuses_owner() const;
  [[nodiscard]] const char* refuses_take() const;

  // Where a conversation goes.
  void to_bot();
  void to_offering();
  void to_queue_or_promise();
  void to_queue(const char* notice);
  void to_promise(const char* notice);
  void to_offered();
  void to_human();
  void to_wrap_up();
  void to_resolved();
  void to_closed();

  // What happens on the way.
  void begin_handoff();
  void on_visitor_end();
  void on_customer_message();
  void on_reopening();
  void on_deadline();
  void on_queue_deadline();
  void on_lost_agent();
  void on_offer_ended();
  void on_leaving_queue();
  void promise_deadline();
  void queue_deadline();

  const Record& before_;
  const Signal& signal_;
  const Timers& timers_;
  const Situation& situation_;
  Transition out_;
};

// Guards.

const char* Turn::refuses_owner() const {
  if (before_.owner.id == signal_.agent.id && !signal_.agent.id.empty()) return nullptr;
  const bool may_overrule =
      signal_.trigger != Trigger::agent_reply && supervises(signal_);  // speaking needs a `take`
  return may_overrule ? nullptr : "not_owner";
}

const char* Turn::refuses_take() const {
  if (signal_.agent.id.empty()) return "not_allowed";
  const bool held = before_.state == State::human || before_.state == State::wrap_up;
  if (held && before_.owner.id == signal_.agent.id) return "not_allowed";  // has it already
  if (supervises(signal_)) return nullptr;
  return held || !situation_.agent_eligible ? "not_allowed" : nullptr;
}

const char* Turn::refusal() const {
  switch (signal_.trigger) {
    case Trigger::offer:
      return signal_.agent.id.empty() ? "not_allowed" : nullptr;
    case Trigger::accept:
    case Trigger::decline:
      return signal_.agent.id != before_.offered_to ? "not_owner" : nullptr;
    case Trigger::agent_gone: {
      const std::string& held_by =
          before_.state == State::offered ? before_.offered_to : before_.owner.id;
      return !signal_.agent.id.empty() && signal_.agent.id != held_by ? "not_owner" : nullptr;
    }
    case Trigger::take:
      return refuses_take();
    case Trigger::agent_reply:
    case Trigger::return_to_bot:
    case Trigger::resolve:
    case Trigger::done:
      return refuses_owner();
    case Trigger::hours_open:
      return staffed(situation_) ? nullptr : "not_allowed";
    case Trigger::hours_close:
      return situation_.hours_open ? "not_allowed" : nullptr;
    case Trigger::deadline:
      return before_.deadline && now() < *before_.deadline ? "not_allowed" : nullptr;
    case Trigger::customer_message:
      return before_.state == State::resolved && before_.deadline && now() >= *before_.deadline
                 ? "bad_state"
                 : nullptr;
    default:
      return nullptr;
  }
}

// Where a conversation goes.

void Turn::to_bot() {
  Record& r = record();
  r.state = State::bot;
  r.owner = {OwnerKind::bot, "", ""};
  r.deadline = now() + timers_.idle_bot;
  r.waiting_since.reset();
  r.queued_at.reset();
  r.owed_since.reset();
  r.offered_to.clear();
  r.declined_by.clear();
  r.reason.clear();
  r.team.clear();
  r.evidence.clear();
  r.ticket.clear();
}

void Turn::to_offering() {
  record().state = State::offering;
  record().deadline = now() + timers_.offering;
  say("handoff.offer");
}

void Turn::to_queue_or_promise() {
  if (staffed(situation_)) {
    to_queue("handoff.queued");
  } else {
    to_promise("handoff.promised");
  }
}

void Turn::to_queue(const char* notice) {
  Record& r = record();
  r.state = State::queued;
  r.owner = {OwnerKind::queue, "", ""};
  r.offered_to.clear();
  r.queued_at = now();
  r.owed_since.reset();
  r.relaxed = false;
  r.alternatives_given = false;
  if (!r.waiting_since) r.waiting_since = now();
  queue_deadline();
  if (!situation_.anyone_online) r.deadline = now();  // the alternatives are offered at once
  say(notice);
}

void Turn::to_promise(const char* notice) {
  Record& r = record();
  r.state = State::promised;
  r.owner = {OwnerKind::bot, "", ""};
  r.offered_to.clear();
  r.queued_at.reset();
  r.owed_since.reset();
  if (!r.waiting_since) r.waiting_since = now();
  if (r.ticket.empty()) r.ticket = signal_.ticket;
  promise_deadline();
  const bool later = !situation_.hours_open && situation_.next_open;
  say(notice, {{"ticket", r.ticket}, {"next_open", later ? iso8601(*situation_.next_open) : ""}});
}

void Turn::to_offered() {
  record().state = State::offered;
  record().offered_to = signal_.agent.id;
  record().deadline = now() + timers_.offer;
}

void Turn::to_human() {
  Record& r = record();
  // Whoever waited for a person, or for this one's predecessor, is owed a reply from now on.
  const bool owed =
      waiting(before_.state) || before_.state == State::promised || before_.owed_since.has_value();
  if (r.reason.empty()) r.reason = "taken";
  if (before_.state == State::bot || before_.state == State::offering) ++r.episode;
  r.state = State::human;
  r.owner = {OwnerKind::agent, signal_.agent.id, signal_.agent.name};
  r.last_agent = signal_.agent.id;
  r.offered_to.clear();
  r.declined_by.clear();
  r.waiting_since.reset();
  r.queued_at.reset();
  r.left_queue_at.reset();
  r.left_waiting_since.reset();
  r.owed_since.reset();
  if (owed) r.owed_since = now();
  r.deadline = now() + (owed ? timers_.reply_owed : kSilence);
  say("handoff.agent_joined", {{"name", signal_.agent.name}});
}

void Turn::to_wrap_up() {
  record().state = State::wrap_up;
  record().owed_since.reset();
  record().deadline = now() + timers_.wrap_up;
}

/// The reason of the handoff stays only if a person resolved it; reopening looks at that.
void Turn::to_resolved() {
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
  r.offered_to.clear();
  r.declined_by.clear();
  r.waiting_since.reset();
  r.queued_at.reset();
  r.owed_since.reset();
  r.deadline = now() + timers_.reopen;
}

void Turn::to_closed() {
  record().state = State::closed;
  record().owner = {OwnerKind::none, "", ""};
  record().deadline.reset();
}

// What happens on the way.

/// A new episode: reason and evidence are this handoff's, and nobody has declined it yet.
void Turn::begin_handoff() {
  Record& r = record();
  r.reason = signal_.reason.empty() ? "asked" : signal_.reason;
  r.team = signal_.team;
  r.evidence = signal_.evidence;
  r.declined_by.clear();
  if (before_.state == State::promised) return;  // asked again: the same case, the same age
  ++r.episode;
  const bool soon = r.left_queue_at && now() - *r.left_queue_at <= kAskAgain;
  if (soon) r.waiting_since = r.left_waiting_since;
  r.left_queue_at.reset();
  r.left_waiting_since.reset();
}

void Turn::on_leaving_queue() {
  if (before_.state == State::promised) return;
  record().left_queue_at = now();
  record().left_waiting_since = before_.waiting_since;
}

void Turn::on_visitor_end() {
  switch (before_.state) {
    case State::human:
      return to_wrap_up();
    case State::queued:
    case State::offered:
      on_leaving_queue();
      return to_resolved();
    case State::bot:
    case State::offering:
      return to_resolved();
    default:
      return;  // a promise stands, the rest is over already
  }
}

void Turn::on_customer_message() {
  Record& r = record();
  switch (before_.state) {
    case State::bot:
    case State::offering:
      r.state = State::bot;
      r.deadline = now() + timers_.idle_bot;
      return;
    case State::human:
      if (!r.owed_since) r.owed_since = now();
      r.deadline = *r.owed_since + timers_.reply_owed;
      return;
    case State::wrap_up:
    case State::resolved:
      return on_reopening();
    default:
      return;  // joins the queue entry or the ticket
  }
}

void Turn::on_reopening() {
  Record& r = record();
  ++r.reopened;
  if (before_.state == State::wrap_up && situation_.owner_connected) {
    r.state = State::human;
    r.owed_since = now();
    r.deadline = now() + timers_.reply_owed;
    return;
  }
  const bool by_person = before_.state == State::wrap_up || !before_.reason.empty();
  if (!by_person) return to_bot();
  ++r.episode;
  r.reason = "reopened";
  r.evidence.clear();
  to_queue_or_promise();
}

void Turn::on_offer_ended() {
  Record& r = record();
  const std::string agent = before_.offered_to;
  std::erase(r.declined_by, agent);
  r.declined_by.push_back(agent);
  if (r.declined_by.size() > kDeclinedByMax) r.declined_by.erase(r.declined_by.begin());
  r.state = State::queued;
  r.offered_to.clear();
  queue_deadline();
}

void Turn::on_lost_agent() {
  record().waiting_since = before_.owed_since.value_or(now()) - kAgeBoost;
  record().declined_by = {before_.owner.id};
  if (staffed(situation_)) {
    to_queue("handoff.agent_left");
  } else {
    to_promise("handoff.promised");
  }
}

void Turn::on_queue_deadline() {
  Record& r = record();
  const Time since = r.queued_at.value_or(r.waiting_since.value_or(now()));
  const bool relax = !r.relaxed && now() >= since + timers_.relax;
  const bool alternatives =
      !r.alternatives_given && (!situation_.anyone_online || now() >= since + timers_.alternatives);
  if (relax) r.relaxed = true;
  if (alternatives) r.alternatives_given = true;
  if (alternatives) {
    say("handoff.alternatives");
  } else if (relax) {
    say("handoff.still_waiting");
  }
  queue_deadline();
}

void Turn::on_deadline() {
  switch (before_.state) {
    case State::bot:
    case State::wrap_up:
      return to_resolved();
    case State::offering:
      record().state = State::bot;
      record().deadline = now() + timers_.idle_bot;
      return;
    case State::promised:
      if (staffed(situation_)) return to_queue("handoff.queued");
      return promise_deadline();
    case State::queued:
      return on_queue_deadline();
    case State::offered:
      return on_offer_ended();
    case State::human:
      return before_.owed_since ? on_lost_agent() : to_wrap_up();
    case State::resolved:
      return to_closed();
    default:
      return;
  }
}

/// The next opening, or, when the desk is open or never opens, a while from now.
void Turn::promise_deadline() {
  const bool later =
      !situation_.hours_open && situation_.next_open && *situation_.next_open > now();
  record().deadline = later ? *situation_.next_open : now() + timers_.callback;
}

void Turn::queue_deadline() {
  Record& r = record();
  const Time since = r.queued_at.value_or(r.waiting_since.value_or(now()));
  if (!r.relaxed) {
    r.deadline = since + timers_.relax;
  } else if (!r.alternatives_given) {
    r.deadline = since + timers_.alternatives;
  } else {
    r.deadline = now() + timers_.alternatives;
  }
}

void Turn::run() {
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
      return to_queue_or_promise();
    case Trigger::offer_refused:
      r.state = State::bot;
      r.deadline = now() + timers_.idle_bot;
      return;
    case Trigger::handoff:
      begin_handoff();
      return to_queue_or_promise();
    case Trigger::offer:
      return to_offered();
    case Trigger::accept:
    case Trigger::take:
      return to_human();
    case Trigger::decline:
      return on_offer_ended();
    case Trigger::agent_gone:
      return before_.state == State::offered ? on_offer_ended() : on_lost_agent();
    case Trigger::agent_reply:
      r.owed_since.reset();
      r.deadline = now() + kSilence;
      return;
    case Trigger::return_to_bot:
      ++r.bot_returns;
      to_bot();
      return say("handoff.returned");
    case Trigger::resolve:
      out_.rate = signal_.reason != "unsolved" && signal_.reason != "spam";
      return to_wrap_up();
    case Trigger::done:
      return to_resolved();
    case Trigger::choose_bot:
      if (r.state == State::promised) return;
      on_leaving_queue();
      to_bot();
      return say("handoff.returned");
    case Trigger::choose_cancel:
      on_leaving_queue();
      to_bot();
      return say("handoff.withdrawn");
    case Trigger::choose_callback:
    case Trigger::choose_message:
      if (r.state != State::promised) to_promise("handoff.promised");
      return;
    case Trigger::visitor_end:
      return on_visitor_end();
    case Trigger::hours_open:
      return to_queue("handoff.queued");
    case Trigger::hours_close:
      return to_promise("handoff.promised");
    case Trigger::deadline:
      return on_deadline();
    case Trigger::note:
    case Trigger::choose_wait:
      return;  // recorded, nothing moves
  }
}

Transition Turn::settle() {
  Record& r = record();
  const bool owner_changed = r.owner.kind != before_.owner.kind || r.owner.id != before_.owner.id;
  const bool offer_changed = r.offered_to != before_.offered_to;
  r.epoch = before_.epoch + (owner_changed || offer_changed ? 1 : 0);
  WASL_CHECK(listed(before_.state, signal_.trigger, r.state));
  WASL_CHECK(r.state == State::closed || r.deadline.has_value());
  return std::move(out_);
}

}  // namespace

Result<Transition> transition(const Record& before, const Signal& signal, const Policy& policy,
                              const Situation& situation) {
  if (signal.epoch && *signal.epoch != before.epoch) {
    return Error{Error::Code::conflict, "stale_epoch"};
  }
  if (!listed(before.state, signal.trigger)) return refuse("bad_state");

  Turn turn(before, signal, policy, situation);
  if (const char* code = turn.refusal()) return refuse(code);
  turn.run();
  return turn.settle();
}

}  // namespace wasl::handoff
