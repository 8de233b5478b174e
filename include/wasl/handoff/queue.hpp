#pragma once

#include "wasl/core/language.hpp"
#include "wasl/core/time.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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
  auto operator<=>(const Lane&) const = default;
};

/// Ranks in order, which knows at which place each stands.
///
/// Sorted blocks of bounded size, numbers and names apart, so that a look-up touches little memory:
/// a hash, the last numbers and sizes of the blocks in a row, and one block's numbers.
class RankIndex {
 public:
  /// REQUIRES: the conversation is not there yet.
  void insert(const Rank& rank);
  /// Nothing happens when it is not there.
  void erase(const Rank& rank);
  /// How many stand before `rank`, whether or not it is there.
  [[nodiscard]] std::size_t before(const Rank& rank) const;
  /// How many stand before `conversation`; nothing when it is not there.
  [[nodiscard]] std::optional<std::size_t> before(std::string_view conversation) const;
  [[nodiscard]] std::size_t size() const { return arrivals_.size(); }
  [[nodiscard]] std::vector<std::string> conversations() const;

 private:
  /// Both vectors are equally long and sorted together; never empty.
  struct Block {
    std::vector<std::int64_t> arrivals;
    std::vector<std::string> conversations;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  [[nodiscard]] std::size_t block_of(std::int64_t arrival, std::string_view conversation) const;
  [[nodiscard]] static std::size_t place_in(const Block& block, std::int64_t arrival,
                                            std::string_view conversation);
  [[nodiscard]] std::size_t before(std::int64_t arrival, std::string_view conversation) const;
  void note(std::size_t block);
  void split(std::size_t block);

  std::vector<Block> blocks_;
  std::vector<std::int64_t> lasts_;  ///< the blocks' last arrivals, side by side
  std::vector<std::size_t> sizes_;   ///< their sizes
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> arrivals_;
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
