#pragma once

#include "wasl/channels/listener.hpp"

#include "channels/addresses.hpp"
#include "channels/admissions.hpp"
#include "channels/asio.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

namespace wasl::channels {

/// A connection that can be asked to end.
class Drainable {
 public:
  virtual ~Drainable() = default;
  virtual void drain(std::uint16_t code) = 0;
};

/// What the connections of one thread share.  Touched on that thread only.
struct Shard {
  Executor executor;
  std::size_t index = 0;
  std::unordered_set<Drainable*> open;
  std::optional<std::uint16_t> draining;  ///< the code WebSockets are closed with
};

/// What all connections share; lives as long as the last of them.
struct Server {
  ListenerLimits limits;
  Handlers handlers;
  TrustedProxies proxies;
  std::shared_ptr<Admissions> admissions;
  std::vector<Shard> shards;
};

/// Is in its shard's list while it lives.
class Registered {
 public:
  Registered(Shard& shard, Drainable* what) : shard_(shard), what_(what) {
    shard_.open.insert(what_);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  ~Registered() { shard_.open.erase(what_); }

 private:
  Shard& shard_;
  Drainable* what_;
};

}  // namespace wasl::channels
