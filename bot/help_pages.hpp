#pragma once

#include "wasl/channels/http.hpp"

#include "bot/bot.hpp"

namespace wasl::bot {

/// Answers a GET for a path that begins with `/help`: the articles as pages for everybody, in both
/// languages, with search.  Plain HTML without scripts; nothing in it depends on who asks.  Where
/// the bot has no articles, a plain page says so (404).  Cost: 10-100 µs, a search up to 1 ms.
[[nodiscard]] channels::HttpResponse help_response(const Bot& bot,
                                                   const channels::HttpRequest& request);

}  // namespace wasl::bot
