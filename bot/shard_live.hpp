#pragma once

#include "bot/shard.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace wasl::bot {

/// Messages per minute, spent one by one and refilled steadily.
struct Bucket {
  double tokens = -1.0;
  Time filled{};

  bool take(int per_minute, Time now) {
    if (tokens < 0) {
      tokens = per_minute;
    } else {
      const std::chrono::duration<double> passed = now - filled;
      tokens = std::min<double>(per_minute, tokens + passed.count() * per_minute / 60.0);
    }
    filled = now;
    if (tokens < 1.0) return false;
    tokens -= 1.0;
    return true;
  }
};

/// A conversation in memory, with what is on its way to it and who watches it.
struct Shard::Live {
  Conversation conversation;
  bool exists = false;  ///< has a row in the store
  bool loaded = false;
  bool loading = false;
  bool busy = false;            ///< a commit is under way
  bool calling = false;         ///< an outside call is under way
  bool behind = false;          ///< another node has decided: what is read next is news here
  std::uint64_t heard_seq = 0;  ///< the newest event another node told of
  std::deque<Envelope> inbox;
  std::vector<std::function<void(bool readable)>> on_loaded;
  std::vector<std::shared_ptr<Subscriber>> subscribers;
  bool desk_waits = false;  ///< is among those whose cards can wait a little
  Bucket bucket;
  Time used{};
};

}  // namespace wasl::bot
