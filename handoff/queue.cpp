// The order of the queue, and how long it may take.  Pure containers: who serves whom is desk.cpp.
#include "wasl/handoff/queue.hpp"

#include "wasl/core/check.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace wasl::handoff {
namespace {

constexpr std::int64_t kPriorityStepMs = 5LL * 60 * 1000;
constexpr std::size_t kBlockMax = 512;
constexpr std::size_t kSamplesMax = 50;
constexpr std::size_t kSamplesForRange = 3;

}  // namespace

Rank make_rank(int priority, Time waiting_since, std::string conversation) {
  return {waiting_since.time_since_epoch().count() - priority * kPriorityStepMs,
          std::move(conversation)};
}

/// The first block whose last rank is not before the given one; one past the end when all are.
std::size_t RankIndex::block_of(std::int64_t arrival, std::string_view conversation) const {
  const auto [low, high] = std::equal_range(lasts_.begin(), lasts_.end(), arrival);
  const auto first = blocks_.begin() + (low - lasts_.begin());
  const auto tied = blocks_.begin() + (high - lasts_.begin());
  const auto at =
      std::lower_bound(first, tied, conversation, [](const Block& block, std::string_view wanted) {
        return block.conversations.back() < wanted;
      });
  return static_cast<std::size_t>(at - blocks_.begin());
}

/// How many of the block stand before the given rank.
std::size_t RankIndex::place_in(const Block& block, std::int64_t arrival,
                                std::string_view conversation) {
  const auto [low, high] = std::equal_range(block.arrivals.begin(), block.arrivals.end(), arrival);
  const auto first = block.conversations.begin() + (low - block.arrivals.begin());
  const auto tied = block.conversations.begin() + (high - block.arrivals.begin());
  const auto at = std::lower_bound(first, tied, conversation);
  return static_cast<std::size_t>(at - block.conversations.begin());
}

void RankIndex::note(std::size_t block) {
  lasts_[block] = blocks_[block].arrivals.back();
  sizes_[block] = blocks_[block].arrivals.size();
}

/// Halves a block that has grown too long.
void RankIndex::split(std::size_t block) {
  Block& lower = blocks_[block];
  const auto half = static_cast<std::ptrdiff_t>(lower.arrivals.size() / 2);
  const auto names = lower.conversations.begin() + half;
  Block upper;
  upper.arrivals.assign(lower.arrivals.begin() + half, lower.arrivals.end());
  upper.conversations.assign(std::make_move_iterator(names),
                             std::make_move_iterator(lower.conversations.end()));
  lower.arrivals.erase(lower.arrivals.begin() + half, lower.arrivals.end());
  lower.conversations.erase(names, lower.conversations.end());

  const auto next = static_cast<std::ptrdiff_t>(block) + 1;
  blocks_.insert(blocks_.begin() + next, std::move(upper));
  lasts_.insert(lasts_.begin() + next, 0);
  sizes_.insert(sizes_.begin() + next, 0);
  note(block);
  note(block + 1);
}

void RankIndex::insert(const Rank& rank) {
  const auto [arrival, conversation] = rank;
  WASL_CHECK(arrivals_.emplace(conversation, arrival).second);
  if (blocks_.empty()) {
    blocks_.push_back({{arrival}, {conversation}});
    lasts_.push_back(arrival);
    sizes_.push_back(1);
    return;
  }
  const std::size_t at = std::min(block_of(arrival, conversation), blocks_.size() - 1);
  Block& block = blocks_[at];
  const auto place = static_cast<std::ptrdiff_t>(place_in(block, arrival, conversation));
  block.arrivals.insert(block.arrivals.begin() + place, arrival);
  block.conversations.insert(block.conversations.begin() + place, conversation);
  note(at);
  if (block.arrivals.size() > kBlockMax) split(at);
}

void RankIndex::erase(const Rank& rank) {
  const auto known = arrivals_.find(rank.conversation);
  if (known == arrivals_.end() || known->second != rank.virtual_arrival_ms) return;
  arrivals_.erase(known);
  const std::size_t at = block_of(rank.virtual_arrival_ms, rank.conversation);
  Block& block = blocks_[at];
  const auto place =
      static_cast<std::ptrdiff_t>(place_in(block, rank.virtual_arrival_ms, rank.conversation));
  block.arrivals.erase(block.arrivals.begin() + place);
  block.conversations.erase(block.conversations.begin() + place);
  if (!block.arrivals.empty()) return note(at);
  const auto gone = static_cast<std::ptrdiff_t>(at);
  blocks_.erase(blocks_.begin() + gone);
  lasts_.erase(lasts_.begin() + gone);
  sizes_.erase(sizes_.begin() + gone);
}

std::size_t RankIndex::before(std::int64_t arrival, std::string_view conversation) const {
  const std::size_t at = block_of(arrival, conversation);
  const auto whole = sizes_.begin() + static_cast<std::ptrdiff_t>(at);
  const std::size_t count = std::accumulate(sizes_.begin(), whole, std::size_t{0});
  return at < blocks_.size() ? count + place_in(blocks_[at], arrival, conversation) : count;
}

std::size_t RankIndex::before(const Rank& rank) const {
  return before(rank.virtual_arrival_ms, rank.conversation);
}

std::optional<std::size_t> RankIndex::before(std::string_view conversation) const {
  const auto known = arrivals_.find(conversation);
  if (known == arrivals_.end()) return std::nullopt;
  return before(known->second, conversation);
}

std::vector<std::string> RankIndex::conversations() const {
  std::vector<std::string> all;
  all.reserve(size());
  for (const Block& block : blocks_) {
    all.insert(all.end(), block.conversations.begin(), block.conversations.end());
  }
  return all;
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
