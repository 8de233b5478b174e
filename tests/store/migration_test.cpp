// A database of schema 1, as its own version left it, is carried over or left alone.

#include "wasl/store/store.hpp"

#include "store/delta.hpp"
#include "store/log_row.hpp"
#include "store/seal.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_conversations.hpp"
#include "store/sqlite_schema.hpp"
#include "tests/store/samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace wasl::store {
namespace {

namespace fs = std::filesystem;
using sqlite::Connection;
using sqlite::Statement;

/// Writes rows the way schema 1 did, checksums and all.
class FirstSchema {
 public:
  explicit FirstSchema(const fs::path& file)
      : db_(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) {
    db_.run(sqlite::migrations()[0]);
    db_.run(fmt::format("PRAGMA application_id = {}", sqlite::kApplicationId).c_str());
    db_.run("PRAGMA user_version = 1; PRAGMA journal_mode = WAL");
  }

  void conversation(std::int64_t key, const ConversationRow& row) {
    Seal seal("conversation");
    seal << row.id << row.visitor << row.channel << row.state << row.epoch << row.last_seq
         << row.deadline << row.created_at << row.updated_at << row.snapshot;
    Statement(db_,
              "INSERT INTO conversation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
              " ?12, ?13)")
        .run(key, row.id, row.visitor, row.channel, row.state, row.epoch, row.last_seq,
             row.deadline, row.deadline.has_value(), row.created_at, row.updated_at, row.snapshot,
             seal.value());
  }
  void event(std::int64_t key, std::string_view id, const EventRow& row) {
    Seal seal("event");
    seal << id << row.seq << row.at << row.epoch << row.visible << row.kind << row.json;
    Statement(db_, "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .run(key, row.seq, row.at, row.epoch, row.visible, row.kind, row.json, seal.value());
  }
  void dedupe(std::int64_t key, std::string_view id, const DedupeRow& row) {
    Seal seal("dedupe");
    seal << id << row.scope << row.key << row.seq;
    Statement(db_, "INSERT INTO dedupe VALUES (?1, ?2, ?3, ?4, ?5)")
        .run(row.scope, row.key, key, row.seq, seal.value());
  }
  void outbox(const OutboxRow& row) {
    Statement(db_, "INSERT INTO outbox VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .run(row.channel, row.conversation, row.seq, row.payload, row.status, row.attempts,
             row.next_at, row.last_error, seal_of(row));
  }

 private:
  Connection db_;
};

struct Filled {
  Commit live;
  Commit closed;
};

/// Two conversations, one of 150 events and closed; keys; three messages waiting, one sent.
Filled fill(const fs::path& file) {
  Filled filled{decision("c1", 0, 3), decision("c2", 0, 150)};
  filled.live.after.epoch = 4;
  filled.live.events[2].epoch = 4;
  filled.closed.after.deadline.reset();
  filled.closed.after.snapshot = std::string(3000, 's');
  filled.live.dedupe = {{"visitor:1", "m1", 1}, {"visitor:1", "m3", 3}};
  filled.closed.dedupe = {{"visitor:2", "m1", 1}, {"channel:tg", "77", 149}};

  FirstSchema old(file);
  std::int64_t key = 0;
  for (const Commit* commit : {&filled.live, &filled.closed}) {
    old.conversation(++key, commit->after);
    for (const EventRow& row : commit->events) old.event(key, commit->after.id, row);
    for (const DedupeRow& row : commit->dedupe) old.dedupe(key, commit->after.id, row);
  }
  for (const char* payload : {"sent", "one", "two"}) {
    OutboxRow row = outgoing("tg", 1, payload, at(5));
    row.conversation = "c1";
    row.status = payload == std::string("sent") ? "sent" : "pending";
    old.outbox(row);
  }
  return filled;
}

std::int64_t schema_of(const fs::path& file) {
  return Connection(file, SQLITE_OPEN_READWRITE).whole("PRAGMA user_version");
}

void expect_carried(Store& store, const Filled& filled) {
  for (const Commit* commit : {&filled.live, &filled.closed}) {
    const std::string& id = commit->after.id;
    EXPECT_EQ(**store.conversation(id), commit->after);
    EXPECT_EQ(*store.events(id, 0, 1000), commit->events);
    EXPECT_EQ(store.events(id, 2, 1)->at(0), commit->events[2]);
    for (const DedupeRow& row : commit->dedupe) {
      EXPECT_EQ(**store.seen(row.scope, row.key), (Seen{id, row.seq}));
    }
  }
  EXPECT_EQ(live_conversations(store)->size(), 1U);
  EXPECT_EQ(store.overdue(at(2'000'000'000'000), 9)->size(), 1U);
  EXPECT_EQ(store.history("visitor of c2", 9)->size(), 1U);
  const auto due = store.due_outbox(at(9), 9);
  ASSERT_EQ(due->size(), 1U);
  EXPECT_EQ(due->at(0).payload, "one") << "the first of its conversation";
}

TEST(Migration, CarriesADatabaseOver) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  const Filled filled = fill(file);
  ASSERT_EQ(schema_of(file), 1);
  {
    const auto store = open_sqlite_store(file);
    ASSERT_TRUE(store) << store.error().what;
    expect_carried(**store, filled);
  }
  EXPECT_EQ(schema_of(file), 3);
  const auto store = open_sqlite_store(file);
  ASSERT_TRUE(store) << store.error().what;
  expect_carried(**store, filled);

  Commit next = decision("c1", 3, 2);
  next.expected_epoch = 4;
  next.after.epoch = 4;
  next.dedupe = {{"visitor:1", "m3", 4}};
  EXPECT_EQ(commit_one(**store, next).kind, CommitOutcome::Kind::duplicate);
  next.dedupe = {{"visitor:1", "m4", 4}, {"visitor:3", "m1", 5}};
  EXPECT_EQ(commit_one(**store, next).kind, CommitOutcome::Kind::committed) << "it goes on";
  EXPECT_EQ(commit_one(**store, decision("c3", 0)).kind, CommitOutcome::Kind::committed);
  EXPECT_EQ((*store)->events("c1", 0, 10)->size(), 5U);

  const OutboxRow read = (*store)->due_outbox(at(9), 9)->at(0);
  OutboxRow row = read;
  row.status = "sent";
  ASSERT_TRUE((*store)->update_outbox(read, row));
  EXPECT_EQ((*store)->due_outbox(at(9), 9)->at(0).payload, "two");
}

/// Makes what the last schema added undone, and the deltas what they were.
void back_to_schema_2(const fs::path& file) {
  const Connection db(file, SQLITE_OPEN_READWRITE);
  sqlite::Conversations conversations(db);
  const auto stored = conversations.find_stored("c1");
  ASSERT_TRUE(stored);
  ASSERT_GT(stored->last.frame, 0) << "a delta";
  const std::string frame = conversations.frame(stored->last.frame, stored->key);
  std::string base = frame;
  add_to_base(stored->last.events, base);
  LogRow row = stored->last;
  const auto snapshot = apply_delta(base, row.snapshot);
  ASSERT_TRUE(snapshot && make_delta(frame, *snapshot, 10'000, row.snapshot));
  row.on_events = false;
  PackedRow packed;
  pack_row(row, packed);
  Statement(db, "UPDATE log SET body = ?1, checksum = ?2 WHERE id = ?3")
      .run(sqlite::Bytes{packed.body()}, packed.checksum, stored->last_id);
  db.run("DROP TABLE slot_mark; DROP INDEX outbox_sent; PRAGMA user_version = 2");
}

TEST(Migration, GoesOnWithAStoreOfSchema2) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  Commit first = decision("c1", 0, 2);
  Commit second = decision("c1", 2, 2);
  first.after.snapshot = std::string(600, 's') + "one";
  second.after.snapshot = std::string(600, 's') + second.events[0].json;
  first.dedupe = {{"visitor:1", "m1", 1}};
  {
    const auto store = open_sqlite_store(file);
    ASSERT_TRUE(store) << store.error().what;
    for (const Commit& commit : {first, second}) {
      ASSERT_EQ(commit_one(**store, commit).kind, CommitOutcome::Kind::committed);
    }
  }
  back_to_schema_2(file);
  for (int round = 0; round < 2; ++round) {
    const auto store = open_sqlite_store(file);
    ASSERT_TRUE(store) << store.error().what;
    EXPECT_EQ(**(*store)->conversation("c1"), second.after);
    EXPECT_EQ((*store)->events("c1", 0, 9)->size(), 4U);
    EXPECT_EQ(commit_one(**store, first).kind, CommitOutcome::Kind::duplicate);
  }
  const auto store = open_sqlite_store(file);
  Commit third = decision("c1", 4);
  third.after.snapshot = std::string(600, 's') + third.events[0].json;
  EXPECT_EQ(commit_one(**store, third).kind, CommitOutcome::Kind::committed);
  EXPECT_EQ(**(*store)->conversation("c1"), third.after);
}

TEST(Migration, LeavesADatabaseAloneThatIsDamaged) {
  for (const char* harm :
       {"UPDATE conversation SET snapshot = 'forged' WHERE id = 'c1'",
        "UPDATE event SET json = 'forged' WHERE seq = 70", "DELETE FROM event WHERE seq = 2",
        "DELETE FROM event WHERE seq = 150", "UPDATE dedupe SET seq = 2 WHERE key = 'm3'",
        "UPDATE dedupe SET conversation_key = 9 WHERE key = 'm3'",
        "DELETE FROM conversation WHERE id = 'c2'"}) {
    const TemporaryFolder folder;
    const fs::path file = folder / "wasl.db";
    fill(file);
    Connection(file, SQLITE_OPEN_READWRITE).run(harm);
    const auto store = open_sqlite_store(file);
    ASSERT_FALSE(store) << harm;
    EXPECT_NE(store.error().what.find("is damaged"), std::string::npos) << store.error().what;
    EXPECT_EQ(schema_of(file), 1) << harm;
    EXPECT_EQ(Connection(file, SQLITE_OPEN_READWRITE)
                  .whole("SELECT count(*) FROM sqlite_schema"
                         " WHERE name = 'slot'"),
              0)
        << harm;
  }
}

/// An interrupted step is what a killed process leaves: a log that ends before its COMMIT.
TEST(Migration, StartsAnewWhenItWasInterrupted) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  const Filled filled = fill(file);
  const fs::path copy = folder / "copy.db";
  {
    const Connection half(file, SQLITE_OPEN_READWRITE);
    half.run("PRAGMA cache_size = 1; BEGIN IMMEDIATE");  // pages spill into the log at once
    half.run(sqlite::migrations()[1]);
    sqlite::carry_over_schema_1(half);
    half.run("PRAGMA user_version = 2");
    fs::copy_file(file, copy);
    fs::copy_file(file.string() + "-wal", copy.string() + "-wal");
    EXPECT_GT(fs::file_size(copy.string() + "-wal"), 10'000U) << "something was under way";
  }
  for (const fs::path& one : {copy, file}) {
    EXPECT_EQ(schema_of(one), 1);
    const auto store = open_sqlite_store(one);
    ASSERT_TRUE(store) << store.error().what;
    expect_carried(**store, filled);
  }
}

}  // namespace
}  // namespace wasl::store
