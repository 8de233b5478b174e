#pragma once

#include "wasl/channels/http.hpp"

#include "bot/node.hpp"

namespace wasl::bot {

/// Serves every plain request: pages, widget, console API, webhooks, demo data, probes, metrics.
void serve_request(Node& node, channels::HttpRequest request, channels::Respond respond);

/// Serves `/demo/api/…` alone: the JSON files of the bot's `demo/` folder.
void serve_demo_data(const Node& node, const channels::HttpRequest& request,
                     const channels::Respond& respond);

/// Whether a page of this origin may open a WebSocket: our own address, or one of `allowed`.
/// No Origin header is no browser, and welcome.
[[nodiscard]] bool origin_allowed(const channels::HttpRequest& request,
                                  const std::vector<std::string>& allowed);

/// The token of an agent's sign-in cookie, or empty.
[[nodiscard]] std::string session_cookie(const channels::HttpRequest& request);

/// Set before draining: `/health/ready` then says no.
void set_draining();

}  // namespace wasl::bot
