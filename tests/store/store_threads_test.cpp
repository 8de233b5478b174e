#include "wasl/store/store_threads.hpp"

#include "tests/store/samples.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace wasl::store {
namespace {

using Kind = CommitOutcome::Kind;

std::unique_ptr<StoreThreads> start(const TemporaryFolder& folder,
                                    std::size_t pending_max = 65536) {
  auto store = open_sqlite_store(folder / "wasl.db");
  EXPECT_TRUE(store) << store.error().what;
  auto threads = StoreThreads::start(std::move(*store), pending_max);
  EXPECT_TRUE(threads);
  return std::move(*threads);
}

/// Holds the writing thread until release().
class Gate {
 public:
  explicit Gate(StoreThreads& threads) {
    std::promise<void> entered;
    auto inside = entered.get_future();
    EXPECT_TRUE(threads.write([&entered, open = open_.get_future().share()](Store&) {
      entered.set_value();
      open.wait();
    }));
    inside.wait();
  }
  void release() { open_.set_value(); }

 private:
  std::promise<void> open_;
};

CommitOutcome wait_commit(StoreThreads& threads, Commit commit) {
  std::promise<CommitOutcome> outcome;
  auto given = outcome.get_future();
  EXPECT_TRUE(threads.commit(std::move(commit),
                             [&](CommitOutcome got) { outcome.set_value(std::move(got)); }));
  return given.get();
}

template <typename T>
T wait_read(StoreThreads& threads, std::function<T(Store&)> question) {
  std::promise<T> answer;
  auto given = answer.get_future();
  EXPECT_TRUE(threads.read([&](Store& store) { answer.set_value(question(store)); }));
  return given.get();
}

bool wait_for(const std::function<bool()>& claim) {
  for (int i = 0; i < 100; ++i) {
    if (claim()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return claim();
}

TEST(StoreThreads, CommitAndReadBack) {
  const TemporaryFolder folder;
  const auto threads = start(folder);
  EXPECT_EQ(wait_commit(*threads, decision("c1", 0, 3)).kind, Kind::committed);
  EXPECT_EQ(wait_commit(*threads, decision("c1", 0)).kind, Kind::conflict);
  const auto count = wait_read<std::size_t>(
      *threads, [](Store& store) { return store.events("c1", 0, 10)->size(); });
  EXPECT_EQ(count, 3U) << "what is acknowledged can be read";
  EXPECT_EQ(threads->counts().transactions, 1U);
  EXPECT_EQ(threads->counts().decisions, 1U);
  EXPECT_TRUE(threads->healthy());
}

TEST(StoreThreads, CommitWhatWaitsInGroups) {
  const TemporaryFolder folder;
  const auto threads = start(folder);
  Gate gate(*threads);
  std::atomic<int> committed = 0;
  for (int i = 0; i < 1300; ++i) {
    ASSERT_TRUE(threads->commit(decision("c" + std::to_string(i), 0), [&](CommitOutcome outcome) {
      committed += outcome.kind == Kind::committed ? 1 : 0;
    }));
  }
  EXPECT_EQ(threads->counts().waiting, 1300U);
  gate.release();
  threads->stop();
  EXPECT_EQ(committed, 1300);
  EXPECT_EQ(threads->counts().decisions, 1300U);
  EXPECT_EQ(threads->counts().transactions, 3U) << "of 512, 512 and 276";
}

TEST(StoreThreads, DeliverAGroupToEachLaneAtOnce) {
  const TemporaryFolder folder;
  const auto threads = start(folder);
  std::vector<std::vector<Delivery>> left;
  std::vector<std::vector<Delivery>> right;
  auto& left_lane =
      threads->add_lane([&](std::vector<Delivery> group) { left.push_back(std::move(group)); });
  auto& right_lane =
      threads->add_lane([&](std::vector<Delivery> group) { right.push_back(std::move(group)); });
  threads->add_lane([](const std::vector<Delivery>&) { FAIL() << "of no group"; });
  Gate gate(*threads);
  for (std::uint64_t i = 0; i < 600; ++i) {
    EXPECT_TRUE(threads->commit(decision("c1", i), i % 3 == 0 ? left_lane : right_lane, i));
  }
  EXPECT_TRUE(threads->commit(decision("c1", 0), left_lane, 999));
  gate.release();
  threads->stop();

  ASSERT_EQ(left.size(), 2U) << "of 512 and 89 decisions";
  ASSERT_EQ(right.size(), 2U);
  EXPECT_EQ(left[0].size() + right[0].size(), 512U);
  std::uint64_t token = 0;
  for (const auto& group : left) {
    for (const Delivery& one : group) {
      if (one.token == 999) {
        EXPECT_EQ(one.outcome.kind, Kind::conflict);
        continue;
      }
      EXPECT_EQ(one.token, token) << "in the order of their commits";
      EXPECT_EQ(one.outcome.kind, Kind::committed);
      EXPECT_EQ(one.outcome.seq, token + 1);
      token += 3;
    }
  }
  EXPECT_EQ(left[1].back().token, 999U);
}

TEST(StoreThreads, MoveTheLogWhenNothingComes) {
  const TemporaryFolder folder;
  const auto threads = start(folder);
  Commit commit = decision("c1", 0);
  commit.events[0].json = std::string(3'000'000, 'x');
  ASSERT_EQ(wait_commit(*threads, std::move(commit)).kind, Kind::committed);
  EXPECT_TRUE(wait_for([&] { return std::filesystem::file_size(folder / "wasl.db") > 3'000'000; }));
  EXPECT_EQ(wait_commit(*threads, decision("c1", 1)).kind, Kind::committed);
}

TEST(StoreThreads, KeepWritesAndDecisionsInOrder) {
  const TemporaryFolder folder;
  const auto threads = start(folder);
  Gate gate(*threads);
  std::string order;
  const auto note = [&order](char letter) { return [&order, letter](auto&&) { order += letter; }; };
  EXPECT_TRUE(threads->commit(decision("c1", 0), note('a')));
  EXPECT_TRUE(threads->commit(decision("c1", 1), note('b')));
  EXPECT_TRUE(threads->write(
      [&](Store& store) { order += store.conversation("c1")->value().last_seq == 2 ? 'c' : '?'; }));
  EXPECT_TRUE(threads->commit(decision("c1", 2), note('d')));
  gate.release();
  threads->stop();
  EXPECT_EQ(order, "abcd");
}

TEST(StoreThreads, RefuseWhenTheQueueIsFullOrStopped) {
  const TemporaryFolder folder;
  const auto threads = start(folder, 4);
  std::atomic<int> called = 0;
  const auto done = [&called](auto&&) { ++called; };
  Gate gate(*threads);
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_TRUE(threads->commit(decision("c1", i), done));
  EXPECT_FALSE(threads->commit(decision("c1", 4), done));
  EXPECT_FALSE(threads->write(done));
  gate.release();
  threads->stop();
  EXPECT_EQ(called, 4) << "what was accepted is finished, what was refused never called";
  EXPECT_FALSE(threads->commit(decision("c1", 4), done));
  EXPECT_FALSE(threads->write(done));
  EXPECT_FALSE(threads->read(done));
  threads->stop();
  EXPECT_EQ(std::filesystem::exists(folder / "wasl.db-wal"), false) << "closed cleanly";
  EXPECT_TRUE(open_sqlite_store(folder / "wasl.db")) << "the lock is free";
}

TEST(StoreThreads, ServeManyThreadsAtOnce) {
  const TemporaryFolder folder;
  const auto threads = start(folder);
  constexpr int kShards = 8;
  constexpr std::uint64_t kTurns = 150;
  std::atomic<std::uint64_t> acknowledged = 0;
  std::vector<std::thread> shards;
  for (int shard = 0; shard < kShards; ++shard) {
    shards.emplace_back([&, shard] {
      const std::string id = "c" + std::to_string(shard);
      for (std::uint64_t turn = 0; turn < kTurns; turn += 3) {
        // Three decisions in flight, each resting on the one before.
        for (std::uint64_t i = turn; i < turn + 3; ++i) {
          Commit commit = decision(id, i);
          commit.dedupe = {{"visitor:" + id, "m" + std::to_string(i), i + 1}};
          EXPECT_TRUE(threads->commit(std::move(commit), [&](CommitOutcome outcome) {
            EXPECT_EQ(outcome.kind, Kind::committed) << outcome.what;
            ++acknowledged;
          }));
        }
        EXPECT_TRUE(threads->read([&, id](Store& store) {
          const auto events = store.events(id, 0, 1000);
          EXPECT_TRUE(events) << events.error().what;
        }));
        EXPECT_TRUE(threads->healthy());
        static_cast<void>(threads->counts());
      }
    });
  }
  for (std::thread& shard : shards) shard.join();
  threads->stop();
  EXPECT_EQ(acknowledged, kShards * kTurns);
  EXPECT_LT(threads->counts().transactions * 4, threads->counts().decisions) << "grouped";
  const auto store = open_sqlite_store(folder / "wasl.db");
  for (int shard = 0; shard < kShards; ++shard) {
    EXPECT_EQ((*store)->events("c" + std::to_string(shard), 0, 1000)->size(), kTurns);
  }
}

TEST(StoreThreads, KeepTheLogShort) {
  const TemporaryFolder folder;
  const auto threads = start(folder);
  for (std::uint64_t i = 0; i < 30; ++i) {
    Commit commit = decision("c1", i);
    commit.events[0].json = std::string(1'000'000, 'x');
    ASSERT_EQ(wait_commit(*threads, std::move(commit)).kind, Kind::committed);
  }
  EXPECT_LT(std::filesystem::file_size(folder / "wasl.db-wal"), 14U << 20U);
}

TEST(StoreThreads, GetWellAgainByThemselves) {
  const TemporaryFolder folder;
  const auto threads = start(folder);
  sqlite3* stranger = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "wasl.db").c_str(), &stranger), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(stranger, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);

  const CommitOutcome outcome = wait_commit(*threads, decision("c1", 0));
  EXPECT_EQ(outcome.kind, Kind::unavailable);
  EXPECT_FALSE(threads->healthy()) << "known before the callback runs";
  EXPECT_NE(threads->trouble().find("locked"), std::string::npos) << threads->trouble();

  sqlite3_exec(stranger, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(stranger);
  EXPECT_TRUE(wait_for([&] { return threads->healthy(); })) << "a probe, nobody wrote";
  EXPECT_EQ(threads->trouble(), "");
  EXPECT_EQ(wait_commit(*threads, decision("c1", 0)).kind, Kind::committed);
}

TEST(StoreThreads, RefuseToWriteOnceDamageWasRead) {
  const TemporaryFolder folder;
  {
    const auto store = open_sqlite_store(folder / "wasl.db");
    Commit commit = decision("c1", 0);
    commit.events[0].json = "needle";
    commit_one(**store, commit);
  }
  std::string bytes;
  {
    std::ifstream in(folder / "wasl.db", std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  bytes.at(bytes.find("needle")) ^= 1;
  std::ofstream(folder / "wasl.db", std::ios::binary) << bytes;

  const auto threads = start(folder);
  EXPECT_TRUE(threads->healthy());
  EXPECT_FALSE(wait_read<bool>(
      *threads, [](Store& store) { return static_cast<bool>(store.events("c1", 0, 10)); }));
  EXPECT_TRUE(wait_for([&] { return !threads->healthy(); }));
  EXPECT_NE(threads->trouble().find("is damaged"), std::string::npos) << threads->trouble();
  EXPECT_EQ(wait_commit(*threads, decision("c2", 0)).kind, Kind::unavailable);
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  EXPECT_FALSE(threads->healthy()) << "no probe makes damage good";
}

TEST(StoreThreads, ServeTheMemoryStoreToo) {
  auto threads = std::move(*StoreThreads::start(make_memory_store()));
  EXPECT_EQ(wait_commit(*threads, decision("c1", 0)).kind, Kind::committed);
  const auto count = wait_read<std::size_t>(
      *threads, [](Store& store) { return store.events("c1", 0, 10)->size(); });
  EXPECT_EQ(count, 1U);
}

}  // namespace
}  // namespace wasl::store
