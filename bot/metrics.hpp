#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wasl::bot {

/// What one shard counts.  Written by that shard alone, read by whoever scrapes.
struct Counters {
  std::atomic<std::uint64_t> messages_in{0};
  std::atomic<std::uint64_t> messages_out{0};
  std::atomic<std::uint64_t> turns{0};
  std::atomic<std::uint64_t> handoffs{0};
  std::atomic<std::uint64_t> not_understood{0};
  std::atomic<std::uint64_t> conflicts{0};
  std::atomic<std::uint64_t> duplicates{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> sweeper_found{0};  ///< overdue, and nothing here knew
  std::atomic<std::uint64_t> live{0};           ///< conversations held in memory
};

/// A figure of somebody else's that is read when somebody scrapes; a `…_total` only ever grows.
struct Gauge {
  std::string name;
  std::string help;
  double value = 0.0;
};

/// The text Prometheus reads: `shards` summed, then `gauges`.
[[nodiscard]] std::string metrics_text(const std::vector<const Counters*>& shards,
                                       const std::vector<Gauge>& gauges);

}  // namespace wasl::bot
