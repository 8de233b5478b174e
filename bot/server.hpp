#pragma once

#include "bot/bot.hpp"

#include <memory>
#include <string>

namespace wasl::bot {

struct ServeOptions {
  std::string listen;  ///< empty: as wasl.yml says
  std::string store;   ///< empty: as wasl.yml says
};

/// Runs the server until SIGTERM or SIGINT; prints `listening on http://…` first.
/// Returns the exit code: 0, or 4 when the environment refuses (one sentence on stderr).
[[nodiscard]] int serve(std::shared_ptr<const Bot> bot, const ServeOptions& options);

}  // namespace wasl::bot
