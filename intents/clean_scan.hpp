#pragma once

#include "wasl/intents/clean.hpp"

#include <array>

// next_code_point() and is_word() for the texts nearly everybody writes, without a call.

namespace wasl::intents {

/// next_code_point(); ASCII and two-byte sequences are read here.  REQUIRES: `at < text.size()`.
inline char32_t scan_code_point(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) {
    ++at;
    return first;
  }
  if (first >= 0xC2 && first < 0xE0 && at + 1 < text.size()) {
    const auto second = static_cast<unsigned char>(text[at + 1]);
    if ((second & 0xC0U) == 0x80) {
      at += 2;
      return static_cast<char32_t>((first & 0x1FU) << 6U | (second & 0x3FU));
    }
  }
  return next_code_point(text, at);
}

/// is_word()
inline bool scan_is_word(char32_t c) {
  constexpr auto kAscii = [] {
    std::array<bool, 128> word{};
    for (std::size_t i = 0; i < word.size(); ++i) {
      const auto letter = static_cast<char>(i);
      word[i] =
          (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    }
    return word;
  }();
  if (c < 0x80) return kAscii[c];
  if (c >= 0x0621 && c <= 0x064A) return true;
  return is_word(c);
}

}  // namespace wasl::intents
