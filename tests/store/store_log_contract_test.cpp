// What any backend must do: the newest state of each conversation, and what changed when.

#include "wasl/store/store.hpp"

#include "tests/store/every_backend.hpp"
#include "tests/store/samples.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace wasl::store {
namespace {

using Kind = CommitOutcome::Kind;

TEST(Store, WalksTheConversationsThatHaveADeadline) {
  in_every_backend([](Store& store) {
    for (const char* id : {"c1", "c2", "c3"}) commit_one(store, decision(id, 0));
    Commit close = decision("c2", 1);
    close.after.deadline.reset();
    commit_one(store, close);

    std::map<std::string, ConversationRow> walked;
    ASSERT_TRUE(store.for_each_live([&](ConversationRow row) {
      walked[row.id] = std::move(row);
      return true;
    }));
    ASSERT_EQ(walked.size(), 2U);
    EXPECT_EQ(walked["c1"], **store.conversation("c1"));
    EXPECT_EQ(walked["c3"], **store.conversation("c3"));

    int count = 0;
    ASSERT_TRUE(store.for_each_live([&](const ConversationRow&) { return ++count < 1; }));
    EXPECT_EQ(count, 1) << "until told to stop";
  });
}

TEST(Store, ListsWhoseDeadlineHasPassed) {
  in_every_backend([](Store& store) {
    // Each is decided upon twice, so that a deadline is put off, brought near, or taken away.
    const struct {
      const char* id;
      std::int64_t first;
      std::int64_t second;  // 0: none
    } cases[] = {{"put off", 100, 900},
                 {"nearer", 900, 150},
                 {"the same", 200, 200},
                 {"closed", 100, 0},
                 {"put off a bit", 50, 250}};
    for (const auto& c : cases) {
      Commit commit = decision(c.id, 0);
      commit.after.deadline = at(c.first);
      commit.after.updated_at = at(10);
      ASSERT_EQ(commit_one(store, commit).kind, Kind::committed);
      commit = decision(c.id, 1);
      commit.after.updated_at = at(60);
      commit.after.deadline.reset();
      if (c.second != 0) commit.after.deadline = at(c.second);
      ASSERT_EQ(commit_one(store, commit).kind, Kind::committed);
    }
    const auto overdue = [&](std::int64_t before, std::size_t count_max = 9) {
      const auto rows = store.overdue(at(before), count_max);
      EXPECT_TRUE(rows) << rows.error().what;
      std::string all;
      for (const Overdue& row : *rows) {
        all +=
            row.conversation + " " + std::to_string(row.deadline.time_since_epoch().count()) + "; ";
      }
      return all;
    };
    EXPECT_EQ(overdue(150), "");
    EXPECT_EQ(overdue(151), "nearer 150; ");
    EXPECT_EQ(overdue(300), "nearer 150; the same 200; put off a bit 250; ");
    EXPECT_EQ(overdue(1000, 2), "nearer 150; the same 200; ") << "the most overdue";
    EXPECT_EQ(overdue(1000), "nearer 150; the same 200; put off a bit 250; put off 900; ");
    EXPECT_EQ(overdue(1000, 0), "");
  });
}

TEST(Store, TellsWhatChangedSinceAPosition) {
  in_every_backend([](Store& store) {
    EXPECT_EQ(*store.position(), 0U);
    EXPECT_TRUE(store.changed(0, 9)->rows.empty());
    commit_one(store, decision("c1", 0, 2));
    commit_one(store, decision("c2", 0));
    commit_one(store, decision("c2", 7));  // refused
    commit_one(store, decision("c1", 2));

    const auto first = store.changed(0, 2);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->rows, (std::vector<Changes::Row>{{"c1", 2}, {"c2", 1}}));
    const auto rest = store.changed(first->position, 2);
    EXPECT_EQ(rest->rows, (std::vector<Changes::Row>{{"c1", 3}}));
    EXPECT_EQ(rest->position, *store.position());
    EXPECT_TRUE(store.changed(rest->position, 2)->rows.empty());
    EXPECT_EQ(store.changed(rest->position, 2)->position, rest->position);

    for (int i = 0; i < 3; ++i) commit_one(store, decision("c2", 1, 0));  // without events
    const auto quiet = store.changed(rest->position, 9);
    ASSERT_FALSE(quiet->rows.empty());
    EXPECT_EQ(quiet->rows.back(), (Changes::Row{"c2", 1}));
    EXPECT_EQ(quiet->position, *store.position());
    EXPECT_GT(quiet->position, rest->position);
  });
}

TEST(Store, KeepsTheNewestSnapshotHoweverItChanges) {
  in_every_backend([](Store& store) {
    std::mt19937 random(7);
    std::string snapshot;
    for (std::uint64_t turn = 0; turn < 200; ++turn) {
      // Mostly a small change; now and then nothing is left of it, or it is long or empty.
      if (turn % 50 == 49) {
        snapshot.clear();
      } else if (turn % 17 == 0) {
        snapshot.assign(turn % 34 == 0 ? 20'000 : 1500, 'a');
        for (char& letter : snapshot) letter = static_cast<char>(random() % 256U);
      } else if (!snapshot.empty()) {
        snapshot[random() % snapshot.size()] ^= 1;
        snapshot.insert(random() % snapshot.size(), std::to_string(turn));
      }
      Commit commit = decision("c1", turn);
      commit.after.snapshot = snapshot;
      ASSERT_EQ(commit_one(store, commit).kind, Kind::committed);
      if (turn % 3 == 0) {
        Commit quiet = decision("c1", turn + 1, 0);
        snapshot += "quiet";
        quiet.after.snapshot = snapshot;
        ASSERT_EQ(commit_one(store, quiet).kind, Kind::committed);
      }
      ASSERT_EQ((*store.conversation("c1"))->snapshot, snapshot) << turn;
    }
    EXPECT_EQ(store.events("c1", 0, 1000)->size(), 200U);
  });
}

}  // namespace
}  // namespace wasl::store
