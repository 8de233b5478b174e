#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace wasl::store {

/// A bounded queue between many threads and one.  What is taken waits, and counts, until it is
/// begun().
template <typename Item>
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t size_max) : size_max_(size_max) {}

  /// False: full or closed.
  bool push(Item item) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || size_.load(std::memory_order_relaxed) >= size_max_) return false;
      size_.fetch_add(1, std::memory_order_relaxed);
      items_.push_back(std::move(item));
      wake = wake_at_ > 0 && items_.size() >= wake_at_;
      if (wake) wake_at_ = 0;
    }
    if (wake) filled_.notify_one();
    return true;
  }

  /// Waits for items, for `patience` at most, and gives all of them.  False: closed and empty.
  /// REQUIRES: `into` is empty; its memory is used again.
  bool take(std::vector<Item>& into, std::optional<std::chrono::milliseconds> patience) {
    std::unique_lock lock(mutex_);
    if (patience) {
      filled_.wait_for(lock, *patience, ready(1));
      wake_at_ = 0;
    } else {
      filled_.wait(lock, ready(1));
    }
    into.swap(items_);
    return !into.empty() || !closed_;
  }

  /// Waits until `count` items are there to take, as long as each `step` brings more and `patience`
  /// is not over.
  void linger(std::size_t count, std::chrono::microseconds step,
              std::chrono::microseconds patience) {
    std::unique_lock lock(mutex_);
    for (std::size_t before = 0; patience.count() > 0; patience -= step) {
      before = items_.size();
      if (filled_.wait_for(lock, step, ready(count)) || items_.size() == before) break;
    }
    wake_at_ = 0;
  }

  /// `count` of the items taken wait no more.
  void begun(std::size_t count) { size_.fetch_sub(count, std::memory_order_relaxed); }

  /// Refuses what comes from now on.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_one();
  }

  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  /// Whether `count` items are there, or no more will come.  If not, the push that makes it so
  /// wakes.
  auto ready(std::size_t count) {
    return [this, count] {
      const bool is_ready = closed_ || items_.size() >= count;
      wake_at_ = is_ready ? 0 : count;
      return is_ready;
    };
  }

  const std::size_t size_max_;
  std::atomic<std::size_t> size_ = 0;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::vector<Item> items_;
  std::size_t wake_at_ = 0;  ///< so many items wake who takes; 0: nobody sleeps
  bool closed_ = false;
};

}  // namespace wasl::store
