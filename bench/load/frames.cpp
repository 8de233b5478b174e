#include "bench/load/frames.hpp"

#include <array>
#include <cstring>

namespace wasl::bench {
namespace {

constexpr std::array<unsigned char, 8> kMask{0x37, 0xFA, 0x21, 0x3D, 0x37, 0xFA, 0x21, 0x3D};

void append_masked(std::string& out, std::string_view payload) {
  std::uint64_t mask = 0;
  std::memcpy(&mask, kMask.data(), sizeof mask);
  const std::size_t start = out.size();
  out += payload;
  char* const data = out.data() + start;
  std::size_t at = 0;
  for (; at + sizeof mask <= payload.size(); at += sizeof mask) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + at, sizeof word);
    word ^= mask;
    std::memcpy(data + at, &word, sizeof word);
  }
  for (; at < payload.size(); ++at) {
    data[at] = static_cast<char>(static_cast<unsigned char>(data[at]) ^ kMask[at % kMask.size()]);
  }
}

}  // namespace

std::string upgrade_request(std::string_view host, std::string_view path) {
  std::string request = "GET ";
  request.append(path).append(" HTTP/1.1\r\nHost: ").append(host);
  request +=
      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: d2FzbC1iZW5jaC1sb2FkIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  return request;
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  out += static_cast<char>(0x80 | static_cast<int>(opcode));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {  // nothing here is longer than 65,535 bytes
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xFF);
  }
  out.append(reinterpret_cast<const char*>(kMask.data()), 4);
  append_masked(out, payload);
}

void append_json(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
}

bool next_frame(std::string_view& bytes, Frame& frame) {
  if (bytes.size() < 2) return false;
  const auto byte = [&bytes](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(bytes[i])};
  };
  std::uint64_t size = byte(1) & 0x7F;
  std::size_t head = 2;
  const std::size_t length_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (length_bytes > 0) {
    if (bytes.size() < head + length_bytes) return false;
    size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) size = size << 8 | byte(head + i);
    head += length_bytes;
  }
  if (bytes.size() - head < size) return false;
  frame.opcode = static_cast<Opcode>(byte(0) & 0x0F);
  frame.payload = bytes.substr(head, size);
  bytes.remove_prefix(head + size);
  return true;
}

}  // namespace wasl::bench
