#include "store/sqlite_conversations.hpp"

#include "store/decision.hpp"
#include "store/seal.hpp"

#include <fmt/format.h>

#include <utility>

namespace wasl::store::sqlite {
namespace {

// The columns of a conversation as read_conversation() takes them.
#define WASL_CONVERSATION_COLUMNS                                                              \
  "id, visitor, channel, state, epoch, last_seq, deadline, created_at, updated_at, snapshot, " \
  "checksum"

ConversationRow read_conversation(Rows& rows) {
  ConversationRow row;
  row.id = rows.text();
  row.visitor = rows.text();
  row.channel = rows.text();
  row.state = rows.text();
  row.epoch = rows.count();
  row.last_seq = rows.count();
  row.deadline = rows.maybe_time();
  row.created_at = rows.time();
  row.updated_at = rows.time();
  row.snapshot = rows.text();
  if (rows.whole() != seal_of(row)) {
    throw damaged(fmt::format("the row of conversation {} has a wrong checksum", row.id));
  }
  return row;
}

std::vector<ConversationRow> read_conversations(Rows& rows) {
  std::vector<ConversationRow> all;
  while (rows.next()) all.push_back(read_conversation(rows));
  return all;
}

EventRow read_event(Rows& rows, std::string_view conversation) {
  EventRow row;
  row.seq = rows.count();
  row.at = rows.time();
  row.epoch = rows.count();
  row.visible = rows.flag();
  row.kind = rows.text();
  row.json = rows.text();
  if (rows.whole() != seal_of(conversation, row)) {
    throw damaged(
        fmt::format("event {} of conversation {} has a wrong checksum", row.seq, conversation));
  }
  return row;
}

void check_key(const DedupeRow& row, std::string_view conversation, std::int64_t seal) {
  if (seal != seal_of(conversation, row)) {
    throw damaged(
        fmt::format("the dedupe key '{}' of '{}' has a wrong checksum", row.key, row.scope));
  }
}

}  // namespace

Conversations::Conversations(const Connection& connection)
    : find_(connection, "SELECT " WASL_CONVERSATION_COLUMNS " FROM conversation WHERE id = ?1"),
      extent_(connection, "SELECT key, last_seq FROM conversation WHERE id = ?1"),
      events_(connection,
              "SELECT seq, at, epoch, visible, kind, json, checksum FROM event"
              " WHERE conversation_key = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"),
      live_(connection,
            "SELECT " WASL_CONVERSATION_COLUMNS " FROM conversation WHERE live = 1 ORDER BY id"),
      history_(connection, "SELECT " WASL_CONVERSATION_COLUMNS
                           " FROM conversation WHERE visitor = ?1"
                           " ORDER BY created_at DESC, key DESC LIMIT ?2"),
      seen_(connection,
            "SELECT conversation.id, dedupe.seq, dedupe.checksum FROM dedupe"
            " LEFT JOIN conversation ON conversation.key = dedupe.conversation_key"
            " WHERE dedupe.scope = ?1 AND dedupe.key = ?2") {}

std::optional<ConversationRow> Conversations::find(std::string_view id) {
  Rows rows = find_.rows(id);
  if (!rows.next()) return std::nullopt;
  return read_conversation(rows);
}

std::vector<EventRow> Conversations::events(std::string_view id, std::uint64_t after,
                                            std::size_t count_max) {
  std::int64_t key = 0;
  std::uint64_t last_seq = 0;
  {
    Rows rows = extent_.rows(id);
    if (!rows.next()) return {};
    key = rows.whole();
    last_seq = rows.count();
  }

  // Events up to `last_seq` must be there, without gaps; more may have come since.
  std::vector<EventRow> events;
  std::uint64_t seq = after;
  Rows rows = events_.rows(key, clamped(after), clamped(count_max));
  while (rows.next()) {
    events.push_back(read_event(rows, id));
    if (events.back().seq != ++seq) break;
  }
  const bool complete = events.size() == count_max || seq >= last_seq;
  if (!complete || (!events.empty() && events.back().seq != seq)) {
    throw damaged(fmt::format("conversation {} has lost events", id));
  }
  return events;
}

std::vector<ConversationRow> Conversations::live() {
  Rows rows = live_.rows();
  return read_conversations(rows);
}

std::vector<ConversationRow> Conversations::history(std::string_view visitor,
                                                    std::size_t count_max) {
  Rows rows = history_.rows(visitor, clamped(count_max));
  return read_conversations(rows);
}

std::optional<Seen> Conversations::seen(std::string_view scope, std::string_view key) {
  Rows rows = seen_.rows(scope, key);
  if (!rows.next()) return std::nullopt;
  Seen seen;
  seen.conversation = rows.text();
  seen.seq = rows.count();
  check_key({std::string(scope), std::string(key), seen.seq}, seen.conversation, rows.whole());
  return seen;
}

void check_keys(const Connection& connection) {
  Statement all(connection,
                "SELECT conversation.id, dedupe.scope, dedupe.key, dedupe.seq, dedupe.checksum"
                " FROM dedupe LEFT JOIN conversation ON conversation.key = conversation_key");
  Rows rows = all.rows();
  while (rows.next()) {
    const std::string conversation = rows.text();
    DedupeRow row;
    row.scope = rows.text();
    row.key = rows.text();
    row.seq = rows.count();
    check_key(row, conversation, rows.whole());
  }
}

DecisionWriter::DecisionWriter(const Connection& connection)
    : connection_(connection),
      place_(connection,
             "SELECT key, last_seq, epoch, live, visitor, channel, created_at FROM conversation"
             " WHERE id = ?1"),
      insert_(connection,
              "INSERT INTO conversation (id, visitor, channel, state, epoch, last_seq, deadline,"
              " live, created_at, updated_at, snapshot, checksum)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"),
      update_(connection,
              "UPDATE conversation SET state = ?2, epoch = ?3, last_seq = ?4, deadline = ?5,"
              " updated_at = ?6, snapshot = ?7, checksum = ?8 WHERE key = ?1"),
      update_fixed_(connection,
                    "UPDATE conversation SET live = ?2, visitor = ?3, channel = ?4,"
                    " created_at = ?5 WHERE key = ?1"),
      insert_event_(connection,
                    "INSERT INTO event (conversation_key, seq, at, epoch, visible, kind, json,"
                    " checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      insert_key_(connection,
                  "INSERT INTO dedupe (scope, key, conversation_key, seq, checksum)"
                  " VALUES (?1, ?2, ?3, ?4, ?5)"),
      insert_outbox_(
          connection,
          "INSERT INTO outbox (channel, conversation, seq, payload, status, attempts,"
          " next_at, last_error, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") {}

CommitOutcome DecisionWriter::write(const Commit& decision, Conversations& conversations) {
  // The keys first: a message sent again is a duplicate, even when its decision is outdated.
  if (auto refused = repeats_key(decision)) return *refused;
  for (const DedupeRow& row : decision.dedupe) {
    if (const auto seen = conversations.seen(row.scope, row.key)) return duplicate(*seen);
  }
  const std::optional<Place> stored = place_of(decision.after.id);
  std::optional<Position> position;
  if (stored) position = Position{stored->last_seq, stored->epoch};
  if (auto refused = conflict_of(decision, position)) return *refused;
  // Beyond here nothing refuses.

  const std::int64_t key = put(decision.after, stored);
  for (const EventRow& row : decision.events) {
    insert_event_.run(key, row.seq, row.at, row.epoch, row.visible, row.kind, row.json,
                      seal_of(decision.after.id, row));
  }
  for (const DedupeRow& row : decision.dedupe) {
    insert_key_.run(row.scope, row.key, key, row.seq, seal_of(decision.after.id, row));
  }
  for (const OutboxRow& given : decision.outbox) {
    const OutboxRow row = outbox_row(decision, given);
    insert_outbox_.run(row.channel, row.conversation, row.seq, row.payload, row.status,
                       row.attempts, row.next_at, row.last_error, seal_of(row));
  }
  return committed(decision);
}

std::optional<DecisionWriter::Place> DecisionWriter::place_of(std::string_view id) {
  Rows rows = place_.rows(id);
  if (!rows.next()) return std::nullopt;
  Place place;
  place.key = rows.whole();
  place.last_seq = rows.count();
  place.epoch = rows.count();
  place.live = rows.flag();
  place.visitor = rows.text();
  place.channel = rows.text();
  place.created_at = rows.time();
  return place;
}

std::int64_t DecisionWriter::put(const ConversationRow& after, const std::optional<Place>& stored) {
  const bool live = after.deadline.has_value();
  if (!stored) {
    insert_.run(after.id, after.visitor, after.channel, after.state, after.epoch, after.last_seq,
                after.deadline, live, after.created_at, after.updated_at, after.snapshot,
                seal_of(after));
    return connection_.last_id();
  }
  update_.run(stored->key, after.state, after.epoch, after.last_seq, after.deadline,
              after.updated_at, after.snapshot, seal_of(after));
  // What has an index changes seldom, so it is written apart.
  if (live != stored->live || after.visitor != stored->visitor ||
      after.channel != stored->channel || after.created_at != stored->created_at) {
    update_fixed_.run(stored->key, live, after.visitor, after.channel, after.created_at);
  }
  return stored->key;
}

}  // namespace wasl::store::sqlite
