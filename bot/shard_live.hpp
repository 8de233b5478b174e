#pragma once

#include "bot/shard.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <queue>
#include <unordered_map>
#include <utility>
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

/// A conversation that takes no memory before something is said in it: most visitors only look.
class Held {
 public:
  const Conversation& operator*() const {
    static const Conversation kNothing;
    return held_ ? *held_ : kNothing;
  }
  const Conversation* operator->() const { return &**this; }
  Held& operator=(Conversation conversation) {
    if (held_) {
      *held_ = std::move(conversation);
    } else {
      held_ = std::make_unique<Conversation>(std::move(conversation));
    }
    return *this;
  }
  /// To be filled in by its first message.
  Conversation& begin(const std::string& id) {
    held_ = std::make_unique<Conversation>();
    held_->id = id;
    return *held_;
  }

 private:
  std::unique_ptr<Conversation> held_;
};

/// Deadlines, soonest first.
struct Shard::Timers {
  Timers(Loop& loop, std::function<void()> on_deadline) : deadline(loop, std::move(on_deadline)) {}

  Alarm deadline;
  std::optional<Time> armed;  ///< for when `deadline` is set
  using Entry = std::pair<Time, std::string>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> due;
  std::unordered_map<std::string, Time> scheduled;  ///< the one entry that counts for each
};

/// A conversation in memory, with what is on its way to it and who watches it.
struct Shard::Live {
  explicit Live(const std::string& key) : id(key) {}

  const std::string& id;  ///< the key under which this is kept
  Held conversation;
  bool exists = false;  ///< has a row in the store
  bool loaded = false;
  bool loading = false;
  bool busy = false;            ///< a commit is under way
  bool calling = false;         ///< an outside call is under way
  bool behind = false;          ///< another node has decided: what is read next is news here
  std::uint64_t heard_seq = 0;  ///< the newest event another node told of
  std::list<Envelope> inbox;    ///< a list, because it is nearly always empty
  std::vector<std::function<void(bool readable)>> on_loaded;
  std::vector<std::shared_ptr<Subscriber>> subscribers;
  bool desk_waits = false;  ///< is among those whose cards can wait a little
  Bucket bucket;
  Time used{};
};

}  // namespace wasl::bot
