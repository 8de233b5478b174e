// One table of paths; each row is one small function.  Static files are built into the program.

#include "bot/routes.hpp"

#include "bot/accounts.hpp"
#include "bot/assets.hpp"
#include "bot/desk_loop.hpp"
#include "bot/help_pages.hpp"
#include "bot/metrics.hpp"
#include "bot/telegram_webhook.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>

namespace wasl::bot {
namespace {

using channels::error_response;
using channels::HttpRequest;
using channels::HttpResponse;
using channels::Respond;
using nlohmann::json;

std::atomic<bool> draining{false};

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";
constexpr std::string_view kCookie = "wasl_session";

HttpResponse json_response(int status, const json& value) {
  return {status,
          "application/json; charset=utf-8",
          value.dump(-1, ' ', false, json::error_handler_t::replace),
          {{"Cache-Control", "no-store"}}};
}

HttpResponse not_found() {
  return error_response(404, "not_found", "There is nothing here.");
}

HttpResponse file_response(const HttpRequest& request, std::string_view path,
                           std::string_view bytes) {
  HttpResponse response;
  response.content_type = content_type_of(path);
  const std::string etag = etag_of(bytes);
  response.headers = {
      {"ETag", etag}, {"Cache-Control", "no-cache"}, {"X-Content-Type-Options", "nosniff"}};
  if (path.ends_with(".html")) {
    response.headers.emplace_back("Content-Security-Policy", kPolicy);
    response.headers.emplace_back("Referrer-Policy", "same-origin");
  } else {
    // The widget is embedded by other websites.
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
  }
  if (request.header("if-none-match") == etag) {
    response.status = 304;
    return response;
  }
  response.body = bytes;
  return response;
}

void serve_asset(const HttpRequest& request, std::string_view path, const Respond& respond) {
  const auto asset = find_asset(path);
  respond(asset ? file_response(request, asset->path, asset->bytes) : not_found());
}

json agent_json(const store::AgentRow& agent) {
  return {{"id", agent.id},     {"name", agent.name},           {"email", agent.email},
          {"role", agent.role}, {"languages", agent.languages}, {"skills", agent.skills}};
}

void sign_in(Node& node, const HttpRequest& request, Respond respond) {
  constexpr std::size_t kFieldMax = 1024;
  const json body =
      request.body.size() > 8 * kFieldMax ? json() : json::parse(request.body, nullptr, false);
  const auto text = [&](const char* key) {
    return body.is_object() && body.contains(key) && body[key].is_string()
               ? body[key].get<std::string>()
               : std::string();
  };
  const std::string email = text("email");
  const std::string password = text("password");
  if (email.empty() || password.empty() || email.size() > kFieldMax ||
      password.size() > kFieldMax) {
    return respond(error_response(400, "bad_request", "E-mail and password are needed."));
  }
  const bool secure = request.header("x-forwarded-proto") == "https";
  node.accounts->sign_in(
      email, password, request.peer,
      [respond, secure](const Result<Accounts::SignedIn>& signed_in, int retry_after) {
        if (signed_in) {
          HttpResponse response = json_response(
              200, {{"token", signed_in->token}, {"agent", agent_json(signed_in->agent)}});
          response.headers.emplace_back("Set-Cookie",
                                        std::string(kCookie) + "=" + signed_in->token +
                                            "; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200" +
                                            (secure ? "; Secure" : ""));
          return respond(response);
        }
        if (retry_after > 0) {
          HttpResponse response = error_response(429, "too_many_attempts", "Wait, then try again.");
          response.headers.emplace_back("Retry-After", std::to_string(retry_after));
          return respond(response);
        }
        const bool wrong = signed_in.error().code == Error::Code::invalid_input;
        respond(wrong ? error_response(401, "bad_credentials", "E-mail or password is wrong.")
                      : error_response(503, "unavailable", "The store cannot be reached."));
      });
}

// The token of the request: `Authorization: Bearer`, or the cookie; with a cookie a changing call
// must carry the token once more in a header no other site can set.
std::string request_token(const HttpRequest& request) {
  const std::string_view authorization = request.header("authorization");
  if (authorization.starts_with("Bearer ")) return std::string(authorization.substr(7));
  const std::string cookie = session_cookie(request);
  if (request.method != "GET" && request.header("x-csrf-token") != cookie) return "";
  return cookie;
}

void sign_out(Node& node, const HttpRequest& request, const Respond& respond) {
  const std::string token = request_token(request);
  if (token.empty()) return respond(error_response(401, "not_signed_in", "Please sign in."));
  node.accounts->sign_out(token);
  HttpResponse response = json_response(200, json::object());
  response.headers.emplace_back(
      "Set-Cookie", std::string(kCookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
  respond(response);
}

void who_am_i(Node& node, const HttpRequest& request, const Respond& respond) {
  const std::string token = request_token(request);
  node.accounts->find(token, [respond, token](const Result<std::optional<store::AgentRow>>& found) {
    if (!found) return respond(error_response(503, "unavailable", "The store cannot be reached."));
    if (!*found) return respond(error_response(401, "not_signed_in", "Please sign in."));
    respond(json_response(200, {{"token", token}, {"agent", agent_json(**found)}}));
  });
}

void serve_session(Node& node, const HttpRequest& request, const Respond& respond) {
  if (request.method == "POST") return sign_in(node, request, respond);
  if (request.method == "DELETE") return sign_out(node, request, respond);
  if (request.method == "GET") return who_am_i(node, request, respond);
  respond(error_response(405, "method_not_allowed", "GET, POST or DELETE."));
}

void serve_ready(const Node& node, const Respond& respond) {
  const bool ready = node.store->healthy() && !draining.load();
  respond(json_response(ready ? 200 : 503,
                        {{"ready", ready},
                         {"store", node.store->healthy() ? "ok" : "unavailable"},
                         {"model", node.bot->warning.empty() ? "ok" : node.bot->warning}}));
}

void serve_metrics(Node& node, const Respond& respond) {
  node.desk->with_desk([&node, respond](const handoff::Desk& desk) {
    const handoff::Counts& counts = desk.counts();
    const auto waiting = static_cast<double>(counts.of(State::queued) + counts.of(State::offered));
    const auto with_people = static_cast<double>(counts.of(State::human));
    const auto online = static_cast<double>(counts.agents_online);
    const auto written = node.store->counts();
    const BusinessCalls::Counts& calls = node.calls->counts();
    std::vector<const Counters*> shards;
    for (const auto& shard : node.shards) shards.push_back(&shard->counters());
    respond({200,
             "text/plain; version=0.0.4; charset=utf-8",
             metrics_text(shards,
                          {{"wasl_queue_waiting", "Conversations waiting for a person", waiting},
                           {"wasl_with_people", "Conversations an agent owns", with_people},
                           {"wasl_agents_online", "Agents online", online},
                           {"wasl_store_healthy", "1 while the store takes writes",
                            node.store->healthy() ? 1.0 : 0.0},
                           {"wasl_store_transactions", "Transactions written",
                            static_cast<double>(written.transactions)},
                           {"wasl_store_decisions", "Decisions written",
                            static_cast<double>(written.decisions)},
                           {"wasl_calls_total", "Calls of business systems with an outcome",
                            static_cast<double>(calls.made)},
                           {"wasl_calls_failed_total", "Calls that ended with an error",
                            static_cast<double>(calls.failed)},
                           {"wasl_call_attempts_total", "Requests sent for calls",
                            static_cast<double>(calls.attempts)},
                           {"wasl_call_breaker_open", "Hosts that are left alone or on probation",
                            static_cast<double>(calls.open)},
                           {"wasl_call_breaker_opened_total", "How often a breaker has opened",
                            static_cast<double>(calls.opened)}}),
             {}});
  });
}

void serve_channel(Node& node, const HttpRequest& request, const Respond& respond) {
  const std::string_view id = std::string_view(request.path).substr(std::size("/channels/") - 1);
  for (const auto& config : node.bot->config.telegram) {
    if (config.id == id) return serve_telegram(node, config, request, respond);
  }
  respond(not_found());
}

}  // namespace

// The JSON files of the bot's demo/ folder stand for the shop's order system.
void serve_demo_data(const Node& node, const channels::HttpRequest& request,
                     const channels::Respond& respond) {
  constexpr std::string_view kPrefix = "/demo/api/";
  constexpr std::uintmax_t kBytesMax = 1U << 20U;
  if (!node.bot->config.demo || request.method != "GET") return respond(not_found());
  const std::string_view name = std::string_view(request.path).substr(kPrefix.size());
  if (name.starts_with('/')) return respond(not_found());  // joined, it would leave the folder
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '/';
    if (!plain) return respond(not_found());
  }
  const auto file = node.bot->folder / "demo" / (std::string(name) + ".json");
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error) ||
      std::filesystem::file_size(file, error) > kBytesMax) {
    return respond(not_found());
  }
  std::ifstream stream(file, std::ios::binary);
  respond({200,
           "application/json; charset=utf-8",
           std::string(std::istreambuf_iterator<char>(stream), {}),
           {}});
}

void serve_request(Node& node, channels::HttpRequest request, channels::Respond respond) {
  const std::string_view path = request.path;
  if (path == "/api/session") return serve_session(node, request, respond);
  if (path.starts_with("/channels/")) return serve_channel(node, request, respond);
  if (request.method != "GET" && request.method != "HEAD") {
    return respond(error_response(405, "method_not_allowed", "Only GET."));
  }
  if (path == "/health/live") return respond(json_response(200, {{"live", true}}));
  if (path == "/health/ready") return serve_ready(node, respond);
  if (path == "/metrics") return serve_metrics(node, respond);
  if (path.starts_with("/demo/api/")) return serve_demo_data(node, request, respond);
  if (path == "/help" || path.starts_with("/help/")) {
    return respond(help_response(*node.bot, request));
  }
  if (path == "/widget.js") return serve_asset(request, "web/widget.js", respond);
  if (path.starts_with("/assets/")) return serve_asset(request, "web" + request.path, respond);
  if (path == "/console") return respond({308, "text/plain", "", {{"Location", "/console/"}}});
  if (path == "/console/") return serve_asset(request, "web/console/index.html", respond);
  if (path == "/" && node.bot->config.demo) {
    return serve_asset(request, "web/demo/index.html", respond);
  }
  respond(not_found());
}

bool origin_allowed(const channels::HttpRequest& request, const std::vector<std::string>& allowed) {
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return true;
  for (const std::string& one : allowed) {
    if (origin == one) return true;
  }
  const std::string_view host = request.header("host");
  return !host.empty() &&
         (origin == "http://" + std::string(host) || origin == "https://" + std::string(host));
}

std::string session_cookie(const channels::HttpRequest& request) {
  return std::string(request.cookie(kCookie));
}

void set_draining() {
  draining.store(true);
}

}  // namespace wasl::bot
