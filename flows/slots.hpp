#pragma once

#include "wasl/core/understanding.hpp"

#include "flows/model.hpp"

#include <optional>
#include <string_view>
#include <vector>

/// What a visitor's words mean as the answer to a question.
namespace wasl::flows {

/// The value for `slot` in a message, or nothing.  Entities come from understanding, everything
/// else is read from `text`.
[[nodiscard]] std::optional<Value> extract(const Slot& slot, std::string_view text,
                                           const Understanding& understanding, const Words& words);

/// The same, with other readings behind the first: "5" is five in the morning or in the afternoon.
[[nodiscard]] std::vector<Value> readings(const Slot& slot, std::string_view text,
                                          const Understanding& understanding, const Words& words);

/// The slot's value for `entity`, a value of entity_of(slot); nothing when it does not fit.
/// A value of a choice, prepared for being found.  `others`: words for it that are no title.
[[nodiscard]] Choice make_choice(std::string value, Titles titles,
                                 const std::vector<std::string>& others = {});

[[nodiscard]] std::optional<Value> from_entity(const Slot& slot, std::string_view entity);

/// The value that a tapped button gives, or nothing when it is none of the slot's.
[[nodiscard]] std::optional<Value> tapped(const Slot& slot, std::string_view value,
                                          const Words& words);

}  // namespace wasl::flows
