#include "wasl/core/json_writer.hpp"

#include "wasl/core/text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace wasl {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// What stands for a byte in a JSON text: 0 itself, 'u' a \u00XX escape, 'x' look closer (it begins
// a sequence of UTF-8), else the letter after the backslash.
constexpr auto kEscapes = [] {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = 'u';
  for (std::size_t i = 0x80; i < 0x100; ++i) table[i] = 'x';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}();

template <typename Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits;
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), number);
  out.append(digits.begin(), end);
}

template <typename Number>
void append_real(std::string& out, Number number) {
  if (!std::isfinite(number)) {
    out += "null";
  } else {
    append_number(out, number);
  }
}

}  // namespace

JsonWriter& JsonWriter::whole(std::int64_t number) {
  separate();
  append_number(out_, number);
  return *this;
}

JsonWriter& JsonWriter::count(std::uint64_t number) {
  separate();
  append_number(out_, number);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  separate();
  append_real(out_, number);
  return *this;
}

JsonWriter& JsonWriter::value(float number) {
  separate();
  append_real(out_, number);
  return *this;
}

void JsonWriter::write_text(std::string_view text) {
  out_ += '"';
  std::size_t begun = 0;  // of what goes out as it is
  const auto flush = [&](std::size_t to) { out_.append(text, begun, to - begun); };
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const char escape = kEscapes[byte];
    if (escape == 0) {
      ++at;
      continue;
    }
    if (escape == 'x') {
      // Two bytes, Arabic among them, at once; the rest is looked at more closely.
      const bool two = byte >= 0xC2 && byte <= 0xDF && at + 1 < text.size() &&
                       (static_cast<unsigned char>(text[at + 1]) & 0xC0U) == 0x80;
      const std::size_t length = two ? 2 : utf8_length(text, at);
      if (length > 0) {
        at += length;
        continue;
      }
    }
    flush(at);
    if (escape == 'x') {
      out_ += kReplacement;
    } else {
      out_ += '\\';
      out_ += escape;
      if (escape == 'u') {
        constexpr std::string_view kDigits = "0123456789abcdef";
        out_ += "00";
        out_ += kDigits[byte >> 4U];
        out_ += kDigits[byte & 0xFU];
      }
    }
    begun = ++at;
  }
  flush(text.size());
  out_ += '"';
}

}  // namespace wasl
