#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// Bytes `[start, end)` of some text.
struct Span {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  [[nodiscard]] bool empty() const { return start >= end; }
  bool operator==(const Span&) const = default;
};

/// A text in the form that is matched, never shown: one spelling per word, and where it came from.
struct Clean {
  std::string text;          ///< folded, single spaces, valid UTF-8 without control characters
  std::vector<Span> origin;  ///< for each byte of `text`, its bytes in the original

  // How it was written: what folding hides and mood wants to know.
  std::size_t arabic_letters = 0;
  std::size_t latin_letters = 0;
  std::size_t latin_capitals = 0;
  std::size_t emoji = 0;
  std::size_t elongations = 0;  ///< letters written three times or more in a row
  Span elongation;              ///< the first of them, in the original
  Span exclamation;             ///< the first `!!!` or `؟؟؟`, in the original

  /// The original bytes of `text[start, end)`.
  [[nodiscard]] Span original(std::size_t start, std::size_t end) const;
};

/// Folds spelling away: compatibility forms, case, accents, tashkeel, tatweel, the forms of alef,
/// hamza, yaa and taa marbuta, other alphabets' digits and punctuation, bidi and control
/// characters; a letter repeated three times or more is kept `run_max` times; emoji become words
/// of their own.
///
/// Any bytes will do; what is no UTF-8 reads as a space.  At most 4,000 code points are read and
/// 16 KiB are written.  Cost: linear, 1-3 µs for a sentence.
[[nodiscard]] Clean clean(std::string_view text, std::size_t run_max = 2);

/// What clean() makes of one code point: none, one, or (for ligatures) several, as UTF-8.
[[nodiscard]] std::string clean_code_point(char32_t code_point);

/// Whether a code point of a clean text belongs to a word: letters and digits of any script.
[[nodiscard]] bool is_word(char32_t code_point);

/// Reads the code point at `at` and moves past it.  REQUIRES: `at < text.size()`.  Invalid: U+FFFD.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);

/// Appends as UTF-8.
void append_code_point(std::string& text, char32_t code_point);

}  // namespace wasl::intents
