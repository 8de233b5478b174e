#pragma once

#include "bot/node.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <thread>

namespace wasl::bot {

/// What a command needs to make a bot's calls without a server: the HTTP client, a thread for the
/// calls, and the demo data on a port of its own for calls to `self:`.
class OfflineNode {
 public:
  explicit OfflineNode(std::shared_ptr<const Bot> bot);
  ~OfflineNode();
  OfflineNode(const OfflineNode&) = delete;
  OfflineNode& operator=(const OfflineNode&) = delete;

  struct Answered {
    flows::CallResult result;
    channels::OutgoingResponse last;
  };
  /// Makes the call and waits for its outcome, at most the call's `within` and a little.
  [[nodiscard]] Answered call(const flows::StartCall& call, const std::string& idempotency_key);

 private:
  void serve_demo();

  Node node_;
  boost::asio::io_context context_{1};
  std::unique_ptr<channels::Listener> listener_;
  std::thread thread_;
};

}  // namespace wasl::bot
