#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasl {

/// Bytes of the well-formed UTF-8 sequence that begins at `at` (1 to 4), or 0.
/// REQUIRES: at < text.size()
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t at);

/// Unicode code points in UTF-8 `text`; an invalid byte counts as one.
[[nodiscard]] std::size_t code_points(std::string_view text);

/// The first `count_max` code points of `text`.
[[nodiscard]] std::string_view first_code_points(std::string_view text, std::size_t count_max);

/// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool valid_utf8(std::string_view text);

/// `text` without ASCII white space at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// ` (did you mean "x"?)` for the name nearest to `word` by edit distance, or nothing when none is
/// near.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> names);

/// Whether `text` has a character of the Arabic block (U+0600 to U+06FF).
[[nodiscard]] bool has_arabic(std::string_view text);

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::string_view bytes);

}  // namespace wasl
