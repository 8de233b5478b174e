#include "store/slot_memory.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace wasl::store {
namespace {

constexpr std::int64_t kAll = SlotMemory::kAllRows;

TEST(SlotBatch, GivesEachReaderTheRowsOfItsTime) {
  SlotBatch batch;
  batch.add({1, 3, 10});
  batch.add({1, 6, 11});
  batch.add({1, 6, 12});  // takes the place of row 11
  batch.add({1, 7, 13});
  batch.add({2, -5, 13});
  EXPECT_EQ(batch.find(1, 6, kAll), 12);
  EXPECT_EQ(batch.find(1, 6, 11), 11) << "row 12 is not there yet for this one";
  EXPECT_EQ(batch.find(1, 6, 10), std::nullopt);
  EXPECT_EQ(batch.find(1, 5, kAll), std::nullopt);
  EXPECT_EQ(batch.find(2, -5, 12), std::nullopt);
  EXPECT_EQ(batch.newest(1, kAll), (Slot{1, 7, 13}));
  EXPECT_EQ(batch.newest(1, 12), (Slot{1, 6, 12}));
  EXPECT_EQ(batch.newest(2, kAll), std::nullopt) << "a key is no row";
  EXPECT_EQ(batch.sorted(), (std::vector<Slot>{{1, 3, 10}, {1, 6, 12}, {1, 7, 13}, {2, -5, 13}}));
}

TEST(SlotBatch, AnswersLikeAListThatIsSearched) {
  std::mt19937 random(20261122);
  SlotBatch batch;
  std::vector<Slot> list;
  std::map<std::int64_t, std::int64_t> tags;  // of rows only grow
  for (int step = 0; step < 20'000; ++step) {
    const std::int64_t owner = static_cast<std::int64_t>(random() % 40);
    const auto kind = random() % 8;
    if (kind == 0 && !list.empty()) {
      const Slot last = list.back();
      list.pop_back();
      batch.remove_last();
      tags[last.owner] = 0;
      for (const Slot& slot : list) {
        if (slot.owner == last.owner && slot.tag > 0) tags[last.owner] = slot.tag;
      }
    } else if (kind < 6) {
      const bool row = owner % 2 == 0;
      if (row) tags[owner] += static_cast<std::int64_t>(random() % 3) + (tags[owner] == 0 ? 1 : 0);
      const Slot slot{owner, row ? tags[owner] : -1 - static_cast<std::int64_t>(random() % 400),
                      step};
      list.push_back(slot);
      batch.add(slot);
    } else {
      const std::int64_t row_max = static_cast<std::int64_t>(random() % 20'000);
      const std::int64_t tag = static_cast<std::int64_t>(random() % 500) - 400;
      std::optional<std::int64_t> found;
      std::optional<Slot> newest;
      for (const Slot& slot : list) {
        if (slot.owner != owner || slot.row > row_max) continue;
        if (slot.tag == tag) found = slot.row;
        if (slot.tag > 0) newest = slot;
      }
      ASSERT_EQ(batch.find(owner, tag, row_max), found) << step;
      ASSERT_EQ(batch.newest(owner, row_max), newest) << step;
    }
    ASSERT_EQ(batch.size(), list.size());
  }
}

TEST(SlotMemory, KeepsForAReaderWhatTheTableHasSinceGot) {
  SlotMemory memory;
  memory.add({1, 3, 1});
  const auto reader = memory.view(1, 0);
  ASSERT_TRUE(reader);
  memory.add({1, 5, 2});
  EXPECT_EQ(reader->newest(1), (Slot{1, 3, 1})) << "row 2 is not in its state of the database";

  EXPECT_EQ(memory.retire()->last_row(), 2);
  memory.add({1, 7, 3});
  memory.drop_old(2);
  EXPECT_EQ(reader->rows_of(1), (std::vector<Slot>{{1, 3, 1}}));
  EXPECT_FALSE(memory.view(1, 0)) << "too late to begin with that state";
  EXPECT_EQ(memory.view(3, 2)->rows_of(1), (std::vector<Slot>{{1, 7, 3}}));
}

TEST(SlotMemory, TakesBackWhatWasNotCommitted) {
  SlotMemory memory;
  memory.add({1, 3, 1});
  const std::size_t before = memory.young_size();
  memory.add({1, 5, 2});
  memory.add({2, -5, 2});
  memory.shrink(before);
  const auto view = *memory.view(kAll, 0);
  EXPECT_EQ(view.all(), (std::vector<Slot>{{1, 3, 1}}));
  EXPECT_EQ(view.find(2, -5), std::nullopt);
}

}  // namespace
}  // namespace wasl::store
