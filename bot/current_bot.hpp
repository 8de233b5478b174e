#pragma once

#include "bot/bot.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

namespace wasl::bot {

/// The bot as last loaded, for every thread.
///
/// Reading is one atomic load.  A bot that was replaced lives on for a while, so what somebody has
/// of it stays valid to the end of their work; shards keep theirs as long as they need it.
class CurrentBot {
 public:
  const Bot* operator->() const { return now_.load(std::memory_order_acquire); }
  const Bot& operator*() const { return *now_.load(std::memory_order_acquire); }
  /// One thread only.
  CurrentBot& operator=(std::shared_ptr<const Bot> bot) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(replaced_, [&](const Replaced& old) { return now - old.at > kKept; });
    if (held_) replaced_.push_back({std::move(held_), now});
    held_ = std::move(bot);
    now_.store(held_.get(), std::memory_order_release);
    return *this;
  }
  struct Replaced {
    std::shared_ptr<const Bot> bot;
    std::chrono::steady_clock::time_point at;
  };
  /// The thread that assigns.
  [[nodiscard]] const std::shared_ptr<const Bot>& shared() const { return held_; }
  [[nodiscard]] const std::vector<Replaced>& replaced() const { return replaced_; }

 private:
  static constexpr std::chrono::minutes kKept{10};

  std::atomic<const Bot*> now_{nullptr};
  std::shared_ptr<const Bot> held_;
  std::vector<Replaced> replaced_;
};

}  // namespace wasl::bot
