// The index of the log waits in memory and is moved to its table in pieces.  Whenever the program
// dies, and whoever reads meanwhile, nothing is missed and nothing is taken twice.

#include "wasl/store/store.hpp"

#include "store/sqlite.hpp"
#include "store/sqlite_open.hpp"
#include "tests/store/samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace wasl::store {
namespace {

namespace fs = std::filesystem;
using Kind = CommitOutcome::Kind;

std::unique_ptr<Store> open(const fs::path& file, std::size_t slots_max) {
  auto store = sqlite::open(file, slots_max);
  EXPECT_TRUE(store) << store.error().what;
  return store ? std::move(*store) : nullptr;
}

std::int64_t whole(const fs::path& file, const char* sql) {
  return sqlite::Connection(file, SQLITE_OPEN_READWRITE).whole(sql);
}

std::string id_of(std::uint64_t conversation) {
  return fmt::format("c{}", conversation);
}
std::string key_of(std::uint64_t turn) {
  return fmt::format("m{}", turn);
}

/// Turn `turn` of a conversation: two events and a key; every third turn is followed by a decision
/// without events, which takes the slot of the one before.
std::vector<Commit> turn_of(std::uint64_t conversation, std::uint64_t turn) {
  const std::string id = id_of(conversation);
  std::vector<Commit> all{decision(id, 2 * turn, 2)};
  all[0].dedupe = {{"visitor:" + id, key_of(turn), 2 * turn + 1}};
  if (turn % 3 != 2) return all;
  for (int i = 0; i < 2; ++i) all.push_back(decision(id, 2 * turn + 2, 0));
  return all;
}

/// Turns `first` to `end` of conversations 0 to `count`, a group for each turn.
void work(Store& store, std::uint64_t count, std::uint64_t first, std::uint64_t end) {
  for (std::uint64_t turn = first; turn < end; ++turn) {
    std::vector<Commit> group;
    for (std::uint64_t c = 0; c < count; ++c) {
      for (Commit& commit : turn_of(c, turn)) group.push_back(std::move(commit));
    }
    for (const CommitOutcome& outcome : store.commit(group)) {
      ASSERT_EQ(outcome.kind, Kind::committed) << outcome.what;
    }
  }
}

/// All is there, and what is sent again is a duplicate.
void expect_turns(Store& store, std::uint64_t count, std::uint64_t end, bool writes) {
  for (std::uint64_t c = 0; c < count; ++c) {
    const std::string id = id_of(c);
    const auto row = store.conversation(id);
    ASSERT_TRUE(row && *row) << id;
    EXPECT_EQ((*row)->last_seq, 2 * end);
    const auto events = store.events(id, 0, 1000);
    ASSERT_TRUE(events) << events.error().what;
    EXPECT_EQ(events->size(), 2 * end);
    for (std::uint64_t after : {end, 2 * end - 1}) {
      EXPECT_EQ(store.events(id, after, 1000)->size(), 2 * end - after);
    }
    for (std::uint64_t turn = 0; turn < end; ++turn) {
      EXPECT_EQ(**store.seen("visitor:" + id, key_of(turn)), (Seen{id, 2 * turn + 1}));
      if (!writes) continue;
      const CommitOutcome again = commit_one(store, turn_of(c, turn)[0]);
      EXPECT_EQ(again.kind, Kind::duplicate);
      EXPECT_EQ(again.seq, 2 * turn + 1);
    }
    EXPECT_FALSE(*store.seen("visitor:" + id, key_of(end)));
  }
}

/// Runs `work` in a process that ends without closing anything.
void in_a_process_that_dies(const std::function<void()>& work) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    work();
    std::fflush(nullptr);
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Slots, AreMadeAgainFromTheLogAfterACrash) {
  // From "none was ever moved" over "in the middle of a batch" to "a batch for each group".
  for (const std::size_t slots_max : {100'000U, 900U, 700U, 400U, 100U, 0U}) {
    SCOPED_TRACE(slots_max);
    const TemporaryFolder folder;
    const fs::path file = folder / "wasl.db";
    constexpr std::uint64_t kConversations = 100;
    std::uint64_t turns = 0;
    for (int crash = 0; crash < 3; ++crash, turns += 4) {
      in_a_process_that_dies([&] {
        Store* store = open(file, slots_max).release();  // never closed
        if (turns > 0) expect_turns(*store, kConversations, turns, false);
        work(*store, kConversations, turns, turns + 4);
      });
      const std::int64_t in_table = whole(file, "SELECT count(*) FROM slot");
      if (slots_max == 100'000) {
        EXPECT_EQ(in_table, 0);
      } else if (crash == 2) {
        EXPECT_GT(in_table, 0);
      }
    }
    {
      const auto store = open(file, slots_max);
      expect_turns(*store, kConversations, turns, true);
      expect_turns(**store->reader(), kConversations, turns, false);
    }
    EXPECT_EQ(whole(file, "SELECT max(id) FROM log"),
              whole(file, "SELECT complete_to FROM slot_mark"))
        << "a clean end leaves nothing to read again";
    expect_turns(*open(file, slots_max), kConversations, turns, true);
  }
}

TEST(Slots, AreFoundByReadersWhileTheyMove) {
  const TemporaryFolder folder;
  const auto store = open(folder / "wasl.db", 300);
  constexpr std::uint64_t kConversations = 40;
  constexpr std::uint64_t kTurns = 60;
  work(*store, kConversations, 0, 1);
  std::atomic<std::uint64_t> done = 1;
  std::thread thread([&, reader = std::move(*store->reader())] {
    for (std::uint64_t c = 0; done < kTurns; c = (c + 7) % kConversations) {
      const std::uint64_t at_least = done;
      const auto events = reader->events(id_of(c), 0, 1000);
      ASSERT_TRUE(events) << events.error().what;
      ASSERT_GE(events->size(), 2 * at_least) << "what was acknowledged before is there";
      ASSERT_TRUE(*reader->seen("visitor:" + id_of(c), key_of(at_least - 1)));
      const auto row = reader->conversation(id_of(c));
      ASSERT_TRUE(row && *row);
      ASSERT_GE((*row)->last_seq, events->size());
    }
  });
  for (; done < kTurns; ++done) work(*store, kConversations, done, done + 1);
  thread.join();
  EXPECT_EQ(store->trouble(), "");
}

TEST(Slots, OfAGroupThatFailedAreForgottenAndNoOthers) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  in_a_process_that_dies([&] { work(*open(file, 100'000).release(), 5, 0, 3); });
  const auto store = open(file, 0);
  {
    const sqlite::Connection stranger(file, SQLITE_OPEN_READWRITE);
    stranger.run("BEGIN IMMEDIATE");
    EXPECT_EQ(commit_one(*store, turn_of(0, 3)[0]).kind, Kind::unavailable) << "the first of all";
  }
  expect_turns(*store, 5, 3, false);
  {
    // Both connections see the trigger, which breaks the second decision of a group.
    sqlite::Connection(file, SQLITE_OPEN_READWRITE)
        .run(
            "CREATE TRIGGER full BEFORE INSERT ON log WHEN new.last_seq = 9"
            " BEGIN SELECT RAISE(ABORT, 'no room'); END");
    std::vector<Commit> group{turn_of(0, 3)[0], turn_of(1, 3)[0]};
    group[1].after.last_seq = 9;
    group[1].events.push_back(event(9, "{}"));
    for (const CommitOutcome& outcome : store->commit(group)) {
      EXPECT_EQ(outcome.kind, Kind::unavailable) << outcome.what;
    }
  }
  expect_turns(*store, 5, 3, false);
}

TEST(Slots, AreReadAnewWhenAStrangerWrote) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  const auto store = open(file, 60);
  work(*store, 20, 0, 4);
  sqlite::Connection(file, SQLITE_OPEN_READWRITE).run("UPDATE probe SET count = 7");
  work(*store, 20, 4, 8);
  expect_turns(*store, 20, 8, true);
}

TEST(Slots, ThatContradictTheTableAreDamage) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  const auto store = open(file, 100'000);
  work(*store, 2, 0, 2);
  sqlite::Connection(file, SQLITE_OPEN_READWRITE)
      .run(
          "INSERT INTO slot (owner, tag, log_id) SELECT conversation_key, 3, 77 FROM log"
          " WHERE id = 1");
  EXPECT_FALSE(store->checkpoint(true));
  EXPECT_NE(store->trouble().find("contradict"), std::string::npos) << store->trouble();
}

TEST(Slots, AreNotGuessedWhenARowTheyComeFromIsDamaged) {
  for (const char* harm : {"UPDATE log SET body = substr(body, 2) WHERE id = 3",
                           "UPDATE slot_mark SET complete_to = complete_to + 1",
                           "DELETE FROM slot_mark", "DELETE FROM scope"}) {
    const TemporaryFolder folder;
    const fs::path file = folder / "wasl.db";
    in_a_process_that_dies([&] { work(*open(file, 100'000).release(), 2, 0, 3); });
    sqlite::Connection(file, SQLITE_OPEN_READWRITE).run(harm);
    const auto store = open_sqlite_store(file);
    ASSERT_FALSE(store) << harm;
    EXPECT_NE(store.error().what.find("is damaged"), std::string::npos) << store.error().what;
  }
}

}  // namespace
}  // namespace wasl::store
