#pragma once

#include "wasl/core/language.hpp"

#include <string>
#include <string_view>

/// What a request for the help centre wants.
namespace wasl::bot {

/// The language of an `Accept-Language` header that we have, by its weight; else `otherwise`.
[[nodiscard]] Language wanted_language(std::string_view accepted, Language otherwise);

/// The words of a search, `q` of the query string: decoded, trimmed, at most 200 code points.  Any
/// bytes will do; a broken escape stays as it is.
[[nodiscard]] std::string query_words(std::string_view query);

}  // namespace wasl::bot
