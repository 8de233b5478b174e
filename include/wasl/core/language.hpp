#pragma once

#include <string_view>

namespace wasl {

/// The language of a text; `und` where it cannot be told (digits, emoji).
enum class Language { und, ar, en };

/// `ar`, `en` or `und`.
[[nodiscard]] std::string_view name(Language language);

/// The opposite of name(); anything else is `und`.
[[nodiscard]] Language language_of(std::string_view name);

}  // namespace wasl
