#pragma once

#include <map>
#include <string>
#include <variant>

namespace wasl::flows {

/// What a slot or an expression holds.
using Value = std::variant<std::monostate, bool, double, std::string>;
/// Slots and call results by name; a call saved as `order` gives `order.status`, `order.eta`, …
using Values = std::map<std::string, Value, std::less<>>;

[[nodiscard]] std::string to_text(const Value& value);

}  // namespace wasl::flows
