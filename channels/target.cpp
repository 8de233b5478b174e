#include "channels/target.hpp"

#include "wasl/core/text.hpp"

namespace wasl::channels {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (is_control(c)) return std::nullopt;
    out += c;
  }
  return out;
}

/// Whether a segment of `path` climbs; a backslash separates too, as it does on some file systems.
bool climbs(std::string_view path) {
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find_first_of("/\\", start), path.size());
    if (path.substr(start, end - start) == "..") return true;
    start = end + 1;
  }
  return false;
}

}  // namespace

std::optional<Target> parse_target(std::string_view raw) {
  if (!raw.starts_with('/')) return std::nullopt;
  const std::size_t mark = raw.find('?');
  Target target;
  if (mark != std::string_view::npos) target.query = raw.substr(mark + 1);
  for (const char c : target.query) {
    if (is_control(c)) return std::nullopt;
  }
  std::optional<std::string> path = percent_decoded(raw.substr(0, mark));
  if (!path || climbs(*path) || !valid_utf8(*path)) return std::nullopt;
  target.path = std::move(*path);
  return target;
}

}  // namespace wasl::channels
