#pragma once

#include "bot/loop.hpp"

#include <cstdint>
#include <memory>

namespace wasl::bot {

class Node;

/// How late a deadline may be before it counts as forgotten.
inline constexpr Millis kOverdue{5000};

/// Looks into the store from time to time, so that nothing rests on a message or a timer alone:
/// what other nodes have changed, should a wake-up have been lost, and what is overdue, should a
/// timer have been.
///
/// Runs on the thread of its loop; costs two short reads every few seconds.
class Watch {
 public:
  Watch(Node& node, std::unique_ptr<Loop> loop);

  /// `position` of the store's list of changes, read before the live conversations were.
  void start(std::uint64_t position);
  void stop();

 private:
  void poll();
  void sweep();

  Node& node_;
  std::unique_ptr<Loop> loop_;
  std::uint64_t position_ = 0;
  Alarm next_poll_;
  Alarm next_sweep_;
};

}  // namespace wasl::bot
