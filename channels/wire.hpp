#pragma once

#include "channels/asio.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wasl::channels {

/// The sending side of one WebSocket: bytes of whole frames, written in as few system calls as
/// possible.
///
/// What is appended while the thread runs one handler leaves in one write, and what is appended
/// during a write leaves in the next one.  Frames are appended whole, so those of Beast (pong,
/// ping, close) and ours never interleave.  Used on its own thread only.  Holds no memory when
/// idle.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  /// Past `bytes_max` waiting bytes the connection is cut without a word: only a peer that floods
  /// us with pings and never reads gets there; our own frames are bounded before.
  Wire(TcpSocket socket, std::size_t bytes_max);

  [[nodiscard]] TcpSocket& socket() { return socket_; }

  /// Queues bytes as they are.
  void append(std::string_view bytes);
  /// Queues an unmasked text frame.
  void append_frame(std::string_view text);

  [[nodiscard]] std::size_t frames_waiting() const { return frames_out_ + frames_flying_; }
  [[nodiscard]] std::size_t bytes_waiting() const { return out_.size() + flying_.size(); }

  /// Forgets what is queued but not yet being written.
  void drop_queued();
  /// Says goodbye on the TCP level once everything is written, and closes after `patience`.
  void finish(std::chrono::seconds patience);
  /// Closes the socket at once.
  void close();

  /// A place for bytes nobody wants.
  [[nodiscard]] std::string& scratch() { return scratch_; }

 private:
  void close_after(std::chrono::seconds patience);
  void schedule();
  void flush();

  TcpSocket socket_;
  const std::size_t bytes_max_;
  std::string out_;     ///< waits
  std::string flying_;  ///< is being written
  std::size_t frames_out_ = 0;
  std::size_t frames_flying_ = 0;
  bool scheduled_ = false;
  bool finishing_ = false;
  std::string scratch_;
  std::optional<Timer> deadline_;
};

}  // namespace wasl::channels
