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
      wake = std::exchange(sleeping_, false);
    }
    if (wake) filled_.notify_one();
    return true;
  }

  /// Waits for items, for `patience` at most, and gives all of them.  False: closed and empty.
  /// REQUIRES: `into` is empty; its memory is used again.
  bool take(std::vector<Item>& into, std::optional<std::chrono::milliseconds> patience) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] {
      sleeping_ = !closed_ && items_.empty();
      return !sleeping_;
    };
    if (patience) {
      filled_.wait_for(lock, *patience, ready);
      sleeping_ = false;
    } else {
      filled_.wait(lock, ready);
    }
    into.swap(items_);
    return !into.empty() || !closed_;
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
  const std::size_t size_max_;
  std::atomic<std::size_t> size_ = 0;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::vector<Item> items_;
  bool sleeping_ = false;
  bool closed_ = false;
};

}  // namespace wasl::store
