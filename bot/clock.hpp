#pragma once

#include "wasl/core/time.hpp"

#include <chrono>

namespace wasl::bot {

/// What time it is, for everything a node decides.  Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
};

/// The wall clock as it was at start, carried on by the steady one: somebody setting the machine's
/// clock moves no timer.
class SteadyClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return start_ + std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - steady_);
  }

 private:
  Time start_ = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  std::chrono::steady_clock::time_point steady_ = std::chrono::steady_clock::now();
};

}  // namespace wasl::bot
