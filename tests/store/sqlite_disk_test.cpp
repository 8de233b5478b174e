// A disk that fills up, pages that are lost while the program runs, files that must not grow.

#include "wasl/store/store.hpp"

#include "tests/store/samples.hpp"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace wasl::store {
namespace {

namespace fs = std::filesystem;
using Kind = CommitOutcome::Kind;

std::unique_ptr<Store> open(const fs::path& file) {
  auto store = open_sqlite_store(file);
  EXPECT_TRUE(store) << store.error().what;
  return store ? std::move(*store) : nullptr;
}

/// A file system of `size` in memory; not there without the right to mount.
class SmallDisk {
 public:
  explicit SmallDisk(const char* size) : place_(folder_ / "disk") {
    fs::create_directory(place_);
    const std::string options = std::string("size=") + size;
    failed_ = ::mount("wasl-test", place_.c_str(), "tmpfs", 0, options.c_str()) == 0 ? 0 : errno;
  }
  ~SmallDisk() {
    if (failed_ == 0) ::umount2(place_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] const char* failed() const {
    return failed_ == 0 ? nullptr : std::strerror(failed_);
  }
  [[nodiscard]] fs::path operator/(const char* name) const { return place_ / name; }

 private:
  TemporaryFolder folder_;
  fs::path place_;
  int failed_ = 0;
};

TEST(SqliteDisk, IsWrittenToAgainWhenThereIsRoom) {
  const SmallDisk disk("2m");
  if (disk.failed() != nullptr) {
    GTEST_SKIP() << "a small disk cannot be mounted here: " << disk.failed();
  }
  const fs::path file = disk / "wasl.db";
  const fs::path filler = disk / "filler";
  std::ofstream(filler) << std::string(1'000'000, 'f');

  auto store = open(file);
  const auto reader = std::move(*store->reader());
  std::uint64_t stored = 0;
  CommitOutcome outcome;
  while (stored < 10'000) {
    Commit commit = decision("c1", stored);
    commit.events[0].json = std::string(2000, 'x');
    commit.dedupe = {{"visitor:1", std::to_string(stored), stored + 1}};
    outcome = commit_one(*store, commit);
    if (outcome.kind != Kind::committed) break;
    ++stored;
  }
  EXPECT_EQ(outcome.kind, Kind::unavailable);
  EXPECT_NE(outcome.what.find("full"), std::string::npos) << outcome.what;
  EXPECT_GT(stored, 20U);
  EXPECT_NE(store->trouble(), "");
  EXPECT_EQ(reader->events("c1", 0, 20'000)->size(), stored) << "reading goes on";
  EXPECT_FALSE(*store->seen("visitor:1", std::to_string(stored))) << "nothing is left of it";

  fs::remove(filler);
  EXPECT_TRUE(store->probe());
  EXPECT_EQ(store->trouble(), "");
  EXPECT_EQ(commit_one(*store, decision("c1", stored)).kind, Kind::committed);
  store = nullptr;
  EXPECT_EQ(open(file)->events("c1", 0, 20'000)->size(), stored + 1);
}

TEST(SqliteDisk, MayLoseAPageButNotInSilence) {
  for (const bool zeros : {true, false}) {
    const TemporaryFolder folder;
    const fs::path file = folder / "wasl.db";
    const auto store = open(file);
    for (int i = 0; i < 40; ++i) {
      Commit commit = decision("c" + std::to_string(i), 0);
      commit.events[0].json = std::string(3000, 'x') + "needle-" + std::to_string(i) + "-";
      ASSERT_EQ(commit_one(*store, commit).kind, Kind::committed);
    }
    ASSERT_TRUE(store->checkpoint(true));

    std::fstream raw(file, std::ios::binary | std::ios::in | std::ios::out);
    const std::string bytes{std::istreambuf_iterator<char>(raw), {}};
    const std::size_t page = bytes.find("needle-30-") / 4096 * 4096;
    std::string lost(4096, '\0');
    std::mt19937 random(1);
    if (!zeros) {
      for (char& byte : lost) byte = static_cast<char>(random() % 256U);
    }
    raw.clear();
    raw.seekp(static_cast<std::streamoff>(page));
    raw << lost << std::flush;

    const auto reader = std::move(*store->reader());
    const auto read = reader->events("c30", 0, 10);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Error::Code::unavailable);
    EXPECT_NE(store->trouble().find("is damaged"), std::string::npos) << store->trouble();
    EXPECT_EQ(commit_one(*store, decision("c99", 0)).kind, Kind::unavailable);
    EXPECT_FALSE(store->probe()) << "for good";
    EXPECT_EQ(reader->events("c1", 0, 10)->size(), 1U) << "what is sound can be read";
  }
}

std::string snapshot_of(std::uint64_t turn) {
  std::string snapshot;
  for (int i = 0; i < 100; ++i) snapshot += "\"value-" + std::to_string(i * 7919) + "\":true,";
  return snapshot + "\"turn\":" + std::to_string(turn);
}

TEST(SqliteDisk, HoldsFewSnapshotsOfALongConversation) {
  for (const std::uint64_t events : {1U, 0U}) {
    const TemporaryFolder folder;
    const fs::path file = folder / "wasl.db";
    const auto store = open(file);
    const auto empty = fs::file_size(file);
    ASSERT_EQ(commit_one(*store, decision("c1", 0)).kind, Kind::committed);
    std::vector<Commit> group;
    for (std::uint64_t turn = 0; turn < 1000; ++turn) {
      Commit commit = decision("c1", 1 + turn * events, events);
      commit.after.snapshot = snapshot_of(turn);
      group.push_back(std::move(commit));
    }
    for (const CommitOutcome& outcome : store->commit(group)) {
      ASSERT_EQ(outcome.kind, Kind::committed) << outcome.what;
    }
    ASSERT_TRUE(store->checkpoint(true));
    EXPECT_EQ((*store->conversation("c1"))->snapshot, snapshot_of(999));
    const std::size_t whole = snapshot_of(999).size();
    EXPECT_GT(whole, 1900U);
    EXPECT_LT(fs::file_size(file) - empty, 100 * whole) << events << " events each";
  }
}

}  // namespace
}  // namespace wasl::store
