#pragma once

#include "wasl/core/time.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace wasl::simulation {

/// A running process: what it has under way happens only while it lives.  Null: always.
using Life = std::shared_ptr<bool>;

/// Virtual time and all that is still to happen in it, in one order.  Microseconds.
class Timeline {
 public:
  using Work = std::function<void()>;

  [[nodiscard]] std::int64_t now() const { return now_; }
  void at(std::int64_t when, const Life& life, Work work) {
    heap_.push_back({std::max(when, now_), ++number_, life, std::move(work)});
    std::push_heap(heap_.begin(), heap_.end(), Later{});
  }
  void in(std::int64_t wait, const Life& life, Work work) {
    at(now_ + wait, life, std::move(work));
  }

  /// Lets the next thing happen; false when nothing is left.
  bool step() {
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), Later{});
      Entry next = std::move(heap_.back());
      heap_.pop_back();
      if (next.life && !*next.life) continue;
      now_ = std::max(now_, next.when);
      next.work();
      return true;
    }
    return false;
  }
  /// Time passes in which nothing happens: what was due comes late.
  void skip(std::int64_t wait) { now_ += wait; }
  /// Forgets everything, without running it.
  void clear() { heap_.clear(); }

 private:
  struct Entry {
    std::int64_t when;
    std::uint64_t number;
    Life life;
    Work work;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      return std::pair(a.when, a.number) > std::pair(b.when, b.number);
    }
  };

  std::int64_t now_ = 0;
  std::uint64_t number_ = 0;
  std::vector<Entry> heap_;
};

inline constexpr std::int64_t kMs = 1000;
inline constexpr std::int64_t kSecond = 1'000'000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;

/// The wall clock at virtual time 0: 2026-11-22T12:00Z, a Sunday.
inline constexpr Time kStart{Millis{1'795'348'800'000}};
[[nodiscard]] inline Time wall(std::int64_t micros) {
  return kStart + Millis{micros / 1000};
}

}  // namespace wasl::simulation
