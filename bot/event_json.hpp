#pragma once

#include "wasl/core/event.hpp"
#include "wasl/core/result.hpp"
#include "wasl/store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wasl::bot {

/// An event as the store keeps it.  The JSON carries `"v": 1`; a reader of version n also reads
/// every version before.
[[nodiscard]] store::EventRow to_row(const Event& event);

/// Errors: invalid_input  an unknown kind or a version from the future.
[[nodiscard]] Result<Event> from_row(const store::EventRow& row);

/// All of a transcript, or why it cannot be read.
[[nodiscard]] Result<std::vector<Event>> from_rows(Result<std::vector<store::EventRow>> rows);

/// What `wasl understand` prints: one JSON object on one line.
[[nodiscard]] std::string to_json_line(const Understanding& understanding);

}  // namespace wasl::bot
