#pragma once

#include "wasl/channels/http_client.hpp"
#include "wasl/flows/step.hpp"

#include <cstdint>
#include <string_view>

/// From what a business system answers to what a flow gets.  Pure.
namespace wasl::bot {

/// What an answer means to the flow: the declared fields of its JSON, checked for type.
[[nodiscard]] flows::CallResult read_result(const flows::CallSpec& spec, std::uint64_t call_number,
                                            const channels::OutgoingResponse& response);

/// Whether asking again may help.
[[nodiscard]] bool worth_retrying(const channels::OutgoingResponse& response);

/// Whether the request surely never left, so that making it again cannot be a second time.
[[nodiscard]] bool never_left(const channels::OutgoingResponse& response);

/// Whether JSON is nested more deeply than we read it: nlohmann recurses when it destroys.
[[nodiscard]] bool too_deep(std::string_view text);

}  // namespace wasl::bot
