#pragma once

#include "wasl/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// A clean text with a mark at each edge of each word, which is what patterns are matched against.
struct Marked {
  std::string text;
  std::vector<std::uint32_t>
      clean_at;  ///< per byte of `text`, and one past it: offset in the clean
};

[[nodiscard]] Marked mark_words(std::string_view clean);

/// Writes an author's pattern as an RE2 pattern over marked text.
///
/// The author sees plain RE2 over the clean text, where `<` and `>` stand for the start and the
/// end of a word in any script (`\<` and `\>` for the signs themselves) and `\w` is a letter or
/// digit of any script.  Literals are cleaned like the text.
/// Errors: invalid_input, in one sentence, for what cannot be: `\b`, an unclosed class.
[[nodiscard]] Result<std::string> compile_pattern(std::string_view pattern);

/// `text`, cleaned, so that a pattern matches exactly it.
[[nodiscard]] std::string quote_pattern(std::string_view text);

}  // namespace wasl::intents
