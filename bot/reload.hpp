#pragma once

#include "bot/bot.hpp"

#include <memory>

namespace wasl::bot {

class Node;

/// Loads the folder of `now` again, for SIGHUP.  Blocking: reads files and compiles patterns.
///
/// Null when the folder has mistakes, or its model does not load while the present one serves: each
/// is in the log, and nothing changes.
[[nodiscard]] std::shared_ptr<const Bot> reload_bot(const Bot& now);

/// Lets `bot` serve from now on: each shard's next turn is decided with it, but for conversations
/// in the middle of a flow, which end it with the bot they began with (serving.hpp).  From the
/// thread that owns the node.
void take_over(Node& node, const std::shared_ptr<const Bot>& bot);

}  // namespace wasl::bot
