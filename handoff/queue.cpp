// The order of the queue, and how long it may take.  Pure containers: who serves whom is desk.cpp.
#include "wasl/handoff/queue.hpp"

#include "wasl/core/check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace wasl::handoff {
namespace {

constexpr std::int64_t kPriorityStepMs = 5LL * 60 * 1000;
constexpr std::size_t kBlockMax = 128;
constexpr std::size_t kGroup = 32;  // blocks whose sizes are summed together
constexpr std::size_t kSamplesMax = 50;
constexpr std::size_t kSamplesForRange = 3;

/// Never 0, which marks a free slot.
std::uint64_t hash_of(std::string_view conversation) {
  return std::hash<std::string_view>{}(conversation) | 1U;
}

}  // namespace

Rank make_rank(int priority, Time waiting_since, std::string conversation) {
  return {waiting_since.time_since_epoch().count() - priority * kPriorityStepMs,
          std::move(conversation)};
}

// The blocks.

/// Where a rank is, or where it would go; one past the last block when it stands after everything.
RankSet::At RankSet::find(std::int64_t arrival, std::string_view conversation) const {
  const auto [low, high] = std::equal_range(lasts_.begin(), lasts_.end(), arrival);
  const auto first = blocks_.begin() + (low - lasts_.begin());
  const auto tied = blocks_.begin() + (high - lasts_.begin());
  const auto found =
      std::lower_bound(first, tied, conversation, [](const Block& block, std::string_view wanted) {
        return block.conversations.back() < wanted;
      });
  At at;
  at.block = static_cast<std::size_t>(found - blocks_.begin());
  if (found == blocks_.end()) return at;
  const auto [from, to] = std::equal_range(found->arrivals.begin(), found->arrivals.end(), arrival);
  const auto names = found->conversations.begin();
  const auto end = names + (to - found->arrivals.begin());
  const auto name = std::lower_bound(names + (from - found->arrivals.begin()), end, conversation);
  at.place = static_cast<std::size_t>(name - names);
  at.there = name != end && *name == conversation;
  return at;
}

std::size_t RankSet::before_block(std::size_t block) const {
  const std::size_t groups = block / kGroup;
  const auto whole = sums_.begin() + static_cast<std::ptrdiff_t>(groups);
  const auto rest = sizes_.begin() + static_cast<std::ptrdiff_t>(groups * kGroup);
  return std::accumulate(sums_.begin(), whole, std::size_t{0}) +
         std::accumulate(rest, sizes_.begin() + static_cast<std::ptrdiff_t>(block), std::size_t{0});
}

std::size_t RankSet::before(std::int64_t arrival, std::string_view conversation) const {
  const At at = find(arrival, conversation);
  return before_block(at.block) + at.place;
}

std::optional<std::size_t> RankSet::place(std::int64_t arrival,
                                          std::string_view conversation) const {
  const auto last = std::lower_bound(lasts_.begin(), lasts_.end(), arrival);
  if (last == lasts_.end()) return std::nullopt;
  const auto block = static_cast<std::size_t>(last - lasts_.begin());
  const std::vector<std::int64_t>& arrivals = blocks_[block].arrivals;
  const auto at = std::lower_bound(arrivals.begin(), arrivals.end(), arrival);
  if (at == arrivals.end() || *at != arrival) return std::nullopt;
  const bool last_of_block = at + 1 == arrivals.end();
  const bool tied = last_of_block || *(at + 1) == arrival;
  if (!tied) return before_block(block) + static_cast<std::size_t>(at - arrivals.begin());
  const At exact = find(arrival, conversation);
  if (!exact.there) return std::nullopt;
  return before_block(exact.block) + exact.place;
}

/// After the number of blocks has changed.
void RankSet::sum_up() {
  sums_.assign((sizes_.size() + kGroup - 1) / kGroup, 0);
  for (std::size_t i = 0; i < sizes_.size(); ++i) sums_[i / kGroup] += sizes_[i];
}

/// Makes two of a block that has grown too long.  The last one mostly grows at its end: it stays
/// nearly full.
void RankSet::split(std::size_t block) {
  Block& lower = blocks_[block];
  const std::size_t keep = block + 1 == blocks_.size() ? kBlockMax * 7 / 8 : kBlockMax / 2;
  const auto half = static_cast<std::ptrdiff_t>(keep);
  const auto names = lower.conversations.begin() + half;
  Block upper;
  upper.arrivals.assign(lower.arrivals.begin() + half, lower.arrivals.end());
  upper.conversations.assign(std::make_move_iterator(names),
                             std::make_move_iterator(lower.conversations.end()));
  lower.arrivals.erase(lower.arrivals.begin() + half, lower.arrivals.end());
  lower.conversations.erase(names, lower.conversations.end());
  const auto next = static_cast<std::ptrdiff_t>(block) + 1;
  lasts_[block] = lower.arrivals.back();
  sizes_[block] = static_cast<std::uint32_t>(lower.arrivals.size());
  lasts_.insert(lasts_.begin() + next, upper.arrivals.back());
  sizes_.insert(sizes_.begin() + next, static_cast<std::uint32_t>(upper.arrivals.size()));
  blocks_.insert(blocks_.begin() + next, std::move(upper));
  sum_up();
}

void RankSet::insert(const Rank& rank) {
  const auto& [arrival, conversation] = rank;
  ++size_;
  if (blocks_.empty()) {
    blocks_.push_back({{arrival}, {conversation}});
    lasts_.push_back(arrival);
    sizes_.push_back(1);
    return sum_up();
  }
  At at = find(arrival, conversation);
  WASL_CHECK(!at.there);
  if (at.block == blocks_.size()) {
    --at.block;
    at.place = blocks_[at.block].arrivals.size();
  }
  Block& block = blocks_[at.block];
  const auto place = static_cast<std::ptrdiff_t>(at.place);
  block.arrivals.insert(block.arrivals.begin() + place, arrival);
  block.conversations.insert(block.conversations.begin() + place, conversation);
  if (block.arrivals.size() > kBlockMax) return split(at.block);
  lasts_[at.block] = block.arrivals.back();
  ++sizes_[at.block];
  ++sums_[at.block / kGroup];
}

bool RankSet::erase(const Rank& rank) {
  const At at = find(rank.virtual_arrival_ms, rank.conversation);
  if (!at.there) return false;
  --size_;
  Block& block = blocks_[at.block];
  const auto place = static_cast<std::ptrdiff_t>(at.place);
  block.arrivals.erase(block.arrivals.begin() + place);
  block.conversations.erase(block.conversations.begin() + place);
  if (block.arrivals.empty()) {
    const auto gone = static_cast<std::ptrdiff_t>(at.block);
    blocks_.erase(blocks_.begin() + gone);
    lasts_.erase(lasts_.begin() + gone);
    sizes_.erase(sizes_.begin() + gone);
    sum_up();
    return true;
  }
  lasts_[at.block] = block.arrivals.back();
  --sizes_[at.block];
  --sums_[at.block / kGroup];
  return true;
}

std::optional<Rank> RankSet::first() const {
  if (blocks_.empty()) return std::nullopt;
  return Rank{blocks_.front().arrivals.front(), blocks_.front().conversations.front()};
}

std::optional<Rank> RankSet::after(const Rank& rank) const {
  At at = find(rank.virtual_arrival_ms, rank.conversation);
  if (at.there) ++at.place;
  if (at.block < blocks_.size() && at.place == blocks_[at.block].arrivals.size()) {
    ++at.block;
    at.place = 0;
  }
  if (at.block >= blocks_.size()) return std::nullopt;
  const Block& block = blocks_[at.block];
  return Rank{block.arrivals[at.place], block.conversations[at.place]};
}

std::vector<std::string> RankSet::slice(std::size_t from, std::size_t count) const {
  std::vector<std::string> some;
  if (from >= size_) return some;
  some.reserve(std::min(count, size_ - from));
  for (const Block& block : blocks_) {
    if (from >= block.conversations.size()) {
      from -= block.conversations.size();
      continue;
    }
    for (; from < block.conversations.size() && some.size() < count; ++from) {
      some.push_back(block.conversations[from]);
    }
    if (some.size() >= count) break;
    from = 0;
  }
  return some;
}

// Which rank a conversation has.

void RankIndex::note(std::uint64_t hash, std::int64_t arrival) {
  std::size_t at = home(hash);
  while (slots_[at].hash != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {hash, arrival};
}

/// Closes the gap, so that no search stops too early.
void RankIndex::forget(std::uint64_t hash, std::int64_t arrival) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t gap = home(hash);
  while (slots_[gap].hash != hash || slots_[gap].arrival != arrival) gap = (gap + 1) & mask;
  for (std::size_t next = (gap + 1) & mask; slots_[next].hash != 0; next = (next + 1) & mask) {
    const std::size_t from_home = (next - home(slots_[next].hash)) & mask;
    if (from_home < ((next - gap) & mask)) continue;  // it would stand before its home
    slots_[gap] = slots_[next];
    gap = next;
  }
  slots_[gap] = {};
}

void RankIndex::insert(const Rank& rank) {
  ranks_.insert(rank);
  if (ranks_.size() * 5 > slots_.size() * 4) {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.hash != 0) note(slot.hash, slot.arrival);
    }
  }
  note(hash_of(rank.conversation), rank.virtual_arrival_ms);
}

void RankIndex::erase(const Rank& rank) {
  if (ranks_.erase(rank)) forget(hash_of(rank.conversation), rank.virtual_arrival_ms);
}

std::optional<std::size_t> RankIndex::before(std::string_view conversation) const {
  const std::uint64_t hash = hash_of(conversation);
  for (std::size_t at = home(hash); slots_[at].hash != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].hash != hash) continue;
    if (const auto place = ranks_.place(slots_[at].arrival, conversation)) return place;
  }
  return std::nullopt;
}

void Samples::add(double seconds) {
  latest_.push_back(std::max(0.0, seconds));
  if (latest_.size() > kSamplesMax) latest_.pop_front();
  std::vector<double> sorted(latest_.begin(), latest_.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  median_ = *middle;
}

Estimate estimate_wait(std::size_t position, int slots, const Samples& handling_s,
                       const Samples& waits_s) {
  if (slots <= 0 || (handling_s.size() == 0 && waits_s.size() == 0)) return {};
  const double by_work = static_cast<double>(position) / slots * handling_s.median();
  const double seconds = std::max(by_work, waits_s.median());
  Estimate estimate;
  estimate.minutes_min = std::max(1, static_cast<int>(std::floor(seconds * 0.75 / 60.0)));
  if (std::max(handling_s.size(), waits_s.size()) >= kSamplesForRange) {
    const int most = static_cast<int>(std::ceil(seconds * 1.5 / 60.0));
    estimate.minutes_max = std::max(*estimate.minutes_min + 1, most);
  }
  return estimate;
}

}  // namespace wasl::handoff
