// What was sent to whom, what waits and for how long.

#include "wasl/handoff/queue.hpp"

#include "tests/simulation/judge_change.hpp"

#include <algorithm>

namespace wasl::simulation {
namespace {

bool suits(const bot::Bot& bot, const AgentFacts& agent, const handoff::Record& record,
           Language language) {
  const bool speaks = language == Language::und || agent.languages.empty() ||
                      std::find(agent.languages.begin(), agent.languages.end(), name(language)) !=
                          agent.languages.end();
  if (!speaks || (record.supervised && !agent.supervisor)) return false;
  const auto team = bot.policy.teams.find(record.team);
  if (team == bot.policy.teams.end()) return true;
  return std::all_of(
      team->second.skills.begin(), team->second.skills.end(), [&](const std::string& skill) {
        return std::find(agent.skills.begin(), agent.skills.end(), skill) != agent.skills.end();
      });
}

/// Waits, but is not to be offered to just anybody now: the visitor is away, or a transfer named
/// somebody.
bool kept_back(const handoff::Record& record, Time now) {
  return record.gone_since || (record.wanted_until && *record.wanted_until + Millis{3000} > now);
}

bool declined(const handoff::Record& record, const std::string& agent) {
  return std::find(record.declined_by.begin(), record.declined_by.end(), agent) !=
         record.declined_by.end();
}

handoff::Rank rank_of(const bot::Conversation& conversation) {
  return handoff::make_rank(bot::make_card(conversation, Time{}).priority,
                            conversation.record.waiting_since.value_or(Time{}), conversation.id);
}

handoff::Lane lane_of(const bot::Conversation& conversation) {
  return {conversation.record.team, conversation.language, conversation.record.relaxed,
          conversation.record.supervised, ""};
}

}  // namespace

// 3 and 12: only what is stored is told; 14: numbers rise, none comes twice on one connection.
void Judge::visitor_frame(const std::string& visitor, const std::string& conversation,
                          std::uint64_t& last_seq, const std::string& frame) {
  if (is_type(frame, "ack")) {
    return promised_durable("visitor:" + visitor, text_in(frame, "client_id"),
                            number_in(frame, "seq"));
  }
  const bool event =
      is_type(frame, "message") || is_type(frame, "state") || is_type(frame, "owner");
  if (!event) return;
  const std::uint64_t seq = number_in(frame, "seq");
  const Truth* truth = find(conversation);
  if (truth == nullptr || seq > truth->now.last_seq) {
    return fail(12, conversation.substr(0, 6) + ": event " + std::to_string(seq) +
                        " was told before it was stored");
  }
  const auto stored = std::lower_bound(truth->visible.begin(), truth->visible.end(),
                                       std::pair<std::uint64_t, std::int64_t>{seq, -1});
  if (stored == truth->visible.end() || stored->first != seq) {
    return fail(14, conversation.substr(0, 6) + ": event " + std::to_string(seq) +
                        " is not the visitor's to see");
  }
  if (seq <= last_seq) {
    return fail(14, conversation.substr(0, 6) + ": event " + std::to_string(seq) + " after " +
                        std::to_string(last_seq));
  }
  last_seq = seq;
}

void Judge::agent_frame(const std::string& agent, const std::string& frame) {
  if (is_type(frame, "ack")) {
    const std::uint64_t seq = number_in(frame, "seq");
    if (seq > 0) promised_durable("agent:" + agent, text_in(frame, "client_id"), seq);
    return;
  }
  if (!is_type(frame, "offer")) return;
  // 6: it rings where the offer is, and nowhere else.
  const std::string conversation = text_in(frame, "conversation");
  const std::uint64_t epoch = number_in(frame, "epoch");
  const Truth* truth = find(conversation);
  if (truth == nullptr || epoch > truth->now.record.epoch) {
    return fail(6, "rung for an offer that was never made");
  }
  if (truth->now.record.epoch == epoch && truth->now.record.offered_to != agent) {
    fail(6, conversation.substr(0, 6) + ": rung at " + agent + ", offered to " +
                truth->now.record.offered_to);
  }
}

void Judge::promised_durable(const std::string& scope, const std::string& key, std::uint64_t seq) {
  const auto stored = keys_.find(scope + "/" + key);
  if (stored == keys_.end()) return fail(3, key + " was acknowledged, but is not stored");
  if (seq > 0 && stored->second != seq) {
    fail(3, key + " was acknowledged as event " + std::to_string(seq) + ", it is " +
                std::to_string(stored->second));
  }
}

void Judge::call_answered(int machine, const std::string& url,
                          const channels::OutgoingResponse& real) {
  const bool failed = real.status == 0 || real.status == 429 || real.status >= 500;
  Failures& failures = failures_[std::to_string(machine) + url];
  failures.now = failed ? failures.now + 1 : 0;
  failures.most = std::max(failures.most, failures.now);
}

// 16: rows leave in their order; one that was delivered may come again when its answer was lost.
void Judge::provider_got(const std::string& request) {
  const auto known = by_request_.find(request);
  if (known == by_request_.end()) return fail(16, "delivered, but not in the outbox: " + request);
  const auto& [id, index] = known->second;
  std::vector<Row>& rows = outbox_[id];
  Row& row = rows[index];
  if (row.got == 0 && index > 0 && rows[index - 1].got == 0) {
    return fail(16, id.substr(0, 6) + ": a message was delivered before the one before it");
  }
  if (row.got > 0) ++sent_again;  // at least once: the provider sees by its row that it comes again
  ++row.got;
}

bool Judge::quiet(std::int64_t for_micros) const {
  const std::int64_t now = timeline_.now();
  return now - quiet_since_ >= for_micros && now - weather_.trouble_until >= for_micros;
}

void Judge::look(const std::map<std::string, AgentFacts>& facts) {
  const std::int64_t now = timeline_.now();
  if (quiet(15 * kSecond)) {
    for (const std::string& id : live_) {
      const Truth& truth = truths_.at(id);
      const auto deadline = truth.now.next_due();
      // 5: what is due happens.
      const bool settled = now - truth.changed > 12 * kSecond;  // it may have come back overdue
      if (settled && deadline && *deadline + Millis{12'000} < wall(now)) {
        return fail(5, id.substr(0, 6) + ": " + std::string(name(truth.now.record.state)) +
                           " is overdue since " + iso8601(*deadline));
      }
      // 4: what was asked of a business system is answered, or given up.
      if (truth.now.open_call && now - truth.call_since > 60 * kSecond && quiet(60 * kSecond)) {
        return fail(4, id.substr(0, 6) + ": a call is open for more than a minute");
      }
    }
  }
  look_at_passed();
  look_at_dispatch(facts);
}

// 8: an equal or lower priority that came later with the same needs never passes.
void Judge::note_passed(const Change& c) {
  const handoff::Record& is = c.after.record;
  if (is.state != State::offered || c.from() != State::queued || !quiet(15 * kSecond)) return;
  // Who knows the case goes first, and so does whom a transfer named.
  if (c.before.record.last_agent == is.offered_to) return;
  if (c.before.record.wanted_agent == is.offered_to) return;
  const auto rank = rank_of(c.before);
  const auto lane = lane_of(c.before);
  for (const std::string& id : live_) {
    const Truth& other = truths_.at(id);
    const handoff::Record& record = other.now.record;
    if (record.state != State::queued || id == c.after.id) continue;
    if (timeline_.now() - other.epoch_since < 10 * kSecond) continue;
    if (timeline_.now() - other.changed < 3 * kSecond) continue;  // may just have changed lanes
    if (!(lane_of(other.now) == lane) || !(rank_of(other.now) < rank)) continue;
    if (declined(record, is.offered_to) || kept_back(record, wall(timeline_.now()))) continue;
    passed_.push_back({id, record.epoch, c.after.id, timeline_.now()});
  }
}

bool Judge::first_in_line(const std::string& conversation) const {
  const Truth* truth = find(conversation);
  if (truth == nullptr || truth->now.record.state != State::queued) return false;
  bool others = false;
  for (const std::string& id : live_) {
    const Truth& other = truths_.at(id);
    const bool in_line = other.now.record.state == State::queued && id != conversation &&
                         lane_of(other.now) == lane_of(truth->now);
    if (!in_line) continue;
    if (rank_of(other.now) < rank_of(truth->now)) return false;
    others = true;
  }
  return others;
}

void Judge::look_at_passed() {
  std::vector<Passed> kept;
  for (Passed& one : passed_) {
    const Truth& truth = truths_.at(one.conversation);
    const bool still = truth.now.record.epoch == one.epoch &&
                       !kept_back(truth.now.record, wall(timeline_.now())) &&
                       truth.now.record.state == State::queued && quiet(15 * kSecond);
    if (!still) continue;
    if (timeline_.now() - one.at < 3 * kSecond) {
      kept.push_back(std::move(one));
      continue;
    }
    return fail(8, one.conversation.substr(0, 6) + ": passed by " + one.by.substr(0, 6) +
                       ", which came later with the same needs");
  }
  passed_ = std::move(kept);
}

// 9: who can be served is served at once.
void Judge::look_at_dispatch(const std::map<std::string, AgentFacts>& facts) {
  std::map<std::pair<std::string, std::string>, std::int64_t> could;
  const std::int64_t now = timeline_.now();
  const bool open = open_at(wall(now)) && open_at(wall(now) - Millis{3000});
  if (!open || !quiet(15 * kSecond)) {
    could_be_offered_.clear();
    return;
  }
  for (const auto& [id, agent] : facts) {
    if (agent.ready_since < 0 || now - agent.ready_since < 2 * kSecond) continue;
    if (held(id, true) >= agent.capacity) continue;
    for (const std::string& conversation : live_) {
      const Truth& truth = truths_.at(conversation);
      const handoff::Record& record = truth.now.record;
      if (record.state != State::queued || declined(record, id)) continue;
      if (kept_back(record, wall(now))) continue;
      if (!suits(bot_, agent, record, truth.now.language)) continue;
      const auto known = could_be_offered_.find({conversation, id});
      const std::int64_t since = known == could_be_offered_.end() ? now : known->second;
      could[{conversation, id}] = since;
      if (now - since > 6 * kSecond) {  // a lost wake-up and a refusal cost that much
        return fail(9,
                    conversation.substr(0, 6) + ": waits for six seconds while " + id + " is free");
      }
    }
  }
  could_be_offered_ = std::move(could);
}

void Judge::conclude() {
  for (const auto& [id, rows] : outbox_) {
    for (const Row& row : rows) {
      if (row.got == 0) return fail(16, id.substr(0, 6) + ": a message never left the outbox");
    }
  }
}

bool Judge::rare(State state) const {
  return std::any_of(handoff::moves().begin(), handoff::moves().end(), [&](const auto& move) {
    return move.from == state && visits(state, move.on) < kRare;
  });
}

std::uint64_t Judge::visits(State state, handoff::Trigger trigger) const {
  const auto found = visited.find({state, trigger});
  return found == visited.end() ? 0 : found->second;
}

}  // namespace wasl::simulation
