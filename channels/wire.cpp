#include "channels/wire.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <cstdint>
#include <utility>

namespace wasl::channels {
namespace {

/// How long the peer may take to hang up once it has everything from us.
constexpr std::chrono::seconds kHangUpMax{1};

}  // namespace

Wire::Wire(TcpSocket socket, std::size_t bytes_max)
    : socket_(std::move(socket)), bytes_max_(bytes_max) {}

void Wire::append(std::string_view bytes) {
  if (!socket_.is_open()) return;
  if (bytes_waiting() + bytes.size() > bytes_max_) return close();
  out_ += bytes;
  schedule();
}

// RFC 6455, section 5.2: final text frame, then the length in one of three forms, big-endian.
void Wire::append_frame(std::string_view text) {
  char head[10] = {static_cast<char>(0x81)};
  std::size_t length_bytes = 0;
  if (text.size() < 126) {
    head[1] = static_cast<char>(text.size());
  } else {
    length_bytes = text.size() <= 0xFFFF ? 2 : 8;
    head[1] = static_cast<char>(length_bytes == 2 ? 126 : 127);
    for (std::size_t i = 0; i < length_bytes; ++i) {
      head[2 + i] = static_cast<char>(
          (static_cast<std::uint64_t>(text.size()) >> (8 * (length_bytes - 1 - i))) & 0xFF);
    }
  }
  append({head, 2 + length_bytes});
  append(text);
  ++frames_out_;
}

void Wire::drop_queued() {
  out_ = {};
  frames_out_ = 0;
}

void Wire::finish(std::chrono::seconds patience) {
  finishing_ = true;
  scratch_.resize(1024);
  close_after(patience);
  schedule();
}

void Wire::close_after(std::chrono::seconds patience) {
  deadline_.emplace(socket_.get_executor(), patience);
  deadline_->async_wait([weak = weak_from_this()](const ErrorCode& error) {
    const auto self = weak.lock();
    if (self && !error) self->close();
  });
}

void Wire::close() {
  ErrorCode ignored;
  socket_.close(ignored);
  deadline_.reset();
  drop_queued();
}

void Wire::schedule() {
  if (scheduled_ || !flying_.empty()) return;
  scheduled_ = true;
  net::post(socket_.get_executor(), [self = shared_from_this()] {
    self->scheduled_ = false;
    self->flush();
  });
}

void Wire::flush() {
  if (!flying_.empty() || !socket_.is_open()) return;
  if (out_.empty()) {
    if (!finishing_) return;
    ErrorCode ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    return close_after(kHangUpMax);
  }
  flying_ = std::exchange(out_, {});
  frames_flying_ = std::exchange(frames_out_, 0);
  net::async_write(socket_, net::buffer(flying_),
                   [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                     self->flying_ = {};
                     self->frames_flying_ = 0;
                     if (error) return self->close();
                     self->flush();
                   });
}

}  // namespace wasl::channels
