#pragma once

#include "wasl/channels/http_client.hpp"
#include "wasl/core/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace wasl::bot {

/// What a business system really answered, kept in a bot folder for `wasl test`: status and body,
/// nothing of the request.
struct CallFixture {
  std::string call;
  int status = 0;
  std::string body;
};

/// Errors: not_found  no such file; invalid_input  it is no fixture.
[[nodiscard]] Result<CallFixture> read_call_fixture(const std::filesystem::path& file);

/// As JSON for people to read and change.  `secrets` are replaced wherever the answer repeats them.
[[nodiscard]] std::string to_text(const CallFixture& fixture,
                                  const std::vector<std::string>& secrets);

[[nodiscard]] channels::OutgoingResponse to_response(const CallFixture& fixture);

}  // namespace wasl::bot
