#pragma once

#include "wasl/channels/http_client.hpp"
#include "wasl/core/result.hpp"
#include "wasl/flows/step.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// From what a flow knows to what a business system is sent.
namespace wasl::bot {

/// The request for one call: arguments put into address, query and body, `self:` resolved, secrets
/// read from the environment.
/// Errors: invalid_input  an argument is missing or a secret is not set.
[[nodiscard]] Result<channels::OutgoingRequest> make_request(const flows::CallSpec& spec,
                                                             const flows::StartCall& call,
                                                             const std::string& idempotency_key,
                                                             std::uint16_t own_port);

/// What the environment puts into requests of this call: not to be written anywhere.
[[nodiscard]] std::vector<std::string> secrets_of(const flows::CallSpec& spec);

}  // namespace wasl::bot
