#pragma once

#include "bench/load/frames.hpp"

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace wasl::bench {

/// How the server is spoken to.
enum class Protocol {
  echo,  ///< any frame is the answer
  chat,  ///< docs/protocol.md: hello, then an ack and a message for each message
};

/// What came of the bytes a connection was given.
struct Progress {
  bool ready = false;     ///< may send its first message now
  bool acked = false;     ///< what was sent is durable
  bool answered = false;  ///< and the turn is over
  bool left = false;      ///< the bot does not answer here any more: a person should
  bool ended = false;     ///< what end() asked for
  bool closed = false;
  std::string_view error;  ///< code of an error frame; points into the bytes given
};

/// One WebSocket of a load generator.  Never has more than one message under way, so the socket's
/// own buffer always takes what is sent.
class Connection {
 public:
  Connection(Protocol protocol, std::string_view host) : protocol_(protocol), host_(host) {}
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Begins to connect from `from`.  Throws std::runtime_error.
  void open(const sockaddr_in& to, const sockaddr_in& from);
  void close();

  /// Sends the request for the upgrade; call once connected.
  void upgrade();
  /// Sends a message; `number` names it.  REQUIRES: ready, none under way.
  void say(std::uint64_t number, std::string_view text);
  /// Ends the conversation, so that nobody waits for it; nothing else may be said then.
  void end();
  /// Reads what the socket has, at most one buffer full.
  Progress read();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool upgraded() const { return stage_ != Stage::connecting; }
  [[nodiscard]] bool waiting() const { return waiting_; }

  std::int64_t since_ns = 0;  ///< when the message under way was due

 private:
  enum class Stage { connecting, upgrading, greeting, open, ending };

  void on_frame(const Frame& frame, Progress& progress);
  void on_chat_frame(std::string_view text, Progress& progress);
  bool finish_upgrade(std::string_view& bytes, Progress& progress);
  void send(std::string_view bytes);

  const Protocol protocol_;
  const std::string_view host_;
  int descriptor_ = -1;
  Stage stage_ = Stage::connecting;
  bool waiting_ = false;
  bool acked_ = false;
  bool with_bot_ = true;
  std::uint64_t number_ = 0;
  std::string part_;  ///< of a frame, until the rest comes
};

}  // namespace wasl::bench
