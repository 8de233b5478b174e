#pragma once

#include "wasl/flows/step.hpp"

#include "bot/bot.hpp"
#include "bot/circuit_breaker.hpp"
#include "bot/loop.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wasl::channels {
struct OutgoingResponse;
}

namespace wasl::bot {

class Node;

/// Asks the business systems: attempts with a wait in between, never longer than the call's
/// `within`, and a circuit breaker for each host.
///
/// Its loop's thread (the first shard's) owns the breakers and everything under way; call() and the
/// counts may be used from any thread.
class BusinessCalls {
 public:
  BusinessCalls(Node& node, std::unique_ptr<Loop> loop);
  ~BusinessCalls();
  BusinessCalls(const BusinessCalls&) = delete;
  BusinessCalls& operator=(const BusinessCalls&) = delete;

  /// `last` is the answer of the last attempt, empty when none was made.
  using Done =
      std::function<void(flows::CallResult result, const channels::OutgoingResponse& last)>;
  /// Makes a call as `program` describes it; every attempt carries the same `idempotency_key`.
  /// `done` runs once, on our loop's thread, or never when the server ends first: then the call
  /// stays open and is made again after the start.  Any thread.
  void call(std::shared_ptr<const flows::Program> program, const flows::StartCall& call,
            const std::string& idempotency_key, Done done);

  /// From here on no request is sent.  Another thread than the loop's, which must be running.
  void stop();

  struct Counts {
    std::atomic<std::uint64_t> made{0};      ///< calls with an outcome
    std::atomic<std::uint64_t> failed{0};    ///< of them, with an error
    std::atomic<std::uint64_t> attempts{0};  ///< requests sent
    std::atomic<std::uint64_t> open{0};      ///< breakers that are not closed
    std::atomic<std::uint64_t> opened{0};    ///< how often one has opened
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  struct Call;
  using Shared = std::shared_ptr<Call>;
  void begin(const Shared& call);
  void attempt(const Shared& call);
  void answered(const Shared& call, CircuitBreaker::Ticket ticket,
                const channels::OutgoingResponse& response);
  void tell_breaker(const Call& call, CircuitBreaker::Ticket ticket,
                    const channels::OutgoingResponse& response);
  void give_up(const Shared& call, std::string why);
  void finish(const Shared& call, flows::CallResult result);
  CircuitBreaker& breaker_of(const std::string& host);
  void note(const std::string& host, CircuitBreaker::State before, const CircuitBreaker& breaker);

  Node& node_;
  std::unique_ptr<Loop> loop_;
  std::map<std::string, CircuitBreaker> breakers_;
  std::size_t under_way_ = 0;
  bool stopped_ = false;
  Counts counts_;
};

/// Every host that the server may reach for this bot: business systems, providers, and itself.
[[nodiscard]] std::vector<std::string> outgoing_hosts(const Bot& bot, std::uint16_t own_port);

}  // namespace wasl::bot
