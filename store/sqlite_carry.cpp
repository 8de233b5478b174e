// From schema 1, which kept each event, each dedupe key and the state as rows of their own, each
// with a checksum.  All are verified on the way: what is damaged is not carried over as sound.

#include "store/log_row.hpp"
#include "store/seal.hpp"
#include "store/sqlite_conversations.hpp"
#include "store/sqlite_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace wasl::store::sqlite {
namespace {

constexpr std::size_t kEventsMax = 64;  // in one row of the log

std::int64_t seal_1(const ConversationRow& row) {
  Seal seal("conversation");
  seal << row.id << row.visitor << row.channel << row.state << row.epoch << row.last_seq
       << row.deadline << row.created_at << row.updated_at << row.snapshot;
  return seal.value();
}

std::int64_t seal_1(std::string_view conversation, const EventRow& row) {
  Seal seal("event");
  seal << conversation << row.seq << row.at << row.epoch << row.visible << row.kind << row.json;
  return seal.value();
}

std::int64_t seal_1(std::string_view conversation, const DedupeRow& row) {
  Seal seal("dedupe");
  seal << conversation << row.scope << row.key << row.seq;
  return seal.value();
}

void check(std::int64_t want, std::int64_t have, std::string_view conversation) {
  if (want == have) return;
  throw damaged(fmt::format("a row of conversation {} has a wrong checksum", conversation));
}

class Carrier {
 public:
  explicit Carrier(const Connection& connection)
      : conversations_(connection,
                       "SELECT key, id, visitor, channel, state, epoch, last_seq, deadline,"
                       " created_at, updated_at, snapshot, checksum FROM old_conversation"
                       " ORDER BY key"),
        events_(connection,
                "SELECT seq, at, epoch, visible, kind, json, checksum FROM old_event"
                " WHERE conversation_key = ?1 ORDER BY seq"),
        keys_(connection,
              "SELECT scope, key, seq, checksum FROM old_dedupe WHERE conversation_key = ?1"),
        insert_(connection,
                "INSERT INTO conversation (key, id, visitor, channel, created_at, wake_at,"
                " checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
        row_(connection,
             "INSERT INTO log (id, conversation_key, last_seq, epoch, body, checksum)"
             " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
        slot_(connection, "INSERT INTO slot (owner, tag, log_id) VALUES (?1, ?2, ?3)"),
        claim_(connection,
               "INSERT INTO slot (owner, tag, log_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"),
        scope_(connection, "SELECT key FROM scope WHERE name = ?1"),
        insert_scope_(connection, "INSERT INTO scope (key, name) VALUES (?1, ?2)"),
        connection_(connection),
        last_key_(connection.whole("SELECT ifnull(max(key), 0) FROM old_conversation")) {}

  void all() {
    std::int64_t count = 0;
    Rows rows = conversations_.rows();
    for (; rows.next(); ++count) {
      const std::int64_t key = rows.whole();
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
      check(seal_1(row), rows.whole(), row.id);
      one(key, row);
    }
    if (keys_carried_ != connection_.whole("SELECT count(*) FROM old_dedupe") ||
        events_carried_ != connection_.whole("SELECT count(*) FROM old_event")) {
      throw damaged("some events or dedupe keys belong to no conversation");
    }
  }

 private:
  void one(std::int64_t key, const ConversationRow& after) {
    insert_.run(key, after.id, after.visitor, after.channel, after.created_at, after.deadline,
                seal_of(key, after, after.deadline));
    std::vector<DedupeRow> keys = keys_of(key, after.id);
    LogRow row;
    row.conversation = key;
    row.has_state = false;
    row.updated_at = after.updated_at;
    std::uint64_t seq = 0;
    Rows rows = events_.rows(key);
    while (rows.next()) {
      EventRow event;
      event.seq = rows.count();
      event.at = rows.time();
      event.epoch = rows.count();
      event.visible = rows.flag();
      event.kind = rows.text();
      event.json = rows.text();
      check(seal_1(after.id, event), rows.whole(), after.id);
      if (event.seq != ++seq)
        throw damaged(fmt::format("conversation {} has lost events", after.id));
      ++events_carried_;
      if (row.events.size() == kEventsMax) put(row);
      row.last_seq = event.seq;
      row.epoch = event.epoch;
      row.events.push_back(std::move(event));
    }
    if (seq != after.last_seq) {
      throw damaged(fmt::format("conversation {} has lost events", after.id));
    }
    row.has_state = true;
    row.epoch = after.epoch;
    row.state = after.state;
    row.deadline = after.deadline;
    row.snapshot = after.snapshot;
    row.keys = std::move(keys);
    put(row);
  }

  std::vector<DedupeRow> keys_of(std::int64_t key, std::string_view id) {
    std::vector<DedupeRow> keys;
    Rows rows = keys_.rows(key);
    while (rows.next()) {
      DedupeRow one;
      one.scope = rows.text();
      one.key = rows.text();
      one.seq = rows.count();
      check(seal_1(id, one), rows.whole(), id);
      keys.push_back(std::move(one));
      ++keys_carried_;
    }
    return keys;
  }

  void put(LogRow& row) {
    pack_row(row, packed_);
    const std::int64_t id = ++last_id_;
    row_.run(id, row.conversation, row.last_seq, row.epoch, Bytes{packed_.body()},
             packed_.checksum);
    slot_.run(row.conversation, tag_of(row.last_seq, row.events.size()), id);
    for (const DedupeRow& key : row.keys) {
      const std::int64_t owner = owner_of(key.scope);
      std::int64_t tag = tag_of_key(key.key);
      for (claim_.run(owner, tag, id); connection_.changed() == 0; claim_.run(owner, --tag, id)) {
      }
    }
    row.events.clear();
    row.keys.clear();
  }

  std::int64_t owner_of(std::string_view name) {
    {
      Rows rows = scope_.rows(name);
      if (rows.next()) return rows.whole();
    }
    insert_scope_.run(++last_key_, name);
    return last_key_;
  }

  Statement conversations_;
  Statement events_;
  Statement keys_;
  Statement insert_;
  Statement row_;
  Statement slot_;
  Statement claim_;
  Statement scope_;
  Statement insert_scope_;
  const Connection& connection_;
  PackedRow packed_;
  std::int64_t last_id_ = 0;
  std::int64_t last_key_;
  std::int64_t keys_carried_ = 0;
  std::int64_t events_carried_ = 0;
};

}  // namespace

void carry_over_schema_1(const Connection& connection) {
  connection.run("CREATE INDEX old_dedupe_of ON old_dedupe (conversation_key)");
  Carrier(connection).all();
  connection.run("DROP TABLE old_conversation; DROP TABLE old_event; DROP TABLE old_dedupe");
}

}  // namespace wasl::store::sqlite
