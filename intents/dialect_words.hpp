#pragma once

#include <string_view>

namespace wasl::intents {

/// The concept behind a common word that every Arabic dialect says in its own way, as `=want` for
/// أريد، بدي، عايز، أبغى; "" for other words.  `word` is a word of a clean text; a leading و or ف
/// (and, so) does not matter.
[[nodiscard]] std::string_view concept_of(std::string_view word);

}  // namespace wasl::intents
