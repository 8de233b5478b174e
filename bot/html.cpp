#include "bot/html.hpp"

#include "wasl/core/text.hpp"

namespace wasl::bot {

std::string html(std::string_view text, std::size_t code_points_max) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  const std::string_view shown = first_code_points(text, code_points_max);
  std::string result;
  result.reserve(shown.size() + shown.size() / 8);
  for (std::size_t at = 0; at < shown.size();) {
    const std::size_t length = utf8_length(shown, at);
    const char c = shown[at];
    if (length == 0 || (length == 1 && (static_cast<unsigned char>(c) < ' ' || c == '\x7F'))) {
      result += c == '\t' || c == '\n' ? std::string_view(" ") : kReplacement;
      ++at;
      continue;
    }
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += shown.substr(at, length);
    }
    at += length;
  }
  if (shown.size() < text.size()) result += "…";
  return result;
}

}  // namespace wasl::bot
