#pragma once

#include "channels/beast.hpp"
#include "channels/server.hpp"
#include "channels/wire.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wasl::channels {

/// How long a peer may take to answer our close frame, with the rest of the outbox before it.
inline constexpr std::chrono::seconds kCloseMax{5};

/// The stream Beast speaks WebSocket over: reads from the socket, writes through a Wire.
class WireStream {
 public:
  using executor_type = Executor;

  explicit WireStream(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}

  [[nodiscard]] executor_type get_executor() const { return wire_->socket().get_executor(); }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return wire_->socket().async_read_some(buffers, std::forward<Token>(token));
  }

  /// Done as soon as the bytes are queued; the Wire's bound replaces back pressure.
  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return net::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [wire = wire_](auto&& handler, const Buffers& bytes) {
          std::string all(net::buffer_size(bytes), '\0');
          net::buffer_copy(net::buffer(all), bytes);
          wire->append(all);
          net::post(wire->socket().get_executor(),
                    beast::bind_front_handler(std::forward<decltype(handler)>(handler), ErrorCode{},
                                              all.size()));
        },
        token, buffers);
  }

  // What Beast asks of a stream that is no plain socket.
  friend void beast_close_socket(WireStream& stream) { stream.wire_->close(); }
  friend void teardown(beast::role_type, WireStream& stream, ErrorCode&) { stream.wire_->close(); }
  template <typename Handler>
  friend void async_teardown(beast::role_type, WireStream& stream, Handler&& handler) {
    net::async_compose<Handler, void(ErrorCode)>(Teardown{stream.wire_}, handler,
                                                 stream.wire_->socket());
  }

 private:
  /// Sends the rest, then reads until the peer hangs up too; a close with unread bytes would reset
  /// the connection and take our last frames with it.
  struct Teardown {
    std::shared_ptr<Wire> wire;
    bool started = false;

    template <typename Self>
    void operator()(Self& self, ErrorCode error = {}, std::size_t = 0) {
      if (!started) {
        started = true;
        wire->finish(kCloseMax);
      } else if (error) {
        wire->close();
        return self.complete(error == net::error::eof ? ErrorCode{} : error);
      }
      Wire& alive = *wire;  // `self`, and with it `wire`, is about to be moved from
      alive.socket().async_read_some(net::buffer(alive.scratch()), std::move(self));
    }
  };

  std::shared_ptr<Wire> wire_;
};

/// One visitor's or agent's WebSocket, from handshake to goodbye.  Lives on its shard's thread; the
/// rest of the program holds only a handle that does not keep it alive.
class WebSession final : public Drainable, public std::enable_shared_from_this<WebSession> {
 public:
  WebSession(std::shared_ptr<Server> server, Shard& shard);

  /// For other threads and for as long as they like.
  [[nodiscard]] std::shared_ptr<Socket> handle();
  [[nodiscard]] SocketCallbacks& callbacks() { return callbacks_; }

  /// Answers `request` with 101 and serves `socket` to its end; on_close has run when it returns.
  Task<void> run(TcpSocket socket, std::unique_ptr<BeastRequest> request);

  void send(std::string_view frame);
  void close(std::uint16_t code, std::string_view reason);
  void when_light(std::function<void()> then);
  void drain(std::uint16_t code) override { close(code, "restart"); }

 private:
  Task<bool> accept(std::unique_ptr<BeastRequest> request);
  Task<void> read_frames();
  void start_close();
  void goodbye();

  std::shared_ptr<Server> server_;
  Shard& shard_;
  SocketCallbacks callbacks_;
  std::shared_ptr<Wire> wire_;
  std::optional<websocket::stream<WireStream, false>> stream_;  // false: no deflate
  std::string early_;  ///< frames sent before the handshake is answered, length-prefixed
  std::size_t early_frames_ = 0;
  bool open_ = false;     ///< 101 is sent
  bool closing_ = false;  ///< nothing more is sent or delivered
  websocket::close_reason close_reason_;
};

}  // namespace wasl::channels
