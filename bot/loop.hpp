#pragma once

#include "wasl/core/time.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace wasl::bot {

/// One thread's work: what is posted to it, in order, and its timers.  The server's runs on Asio;
/// the simulation has one of its own, with its own clock.
class Loop {
 public:
  virtual ~Loop() = default;
  /// Runs `work` on the loop's thread, after what was posted before.  Any thread.
  virtual void post(std::function<void()> work) = 0;
  /// Runs `work` on the loop's thread after a while, unless the loop ends first.  That thread only.
  virtual void after(Millis wait, std::function<void()> work) = 0;
};

/// On the thread that runs `context`, which must outlive it.
[[nodiscard]] std::unique_ptr<Loop> make_loop(boost::asio::io_context& context);

/// A timer that is set again and again; only its latest setting counts.  Its loop's thread only.
class Alarm {
 public:
  Alarm(Loop& loop, std::function<void()> work) : loop_(loop), work_(std::move(work)) {}
  void set(Millis wait) {
    loop_.after(wait, [this, setting = ++*setting_, latest = std::weak_ptr(setting_)] {
      const auto now = latest.lock();
      if (now && *now == setting) work_();
    });
  }
  void cancel() { ++*setting_; }

 private:
  Loop& loop_;
  std::function<void()> work_;
  std::shared_ptr<std::uint64_t> setting_ = std::make_shared<std::uint64_t>(0);
};

}  // namespace wasl::bot
