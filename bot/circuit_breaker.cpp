#include "bot/circuit_breaker.hpp"

#include "bot/back_off.hpp"

namespace wasl::bot {

void CircuitBreaker::become(State state) {
  state_ = state;
  ++ticket_;
  failures_ = 0;
}

void CircuitBreaker::open(Time now, Millis pause) {
  become(State::open);
  open_until_ = now + pause;
}

std::optional<CircuitBreaker::Ticket> CircuitBreaker::admit(Time now) {
  if (state_ == State::closed) return ticket_;
  if (state_ == State::half_open || now < open_until_) return std::nullopt;
  become(State::half_open);
  return ticket_;
}

void CircuitBreaker::answered(Ticket ticket, bool well, Time now, std::uint64_t random) {
  if (ticket != ticket_ || state_ == State::open) return;
  if (well) {
    pauses_ = 0;
    failures_ = 0;
    if (state_ == State::half_open) become(State::closed);
    return;
  }
  if (state_ == State::closed && ++failures_ < kFailuresMax) return;
  open(now, back_off({kFirstPause, kPauseMax}, ++pauses_, random));
}

void CircuitBreaker::untold(Ticket ticket, Time now) {
  if (ticket == ticket_ && state_ == State::half_open) open(now, Millis{0});
}

}  // namespace wasl::bot
