// Slots of the newest rows wait in memory; the log has all that is needed to make them again.
//
// Keys take the first free tag from their hash on, so the order of rows decides their places.
// Made again in that order they get the same ones; a slot at such a place that is in the table
// already is their own, from before the crash.

#include "store/sqlite_slots.hpp"

#include "wasl/core/kill_point.hpp"

#include "store/log_row.hpp"
#include "store/sqlite_slot_mark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

namespace wasl::store::sqlite {
namespace {

constexpr std::size_t kMoveMin = 256;   // slots with one transaction
constexpr std::size_t kTogether = 32;   // with one statement
constexpr std::size_t kMoveFactor = 4;  // times what the transaction added: it comes to an end

std::string insert_of(std::size_t count) {
  std::string sql = "INSERT INTO slot (owner, tag, log_id) VALUES (?, ?, ?)";
  for (std::size_t i = 1; i < count; ++i) sql += ", (?, ?, ?)";
  return sql + " ON CONFLICT DO NOTHING";
}

/// Whether a later row takes the slot: of rows without events only the latest keeps it.
bool replaceable(std::int64_t tag) {
  return tag > 0 && tag % 2 == 0;
}

}  // namespace

void load_slots(const Connection& connection, SlotMemory& memory) {
  Statement mark(connection, "SELECT " WASL_MARK_COLUMNS " FROM slot_mark WHERE id = 1");
  Rows mark_rows = mark.rows();
  const std::int64_t complete_to = read_mark(mark_rows.next(), mark_rows);
  SlotBatch slots;
  Conversations conversations(connection);
  conversations.each_row(complete_to, [&](std::int64_t id, const LogRow& row) {
    for (const DedupeRow& key : row.keys) {
      const auto owner = conversations.scope_key(key.scope);
      if (!owner) throw damaged(fmt::format("row {} of the log names a scope that is gone", id));
      std::int64_t tag = tag_of_key(key.key);
      const auto taken = [&] {
        if (slots.find(*owner, tag, id)) return true;
        const auto stored = conversations.slot_at(*owner, tag);  // of the table: it has no view
        return stored && *stored != id;
      };
      while (taken()) --tag;
      slots.add({*owner, tag, id});
    }
    slots.add({row.conversation, tag_of(row.last_seq, row.events.size()), id});
  });
  memory.reset(complete_to, std::move(slots));
}

SlotKeeper::SlotKeeper(const Connection& connection, SlotMemory& memory, std::size_t slots_max)
    : connection_(connection),
      memory_(memory),
      slots_max_(slots_max),
      insert_(connection, insert_of(1).c_str()),
      insert_many_(connection, insert_of(kTogether).c_str()),
      replace_(connection, "UPDATE slot SET log_id = ?3 WHERE owner = ?1 AND tag = ?2"),
      find_(connection, "SELECT log_id FROM slot WHERE owner = ?1 AND tag = ?2"),
      mark_(connection, "UPDATE slot_mark SET complete_to = ?1, checksum = ?2 WHERE id = 1"),
      young_before_(memory.young_size()) {}

void SlotKeeper::begin() {
  if (moving_.empty() && memory_.young_size() > slots_max_) retire();
  young_before_ = memory_.young_size();
}

void SlotKeeper::move_some() {
  const std::size_t added = memory_.young_size() - young_before_;
  move(std::max(kMoveMin, kMoveFactor * added));
}

bool SlotKeeper::begin_all() {
  if (moving_.empty() && memory_.young_size() > 0) retire();
  young_before_ = memory_.young_size();
  return !moving_.empty();
}

void SlotKeeper::move_all() {
  move(moving_.size());
}

void SlotKeeper::committed() {
  moved_ = moved_now_;
  young_before_ = memory_.young_size();
  if (moving_.empty() || moved_ < moving_.size()) return;
  kill_point("slots.moved");
  memory_.drop_old(moving_to_);
  begin_anew();
}

void SlotKeeper::begin_anew() {
  moving_.clear();
  moved_ = moved_now_ = 0;
  young_before_ = memory_.young_size();
}

void SlotKeeper::rolled_back() {
  moved_now_ = moved_;
  memory_.shrink(young_before_);
}

void SlotKeeper::retire() {
  const auto batch = memory_.retire();
  moving_to_ = batch->last_row();
  moving_ = batch->sorted();
}

void SlotKeeper::move(std::size_t count) {
  if (moving_.empty()) return;
  const std::size_t end = std::min(moving_.size(), moved_ + count);
  moved_now_ = moved_;
  std::array<std::int64_t, 3 * kTogether> values{};
  while (moved_now_ < end) {
    const std::size_t together = end - moved_now_ < kTogether ? 1 : kTogether;
    const auto slots = std::span(moving_).subspan(moved_now_, together);
    moved_now_ += together;
    if (together == kTogether) {
      auto value = values.begin();
      for (const Slot& slot : slots) {
        for (const std::int64_t one : {slot.owner, slot.tag, slot.row}) *value++ = one;
      }
      insert_many_.run_whole(values);
      if (connection_.changed() == static_cast<int>(kTogether)) continue;
    }
    for (const Slot& slot : slots) put(slot);
  }
  kill_point("slots.moving");
  if (moved_now_ == moving_.size()) mark_.run(moving_to_, seal_of_mark(moving_to_));
}

/// The slot may be there: from before a crash, or of a row that this one replaces.
void SlotKeeper::put(const Slot& slot) {
  insert_.run(slot.owner, slot.tag, slot.row);
  if (connection_.changed() == 1) return;
  if (replaceable(slot.tag)) return replace_.run(slot.owner, slot.tag, slot.row);
  Rows rows = find_.rows(slot.owner, slot.tag);
  if (!rows.next() || rows.whole() != slot.row) {
    throw damaged("the log and its index contradict each other");
  }
}

}  // namespace wasl::store::sqlite
