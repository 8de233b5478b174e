#pragma once

#include "wasl/core/language.hpp"
#include "wasl/core/time.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::handoff {

/// Place in the queue: score = priority·P + age·A, written so that it does not change with time.
///
/// Everybody ages at the same speed, so "highest score now" is "earliest virtual arrival": the
/// moment the wait began, less what the priority is worth.  Age is unbounded: nobody starves.
struct Rank {
  std::int64_t virtual_arrival_ms = 0;
  std::string conversation;
  auto operator<=>(const Rank&) const = default;
};

/// `priority` is worth five minutes of waiting a step.
[[nodiscard]] Rank make_rank(int priority, Time waiting_since, std::string conversation);

/// Conversations with the same needs: whoever may serve one of a lane may serve all of it.
struct Lane {
  std::string team;
  Language language = Language::und;
  bool relaxed = false;
  bool supervised = false;
  std::string channel;  ///< where agents' room depends on it, else empty
  auto operator<=>(const Lane&) const = default;
};

/// Ranks in order.
///
/// Sorted blocks of bounded size, numbers and names apart, their sizes summed in groups: whatever
/// is asked touches a row of numbers, one block's numbers and few names.  No number of waiting
/// conversations makes that much more.
class RankSet {
 public:
  /// REQUIRES: the rank is not there yet.
  void insert(const Rank& rank);
  /// False, and nothing happens, when it is not there.
  bool erase(const Rank& rank);
  /// How many stand before the rank, whether or not it is there.
  [[nodiscard]] std::size_t before(std::int64_t arrival, std::string_view conversation) const;
  /// How many stand before a rank that is there; names are looked at only where arrivals tie.
  /// Nothing when nobody arrived then.
  [[nodiscard]] std::optional<std::size_t> place(std::int64_t arrival,
                                                 std::string_view conversation) const;
  [[nodiscard]] std::optional<Rank> first() const;
  /// The next one after `rank`, whether or not that is there.
  [[nodiscard]] std::optional<Rank> after(const Rank& rank) const;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// At most `count` conversations from place `from` (0: the first).
  [[nodiscard]] std::vector<std::string> slice(std::size_t from, std::size_t count) const;

 private:
  /// Both vectors are equally long and sorted together; never empty.
  struct Block {
    std::vector<std::int64_t> arrivals;
    std::vector<std::string> conversations;
  };
  struct At {
    std::size_t block = 0;
    std::size_t place = 0;
    bool there = false;
  };
  [[nodiscard]] At find(std::int64_t arrival, std::string_view conversation) const;
  [[nodiscard]] std::size_t before_block(std::size_t block) const;
  void split(std::size_t block);
  void sum_up();

  std::vector<Block> blocks_;
  std::vector<std::int64_t> lasts_;   ///< the blocks' last arrivals, side by side
  std::vector<std::uint32_t> sizes_;  ///< their sizes
  std::vector<std::size_t> sums_;     ///< sizes of whole groups of blocks
  std::size_t size_ = 0;
};

/// A RankSet that also knows each conversation's rank.
class RankIndex {
 public:
  /// REQUIRES: the conversation is not there yet.
  void insert(const Rank& rank);
  /// Nothing happens when it is not there.
  void erase(const Rank& rank);
  [[nodiscard]] std::size_t before(const Rank& rank) const {
    return ranks_.before(rank.virtual_arrival_ms, rank.conversation);
  }
  /// How many stand before `conversation`; nothing when it is not there.
  [[nodiscard]] std::optional<std::size_t> before(std::string_view conversation) const;
  [[nodiscard]] std::size_t size() const { return ranks_.size(); }
  [[nodiscard]] std::vector<std::string> slice(std::size_t from, std::size_t count) const {
    return ranks_.slice(from, count);
  }
  [[nodiscard]] std::vector<std::string> conversations() const { return slice(0, size()); }

 private:
  /// Open addressing, no names: 64 bits of hash stand for one.  Should two waiting conversations
  /// ever share them, one is shown the other's place, and nothing else goes wrong.
  struct Slot {
    std::uint64_t hash = 0;  ///< 0: free
    std::int64_t arrival = 0;
  };
  void note(std::uint64_t hash, std::int64_t arrival);
  void forget(std::uint64_t hash, std::int64_t arrival);
  [[nodiscard]] std::size_t home(std::uint64_t hash) const {
    return (hash >> 1U) & (slots_.size() - 1);
  }

  RankSet ranks_;
  std::vector<Slot> slots_ = std::vector<Slot>(64);  ///< a power of two, at most 4/5 full
};

/// The latest measurements of one kind.
class Samples {
 public:
  void add(double seconds);
  [[nodiscard]] std::size_t size() const { return latest_.size(); }
  /// 0 when there is none.
  [[nodiscard]] double median() const { return median_; }

 private:
  std::deque<double> latest_;  ///< at most 50
  double median_ = 0.0;
};

struct Estimate {
  std::optional<int> minutes_min;
  std::optional<int> minutes_max;
};

/// `(position / slots) · median handling time`, floored by the median of the last waits, as a
/// range in minutes.  From fewer than three samples only "more than"; from none, nothing.
[[nodiscard]] Estimate estimate_wait(std::size_t position, int slots, const Samples& handling_s,
                                     const Samples& waits_s);

}  // namespace wasl::handoff
