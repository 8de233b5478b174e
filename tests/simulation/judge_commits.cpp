// What every decision must keep, looked at as it is executed in the store.

#include "wasl/channels/telegram.hpp"

#include "bot/call_request.hpp"
#include "bot/event_json.hpp"
#include "tests/simulation/judge_change.hpp"

#include <algorithm>
#include <chrono>

namespace wasl::simulation {
namespace {

using handoff::Trigger;

bool waits(State state) {
  return in(state, {State::promised, State::queued, State::offered});
}
bool bot_speaks_in(State state) {
  return in(state, {State::bot, State::offering, State::promised});
}
bool held_by_agent(State state) {
  return in(state, {State::human, State::wrap_up});
}

}  // namespace

void Judge::executed(int machine, const Decision& decision, const store::Commit& commit,
                     const store::CommitOutcome& outcome) {
  using Kind = store::CommitOutcome::Kind;
  if (outcome.kind == Kind::conflict) ++conflicts;
  if (outcome.kind == Kind::duplicate) ++duplicates;
  if (outcome.kind != Kind::committed) return;
  ++commits;
  auto after = bot::from_snapshot(commit.after.snapshot);
  if (!after) return fail(5, "a snapshot that cannot be read: " + after.error().what);
  auto events = bot::from_rows(commit.events);
  if (!events) return fail(14, "an event that cannot be read: " + events.error().what);

  const auto [at, is_new] = truths_.try_emplace(commit.after.id);
  Truth& truth = at->second;
  const bot::Conversation before = truth.now;
  const Change change{machine, decision, commit, before, *after, truth, std::move(*events), is_new};
  check_numbers(change);
  check_owner(change);
  check_speakers(change);
  check_durable(change);
  check_answered(change);
  check_deadline(change);
  check_offer(change);
  check_age(change);
  check_no_ping_pong(change);
  check_boundary(change);
  check_notices(change);
  check_patience(change);
  check_clocks(change);
  check_audit(change);
  if (!failure) note_passed(change);
  learn(change, truth);
}

// 14: numbered from 1 without gaps; 1: a decision is about what is stored.
void Judge::check_numbers(const Change& c) {
  if (c.commit.expected_epoch != c.before.record.epoch && !c.is_new) {
    return fail(1, c.text() + ": decided under an epoch that has passed");
  }
  std::uint64_t seq = c.before.last_seq;
  for (const store::EventRow& row : c.commit.events) {
    if (row.seq != ++seq) return fail(14, c.text() + ": its events leave a gap");
  }
  if (c.after.last_seq != seq || c.commit.after.last_seq != seq) {
    fail(14, c.text() + ": last_seq is not that of the last event");
  }
}

// 1: one owner, and the epoch rises with every change of it.
void Judge::check_owner(const Change& c) {
  const handoff::Record& was = c.before.record;
  const handoff::Record& is = c.after.record;
  if (is.epoch < was.epoch) return fail(1, c.text() + ": the epoch fell");
  if (!c.is_new && !(is.owner == was.owner) && is.epoch == was.epoch) {
    return fail(1, c.text() + ": another owner under the same epoch");
  }
  if (is.offered_to != was.offered_to && is.epoch == was.epoch) {
    return fail(1, c.text() + ": another offer under the same epoch");
  }
  const bool is_agents = is.owner.kind == OwnerKind::agent;
  const bool may_be_agents = held_by_agent(is.state) || is.state == State::snoozed;
  if (is_agents != !is.owner.id.empty() || (is_agents && !may_be_agents) ||
      (held_by_agent(is.state) && !is_agents)) {
    return fail(1, c.text() + ": an owner that does not fit the state");
  }
  if (waits(is.state) && is.state != State::promised && is.owner.kind != OwnerKind::queue) {
    fail(1, c.text() + ": waiting, but not the queue's");
  }
}

// 2: in public speaks only the owner, at the present epoch.
void Judge::check_speakers(const Change& c) {
  if (c.said_by(Party::agent) == 0) return;
  const auto* did = std::get_if<bot::AgentDid>(&c.decision.input);
  if (did == nullptr) return fail(2, c.text() + ": an agent's words without an agent");
  if (did->agent.id != c.before.record.owner.id) {
    return fail(2, c.text() + ": " + did->agent.id + " spoke for " + c.before.record.owner.id);
  }
  if (did->epoch != c.before.record.epoch) fail(2, c.text() + ": spoken at an old epoch");
}

// 3: each input once.
void Judge::check_durable(const Change& c) {
  for (const store::DedupeRow& row : c.commit.dedupe) {
    if (!keys_.emplace(row.scope + "/" + row.key, row.seq).second) {
      return fail(3, c.text() + ": stored twice: " + row.key);
    }
  }
  for (const Event& event : c.events) {
    const auto* said = std::get_if<MessageSaid>(&event.body);
    if (said == nullptr || said->client_id.empty()) continue;
    const std::string who = said->from == Party::visitor ? c.after.visitor : said->name;
    if (!keys_.emplace("said/" + who + "/" + said->client_id, event.seq).second) {
      return fail(3, c.text() + ": the same message became two: " + said->client_id);
    }
  }
}

// 4: an answer, or a stored sign that somebody or something is at it: a call, or the moment when
// the bot reads what was said.
void Judge::check_answered(const Change& c) {
  bool asked = c.before.read_at && !c.after.read_at;
  for (const Event& event : c.events) {
    const auto* said = std::get_if<MessageSaid>(&event.body);
    if (said != nullptr && said->from == Party::visitor && said->button != "end") asked = true;
  }
  if (!asked) return;
  const bool answered = c.said_by(Party::bot) + c.said_by(Party::system) > 0;
  const bool greeted_only =
      c.is_new && c.after.channel == "web" && c.said_by(Party::bot) + c.said_by(Party::system) == 1;
  const bool read_soon = c.after.read_at && !c.after.unread.empty();
  const bool at_it = c.after.open_call || read_soon;
  if (bot_speaks_in(c.to()) && (!answered || greeted_only) && !at_it) {
    return fail(4, c.text() + ": a message without an answer");
  }
  if (c.to() == State::human && !c.after.record.owed_since) {
    fail(4, c.text() + ": a message that nobody owes an answer");
  }
}

// 5: something is due in every state but closed.
void Judge::check_deadline(const Change& c) {
  const auto& deadline = c.after.record.deadline;
  if (deadline.has_value() == (c.to() == State::closed)) {
    return fail(5, c.text() + ": a deadline where none is, or none where one is needed");
  }
  if (c.commit.after.deadline != c.after.next_due() ||
      c.commit.after.epoch != c.after.record.epoch || c.commit.after.state != name(c.to())) {
    fail(5, c.text() + ": row and snapshot differ");
  }
}

int Judge::held(const std::string& agent, bool with_pulled) const {
  int count = 0;
  for (const std::string& id : live_) {
    const Truth& truth = truths_.at(id);
    const handoff::Record& record = truth.now.record;
    if (record.state == State::offered && record.offered_to == agent) ++count;
    if (held_by_agent(record.state) && record.owner.id == agent && (with_pulled || !truth.pulled)) {
      ++count;
    }
  }
  return count;
}

// 6: one live offer, never past the agent's capacity.
void Judge::check_offer(const Change& c) {
  const handoff::Record& was = c.before.record;
  const handoff::Record& is = c.after.record;
  if ((is.state == State::offered) != !is.offered_to.empty()) {
    return fail(6, c.text() + ": offered to nobody, or an offer outside its state");
  }
  if (was.state == State::offered && is.state == State::offered &&
      was.offered_to != is.offered_to) {
    return fail(6, c.text() + ": a second offer while the first one lives");
  }
  if (c.has(Trigger::accept) && is.owner.id != was.offered_to) {
    return fail(6, c.text() + ": accepted by somebody it was not offered to");
  }
  if (is.state != State::offered || was.state == State::offered) return;
  const auto agent = agents.find(is.offered_to);
  if (agent == agents.end()) return fail(6, c.text() + ": offered to nobody known");
  // A reservation lives in one desk's memory.  An offer that lay for seconds before a slow disk,
  // while the agent moved to another node, can only be refused by the store: which does not, yet.
  const bool slow = timeline_.now() - weather_.trouble_until < 15 * kSecond ||
                    wall(timeline_.now()) - c.decision.at > Millis{3000};
  // Nor does the desk that an agent has just come to know of what the last one offered them, when
  // that wake-up was lost: the next poll tells it.
  const std::int64_t ready = agent->second.ready_since;
  const bool just_came = ready < 0 || timeline_.now() - ready < 10 * kSecond;
  if (!slow && !just_came && held(is.offered_to, false) + 1 > agent->second.capacity) {
    fail(6, c.text() + ": offered past the capacity of " + is.offered_to);
  }
}

// 7: the age of the wait survives.
void Judge::check_age(const Change& c) {
  const handoff::Record& was = c.before.record;
  const handoff::Record& is = c.after.record;
  if (!waits(is.state)) return;
  if (!is.waiting_since) return fail(7, c.text() + ": waits, but since when is not known");
  if (waits(was.state) && is.waiting_since != was.waiting_since) {
    return fail(7, c.text() + ": the waiting age changed");
  }
  const Time at = c.events.empty() ? c.decision.at : c.events.back().at;
  if (was.state == State::human && *is.waiting_since > was.owed_since.value_or(at)) {
    return fail(7, c.text() + ": younger than what was owed");
  }
  if (*is.waiting_since > at) fail(7, c.text() + ": waits since a time to come");
}

// 10: a person's conversation is not the bot's; who has been sent back once is not asked again.
void Judge::check_no_ping_pong(const Change& c) {
  const bool persons =
      in(c.from(), {State::queued, State::offered, State::human, State::snoozed, State::wrap_up});
  if (persons && c.to() != State::bot && c.said_by(Party::bot) > 0) {
    return fail(10, c.text() + ": the bot spoke while a person has it");
  }
  if (c.to() == State::offering && c.after.record.bot_returns > 0 && c.from() != State::offering) {
    fail(10, c.text() + ": asked whether, although a person had it before");
  }
}

// 11: what was said before a person gave it back counts no more.
void Judge::check_boundary(const Change& c) {
  const bool returned = in(c.from(), {State::human, State::snoozed}) && c.to() == State::bot;
  const std::uint64_t boundary = returned ? c.before.last_seq : c.truth.boundary;
  if (boundary == 0) return;
  for (const Evidence& evidence : c.after.escalation.evidence) {
    if (evidence.seq <= boundary) {
      return fail(11, c.text() + ": event " + std::to_string(evidence.seq) +
                          " counts, from before the return");
    }
  }
}

// 12: one word to the customer, and none without a queue entry or a ticket behind it.
void Judge::check_notices(const Change& c) {
  const int notices = c.said_by(Party::system);
  if (notices > 1) return fail(12, c.text() + ": said twice");
  const handoff::Record& is = c.after.record;
  const bool handed_over = is.episode != c.before.record.episode;
  const bool joined =
      c.to() == State::human && !in(c.from(), {State::human, State::wrap_up, State::snoozed});
  if ((handed_over || joined) && notices != 1) {
    return fail(12, c.text() + ": handed over without a word");
  }
  for (const Event& event : c.events) {
    const auto* said = std::get_if<MessageSaid>(&event.body);
    if (said == nullptr || said->from != Party::system) continue;
    if (said->answer == "handoff.queued" && is.state != State::queued) {
      return fail(12, c.text() + ": told of a queue it is not in");
    }
    if (said->answer == "handoff.promised" && is.ticket.empty()) {
      return fail(12, c.text() + ": told of a ticket that is not there");
    }
  }
}

// 13: a call that fails is tried again before a person is called, unless its host is left alone.
void Judge::check_patience(const Change& c) {
  constexpr Millis kLastAttempt{3'000};  // no further one fits into what is left
  for (const Event& event : c.events) {
    const auto* call = std::get_if<CallMade>(&event.body);
    if (call == nullptr || call->outcome != "error") continue;
    const auto* spec = bot_.program->find_call(call->name);
    const auto& open = c.before.open_call;
    if (spec == nullptr || !open) continue;
    const auto request = bot::make_request(*spec, *open, "", 0);
    if (!request) continue;
    Failures& failures = failures_[std::to_string(c.machine) + request->url];
    const bool in_time = Millis{call->duration_ms} + kLastAttempt < spec->within;
    const bool owed = spec->idempotent && call->why != "breaker_open" && in_time;
    if (owed && failures.most < spec->retries + 1) {
      fail(13, c.text() + ": given up after " + std::to_string(failures.most) + " tries");
    }
    failures = {};
  }
}

// 15: the clocks are the desk's: nothing happens before its time, and hours are in their zone.
void Judge::check_clocks(const Change& c) {
  for (const Event& event : c.events) {
    if (event.at != c.decision.at) return fail(15, c.text() + ": dated by another clock");
    if (event.at < c.truth.last_at) return fail(15, c.text() + ": dated before the one before it");
  }
  const handoff::Record& is = c.after.record;
  const Time at = c.decision.at;
  const bool begins = is.episode != c.before.record.episode && waits(is.state);
  if (!begins || in(c.from(), {State::promised, State::human, State::snoozed})) return;
  const bool restored = c.before.record.left_waiting_since == is.waiting_since;
  if (is.waiting_since != at && !restored) {
    return fail(15, c.text() + ": the human clock did not start at the handoff");
  }
  const bool surely_open = open_at(at - Millis{3000}) && open_at(at + Millis{1000});
  const bool surely_closed = !open_at(at - Millis{3000}) && !open_at(at + Millis{1000});
  if ((is.state == State::queued && surely_closed) ||
      (is.state == State::promised && surely_open && !c.has(Trigger::complain))) {
    fail(15, c.text() + ": the desk's hours are in another zone");
  }
}

// 16: what moved it is written with it, and what is to be sent.
void Judge::check_audit(const Change& c) {
  State state = c.before.record.state;
  Owner owner = c.before.record.owner;
  bool escalated = false;
  for (const Event& event : c.events) {
    if (const auto* changed = std::get_if<StateChanged>(&event.body)) {
      if (changed->from != state) return fail(16, c.text() + ": the audit trail has a hole");
      state = changed->to;
    } else if (const auto* passed = std::get_if<OwnerChanged>(&event.body)) {
      owner = passed->owner;
    } else if (std::holds_alternative<Escalated>(event.body)) {
      escalated = true;
    } else if (const auto* said = std::get_if<MessageSaid>(&event.body)) {
      if (c.after.channel == "web" || said->from == Party::visitor || said->text.empty()) continue;
      const auto& rows = c.commit.outbox;
      if (std::none_of(rows.begin(), rows.end(),
                       [&](const auto& row) { return row.seq == event.seq; })) {
        return fail(16, c.text() + ": a message that is not in the outbox");
      }
    }
  }
  if (state != c.to()) return fail(16, c.text() + ": a change of state without its row");
  if (!(owner == c.after.record.owner)) {
    return fail(16, c.text() + ": a change of owner without its row");
  }
  const bool handed_over = c.after.record.episode != c.before.record.episode && waits(c.to());
  if (handed_over && !escalated) {
    fail(16, c.text() + ": a handoff without its reason");
  }
}

void Judge::learn(const Change& c, Truth& truth) {
  for (const handoff::Move& move : c.decision.moves) ++visited[{move.from, move.on}];
  const std::string& id = c.after.id;
  const std::int64_t now = timeline_.now();
  if (in(c.from(), {State::human, State::snoozed}) && c.to() == State::bot) {
    truth.boundary = c.before.last_seq;
  }
  if (c.is_new || c.before.record.epoch != c.after.record.epoch) truth.epoch_since = now;
  if (!(c.before.record.owner == c.after.record.owner)) {
    truth.pulled = held_by_agent(c.to()) && !c.has(Trigger::accept);
  }
  // Back from a date (also to be wrapped up) or a reopening: no desk gave that slot.
  const bool back = held_by_agent(c.to()) && in(c.from(), {State::snoozed, State::resolved});
  if (back) truth.pulled = true;
  if (c.after.open_call && !c.before.open_call) truth.call_since = now;
  truth.changed = now;
  if (!c.events.empty()) truth.last_at = c.events.back().at;
  for (const Event& event : c.events) {
    if (!event.visible()) continue;
    truth.visible.emplace_back(event.seq, now);
    const auto* said = std::get_if<MessageSaid>(&event.body);
    const bool greeting = c.is_new && event.seq == 1;
    if (said != nullptr && (said->from == Party::visitor || greeting)) {
      truth.unseen_by_sender.insert(event.seq);
    }
  }
  if (c.after.channel != "web") {
    for (const store::OutboxRow& row : c.commit.outbox) {
      const auto request = channels::telegram::to_request(bot_.config.telegram[0], row.payload);
      by_request_[request.url + request.body] = {id, outbox_[id].size()};
      outbox_[id].push_back({});
    }
  }
  truth.now = c.after;
  const auto known = live_at_.find(id);
  if (c.to() == State::closed && known != live_at_.end()) {
    live_at_[live_.back()] = known->second;
    std::swap(live_[known->second], live_.back());
    live_.pop_back();
    live_at_.erase(id);
  } else if (c.to() != State::closed && known == live_at_.end()) {
    live_at_[id] = live_.size();
    live_.push_back(id);
  }
}

// The hours of the simulated desk: the first 4 minutes of every 6, at +05:45.
bool open_at(Time at) {
  const auto minutes =
      std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count() + 345;
  return minutes % 6 < 4;
}

}  // namespace wasl::simulation
