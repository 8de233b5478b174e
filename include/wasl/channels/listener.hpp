#pragma once

#include "wasl/channels/http.hpp"
#include "wasl/core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace wasl::channels {

/// One open WebSocket, seen from the rest of the program.
///
/// send() and close() may be called from any thread, in order; what cannot be queued (more than
/// `outbox_frames_max` frames or `outbox_bytes_max` bytes wait) cuts the reader off with 1013.
class Socket {
 public:
  virtual ~Socket() = default;
  virtual void send(std::string frame) = 0;
  virtual void close(std::uint16_t code, std::string reason) = 0;
  /// Runs `then` on the connection's thread once little waits: for sending much, page by page.
  /// Never runs when the connection ends first.
  virtual void when_light(std::function<void()> then) = 0;
};

/// What to do with a WebSocket.  Both run on the connection's own thread; on_close runs once, also
/// after an error, and is the last call.
struct SocketCallbacks {
  std::function<void(std::string_view frame)> on_text;
  std::function<void()> on_close;
};

struct ListenerLimits {
  std::size_t frame_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 1024 * 1024;
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t outbox_frames_max = 1024;
  std::size_t outbox_bytes_max = 1024 * 1024;
  std::chrono::seconds handshake_max{10};
  std::chrono::seconds silence_max{60};  ///< pings go out at half of it
  std::size_t connections_per_address_max = 50;
  std::size_t connections_max = 20000;
  std::vector<std::string> trusted_proxies;
};

/// How the rest of the program serves connections.
struct Handlers {
  /// Every plain request.  Runs on a connection's thread; must not block.
  std::function<void(HttpRequest, Respond)> on_request;
  /// A WebSocket upgrade: fill the callbacks (on_text is called after this returns) to accept, or
  /// return the response that refuses it (403, 404).  `shard` is the index of the io_context that
  /// serves the connection.
  std::function<std::optional<HttpResponse>(const HttpRequest&, std::size_t shard,
                                            std::shared_ptr<Socket>, SocketCallbacks&)>
      on_upgrade;
};

/// Accepts connections and serves HTTP/1.1 and WebSocket on one port.
///
/// Destroying it stops accepting; connections live on, with the handlers they need, until they end
/// or their io_context is destroyed (then without on_close).  A Socket or Respond may outlive all.
class Listener {
 public:
  /// Binds `address` ("127.0.0.1:8080", "[::1]:0") and spreads connections over `shards`.
  /// Errors: unavailable  the address is taken or not ours, in one sentence.
  static Result<std::unique_ptr<Listener>> listen(std::vector<boost::asio::io_context*> shards,
                                                  const std::string& address, ListenerLimits limits,
                                                  Handlers handlers);
  virtual ~Listener() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual std::size_t connections() const = 0;
  /// Stops accepting; open WebSockets are closed with `code` once their outbox is sent.
  virtual void drain(std::uint16_t code) = 0;
};

}  // namespace wasl::channels
