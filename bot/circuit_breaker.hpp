#pragma once

#include "wasl/core/time.hpp"

#include <cstdint>
#include <optional>

namespace wasl::bot {

/// Keeps us off a host that does not answer.  Closed, everything passes; after five failures in a
/// row it opens and nothing does; after a pause one request may try (half open): answered, the
/// breaker closes, else it opens again for twice as long.
///
/// Pure: no clock and no randomness of its own.  Not for several threads at once.
class CircuitBreaker {
 public:
  enum class State { closed, open, half_open };
  /// Belongs to a request that may go out; an answer from before the last change counts no more.
  using Ticket = std::uint64_t;

  static constexpr int kFailuresMax = 5;
  static constexpr Millis kFirstPause{5'000};
  static constexpr Millis kPauseMax{60'000};

  /// Whether a request may go out now.
  [[nodiscard]] std::optional<Ticket> admit(Time now);
  /// What became of it.
  void answered(Ticket ticket, bool well, Time now, std::uint64_t random);
  /// It told us nothing of the host: somebody else may try.
  void untold(Ticket ticket, Time now);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] Time open_until() const { return open_until_; }

 private:
  void become(State state);
  void open(Time now, Millis pause);

  State state_ = State::closed;
  Ticket ticket_ = 1;
  int failures_ = 0;  ///< in a row, while closed
  int pauses_ = 0;    ///< in a row, without an answer in between
  Time open_until_{};
};

}  // namespace wasl::bot
