#include "bot/help_request.hpp"

#include "wasl/core/text.hpp"

#include <charconv>

namespace wasl::bot {
namespace {

constexpr std::size_t kQueryCharsMax = 200;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A field of a form as browsers send it; a broken escape stays as it is.
std::string form_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                        hex_value(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

Language wanted_language(std::string_view accepted, Language otherwise) {
  double best = 0.0;
  for (std::string_view one : split(accepted, ',')) {
    double weight = 1.0;
    if (const std::size_t mark = one.find(";q="); mark != std::string_view::npos) {
      const std::string_view digits = one.substr(mark + 3);
      std::from_chars(digits.data(), digits.data() + digits.size(), weight);
      one = one.substr(0, mark);
    }
    const Language language = language_of(trim(one).substr(0, 2));
    if (language == Language::und || weight <= best) continue;
    best = weight;
    otherwise = language;
  }
  return otherwise;
}

std::string query_words(std::string_view query) {
  constexpr std::string_view kField = "q=";
  for (const std::string_view field : split(query, '&')) {
    if (!field.starts_with(kField)) continue;
    const std::string words = form_decoded(field.substr(kField.size()));
    return std::string(trim(first_code_points(trim(words), kQueryCharsMax)));
  }
  return "";
}

}  // namespace wasl::bot
