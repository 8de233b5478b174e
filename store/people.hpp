#pragma once

#include "wasl/core/result.hpp"
#include "wasl/store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wasl::store {

/// `agent` as it is stored: e-mail in lower case.
/// Errors: invalid_input  a language or skill is empty or has a line break.
[[nodiscard]] Result<AgentRow> storable(AgentRow agent);

/// Words as one text, one per line, and back.
[[nodiscard]] std::string lines_of(const std::vector<std::string>& words);
[[nodiscard]] std::vector<std::string> words_of(std::string_view lines);

/// What every backend answers to these refusals.
[[nodiscard]] Error visitor_conflict(const VisitorRow& visitor);
[[nodiscard]] Error email_conflict(const AgentRow& agent);
[[nodiscard]] Error no_outbox_row(std::int64_t id);
[[nodiscard]] Error outbox_conflict(std::int64_t id);
[[nodiscard]] Error bad_outbox_status(std::string_view status);
/// Of an instance made by Store::reader().
[[nodiscard]] Error only_reads();

}  // namespace wasl::store
