#pragma once

#include "wasl/channels/http.hpp"
#include "wasl/channels/telegram.hpp"

#include "bot/node.hpp"

namespace wasl::bot {

/// One webhook request of Telegram: checked, made durable, then answered 200; the turn's reply goes
/// out through the outbox.
void serve_telegram(Node& node, const channels::telegram::Config& config,
                    const channels::HttpRequest& request, channels::Respond respond);

}  // namespace wasl::bot
