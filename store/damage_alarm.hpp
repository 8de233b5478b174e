#pragma once

#include <atomic>
#include <string>
#include <utility>

namespace wasl::store {

/// The first damage found by the writer or a reader; raised once, by any thread.
class DamageAlarm {
 public:
  void raise(std::string what) {
    if (claimed_.exchange(true)) return;
    what_ = std::move(what);
    raised_.store(true, std::memory_order_release);
  }
  [[nodiscard]] std::string what() const {
    return raised_.load(std::memory_order_acquire) ? what_ : std::string();
  }

 private:
  std::atomic<bool> claimed_ = false;
  std::atomic<bool> raised_ = false;
  std::string what_;  ///< written before `raised_`, never after
};

}  // namespace wasl::store
