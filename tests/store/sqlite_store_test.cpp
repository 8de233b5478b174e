// What only a store on a disk must do: survive, refuse what is damaged, recover.

#include "wasl/store/store.hpp"

#include "store/log_row.hpp"
#include "tests/store/samples.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace wasl::store {
namespace {

namespace fs = std::filesystem;
using Kind = CommitOutcome::Kind;

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// Runs `sql` behind the store's back.
void run_sql(const fs::path& file, const char* sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(handle);
  sqlite3_close(handle);
}

std::unique_ptr<Store> open(const fs::path& file) {
  auto store = open_sqlite_store(file);
  EXPECT_TRUE(store) << store.error().what;
  return store ? std::move(*store) : nullptr;
}

Error refusal(const fs::path& file) {
  const auto store = open_sqlite_store(file);
  return store ? Error{Error::Code::invalid_input, "was opened"} : store.error();
}

/// A closed database with one conversation of two events, one of them "needle", in one decision.
Commit fill(const fs::path& file) {
  Commit commit = decision("c1", 0, 2);
  commit.events[1].json = R"({"text":"needle"})";
  commit.dedupe = {{"visitor:1", "m1", 1}};
  commit.outbox = {outgoing("tg", 2, "payload", at(1))};
  EXPECT_EQ(commit_one(*open(file), commit).kind, Kind::committed);
  return commit;
}

TEST(SqliteStore, KeepsEverythingWhenOpenedAgain) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  const Commit commit = fill(file);
  {
    const auto store = open(file);
    EXPECT_EQ(**store->conversation("c1"), commit.after);
    EXPECT_EQ(*store->events("c1", 0, 10), commit.events);
    EXPECT_EQ(**store->seen("visitor:1", "m1"), (Seen{"c1", 1}));
    EXPECT_EQ(*store->count_outbox("pending"), 1U);
    EXPECT_EQ(commit_one(*store, decision("c1", 2)).kind, Kind::committed);
  }
  EXPECT_EQ(open(file)->events("c1", 0, 10)->size(), 3U);
  EXPECT_FALSE(fs::exists(folder / "wasl.db-wal")) << "a clean end leaves no log";
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(SqliteStore, IsBusyWhenOpenedTwice) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  auto first = open(file);
  const Error second = refusal(file);
  EXPECT_EQ(second.code, Error::Code::busy);
  EXPECT_NE(second.what.find("another program is using"), std::string::npos) << second.what;
  EXPECT_EQ(commit_one(*first, decision("c1", 0)).kind, Kind::committed) << "the first goes on";

  fs::create_symlink(file, folder / "other.db");
  EXPECT_EQ(refusal(folder / "other.db").code, Error::Code::busy) << "by another name";
  first.reset();
  EXPECT_TRUE(open(file));
}

TEST(SqliteStore, RefusesWhatItCannotTrust) {
  const struct {
    const char* name;
    void (*harm)(const fs::path& file);
    const char* says;
  } cases[] = {
      {"from a newer version",
       [](const fs::path& file) { run_sql(file, "PRAGMA user_version = 99"); },
       "newer version of Wasl (schema 99"},
      {"of another program",
       [](const fs::path& file) { run_sql(file, "PRAGMA application_id = 7"); },
       "some other program"},
      {"cut in half",
       [](const fs::path& file) { fs::resize_file(file, fs::file_size(file) / 8192 * 4096); },
       "is damaged"},
      {"cut by a byte",
       [](const fs::path& file) { fs::resize_file(file, fs::file_size(file) - 1); }, "is damaged"},
      {"cut within its header", [](const fs::path& file) { fs::resize_file(file, 50); },
       "is damaged"},
      {"empty", [](const fs::path& file) { fs::resize_file(file, 0); }, "it is empty"},
      {"no database", [](const fs::path& file) { write_file(file, std::string(9000, 'x')); },
       "is damaged"},
      {"gone, its log is not",
       [](const fs::path& file) {
         fs::remove(file);
         write_file(file.string() + "-wal", "frames");
       },
       "although its log"},
      {"without a table", [](const fs::path& file) { run_sql(file, "DROP TABLE slot"); },
       "no such table"},
      {"a folder",
       [](const fs::path& file) {
         fs::remove(file);
         fs::create_directory(file);
       },
       "wasl.db"},
  };
  for (const auto& c : cases) {
    const TemporaryFolder folder;
    const fs::path file = folder / "wasl.db";
    fill(file);
    c.harm(file);
    const Error error = refusal(file);
    EXPECT_EQ(error.code, Error::Code::unavailable) << c.name;
    EXPECT_NE(error.what.find(c.says), std::string::npos) << c.name << ": " << error.what;
    EXPECT_NE(error.what.find(file.string()), std::string::npos) << c.name << ": " << error.what;
  }
}

TEST(SqliteStore, MakesADatabaseWhole) {
  const TemporaryFolder folder;
  write_file(folder / "wasl.db.new", "left over from a start that was killed");
  EXPECT_TRUE(open(folder / "wasl.db"));
  EXPECT_FALSE(fs::exists(folder / "wasl.db.new"));
}

TEST(SqliteStore, FindsAFlippedBitAndWritesNoMore) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  {
    const auto store = open(file);
    Commit second = decision("c1", 1);
    second.events[0].json = R"({"text":"needle"})";
    for (const Commit& commit : {decision("c0", 0), decision("c1", 0), second}) {
      ASSERT_EQ(commit_one(*store, commit).kind, Kind::committed);
    }
  }
  std::string bytes = read_file(file);
  bytes.at(bytes.find("needle")) ^= 1;
  write_file(file, bytes);

  const auto store = open(file);
  const auto reader = std::move(*store->reader());
  EXPECT_EQ(store->trouble(), "") << "not seen yet";

  const auto read = reader->events("c1", 0, 10);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Error::Code::unavailable);
  EXPECT_NE(read.error().what.find("row 3 of the log has a wrong checksum"), std::string::npos)
      << read.error().what;

  // The reader found it; the writer knows.
  EXPECT_NE(store->trouble().find("is damaged"), std::string::npos);
  const CommitOutcome refused = commit_one(*store, decision("c2", 0));
  EXPECT_EQ(refused.kind, Kind::unavailable);
  EXPECT_NE(refused.what.find("nothing is written any more"), std::string::npos) << refused.what;
  EXPECT_FALSE(store->put_session({"s", "a", at(1)}));
  EXPECT_FALSE(store->probe());
  EXPECT_TRUE(*reader->conversation("c0")) << "what is sound can be read";
  EXPECT_EQ(reader->events("c0", 0, 10)->size(), 1U);
}

TEST(SqliteStore, FindsRowsThatAreGoneOrChanged) {
  for (const char* harm : {
           "DELETE FROM log",
           "DELETE FROM slot",
           "DELETE FROM slot WHERE tag > 0",
           "UPDATE log SET conversation_key = 9",
           "UPDATE log SET last_seq = last_seq + 1",
           "UPDATE log SET epoch = 5",
           "UPDATE log SET body = substr(body, 2)",
           "UPDATE log SET checksum = checksum + 1",
           "UPDATE slot SET tag = tag + 2 WHERE tag > 0",
           "UPDATE slot SET log_id = 9 WHERE tag > 0",
           "UPDATE slot SET log_id = 9 WHERE tag < 0",
           "UPDATE conversation SET visitor = 'v9'",
           "UPDATE conversation SET wake_at = NULL",
           "UPDATE conversation SET wake_at = wake_at + 1",
           "UPDATE outbox SET payload = 'forged'",
       }) {
    const TemporaryFolder folder;
    const fs::path file = folder / "wasl.db";
    fill(file);
    const auto store = open(file);
    run_sql(file, harm);
    const bool found = !store->events("c1", 0, 10) || !store->conversation("c1") ||
                       !store->seen("visitor:1", "m1") || !store->due_outbox(at(9), 9);
    EXPECT_TRUE(found) << harm;
    EXPECT_NE(store->trouble(), "") << harm;
  }
}

/// All that can be asked about fill(); nothing where an answer is refused.
std::optional<std::string> dump(Store& store) {
  const auto conversation = store.conversation("c1");
  const auto events = store.events("c1", 0, 10);
  const auto live = live_conversations(store);
  const auto history = store.history("visitor of c1", 9);
  const auto seen = store.seen("visitor:1", "m1");
  const auto due = store.due_outbox(at(9), 9);
  if (!conversation || !events || !live || !history || !seen || !due) return std::nullopt;
  std::string all = std::to_string(live->size()) + std::to_string(history->size());
  if (*conversation) all += (*conversation)->id + (*conversation)->snapshot;
  for (const EventRow& row : *events) all += std::to_string(row.seq) + row.kind + row.json;
  if (*seen) all += (*seen)->conversation + std::to_string((*seen)->seq);
  for (const OutboxRow& row : *due) all += row.channel + row.payload;
  return all;
}

TEST(SqliteStore, NeverGivesAWrongAnswerAfterOneFlippedBit) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  fill(file);
  const std::string sound = read_file(file);
  const std::string want = *dump(*open(file));

  // Most bytes of a small database are zero and unused; flip bits of the others.
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    if (sound[i] != 0) used.push_back(i);
  }
  std::mt19937 random(20261121);
  int refused = 0;
  for (int round = 0; round < 1500; ++round) {
    const std::size_t offset = used[random() % used.size()];
    const unsigned bit = static_cast<unsigned>(random() % 8U);
    std::string bytes = sound;
    bytes[offset] = static_cast<char>(static_cast<unsigned char>(bytes[offset]) ^ (1U << bit));
    write_file(file, bytes);
    fs::remove(folder / "wasl.db-wal");
    fs::remove(folder / "wasl.db-shm");

    auto store = open_sqlite_store(file);
    const std::optional<std::string> got = store ? dump(**store) : std::nullopt;
    if (got) {
      EXPECT_EQ(*got, want) << "byte " << offset << ", bit " << bit;
    } else {
      ++refused;
    }
  }
  EXPECT_GT(refused, 40) << "the flips did hit something";
}

/// While it lives no file may grow beyond `bytes`: a full disk.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*old_handler_)(int) = nullptr;
};

TEST(SqliteStore, RecoversByItselfFromAFullDisk) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  const auto store = open(file);
  ASSERT_EQ(commit_one(*store, decision("c1", 0)).kind, Kind::committed);

  Commit large = decision("c2", 0);
  large.events[0].json = std::string(100'000, 'x');
  {
    const FullDisk full(fs::file_size(folder / "wasl.db-wal"));
    const std::vector<Commit> group = {decision("c1", 1), large};
    for (const CommitOutcome& outcome : store->commit(group)) {
      EXPECT_EQ(outcome.kind, Kind::unavailable) << "all of the group";
      EXPECT_NE(outcome.what.find("does not work"), std::string::npos) << outcome.what;
    }
    EXPECT_NE(store->trouble(), "");
    EXPECT_FALSE(store->probe());
    EXPECT_EQ(commit_one(*store, decision("c9", 9)).kind, Kind::conflict);
    EXPECT_NE(store->trouble(), "") << "a refused decision proves nothing about the disk";
    EXPECT_EQ(store->events("c1", 0, 10)->size(), 1U) << "reading goes on";
  }
  EXPECT_TRUE(store->probe());
  EXPECT_EQ(store->trouble(), "");
  EXPECT_FALSE(*store->conversation("c2")) << "nothing of the failed group was written";
  EXPECT_EQ(commit_one(*store, decision("c1", 1)).kind, Kind::committed);
  EXPECT_EQ(commit_one(*store, large).kind, Kind::committed);
}

TEST(SqliteStore, WaitsForAStrangersLockOnlySoLong) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  const auto store = open(file);
  sqlite3* stranger = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &stranger), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(stranger, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);

  const auto start = std::chrono::steady_clock::now();
  const CommitOutcome outcome = commit_one(*store, decision("c1", 0));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  EXPECT_EQ(outcome.kind, Kind::unavailable);
  EXPECT_NE(outcome.what.find("locked"), std::string::npos) << outcome.what;

  // What waits behind it is not held up again and again.
  const auto second = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(commit_one(*store, decision("c1", 0)).kind, Kind::unavailable);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - second, std::chrono::seconds(10));
  EXPECT_FALSE(*store->conversation("c1")) << "reading goes on";

  sqlite3_exec(stranger, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(stranger);
  EXPECT_EQ(commit_one(*store, decision("c1", 0)).kind, Kind::committed);
  EXPECT_EQ(store->trouble(), "");
}

TEST(SqliteStore, ForgetsWhatItRemembersWhenAStrangerWrote) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  const auto store = open(file);
  Commit first = decision("c1", 0);
  first.dedupe = {{"visitor:1", "m1", 1}};
  ASSERT_EQ(commit_one(*store, first).kind, Kind::committed);
  run_sql(file, "DELETE FROM slot; DELETE FROM log; DELETE FROM scope; DELETE FROM conversation");
  EXPECT_EQ(commit_one(*store, first).kind, Kind::committed) << "as if it were new";
  EXPECT_EQ(**store->seen("visitor:1", "m1"), (Seen{"c1", 1}));
}

TEST(SqliteStore, TellsKeysOfTheSameHashApart) {
  const TemporaryFolder folder;
  const fs::path file = folder / "wasl.db";
  Commit first = decision("c1", 0);
  first.dedupe = {{"visitor:1", "m1", 1}};
  ASSERT_EQ(commit_one(*open(file), first).kind, Kind::committed);
  const auto store = open(file);

  // No two keys of one hash are known, so the slot "m2" will want is given to "m1" as well.
  const std::string taken = "INSERT INTO slot SELECT owner, " + std::to_string(tag_of_key("m2")) +
                            ", log_id FROM slot WHERE tag < 0";
  run_sql(file, taken.c_str());
  EXPECT_FALSE(*store->seen("visitor:1", "m2"));
  Commit second = decision("c1", 1);
  second.dedupe = {{"visitor:1", "m2", 2}};
  EXPECT_EQ(commit_one(*store, second).kind, Kind::committed);
  EXPECT_EQ(**store->seen("visitor:1", "m2"), (Seen{"c1", 2}));
  EXPECT_EQ(**store->seen("visitor:1", "m1"), (Seen{"c1", 1}));
  const CommitOutcome again = commit_one(*store, second);
  EXPECT_EQ(again.kind, Kind::duplicate);
  EXPECT_EQ(again.seq, 2U);
}

TEST(SqliteStore, MovesItsLogWhenTold) {
  const TemporaryFolder folder;
  const auto store = open(folder / "wasl.db");
  const auto reader = std::move(*store->reader());
  for (std::uint64_t i = 0; i < 20; ++i) commit_one(*store, decision("c1", i));
  EXPECT_GT(store->log_bytes(), 20U * 4096U);
  ASSERT_TRUE(store->checkpoint(false));
  EXPECT_EQ(store->log_bytes(), 0U);
  EXPECT_EQ(reader->events("c1", 0, 100)->size(), 20U);
  ASSERT_TRUE(store->checkpoint(true));
  EXPECT_EQ(fs::file_size(folder / "wasl.db-wal"), 0U);
  EXPECT_FALSE(reader->checkpoint(false)) << "only the writer's connection";
}

}  // namespace
}  // namespace wasl::store
