#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wasl::flows {

/// A MessageFormat text as a person skims it: `{eta, date, ::dMMMM}` becomes `{eta}`, of a plural
/// or select its `other` form stays, and what is longer than `chars_max` ends in an ellipsis.
[[nodiscard]] std::string excerpt(std::string_view source, std::size_t chars_max);

}  // namespace wasl::flows
