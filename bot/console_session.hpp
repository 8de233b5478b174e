#pragma once

#include "wasl/channels/listener.hpp"

#include "bot/node.hpp"

#include <memory>
#include <string>

namespace wasl::bot {

/// Serves one agent's WebSocket `/desk` (design: interfaces.md).  `cookie_token` is the token of
/// the sign-in cookie, or empty: then hello must carry one.
[[nodiscard]] channels::SocketCallbacks open_console_session(
    Node& node, std::size_t shard, std::shared_ptr<channels::Socket> socket,
    std::string cookie_token);

}  // namespace wasl::bot
