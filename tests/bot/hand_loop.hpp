#pragma once

#include "bot/clock.hpp"
#include "bot/loop.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

/// A loop and a clock that a test moves by hand.
namespace wasl::bot::test {

class HandClock final : public Clock {
 public:
  explicit HandClock(const Time& now) : now_(now) {}
  [[nodiscard]] Time now() const override { return now_; }

 private:
  const Time& now_;
};

/// Runs what was posted when told to; timers fire when their moment is reached by hand.
class HandLoop final : public Loop {
 public:
  explicit HandLoop(Time& now) : now_(now) {}
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
  }
  void after(Millis wait, std::function<void()> work) override {
    timers_.emplace_back(now_ + wait, std::move(work));
  }

  void run() {
    for (;;) {
      std::function<void()> work;
      {
        const std::lock_guard lock(mutex_);
        if (posted_.empty()) return;
        work = std::move(posted_.front());
        posted_.pop_front();
      }
      work();
    }
  }
  void pass(Millis time) {
    now_ += time;
    std::vector<std::pair<Time, std::function<void()>>> timers = std::exchange(timers_, {});
    for (auto& [at, work] : timers) {
      if (at <= now_) {
        post(std::move(work));
      } else {
        timers_.emplace_back(at, std::move(work));
      }
    }
    run();
  }

 private:
  Time& now_;
  std::mutex mutex_;
  std::deque<std::function<void()>> posted_;
  std::vector<std::pair<Time, std::function<void()>>> timers_;
};

}  // namespace wasl::bot::test
