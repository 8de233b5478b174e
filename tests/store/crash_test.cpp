// A process is killed while it commits; whatever it acknowledged must be there afterwards.

#include "wasl/store/store_threads.hpp"

#include "store/sqlite_open.hpp"
#include "tests/store/samples.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <string>

namespace wasl::store {
namespace {

constexpr std::uint64_t kConversations = 16;

struct Ack {
  std::uint64_t conversation = 0;
  std::uint64_t seq = 0;
};

std::string id_of(std::uint64_t conversation) {
  return "c" + std::to_string(conversation);
}
std::string key_of(std::uint64_t seq) {
  return "m" + std::to_string(seq);
}

constexpr std::size_t kSlotsMax = 120;  // the index moves to its table again and again

/// Never returns: goes on with every conversation, several decisions ahead of the acknowledgements,
/// and writes each acknowledgement to `pipe` once it is durable.
[[noreturn]] void commit_for_ever(const std::filesystem::path& file, int pipe) {
  auto store = sqlite::open(file, kSlotsMax);
  if (!store) ::_exit(2);
  std::uint64_t last_seq[kConversations] = {};
  for (std::uint64_t c = 0; c < kConversations; ++c) {
    const auto row = (*store)->conversation(id_of(c));
    if (!row) ::_exit(3);
    last_seq[c] = *row ? (*row)->last_seq : 0;
  }
  auto threads = StoreThreads::start(std::move(*store), 64);
  for (;;) {
    for (std::uint64_t c = 0; c < kConversations; ++c) {
      const std::uint64_t seq = last_seq[c] + 1;
      Commit commit = decision(id_of(c), last_seq[c]);
      commit.dedupe = {{"visitor:" + id_of(c), key_of(seq), seq}};
      commit.outbox = {outgoing("tg", seq, key_of(seq))};
      const bool accepted = (*threads)->commit(std::move(commit), [=](CommitOutcome outcome) {
        if (outcome.kind != CommitOutcome::Kind::committed) ::_exit(4);
        const Ack ack{c, seq};
        if (::write(pipe, &ack, sizeof ack) != sizeof ack) ::_exit(5);
      });
      if (accepted) last_seq[c] = seq;  // else the queue is full: try again
    }
  }
}

TEST(SqliteStore, LosesNothingAcknowledgedWhenKilled) {
  const TemporaryFolder folder;
  const auto file = folder / "wasl.db";
  std::map<std::uint64_t, std::uint64_t> acknowledged;  // conversation → its last seq

  for (int round = 0; round < 6; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      commit_for_ever(file, ends[1]);
    }
    ::close(ends[1]);

    // Killed at another moment each round, in the middle of groups.
    const int acks_max = 50 + 137 * round;
    int acks = 0;
    Ack ack;
    while (::read(ends[0], &ack, sizeof ack) == sizeof ack) {
      EXPECT_EQ(ack.seq, acknowledged[ack.conversation] + 1) << "in order";
      acknowledged[ack.conversation] = ack.seq;
      if (++acks == acks_max) {
        ASSERT_EQ(::kill(child, SIGKILL), 0);
      }
    }
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);

    const auto store = open_sqlite_store(file);
    ASSERT_TRUE(store) << store.error().what;
    std::uint64_t total = 0;
    for (std::uint64_t c = 0; c < kConversations; ++c) {
      const auto row = (*store)->conversation(id_of(c));
      ASSERT_TRUE(row && *row) << id_of(c);
      const std::uint64_t last_seq = (*row)->last_seq;
      EXPECT_GE(last_seq, acknowledged[c]) << "acknowledged, so stored";
      EXPECT_EQ((*store)->events(id_of(c), 0, 1'000'000)->size(), last_seq) << "whole decisions";
      for (std::uint64_t seq = 1; seq <= last_seq; ++seq) {
        const auto seen = (*store)->seen("visitor:" + id_of(c), key_of(seq));
        ASSERT_TRUE(seen && *seen) << "a message sent again would be a duplicate";
        EXPECT_EQ((*seen)->seq, seq);
      }
      EXPECT_FALSE(*(*store)->seen("visitor:" + id_of(c), key_of(last_seq + 1)));
      acknowledged[c] = last_seq;  // stored without an acknowledgement: allowed, and kept
      total += last_seq;
    }
    EXPECT_EQ(*(*store)->count_outbox("pending"), total);
  }
}

}  // namespace
}  // namespace wasl::store
