#include "flows/excerpt.hpp"

#include "wasl/core/text.hpp"

namespace wasl::flows {
namespace {

constexpr int kDepthMax = 8;

/// Where the brace that opens at `open` is closed, or the end of `text`.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  return text.size();
}

std::string plain(std::string_view text, int depth);

/// `name, plural, one {…} other {…}`, without its outer braces.
std::string plain_argument(std::string_view inner, int depth) {
  const auto parts = split(inner, ',');
  const std::string name = "{" + std::string(trim(parts.front())) + "}";
  const bool chooses = parts.size() > 2 && trim(parts[1]) != "date" && trim(parts[1]) != "time" &&
                       trim(parts[1]) != "number";
  const std::size_t other = chooses ? inner.rfind("other") : std::string_view::npos;
  const std::size_t open = other == std::string_view::npos ? other : inner.find('{', other);
  if (open == std::string_view::npos || depth >= kDepthMax) return name;
  const std::size_t close = closing(inner, open);
  std::string form = plain(inner.substr(open + 1, close - open - 1), depth + 1);
  for (std::size_t at = form.find('#'); at != std::string::npos; at = form.find('#', at)) {
    form.replace(at, 1, name);
    at += name.size();
  }
  return form;
}

std::string plain(std::string_view text, int depth) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') {
      const std::size_t close = closing(text, i);
      shown += plain_argument(text.substr(i + 1, close - i - 1), depth);
      i = close;
    } else if (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
      if (!shown.empty() && shown.back() != ' ') shown += ' ';
    } else {
      shown += text[i];
    }
  }
  return shown;
}

}  // namespace

std::string excerpt(std::string_view source, std::size_t chars_max) {
  const std::string whole = plain(source, 0);
  const std::string_view shown = trim(whole);
  if (code_points(shown) <= chars_max) return std::string(shown);
  return std::string(trim(first_code_points(shown, chars_max - 1))) + "…";
}

}  // namespace wasl::flows
