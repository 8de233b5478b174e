#include "channels/web_socket.hpp"

#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_to_string.hpp>

#include <utility>

// The reader is a coroutine; there is no writer: frames go to the Wire, which writes them in
// batches.  Beast reads, answers pings, sends its own, watches the silence and does the closing
// handshake.  A close frame is queued behind all frames before it, so "flush, then close" is plain
// order; Beast's timer ends a close that the peer does not answer.

namespace wasl::channels {
namespace {

constexpr std::size_t kLightFrames = 128;
constexpr std::size_t kLightBytes = 256 * 1024;
constexpr std::chrono::milliseconds kLightPause{5};
constexpr std::size_t kReasonBytesMax = 123;  // RFC 6455: a control frame carries 125 bytes

class Handle final : public Socket {
 public:
  Handle(Executor executor, std::weak_ptr<WebSession> session)
      : executor_(std::move(executor)), session_(std::move(session)) {}

  void send(std::string frame) override {
    on_its_thread([frame = std::move(frame)](WebSession& session) { session.send(frame); });
  }

  void close(std::uint16_t code, std::string reason) override {
    on_its_thread(
        [code, reason = std::move(reason)](WebSession& session) { session.close(code, reason); });
  }

  void when_light(std::function<void()> then) override {
    on_its_thread([then = std::move(then)](WebSession& session) { session.when_light(then); });
  }

 private:
  template <typename Act>
  void on_its_thread(Act act) {
    if (session_.expired()) return;  // and perhaps the io_context too
    if (executor_.running_in_this_thread()) {
      if (const auto session = session_.lock()) act(*session);
      return;
    }
    net::post(executor_, [weak = session_, act = std::move(act)] {
      if (const auto session = weak.lock()) act(*session);
    });
  }

  const Executor executor_;
  const std::weak_ptr<WebSession> session_;
};

}  // namespace

WebSession::WebSession(std::shared_ptr<Server> server, Shard& shard)
    : server_(std::move(server)), shard_(shard) {}

std::shared_ptr<Socket> WebSession::handle() {
  return std::make_shared<Handle>(shard_.executor, weak_from_this());
}

Task<void> WebSession::run(TcpSocket socket, std::unique_ptr<BeastRequest> request) {
  const std::shared_ptr<WebSession> self = shared_from_this();
  const ListenerLimits& limits = server_->limits;
  wire_ = std::make_shared<Wire>(std::move(socket), limits.outbox_bytes_max + 256 * 1024);
  stream_.emplace(wire_);
  try {
    const Registered registered(shard_, this);
    if (shard_.draining) close(*shard_.draining, "restart");
    if (co_await accept(std::move(request))) co_await read_frames();
  } catch (...) {
    // Out of memory, or a callback threw: this connection ends, the others go on.
  }
  goodbye();
}

Task<bool> WebSession::accept(std::unique_ptr<BeastRequest> request) {
  const ListenerLimits& limits = server_->limits;
  stream_->read_message_max(limits.frame_bytes_max);
  websocket::stream_base::timeout patience{limits.handshake_max, limits.silence_max, true};
  stream_->set_option(patience);
  stream_->set_option(websocket::stream_base::decorator(
      [](websocket::response_type& response) { response.set(http::field::server, "wasl"); }));

  const auto [refused] = co_await stream_->async_accept(*request, kNoThrow);
  if (refused) co_return false;

  patience.handshake_timeout = kCloseMax;
  stream_->set_option(patience);
  open_ = true;
  const std::string early = std::exchange(early_, {});
  for (std::size_t at = 0; at < early.size();) {
    std::size_t size = 0;
    early.copy(reinterpret_cast<char*>(&size), sizeof size, at);
    wire_->append_frame(std::string_view(early).substr(at + sizeof size, size));
    at += sizeof size + size;
  }
  if (closing_) start_close();
  co_return true;
}

Task<void> WebSession::read_frames() {
  beast::flat_buffer buffer;
  for (;;) {
    const auto [error, size] = co_await stream_->async_read(buffer, kNoThrow);
    if (error) co_return;  // closed, reset, too long or silent: each one ends the session
    if (!closing_) {
      if (stream_->got_text()) {
        callbacks_.on_text({static_cast<const char*>(buffer.cdata().data()), size});
      } else {
        close(websocket::close_code::unknown_data, "text only");
      }
    }
    buffer.consume(size);
    if (buffer.capacity() > 4096) buffer.shrink_to_fit();  // one long message is no habit
  }
}

void WebSession::send(std::string_view frame) {
  if (closing_) return;
  const ListenerLimits& limits = server_->limits;
  const std::size_t frames = open_ ? wire_->frames_waiting() : early_frames_;
  const std::size_t bytes = open_ ? wire_->bytes_waiting() : early_.size();
  if (frames >= limits.outbox_frames_max || bytes + frame.size() > limits.outbox_bytes_max) {
    // Too slow a reader.  What is being written must end as a whole frame; the rest it will ask
    // for when it comes back.
    if (open_) wire_->drop_queued();
    early_ = {};
    return close(websocket::close_code::try_again_later, "too slow");
  }
  if (open_) return wire_->append_frame(frame);
  const std::size_t size = frame.size();
  early_.append(reinterpret_cast<const char*>(&size), sizeof size);
  early_ += frame;
  ++early_frames_;
}

void WebSession::close(std::uint16_t code, std::string_view reason) {
  if (closing_) return;
  closing_ = true;
  close_reason_.code = code;
  reason = reason.substr(0, kReasonBytesMax);
  close_reason_.reason.assign(reason.data(), reason.size());
  if (open_) start_close();
}

void WebSession::when_light(std::function<void()> then) {
  if (closing_) return;
  const bool light =
      wire_ && wire_->frames_waiting() < kLightFrames && wire_->bytes_waiting() < kLightBytes;
  if (open_ && light) return then();
  auto timer = std::make_shared<Timer>(shard_.executor, kLightPause);
  timer->async_wait(
      [weak = weak_from_this(), timer, then = std::move(then)](const ErrorCode& error) {
        const auto session = weak.lock();
        if (!error && session) session->when_light(then);
      });
}

void WebSession::start_close() {
  stream_->async_close(close_reason_, [self = shared_from_this()](const ErrorCode&) {
    // The reader notices by itself.
  });
}

void WebSession::goodbye() {
  closing_ = true;
  wire_->close();
  const SocketCallbacks last = std::exchange(callbacks_, {});
  try {
    if (last.on_close) last.on_close();
  } catch (...) {
    // Nobody is left to tell.
  }
}

}  // namespace wasl::channels
