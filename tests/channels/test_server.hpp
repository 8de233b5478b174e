#pragma once

#include "wasl/channels/listener.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace wasl::test {

/// Waits until `holds()`, at most `patience`.
template <typename Claim>
bool soon(Claim holds, std::chrono::milliseconds patience = std::chrono::seconds(10)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

/// A listener on a free port of this machine with threads of its own.
class TestServer {
 public:
  explicit TestServer(channels::Handlers handlers, channels::ListenerLimits limits = {},
                      std::size_t shard_count = 2) {
    std::vector<boost::asio::io_context*> shards;
    for (std::size_t i = 0; i < shard_count; ++i) {
      contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
      shards.push_back(contexts_.back().get());
    }
    auto made =
        channels::Listener::listen(shards, "127.0.0.1:0", std::move(limits), std::move(handlers));
    if (made) listener = std::move(*made);
    for (auto& context : contexts_) {
      threads_.emplace_back([&context] {
        const auto work = boost::asio::make_work_guard(*context);
        context->run();
      });
    }
  }

  ~TestServer() {
    for (auto& context : contexts_) context->stop();
    for (std::thread& thread : threads_) thread.join();
  }

  [[nodiscard]] std::uint16_t port() const { return listener->port(); }

  std::unique_ptr<channels::Listener> listener;

 private:
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
  std::vector<std::thread> threads_;
};

}  // namespace wasl::test
