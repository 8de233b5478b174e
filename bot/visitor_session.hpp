#pragma once

#include "wasl/channels/listener.hpp"

#include "bot/node.hpp"

#include <functional>
#include <memory>

namespace wasl::bot {

/// Serves one visitor's WebSocket `/chat` (design: channels.md): hello, then messages, each
/// acknowledged after its commit.  Returns the callbacks that drive it; they own the session.
[[nodiscard]] channels::SocketCallbacks open_visitor_session(
    Node& node, std::size_t shard, std::shared_ptr<channels::Socket> socket);

}  // namespace wasl::bot
