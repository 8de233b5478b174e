#include "bot/business_calls.hpp"

#include "wasl/core/text.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <cctype>

namespace wasl::bot {
namespace {

using nlohmann::json;
using Field = flows::CallSpec::Field;

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%' + to_hex({&c, 1});
    }
  }
  return out;
}

// For programs, where flows::to_text speaks to people.
json plain(const flows::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (std::holds_alternative<std::monostate>(value)) return nullptr;
  return flows::to_text(value);
}

std::string plain_text(const flows::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return flows::to_text(value);
}

// The field's value if it has the declared type.
std::optional<flows::Value> typed(const Field& field, const json& value) {
  switch (field.type) {
    case Field::Type::number:
    case Field::Type::money:
      if (value.is_number()) return value.get<double>();
      return std::nullopt;
    case Field::Type::flag:
      if (value.is_boolean()) return value.get<bool>();
      return std::nullopt;
    case Field::Type::date:
      if (value.is_string() && parse_iso8601(value.get<std::string>())) {
        return value.get<std::string>();
      }
      return std::nullopt;
    case Field::Type::choice:
      if (!value.is_string()) return std::nullopt;
      for (const std::string& choice : field.choices) {
        if (choice == value.get<std::string>()) return choice;
      }
      return std::nullopt;
    case Field::Type::text:
      if (value.is_string()) return value.get<std::string>();
      return std::nullopt;
  }
  return std::nullopt;
}

// Depth is bounded before nlohmann sees the text: it recurses when it destroys.
bool too_deep(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > 64) return true;
  }
  return false;
}

bool worth_retrying(const channels::OutgoingResponse& response) {
  if (response.cancelled) return false;
  return response.status == 0 || response.status == 429 || response.status >= 500;
}

void attempt(Node& node, const flows::CallSpec& spec, const channels::OutgoingRequest& request,
             std::uint64_t call_number, int tries_left,
             std::function<void(flows::CallResult)> done) {
  node.http->send(request, [&node, &spec, request, call_number, tries_left,
                            done = std::move(done)](const channels::OutgoingResponse& response) {
    if (tries_left > 0 && worth_retrying(response)) {
      attempt(node, spec, request, call_number, tries_left - 1, done);
      return;
    }
    auto result = read_result(spec, call_number, response);
    if (result.outcome == flows::CallResult::Outcome::error) {
      spdlog::warn("call failed call={} status={} error=\"{}\"", spec.name, response.status,
                   response.error);
    }
    done(std::move(result));
  });
}

}  // namespace

Result<channels::OutgoingRequest> make_request(const flows::CallSpec& spec,
                                               const flows::StartCall& call,
                                               const std::string& idempotency_key,
                                               std::uint16_t own_port) {
  channels::OutgoingRequest request;
  request.method = spec.method;
  request.timeout = spec.timeout;

  std::string url = spec.url;
  if (url.starts_with("self:")) {
    url = "http://127.0.0.1:" + std::to_string(own_port) + url.substr(5);
  }
  json rest = json::object();
  for (const auto& [name, value] : call.args) {
    const std::string slot = "{" + name + "}";
    std::size_t at = url.find(slot);
    if (at == std::string::npos) {
      rest[name] = plain(value);
      continue;
    }
    const std::string text = plain_text(value);
    if (text.empty() || text == "." || text == "..") {  // would name another address
      return Error{Error::Code::invalid_input,
                   "argument '" + name + "' does not fit into an address"};
    }
    const std::string encoded = percent_encode(text);
    for (; at != std::string::npos; at = url.find(slot, at + encoded.size())) {
      url.replace(at, slot.size(), encoded);
    }
  }
  if (url.find('{') != std::string::npos) {
    return Error{Error::Code::invalid_input, "an argument of the address is missing"};
  }
  request.url = std::move(url);
  for (const auto& [name, value] : spec.headers) {
    auto expanded = expand_environment(value);
    if (!expanded) return expanded.error();
    request.headers.emplace_back(name, *expanded);
  }
  request.headers.emplace_back("Accept", "application/json");
  if (!spec.idempotent) request.headers.emplace_back("Idempotency-Key", idempotency_key);
  if (spec.method != "GET") {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = rest.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  return request;
}

flows::CallResult read_result(const flows::CallSpec& spec, std::uint64_t call_number,
                              const channels::OutgoingResponse& response) {
  using Outcome = flows::CallResult::Outcome;
  flows::CallResult result;
  result.call_number = call_number;
  result.outcome = Outcome::error;
  if (response.status == 404) {
    result.outcome = Outcome::not_found;
    return result;
  }
  if (response.status < 200 || response.status > 299 || too_deep(response.body)) return result;
  const json body = json::parse(response.body, nullptr, false);
  if (!body.is_object() && !spec.result.empty()) return result;
  for (const Field& field : spec.result) {
    const auto found = body.find(field.name);
    const bool given = found != body.end() && !found->is_null();
    if (!given && field.optional) continue;
    const auto value = given ? typed(field, *found) : std::nullopt;
    if (!value) {
      spdlog::warn("call answered without a usable field call={} field={}", spec.name, field.name);
      return result;
    }
    result.values[field.name] = *value;
  }
  result.outcome = Outcome::ok;
  return result;
}

void call_business(Node& node, const Bot& bot, const flows::StartCall& call,
                   const std::string& idempotency_key,
                   std::function<void(flows::CallResult)> done) {
  flows::CallResult failed;
  failed.call_number = call.call_number;
  failed.outcome = flows::CallResult::Outcome::error;

  const flows::CallSpec* spec = bot.program->find_call(call.name);
  if (spec == nullptr) {
    done(std::move(failed));
    return;
  }
  const auto request = make_request(*spec, call, idempotency_key, node.port);
  if (!request) {
    spdlog::warn("call not made call={} why=\"{}\"", call.name, request.error().what);
    done(std::move(failed));
    return;
  }
  attempt(node, *spec, *request, call.call_number, spec->idempotent ? spec->retries : 0,
          std::move(done));
}

std::vector<std::string> outgoing_hosts(const Bot& bot, std::uint16_t own_port) {
  std::vector<std::string> hosts = bot.config.call_hosts;
  for (const auto& channel : bot.config.telegram) {
    const std::size_t scheme = channel.api.find("://");
    const std::string rest =
        scheme == std::string::npos ? channel.api : channel.api.substr(scheme + 3);
    hosts.push_back(rest.substr(0, rest.find('/')));
  }
  hosts.push_back("127.0.0.1:" + std::to_string(own_port));
  return hosts;
}

}  // namespace wasl::bot
