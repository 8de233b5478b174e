#include "wasl/core/json_writer.hpp"

#include "wasl/core/text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

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

/// Bytes from `at` on that go out as they are, eight at a time: ASCII without escapes, and whole
/// characters of two bytes (Arabic among them).  Fewer than there are; the rest is for a closer
/// look.
std::size_t plain_bytes(std::string_view text, std::size_t at) {
  static_assert(std::endian::native == std::endian::little, "the next byte is the higher one");
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = kOnes * 0x80U;
  const auto has_zero = [](std::uint64_t word) { return ((word - kOnes) & ~word & kHigh) != 0; };
  const std::size_t begun = at;
  bool inside = false;  // the last byte so far begins a character
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t high = word & kHigh;
    const std::uint64_t low =
        word | high;  // bytes of characters longer than one: nothing to escape
    const bool control = (((low & ~kHigh) + kOnes * 0x60U) & kHigh & ~high) != (kHigh & ~high);
    if (control || has_zero(word ^ kOnes * '"') || has_zero(word ^ kOnes * '\\')) break;
    if (high == 0 && !inside) continue;
    const std::uint64_t leads = high & (word << 1U);
    const std::uint64_t longer = leads & (word << 2U);  // E0 and above
    const bool overlong = has_zero((word & kOnes * 0xFEU) ^ kOnes * 0xC0U);
    const std::uint64_t followed = leads << 8U | (inside ? 0x80U : 0U);
    if (longer != 0 || overlong || followed != (high & ~leads)) break;
    inside = leads >> 63U != 0;
  }
  return at - begun - (inside ? 1 : 0);
}

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
  for (std::size_t at = plain_bytes(text, 0); at < text.size();) {
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
    at += plain_bytes(text, at);
  }
  flush(text.size());
  out_ += '"';
}

}  // namespace wasl
