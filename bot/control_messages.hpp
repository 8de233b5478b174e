#pragma once

#include "bot/accounts.hpp"
#include "bot/control.hpp"
#include "bot/unanswered.hpp"

#include <filesystem>
#include <optional>
#include <string>

/// What is said over the control socket.
namespace wasl::bot {

class Node;

/// The server's side of a request line; a line that is no request gets no answer.
void answer_control(Node& node, const std::string& line, ControlServer::Reply reply);

/// Asks the server behind `path`.  Nothing: there is none.  Blocking.
[[nodiscard]] std::optional<AccountReply> ask_server(const std::filesystem::path& path,
                                                     const AccountRequest& request);
[[nodiscard]] std::optional<Result<UnansweredPage>> ask_server(const std::filesystem::path& path,
                                                               const UnansweredRequest& request);

}  // namespace wasl::bot
