#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wasl::bench {

/// The client's half of RFC 6455, as much as a load generator needs.
enum class Opcode : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// The opening handshake.
[[nodiscard]] std::string upgrade_request(std::string_view host, std::string_view path);

/// Appends one masked frame.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);

/// Appends `text` as the inside of a JSON string.
void append_json(std::string& out, std::string_view text);

struct Frame {
  Opcode opcode = Opcode::text;
  std::string_view payload;  ///< inside the bytes given
};

/// Takes one whole frame from the front of `bytes`; false when more is needed.
[[nodiscard]] bool next_frame(std::string_view& bytes, Frame& frame);

}  // namespace wasl::bench
