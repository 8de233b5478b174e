#include "store/slot_memory.hpp"

#include "wasl/core/check.hpp"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace wasl::store {

template <typename Visit>
void SlotBatch::walk(const Chain& chain, std::int64_t row_max, Visit visit) const {
  if (latest_.empty()) return;
  for (std::uint32_t at = latest_[place_of(chain)]; at != 0; at = entries_[at - 1].before) {
    const Slot& slot = entries_[at - 1].slot;
    if (slot.row <= row_max && !visit(slot)) return;
  }
}

// The hash table is probed one place after the other.  What was added last is removed first, so a
// chain that ends can leave its place free: none that came after it is there any more.
std::size_t SlotBatch::place_of(const Chain& chain) const {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
  const std::uint64_t mixed =
      (static_cast<std::uint64_t>(chain.owner) * kMix ^ static_cast<std::uint64_t>(chain.key_tag)) *
      kMix;
  std::size_t place = static_cast<std::size_t>(mixed >> 32U) & (latest_.size() - 1);
  while (latest_[place] != 0) {
    const Slot& slot = entries_[latest_[place] - 1].slot;
    if (chain_of(slot.owner, slot.tag) == chain) break;
    place = (place + 1) & (latest_.size() - 1);
  }
  return place;
}

void SlotBatch::reserve(std::size_t count) {
  entries_.reserve(count);
  if (count * 2 > latest_.size()) spread(std::bit_ceil(count * 2));
}

void SlotBatch::spread(std::size_t places) {
  latest_.assign(places, 0);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const Slot& slot = entries_[i].slot;
    latest_[place_of(chain_of(slot.owner, slot.tag))] = i + 1;
  }
}

void SlotBatch::add(const Slot& slot) {
  if (entries_.size() * 2 >= latest_.size()) spread(std::max<std::size_t>(64, latest_.size() * 2));
  std::uint32_t& latest = latest_[place_of(chain_of(slot.owner, slot.tag))];
  entries_.push_back({slot, latest});
  latest = static_cast<std::uint32_t>(entries_.size());
}

void SlotBatch::remove_last() {
  const Entry& last = entries_.back();
  latest_[place_of(chain_of(last.slot.owner, last.slot.tag))] = last.before;
  entries_.pop_back();
}

std::optional<std::int64_t> SlotBatch::find(std::int64_t owner, std::int64_t tag,
                                            std::int64_t row_max) const {
  std::optional<std::int64_t> row;
  walk(chain_of(owner, tag), row_max, [&](const Slot& slot) {
    if (slot.tag == tag) row = slot.row;
    return slot.tag > tag;
  });
  return row;
}

std::optional<Slot> SlotBatch::newest(std::int64_t owner, std::int64_t row_max) const {
  std::optional<Slot> newest;
  walk({owner, 0}, row_max, [&](const Slot& slot) {
    newest = slot;
    return false;
  });
  return newest;
}

void SlotBatch::collect(std::int64_t owner, std::int64_t row_max, std::vector<Slot>& into) const {
  walk({owner, 0}, row_max, [&](const Slot& slot) {
    into.push_back(slot);
    return true;
  });
}

std::vector<Slot> SlotBatch::sorted() const {
  std::vector<Slot> all;
  all.reserve(entries_.size());
  for (const Entry& entry : entries_) all.push_back(entry.slot);
  std::sort(all.begin(), all.end(), [](const Slot& a, const Slot& b) {
    return std::tie(a.owner, a.tag, b.row) < std::tie(b.owner, b.tag, a.row);  // the latest first
  });
  const auto same = [](const Slot& a, const Slot& b) {
    return a.owner == b.owner && a.tag == b.tag;
  };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

std::optional<std::int64_t> SlotView::find(std::int64_t owner, std::int64_t tag) const {
  if (memory_ == nullptr) return std::nullopt;
  const std::lock_guard lock(memory_->mutex_);
  auto row = young_->find(owner, tag, row_max_);
  if (!row && old_) row = old_->find(owner, tag, row_max_);
  return row;
}

std::optional<Slot> SlotView::newest(std::int64_t owner) const {
  if (memory_ == nullptr) return std::nullopt;
  const std::lock_guard lock(memory_->mutex_);
  auto slot = young_->newest(owner, row_max_);
  if (!slot && old_) slot = old_->newest(owner, row_max_);
  return slot;
}

std::vector<Slot> SlotView::rows_of(std::int64_t owner) const {
  std::vector<Slot> rows;
  if (memory_ == nullptr) return rows;
  {
    const std::lock_guard lock(memory_->mutex_);
    young_->collect(owner, row_max_, rows);
    if (old_) old_->collect(owner, row_max_, rows);
  }
  const auto same = [](const Slot& a, const Slot& b) { return a.tag == b.tag; };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  std::reverse(rows.begin(), rows.end());
  return rows;
}

std::vector<Slot> SlotView::all() const {
  SlotBatch both;
  if (memory_ == nullptr) return {};
  const std::lock_guard lock(memory_->mutex_);
  if (old_) both = *old_;
  for (const Slot& slot : young_->sorted()) both.add(slot);
  return both.sorted();
}

std::optional<SlotView> SlotMemory::view(std::int64_t row_max, std::int64_t complete_to) {
  SlotView view;
  view.memory_ = this;
  view.row_max_ = row_max;
  const std::lock_guard lock(mutex_);
  if (complete_to < complete_to_) return std::nullopt;
  view.old_ = old_;
  view.young_ = young_;
  return view;
}

void SlotMemory::add(const Slot& slot) {
  const std::lock_guard lock(mutex_);
  young_->add(slot);
}

void SlotMemory::shrink(std::size_t young_size) {
  const std::lock_guard lock(mutex_);
  while (young_->size() > young_size) young_->remove_last();
}

std::shared_ptr<const SlotBatch> SlotMemory::retire() {
  const std::lock_guard lock(mutex_);
  WASL_CHECK(!old_);
  old_ = std::exchange(young_, std::make_shared<SlotBatch>());
  young_->reserve(old_->size());
  return old_;
}

void SlotMemory::drop_old(std::int64_t complete_to) {
  const std::lock_guard lock(mutex_);
  old_.reset();
  complete_to_ = complete_to;
}

void SlotMemory::reset(std::int64_t complete_to, SlotBatch slots) {
  auto young = std::make_shared<SlotBatch>(std::move(slots));
  const std::lock_guard lock(mutex_);
  old_.reset();
  young_ = std::move(young);
  complete_to_ = complete_to;
}

}  // namespace wasl::store
