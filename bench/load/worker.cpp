#include "bench/load/worker.hpp"

#include "bench/load/process.hpp"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>

namespace wasl::bench {
namespace {

constexpr std::size_t kConnectingMax = 200;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kAnswerMax = 2 * kSecond;
constexpr std::int64_t kConnectMax = 120 * kSecond;

std::int64_t nanoseconds(double seconds) {
  return static_cast<std::int64_t>(seconds * 1e9);
}

}  // namespace

Worker::Worker(LoadOptions options, const Messages* messages)
    : options_(std::move(options)),
      messages_(messages),
      host_(options_.address + ":" + std::to_string(options_.port)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      acked_ns_(options_.connections, 0),
      turns_(options_.connections, 0) {
  if (epoll_ < 0) throw std::runtime_error("epoll_create1 failed");
}

Worker::~Worker() {
  connections_.clear();
  ::close(epoll_);
}

std::int64_t Worker::now_ns() {
  return Clock::now().time_since_epoch().count();
}

LoadResult Worker::run() {
  connect_all();
  if (options_.hold_s > 0) {
    std::printf("held\n");
    std::fflush(stdout);
    const std::int64_t end = now_ns() + nanoseconds(options_.hold_s);
    while (now_ns() < end) wait(end);
    return result_;
  }
  sending_ = true;
  due_ns_ = now_ns();
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    if (options_.rate > 0) {
      idle_.push_back(i);
    } else {
      say(i, now_ns());
    }
  }
  const std::int64_t begin = now_ns() + nanoseconds(options_.warm_up_s);
  while (now_ns() < begin) wait(begin);

  result_ = LoadResult{};
  std::printf("steady\n");
  std::fflush(stdout);
  const Usage server = usage_of(options_.process);
  const Usage own = usage_of(::getpid());
  const std::int64_t start = now_ns();
  const std::int64_t end = start + nanoseconds(options_.steady_s);
  while (now_ns() < end) wait(end);
  result_.seconds = static_cast<double>(now_ns() - start) / 1e9;
  const Usage after = usage_of(options_.process);
  result_.server_user_s = after.user_s - server.user_s;
  result_.server_system_s = after.system_s - server.system_s;
  result_.own_s = usage_of(::getpid()).total_s() - own.total_s();
  return result_;
}

void Worker::connect_all() {
  const std::int64_t end = now_ns() + kConnectMax;
  while (ready_ < options_.connections) {
    while (connections_.size() < options_.connections && connecting_ < kConnectingMax) {
      connections_.push_back(std::make_unique<Connection>(options_.protocol, host_));
      connect(connections_.size() - 1);
    }
    wait(now_ns() + kSecond / 10);
    if (!result_.errors.empty()) {
      throw std::runtime_error("the server refused: " + result_.errors.begin()->first);
    }
    if (result_.lost > 0) throw std::runtime_error("the server hung up");
    if (now_ns() > end) throw std::runtime_error("the server did not take all connections in time");
  }
}

void Worker::connect(std::size_t index) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(options_.port));
  ::inet_pton(AF_INET, options_.address.c_str(), &to.sin_addr);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  const auto last =
      static_cast<std::uint32_t>(index % static_cast<std::size_t>(options_.addresses));
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + last);
  Connection& connection = *connections_[index];
  connection.open(to, from);
  ++connecting_;
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.u64 = index;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.descriptor(), &event);
}

// One round of the loop: waits for sockets, until `until_ns` or the next due message.
void Worker::wait(std::int64_t until_ns) {
  std::int64_t now = now_ns();
  if (sending_ && options_.rate > 0) {
    send_due(now);
    if (!idle_.empty()) until_ns = std::min(until_ns, due_ns_);
  }
  const std::int64_t pause = std::clamp<std::int64_t>(until_ns - now, 0, kSecond / 10);
  const timespec patience{0, static_cast<long>(pause)};
  std::array<epoll_event, 256> events{};
  const int count = ::epoll_pwait2(epoll_, events.data(), events.size(), &patience, nullptr);
  if (count < 0 && errno != EINTR) throw std::runtime_error("epoll_pwait2 failed");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    handle(event.data.u64, event.events);
  }
  now = now_ns();
  if (sending_ && now - checked_ns_ > kSecond / 2) give_up_silent(now);
}

void Worker::handle(std::size_t index, std::uint32_t events) {
  Connection& connection = *connections_[index];
  if (!connection.upgraded()) {
    if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) == 0) return;
    connection.upgrade();
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.descriptor(), &event);
    return;
  }
  settle(index, connection.read());
}

void Worker::settle(std::size_t index, const Progress& progress) {
  const std::int64_t now = now_ns();
  Connection& connection = *connections_[index];
  if (progress.ready) {
    --connecting_;
    if (ready_ < options_.connections) ++ready_;
  }
  if (progress.acked) {
    acked_ns_[index] = now;
    result_.ack.add(now - connection.since_ns);
  }
  if (progress.answered) {
    ++result_.answered;
    result_.answer.add(now - connection.since_ns);
  }
  if (!progress.error.empty()) {
    const auto known = result_.errors.find(progress.error);
    if (known != result_.errors.end()) {
      ++known->second;
    } else {
      result_.errors.emplace(progress.error, 1);
    }
  }
  if (progress.left && !progress.closed) {
    ++result_.left;
    return connection.end();
  }
  if (progress.closed || progress.ended) {
    if (!progress.ended) ++result_.lost;
    connection.close();
    if (sending_) connect(index);
    return;
  }
  const bool free = progress.answered || !progress.error.empty() || progress.ready;
  if (!sending_ || !free) return;
  if (options_.rate > 0) {
    idle_.push_back(index);
  } else {
    say(index, now);
  }
}

void Worker::send_due(std::int64_t now) {
  while (due_ns_ <= now && !idle_.empty()) {
    const std::size_t index = idle_.front();
    idle_.pop_front();
    say(index, due_ns_);
    due_ns_ += nanoseconds(1.0 / options_.rate);
  }
}

void Worker::say(std::size_t index, std::int64_t due_ns) {
  Connection& connection = *connections_[index];
  connection.since_ns = due_ns;
  acked_ns_[index] = 0;
  const std::uint64_t turn = turns_[index]++;
  const std::uint64_t number = options_.first + turn * connections_.size() + index;
  connection.say(number, messages_->at(index, turn, number).text);
}

// A bot may have nothing to say; its visitor then writes again.
void Worker::give_up_silent(std::int64_t now) {
  checked_ns_ = now;
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const Connection& connection = *connections_[i];
    if (!connection.waiting() || acked_ns_[i] == 0 || now - acked_ns_[i] < kAnswerMax) continue;
    ++result_.unanswered;
    say(i, now);
  }
}

}  // namespace wasl::bench
