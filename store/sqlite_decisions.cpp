// A decision is one row of the log and a slot for the row and for each key: no row is read or
// changed, while the conversation is remembered, and slots wait in memory (sqlite_slots.hpp).
//
// Snapshots change little from one decision to the next, so most are written as a delta against the
// last whole one and the decision's own events; when the delta has grown to a third of the
// snapshot, the next whole one is due.
//
// `wake_at` follows the deadline lazily: it must not lie behind it, so it moves at once when the
// deadline comes nearer, else only when its own moment has passed.

#include "store/sqlite_decisions.hpp"

#include "store/decision.hpp"
#include "store/delta.hpp"
#include "store/seal.hpp"

#include <algorithm>
#include <utility>

namespace wasl::store::sqlite {
namespace {

constexpr std::size_t kRemembered = 2048;         // each generation of Recent
constexpr std::size_t kTagsMax = 1024;            // of each scope
constexpr std::size_t kFrameBytesMax = 8 * 1024;  // longer ones are read when needed

std::optional<Time> wake_for(const std::optional<Time>& wake_at, const ConversationRow& after) {
  if (!after.deadline || !wake_at) return after.deadline;
  if (*after.deadline < *wake_at || after.updated_at >= *wake_at) return after.deadline;
  return wake_at;
}

}  // namespace

DecisionWriter::DecisionWriter(const Connection& connection, Conversations& conversations,
                               SlotMemory& memory)
    : connection_(connection),
      conversations_(conversations),
      memory_(memory),
      insert_(connection,
              "INSERT INTO conversation (key, id, visitor, channel, created_at, wake_at, checksum)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      update_(connection,
              "UPDATE conversation SET visitor = ?2, channel = ?3, created_at = ?4, wake_at = ?5,"
              " checksum = ?6 WHERE key = ?1"),
      insert_row_(connection,
                  "INSERT INTO log (id, conversation_key, last_seq, epoch, body, checksum)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
      remove_row_(connection, "DELETE FROM log WHERE id = ?1"),
      insert_scope_(connection, "INSERT INTO scope (key, name) VALUES (?1, ?2)"),
      insert_outbox_(
          connection,
          "INSERT INTO outbox (channel, conversation, seq, payload, status, attempts,"
          " next_at, last_error, checksum, head) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      outbox_waits_(connection,
                    "SELECT 1 FROM outbox WHERE conversation = ?1 AND status = 'pending' LIMIT 1"),
      places_(kRemembered),
      scopes_(kRemembered) {}

CommitOutcome DecisionWriter::write(const Commit& decision) {
  if (auto refused = repeats_key(decision)) return *refused;
  Place* stored = place_of(decision.after.id);
  std::optional<Position> position;
  if (stored != nullptr) position = Position{stored->last_seq, stored->epoch};
  const auto conflict = conflict_of(decision, position);

  // A message sent again is a duplicate, even when its decision is outdated.  A single key that
  // fits is taken without asking first.
  if (conflict || decision.dedupe.size() > 1) {
    for (const DedupeRow& row : decision.dedupe) {
      const Scope* scope = known_scope(row.scope);
      if (scope == nullptr || !scope->may_have(tag_of_key(row.key))) continue;
      if (auto seen = conversations_.seen(scope->key, row.scope, row.key)) return duplicate(*seen);
    }
  }
  if (conflict) return *conflict;
  const std::int64_t id = next_row();
  for (const DedupeRow& row : decision.dedupe) {
    if (auto seen = claim(row, id)) return duplicate(*seen);
  }
  // Beyond here nothing refuses.

  last_row_ = id;
  Place& place = put_conversation(decision, stored);
  put_row(decision, place, id);
  put_outbox(decision);
  return committed(decision);
}

void DecisionWriter::forget() {
  places_.clear();
  scopes_.clear();
  last_key_ = 0;
  last_row_ = 0;
}

DecisionWriter::Place* DecisionWriter::place_of(std::string_view id) {
  if (Place* known = places_.find(id)) return known;
  const auto stored = conversations_.find_stored(id);
  if (!stored) return nullptr;
  const bool whole = stored->last.frame == 0;
  return &places_.put(
      id, place_at(*stored, whole ? stored->last.snapshot
                                  : conversations_.frame(stored->last.frame, stored->key)));
}

DecisionWriter::Place DecisionWriter::place_at(const StoredConversation& stored,
                                               std::string frame_text) {
  Place place;
  place.key = stored.key;
  place.last_seq = stored.row.last_seq;
  place.epoch = stored.row.epoch;
  place.visitor = stored.row.visitor;
  place.channel = stored.row.channel;
  place.created_at = stored.row.created_at;
  place.wake_at = stored.wake_at;
  place.frame = stored.last.frame == 0 ? stored.last_id : stored.last.frame;
  if (frame_text.size() <= kFrameBytesMax) place.frame_text = std::move(frame_text);
  const LogRow& last = stored.last;
  place.quiet = last.events.empty();
  if (place.quiet && last.keys.empty() && last.frame != 0) place.spare = stored.last_id;
  return place;
}

bool DecisionWriter::Scope::may_have(std::int64_t tag) const {
  return !all_known ||
         std::find(tags.begin(), tags.end(), static_cast<std::uint32_t>(tag)) != tags.end();
}

void DecisionWriter::Scope::took(std::int64_t tag) {
  if (!all_known) return;
  all_known = tags.size() < kTagsMax;
  if (all_known) {
    tags.push_back(static_cast<std::uint32_t>(tag));
  } else {
    tags = {};
  }
}

std::optional<Seen> DecisionWriter::claim(const DedupeRow& row, std::int64_t id) {
  Scope& scope = scope_of(row.scope);
  for (std::int64_t tag = tag_of_key(row.key);; --tag) {
    const auto taken = scope.may_have(tag) ? conversations_.slot_at(scope.key, tag) : std::nullopt;
    if (!taken) {
      memory_.add({scope.key, tag, id});
      scope.took(tag);
      return std::nullopt;
    }
    if (*taken == id) continue;  // another key of this decision
    if (auto seen = conversations_.key_in_row(*taken, row.scope, row.key)) return seen;
  }
}

DecisionWriter::Scope* DecisionWriter::known_scope(std::string_view name) {
  if (Scope* known = scopes_.find(name)) return known;
  const auto key = conversations_.scope_key(name);
  return key ? &scopes_.put(name, Scope{.key = *key}) : nullptr;
}

DecisionWriter::Scope& DecisionWriter::scope_of(std::string_view name) {
  if (Scope* known = known_scope(name)) return *known;
  const std::int64_t key = next_key();
  insert_scope_.run(key, name);
  return scopes_.put(name, Scope{.key = key, .all_known = true});
}

std::int64_t DecisionWriter::next_key() {
  if (last_key_ == 0) {
    last_key_ = connection_.whole(
        "SELECT max(ifnull((SELECT max(key) FROM conversation), 0),"
        " ifnull((SELECT max(key) FROM scope), 0))");
  }
  return ++last_key_;
}

std::int64_t DecisionWriter::next_row() {
  if (last_row_ == 0) {
    last_row_ = connection_.whole(
        "SELECT max(ifnull((SELECT max(id) FROM log), 0), complete_to) FROM slot_mark");
  }
  return last_row_ + 1;
}

DecisionWriter::Place& DecisionWriter::put_conversation(const Commit& decision, Place* stored) {
  const ConversationRow& after = decision.after;
  if (stored == nullptr) {
    Place place;
    place.key = next_key();
    place.visitor = after.visitor;
    place.channel = after.channel;
    place.created_at = after.created_at;
    place.wake_at = after.deadline;
    insert_.run(place.key, after.id, after.visitor, after.channel, after.created_at, place.wake_at,
                seal_of(place.key, after, place.wake_at));
    return places_.put(after.id, std::move(place));
  }
  const std::optional<Time> wake_at = wake_for(stored->wake_at, after);
  if (wake_at != stored->wake_at || after.visitor != stored->visitor ||
      after.channel != stored->channel || after.created_at != stored->created_at) {
    update_.run(stored->key, after.visitor, after.channel, after.created_at, wake_at,
                seal_of(stored->key, after, wake_at));
    stored->visitor = after.visitor;
    stored->channel = after.channel;
    stored->created_at = after.created_at;
    stored->wake_at = wake_at;
  }
  return *stored;
}

void DecisionWriter::put_row(const Commit& decision, Place& place, std::int64_t id) {
  const ConversationRow& after = decision.after;
  if (place.frame != 0) {  // long frames are not remembered
    base_ =
        place.frame_text.empty() ? conversations_.frame(place.frame, place.key) : place.frame_text;
    add_to_base(decision.events, base_);
  }
  const bool small =
      place.frame != 0 && make_delta(base_, after.snapshot, after.snapshot.size() / 3, delta_);
  if (!small) {
    place.frame = 0;
    place.frame_text = after.snapshot.size() <= kFrameBytesMax ? after.snapshot : std::string();
  }
  pack_decision(place.key, decision, place.frame, small ? delta_ : after.snapshot, packed_);
  if (place.frame == 0) place.frame = id;
  insert_row_.run(id, place.key, after.last_seq, after.epoch, Bytes{packed_.body()},
                  packed_.checksum);

  // A row without events takes the slot of one before it, which is needed no more.
  const std::int64_t tag = tag_of(after.last_seq, decision.events.size());
  const bool quiet = decision.events.empty();
  memory_.add({place.key, tag, id});
  if (quiet && place.quiet && place.spare != 0) remove_row_.run(place.spare);
  place.quiet = quiet;
  place.spare = quiet && decision.dedupe.empty() && small ? id : 0;
  place.last_seq = after.last_seq;
  place.epoch = after.epoch;
}

void DecisionWriter::put_outbox(const Commit& decision) {
  for (const OutboxRow& given : decision.outbox) {
    const OutboxRow row = outbox_row(decision, given);
    bool head = false;
    if (row.status == "pending") {
      Rows waiting = outbox_waits_.rows(row.conversation);
      head = !waiting.next();
    }
    insert_outbox_.run(row.channel, row.conversation, row.seq, row.payload, row.status,
                       row.attempts, row.next_at, row.last_error, seal_of(row), head);
  }
}

}  // namespace wasl::store::sqlite
