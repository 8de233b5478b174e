#include "bench/load/connection.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

// Frames of /chat are told apart by their `type`, which our server writes first.  Nothing is
// parsed further than needed: what this costs is taken from the server, which shares the cores.

namespace wasl::bench {
namespace {

std::runtime_error failure(const char* what) {
  return std::runtime_error(std::string(what) + ": " + std::strerror(errno));  // NOLINT
}

/// The text after `key` up to the next quote.
std::string_view field(std::string_view json, std::string_view key) {
  const std::size_t at = json.find(key);
  if (at == std::string_view::npos) return {};
  json.remove_prefix(at + key.size());
  return json.substr(0, json.find('"'));
}

}  // namespace

void Connection::open(const sockaddr_in& to, const sockaddr_in& from) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) throw failure("socket");
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(descriptor_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) {
    throw failure("bind");
  }
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
      errno != EINPROGRESS) {
    throw failure("connect");
  }
  stage_ = Stage::connecting;
  waiting_ = false;
  with_bot_ = true;
  part_.clear();
}

void Connection::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void Connection::upgrade() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    errno = error;
    throw failure("connect");
  }
  stage_ = Stage::upgrading;
  send(upgrade_request(host_, "/chat"));
}

void Connection::say(std::uint64_t number, std::string_view text) {
  static thread_local std::string json;
  static thread_local std::string frame;
  json.assign(R"({"type":"message","client_id":"m)").append(std::to_string(number));
  json += R"(","text":")";
  append_json(json, text);
  json += "\"}";
  frame.clear();
  append_frame(frame, Opcode::text, json);
  waiting_ = true;
  acked_ = false;
  number_ = number;
  send(frame);
}

void Connection::end() {
  std::string frame;
  append_frame(frame, Opcode::text, R"({"type":"end","client_id":"end"})");
  waiting_ = false;
  stage_ = Stage::ending;
  send(frame);
}

void Connection::send(std::string_view bytes) {
  const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;  // read() will say so
  if (sent != static_cast<ssize_t>(bytes.size())) throw failure("send");
}

Progress Connection::read() {
  static thread_local std::array<char, 64 * 1024> buffer;
  Progress progress;
  const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (size <= 0) {
    progress.closed = size == 0 || (errno != EAGAIN && errno != EINTR);
    return progress;
  }
  std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
  static thread_local std::string joined;  // outlives the frames in `progress`
  if (!part_.empty()) {
    joined.assign(part_).append(bytes);
    bytes = joined;
  }
  if (stage_ != Stage::upgrading || finish_upgrade(bytes, progress)) {
    Frame frame;
    while (next_frame(bytes, frame)) on_frame(frame, progress);
  }
  part_.assign(bytes);
  return progress;
}

bool Connection::finish_upgrade(std::string_view& bytes, Progress& progress) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  if (!bytes.starts_with("HTTP/1.1 101")) {
    progress.error = bytes.substr(0, bytes.find('\r'));
    progress.closed = true;
    return false;
  }
  bytes.remove_prefix(end + 4);
  if (protocol_ == Protocol::echo) {
    stage_ = Stage::open;
    progress.ready = true;
    return true;
  }
  stage_ = Stage::greeting;
  std::string hello;
  append_frame(hello, Opcode::text, R"({"type":"hello","last_seq":0,"locale":"en"})");
  send(hello);
  return true;
}

void Connection::on_frame(const Frame& frame, Progress& progress) {
  switch (frame.opcode) {
    case Opcode::close:
      progress.closed = true;
      break;
    case Opcode::ping: {
      std::string pong;
      append_frame(pong, Opcode::pong, frame.payload);
      send(pong);
      break;
    }
    case Opcode::text:
      if (protocol_ == Protocol::chat) return on_chat_frame(frame.payload, progress);
      if (!waiting_) break;
      waiting_ = false;
      progress.acked = progress.answered = true;
      break;
    case Opcode::binary:
    case Opcode::pong:
      break;
  }
}

void Connection::on_chat_frame(std::string_view text, Progress& progress) {
  const std::string_view type = field(text, R"("type":")");
  if (stage_ == Stage::ending) {
    progress.ended = progress.ended || type == "ack" || type == "error";
    return;
  }
  if (type == "welcome") {
    progress.ready = stage_ == Stage::greeting;
    stage_ = Stage::open;
  } else if (type == "ack") {
    if (!waiting_ || field(text, R"("client_id":"m)") != std::to_string(number_)) return;
    acked_ = progress.acked = true;
    if (with_bot_) return;  // the answer follows
    waiting_ = false;
    progress.answered = progress.left = true;
  } else if (type == "message") {
    if (!waiting_ || !acked_) return;  // a further message of an earlier turn
    waiting_ = false;
    progress.answered = true;
  } else if (type == "state") {
    with_bot_ = field(text, R"("state":")") == "bot";
    progress.left = !with_bot_;
  } else if (type == "error") {
    progress.error = field(text, R"("code":")");
    waiting_ = false;
  }
}

}  // namespace wasl::bench
