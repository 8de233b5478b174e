#pragma once

#include "bench/load/connection.hpp"
#include "bench/load/histogram.hpp"
#include "bench/load/messages.hpp"

#include <sys/types.h>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wasl::bench {

struct LoadOptions {
  Protocol protocol = Protocol::echo;
  std::string address = "127.0.0.1";
  int port = 0;
  std::size_t connections = 100;
  int addresses = 1;        ///< loopback addresses the connections come from
  double rate = 0.0;        ///< messages a second; 0: each connection as fast as it is answered
  double warm_up_s = 1.0;   ///< after all connections are ready
  double steady_s = 3.0;    ///< measured
  double hold_s = 0.0;      ///< instead of sending: stay connected this long
  pid_t process = 0;        ///< the server, whose CPU time is read
  std::uint64_t first = 0;  ///< number of the first message
};

/// What happened in the steady interval.
struct LoadResult {
  std::uint64_t answered = 0;
  std::uint64_t left = 0;        ///< turns that took a conversation away from the bot
  std::uint64_t unanswered = 0;  ///< acknowledged, but no message came within two seconds
  std::uint64_t lost = 0;        ///< connections the server ended
  std::map<std::string, std::uint64_t, std::less<>> errors;  ///< by code
  double seconds = 0.0;
  double server_user_s = 0.0;
  double server_system_s = 0.0;
  double own_s = 0.0;
  Histogram ack;
  Histogram answer;
};

/// Drives all connections from one thread.
///
/// Closed loop: the next message leaves when the answer to the last one is there.  Open loop
/// (`rate`): messages are due at fixed times whatever the server does, and their time counts from
/// when they were due.  A conversation that leaves the bot is ended, and a new visitor comes.
class Worker {
 public:
  Worker(LoadOptions options, const Messages* messages);
  ~Worker();

  /// Connects, warms up, measures.  Writes `steady` and `held` to stdout as it gets there.
  /// Throws std::runtime_error when the server cannot be reached or refuses.
  LoadResult run();

 private:
  using Clock = std::chrono::steady_clock;

  void connect_all();
  void connect(std::size_t index);
  void wait(std::int64_t until_ns);
  void handle(std::size_t index, std::uint32_t events);
  void settle(std::size_t index, const Progress& progress);
  void send_due(std::int64_t now);
  void say(std::size_t index, std::int64_t due_ns);
  void give_up_silent(std::int64_t now);
  [[nodiscard]] static std::int64_t now_ns();

  const LoadOptions options_;
  const Messages* const messages_;
  const std::string host_;
  int epoll_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::int64_t> acked_ns_;  ///< 0: not yet
  std::vector<std::uint64_t> turns_;
  std::deque<std::size_t> idle_;  ///< open loop: whose turn it is
  std::size_t connecting_ = 0;
  std::size_t ready_ = 0;
  std::int64_t due_ns_ = 0;
  std::int64_t checked_ns_ = 0;
  bool sending_ = false;
  LoadResult result_;
};

}  // namespace wasl::bench
