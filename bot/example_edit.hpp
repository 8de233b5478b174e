#pragma once

#include "wasl/core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Adds examples to a file of `intents/` as its author would: in the block of their language, with
/// everything else (order, comments, layout) left as it is.
namespace wasl::bot {

/// `text` as one line of an examples block: no line breaks, control characters or braces, which
/// would mean an entity; at most 500 characters.  May be empty.
[[nodiscard]] std::string as_example(std::string_view text);

/// The file `yaml` with `sentences` at the end of the examples of `intent` in `group` (`en`, `ar`
/// or `arabizi`); a sentence that stands there already is not added again.
/// Errors: not_found      the file does not declare this intent.
///         invalid_input  its examples are written so that nothing can be added below them.
[[nodiscard]] Result<std::string> add_examples(std::string_view yaml, std::string_view intent,
                                               std::string_view group,
                                               const std::vector<std::string>& sentences);

}  // namespace wasl::bot
