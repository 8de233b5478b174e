#pragma once

// Plain blocking sockets and the smallest WebSocket client that will do: written without the
// library under test, so that the two cannot agree on a mistake.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace wasl::test {

/// A TCP connection to a port of this machine.  Every read gives up after `patience`.
class Connection {
 public:
  explicit Connection(std::uint16_t port, int receive_buffer = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    connected_ = ::connect(fd_, generic, sizeof address) == 0;
  }
  Connection(Connection&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        buffer_(std::move(other.buffer_)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }

  std::chrono::milliseconds patience{10'000};

  [[nodiscard]] bool connected() const { return connected_; }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Reads what is there, into the buffer; false at the end, an error, or out of patience.
  bool fill() {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
    char bytes[16 * 1024];
    const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) {
      ended_ = true;
      return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  /// The next `size` bytes, or fewer at the end.
  std::string read(std::size_t size) {
    while (buffer_.size() < size && fill()) {
    }
    std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, taken.size());
    return taken;
  }

  /// Everything up to and with `mark`, or "" at the end.
  std::string read_until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = buffer_.find(mark)) == std::string::npos) {
      if (!fill()) return {};
    }
    return read(at + mark.size());
  }

  /// Whether the other side hung up (after what is left was read).
  bool ends() {
    while (fill()) {
    }
    return ended_;
  }

 private:
  int fd_ = -1;
  bool connected_ = false;
  bool ended_ = false;
  std::string buffer_;
};

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

inline Answer read_answer(Connection& connection, bool with_body = true) {
  Answer answer;
  answer.head = connection.read_until("\r\n\r\n");
  if (answer.head.size() < 12) return answer;
  answer.status = std::atoi(answer.head.c_str() + 9);
  const std::size_t at = answer.head.find("Content-Length: ");
  if (with_body && at != std::string::npos) {
    const int length = std::atoi(answer.head.c_str() + at + 16);
    answer.body = connection.read(static_cast<std::size_t>(length));
  }
  return answer;
}

inline Answer ask(Connection& connection, const std::string& method, const std::string& target,
                  const std::string& headers = {}, const std::string& body = {}) {
  std::string request = method + ' ' + target + " HTTP/1.1\r\nHost: test\r\n" + headers;
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  connection.write(request + "\r\n" + body);
  return read_answer(connection, method != "HEAD");
}

struct Frame {
  int opcode = 0;  ///< 1 text, 8 close, 9 ping, 10 pong
  std::string payload;

  /// Of a close frame.
  [[nodiscard]] int code() const {
    if (opcode != 8 || payload.size() < 2) return 0;
    return (static_cast<unsigned char>(payload[0]) << 8) | static_cast<unsigned char>(payload[1]);
  }
};

/// A WebSocket client: masked frames out, plain frames in.
class WebSocketClient {
 public:
  explicit WebSocketClient(std::uint16_t port, const std::string& target = "/chat",
                           const std::string& headers = {}, int receive_buffer = 0)
      : connection(port, receive_buffer) {
    connection.write(
        "GET " + target +
        " HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        headers + "\r\n");
    answer = read_answer(connection);
  }

  Connection connection;
  Answer answer;  ///< of the handshake

  bool send(std::string_view payload, int opcode = 1) {
    return connection.write(masked(payload, opcode));
  }

  bool send_close(int code) {
    const char bytes[] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    return send({bytes, 2}, 8);
  }

  static std::string masked(std::string_view payload, int opcode = 1) {
    std::string frame(1, static_cast<char>(0x80 | opcode));
    const std::size_t size = payload.size();
    const std::size_t length_bytes = size < 126 ? 0 : size <= 0xFFFF ? 2 : 8;
    const std::size_t first = length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127;
    frame += static_cast<char>(0x80 | first);
    for (std::size_t i = length_bytes; i-- > 0;)
      frame += static_cast<char>((size >> (8 * i)) & 0xFF);
    constexpr char kMask[] = {0x11, 0x22, 0x33, 0x44};
    frame.append(kMask, 4);
    for (std::size_t i = 0; i < size; ++i) frame += static_cast<char>(payload[i] ^ kMask[i % 4]);
    return frame;
  }

  /// The next frame; nothing at the end or out of patience.
  std::optional<Frame> receive() {
    const std::string head = connection.read(2);
    if (head.size() < 2) return std::nullopt;
    std::size_t size = static_cast<unsigned char>(head[1]) & 0x7F;
    if (size >= 126) {
      const std::string more = connection.read(size == 126 ? 2 : 8);
      size = 0;
      for (const char c : more) size = (size << 8) | static_cast<unsigned char>(c);
    }
    Frame frame{head[0] & 0x0F, connection.read(size)};
    if (frame.payload.size() < size) return std::nullopt;
    return frame;
  }

  /// The code of the close frame that ends it all, after any other frames; 0 if none came.
  int close_code() {
    while (const std::optional<Frame> frame = receive()) {
      if (frame->opcode == 8) return frame->code();
    }
    return 0;
  }
};

}  // namespace wasl::test
