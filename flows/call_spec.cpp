#include "wasl/flows/call_spec.hpp"

#include <algorithm>

namespace wasl::flows {
namespace {

constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

/// Length of the `{argument}` or `${NAME}` that begins at `at`, or 0.
std::size_t hole_length(std::string_view text, std::size_t at, bool environment) {
  const std::size_t open = at + (environment ? 2 : 1);
  const std::size_t close = text.find('}', open);
  if (close == std::string_view::npos || close == open) return 0;
  const std::string_view inside = text.substr(open, close - open);
  if (!environment && inside.find_first_not_of(kNameCharacters) != std::string_view::npos) return 0;
  return close + 1 - at;
}

void add_arguments(std::string_view text, std::vector<std::string>& names) {
  for (const CallPiece& piece : cut_call_text(text)) {
    if (piece.kind != CallPiece::Kind::argument) continue;
    if (std::find(names.begin(), names.end(), piece.text) == names.end()) {
      names.push_back(piece.text);
    }
  }
}

void add_arguments(const CallBody& body, std::vector<std::string>& names) {
  if (const auto* text = std::get_if<std::string>(&body.value)) add_arguments(*text, names);
  for (const CallBody& item : body.items) add_arguments(item, names);
}

}  // namespace

std::vector<CallPiece> cut_call_text(std::string_view text) {
  std::vector<CallPiece> pieces;
  std::size_t from = 0;
  const auto plain_until = [&](std::size_t end) {
    if (end == from) return;
    pieces.push_back({CallPiece::Kind::text, std::string(text.substr(from, end - from))});
  };
  for (std::size_t at = 0; at < text.size();) {
    const bool environment = text.substr(at).starts_with("${");
    const std::size_t length =
        environment || text[at] == '{' ? hole_length(text, at, environment) : 0;
    if (length == 0) {
      at += environment ? 2 : 1;
      continue;
    }
    plain_until(at);
    if (environment) {
      pieces.push_back({CallPiece::Kind::environment, std::string(text.substr(at, length))});
    } else {
      pieces.push_back({CallPiece::Kind::argument, std::string(text.substr(at + 1, length - 2))});
    }
    at += length;
    from = at;
  }
  plain_until(text.size());
  return pieces;
}

std::vector<std::string> arguments_of(const CallSpec& spec) {
  std::vector<std::string> names;
  add_arguments(spec.url, names);
  for (const auto& [key, value] : spec.query) add_arguments(value, names);
  if (spec.body) add_arguments(*spec.body, names);
  return names;
}

bool sends_rest(const CallSpec& spec) {
  return !spec.body && spec.method != "GET" && spec.method != "DELETE";
}

}  // namespace wasl::flows
