#pragma once

#include "wasl/flows/step.hpp"

#include "bot/node.hpp"

#include <functional>
#include <string>

namespace wasl::bot {

/// The request for one call: arguments percent-encoded into the URL, `self:` resolved, secrets
/// read from the environment.
/// Errors: invalid_input  an argument is missing or a secret is not set.
[[nodiscard]] Result<channels::OutgoingRequest> make_request(const flows::CallSpec& spec,
                                                             const flows::StartCall& call,
                                                             const std::string& idempotency_key,
                                                             std::uint16_t own_port);

/// What an answer means to the flow: the declared fields of its JSON, checked for type.
[[nodiscard]] flows::CallResult read_result(const flows::CallSpec& spec, std::uint64_t call_number,
                                            const channels::OutgoingResponse& response);

/// Asks a business system as `bot` describes it, with the retries the call allows; `done` runs
/// once, on some other thread.
void call_business(Node& node, const Bot& bot, const flows::StartCall& call,
                   const std::string& idempotency_key, std::function<void(flows::CallResult)> done);

/// Every host that the server may reach for this bot: business systems, providers, and itself.
[[nodiscard]] std::vector<std::string> outgoing_hosts(const Bot& bot, std::uint16_t own_port);

}  // namespace wasl::bot
