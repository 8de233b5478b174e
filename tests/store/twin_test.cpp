// The memory store is slow and obvious; whatever it answers, SQLite must answer too.

#include "wasl/store/store.hpp"

#include "store/sqlite_open.hpp"
#include "tests/store/samples.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace wasl::store {
namespace {

/// Random operations over few names, so that they collide.
class Script {
 public:
  explicit Script(std::uint32_t seed) : random_(seed) {}

  std::uint64_t number(std::uint64_t count) { return random_() % count; }
  std::string name(const char* kind, std::uint64_t count) {
    return kind + std::to_string(number(count));
  }

  /// A decision that mostly fits what `oracle` holds.
  Commit next_decision(Store& oracle) {
    const std::string id = name("c", 6);
    const auto stored = oracle.conversation(id);
    const std::uint64_t last_seq = *stored ? (*stored)->last_seq : 0;
    const std::uint64_t epoch = *stored ? (*stored)->epoch : 0;
    const bool stale = number(6) == 0;
    const std::uint64_t expected = stale ? number(last_seq + 2) : last_seq;
    Commit commit = decision(id, expected, expected == 0 ? 1 + number(3) : number(4));
    commit.expected_epoch = number(10) == 0 ? number(epoch + 2) : epoch;
    commit.after.epoch = commit.expected_epoch + number(2);
    commit.after.visitor = name("v", 3);
    commit.after.created_at = at(static_cast<std::int64_t>(number(4)));
    commit.after.updated_at = at(static_cast<std::int64_t>(number(200)));
    commit.after.deadline = at(static_cast<std::int64_t>(number(300)));
    if (number(3) == 0) commit.after.deadline.reset();
    commit.after.snapshot = number(3) == 0 ? std::string(number(40), 'x') : snapshot_;
    if (!snapshot_.empty()) snapshot_[number(snapshot_.size())] ^= 1;
    for (EventRow& row : commit.events) {
      if (number(4) == 0) commit.dedupe.push_back({name("visitor:", 2), name("m", 60), row.seq});
      if (number(4) == 0) {
        OutboxRow out =
            outgoing(name("tg", 2), row.seq, "p", at(static_cast<std::int64_t>(number(9))));
        commit.outbox.push_back(std::move(out));
      }
    }
    return commit;
  }

  VisitorRow visitor() {
    VisitorRow row = chat_visitor(name("v", 4), name("tg", 2), number(2) == 0 ? "" : name("x", 3));
    row.token_hash = number(2) == 0 ? "" : name("t", 3);
    row.conversation = name("c", 6);
    return row;
  }

 private:
  std::mt19937 random_;
  std::string snapshot_ = std::string(400, 's');
};

/// The newest seq of each conversation that changed after `position`, which it moves on.
std::map<std::string, std::uint64_t> changed_since(Store& store, std::uint64_t& position,
                                                   std::size_t page) {
  std::map<std::string, std::uint64_t> newest;
  for (;;) {
    const auto changes = store.changed(position, page);
    EXPECT_TRUE(changes);
    for (const Changes::Row& row : changes->rows) newest[row.conversation] = row.last_seq;
    position = changes->position;
    if (changes->rows.empty()) return newest;
  }
}

template <typename T>
void expect_same(const Result<T>& memory, const Result<T>& sqlite) {
  ASSERT_EQ(static_cast<bool>(memory), static_cast<bool>(sqlite))
      << (sqlite ? memory.error().what : sqlite.error().what);
  if (memory) {
    if constexpr (!std::is_same_v<T, Done>) {
      EXPECT_EQ(*memory, *sqlite);
    }
  } else {
    EXPECT_EQ(memory.error().code, sqlite.error().code);
    EXPECT_EQ(memory.error().what, sqlite.error().what);
  }
}

/// With `slots_max` the index of the log moves to its table now and then, or hardly ever.
void run(std::uint32_t seed, int steps, std::size_t slots_max) {
  const TemporaryFolder folder;
  const auto memory = make_memory_store();
  auto sqlite = std::move(*sqlite::open(folder / "wasl.db", slots_max));
  auto reader = std::move(*sqlite->reader());
  Script script(seed);
  std::uint64_t memory_position = 0;
  std::uint64_t sqlite_position = 0;

  for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step));
    switch (script.number(16)) {
      case 0: {
        const VisitorRow row = script.visitor();
        expect_same(memory->put_visitor(row), sqlite->put_visitor(row));
        break;
      }
      case 1: {
        AgentRow row = agent(script.name("a", 4), script.name("E", 4));
        row.skills.assign(script.number(3), "skill");
        expect_same(memory->put_agent(row), sqlite->put_agent(row));
        expect_same(memory->agents(), sqlite->agents());
        break;
      }
      case 2: {
        const SessionRow row{script.name("s", 4), script.name("a", 3), at(step)};
        expect_same(memory->put_session(row), sqlite->put_session(row));
        break;
      }
      case 3: {
        const std::string token = script.name("s", 4);
        expect_same(memory->remove_session(token), sqlite->remove_session(token));
        const std::string gone = script.name("a", 9);
        expect_same(memory->remove_sessions_of(gone), sqlite->remove_sessions_of(gone));
        const std::string asked = script.name("s", 4);
        expect_same(memory->session(asked), sqlite->session(asked));
        break;
      }
      case 4:
      case 5: {
        const Time now = at(static_cast<std::int64_t>(script.number(9)));
        const std::size_t count_max = script.number(5);
        auto due = memory->due_outbox(now, count_max);
        expect_same(due, sqlite->due_outbox(now, count_max));
        for (OutboxRow& row : *due) {
          OutboxRow read = row;
          if (script.number(4) == 0) ++read.attempts;  // somebody else was here
          row.status = script.number(3) == 0 ? "pending" : script.number(5) == 0 ? "dead" : "sent";
          row.next_at = at(static_cast<std::int64_t>(script.number(9)));
          ++row.attempts;
          expect_same(memory->update_outbox(read, row), sqlite->update_outbox(read, row));
        }
        const Time before = at(static_cast<std::int64_t>(script.number(12)) - 6);
        expect_same(memory->remove_sent(before, 2), sqlite->remove_sent(before, 2));
        for (const char* status : {"pending", "sent", "dead"}) {
          expect_same(memory->count_outbox(status), sqlite->count_outbox(status));
        }
        break;
      }
      case 6: {
        const std::string id = script.name("c", 7);
        const std::uint64_t after = script.number(30);
        const std::size_t count_max = script.number(30);
        expect_same(memory->conversation(id), sqlite->conversation(id));
        expect_same(memory->events(id, after, count_max), sqlite->events(id, after, count_max));
        expect_same(memory->conversation(id), reader->conversation(id));
        expect_same(memory->events(id, after, count_max), reader->events(id, after, count_max));
        break;
      }
      case 7: {
        const std::string visitor = script.name("v", 4);
        const std::size_t count_max = script.number(4);
        expect_same(memory->history(visitor, count_max), sqlite->history(visitor, count_max));
        expect_same(live_conversations(*memory), live_conversations(*sqlite));
        const Time before = at(static_cast<std::int64_t>(script.number(320)));
        expect_same(memory->overdue(before, count_max), sqlite->overdue(before, count_max));
        EXPECT_EQ(changed_since(*memory, memory_position, 3),
                  changed_since(*sqlite, sqlite_position, 3));
        break;
      }
      case 8: {
        const std::string token = script.name("t", 3);
        expect_same(memory->visitor_by_token(token), sqlite->visitor_by_token(token));
        const std::string channel = script.name("tg", 2);
        const std::string external = script.number(4) == 0 ? "" : script.name("x", 3);
        expect_same(memory->visitor_by_external(channel, external),
                    sqlite->visitor_by_external(channel, external));
        const std::string id = script.name("v", 4);
        expect_same(memory->visitor(id), sqlite->visitor(id));
        break;
      }
      case 9: {
        const std::string scope = script.name("visitor:", 2);
        const std::string key = script.name("m", 60);
        expect_same(memory->seen(scope, key), sqlite->seen(scope, key));
        expect_same(memory->seen(scope, key), reader->seen(scope, key));
        break;
      }
      case 10:
        if (script.number(8) == 0) {
          reader.reset();
          sqlite.reset();
          sqlite = std::move(*sqlite::open(folder / "wasl.db", slots_max));
          reader = std::move(*sqlite->reader());
        } else {
          EXPECT_TRUE(sqlite->checkpoint(script.number(2) == 0));
        }
        break;
      default: {
        std::vector<Commit> group(1 + script.number(4));
        for (Commit& commit : group) commit = script.next_decision(*memory);
        EXPECT_EQ(memory->commit(group), sqlite->commit(group));
      }
    }
  }
}

TEST(SqliteStore, AnswersLikeTheMemoryStore) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    run(seed, 300, seed % 2 == 0 ? sqlite::kSlotsMax : seed);
  }
}

}  // namespace
}  // namespace wasl::store
