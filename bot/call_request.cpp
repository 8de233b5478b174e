#include "bot/call_request.hpp"

#include "wasl/core/text.hpp"

#include "bot/config.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace wasl::bot {
namespace {

using nlohmann::json;
using Piece = flows::CallPiece;

constexpr double kWholeMax = 9'007'199'254'740'992.0;  // beyond, a double skips whole numbers

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
  if (std::holds_alternative<std::monostate>(value)) return nullptr;
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr) return flows::to_text(value);
  const bool whole = std::abs(*number) < kWholeMax && std::floor(*number) == *number;
  return whole ? json(static_cast<std::int64_t>(*number)) : json(*number);
}

std::string plain_text(const flows::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return flows::to_text(value);
}

Error missing(const std::string& argument) {
  return {Error::Code::invalid_input, "argument '" + argument + "' is missing"};
}

/// Puts arguments and environment into a text; `encode` is applied to each argument.
template <typename Encode>
Result<std::string> fill(std::string_view text, const flows::Values& args, Encode encode) {
  std::string out;
  for (const Piece& piece : flows::cut_call_text(text)) {
    if (piece.kind == Piece::Kind::text) {
      out += piece.text;
    } else if (piece.kind == Piece::Kind::environment) {
      auto secret = expand_environment(piece.text);
      if (!secret) return secret.error();
      out += *secret;
    } else {
      const auto found = args.find(piece.text);
      if (found == args.end()) return missing(piece.text);
      Result<std::string> encoded = encode(piece.text, plain_text(found->second));
      if (!encoded) return encoded.error();
      out += *encoded;
    }
  }
  return out;
}

Result<std::string> as_it_is(const std::string& /*name*/, const std::string& text) {
  return text;
}

// An empty segment or a dot segment would name another address.
Result<std::string> into_path(const std::string& name, const std::string& text) {
  if (text.empty() || text == "." || text == "..") {
    return Error{Error::Code::invalid_input,
                 "argument '" + name + "' does not fit into an address"};
  }
  return percent_encode(text);
}

/// The argument that a text consists of, or nullptr: it keeps its type then.
const flows::Value* only_argument(std::string_view text, const flows::Values& args) {
  const auto pieces = flows::cut_call_text(text);
  if (pieces.size() != 1 || pieces[0].kind != Piece::Kind::argument) return nullptr;
  const auto found = args.find(pieces[0].text);
  return found == args.end() ? nullptr : &found->second;
}

Result<json> body_json(const flows::CallBody& body, const flows::Values& args) {
  using Kind = flows::CallBody::Kind;
  if (body.kind == Kind::value) {
    const auto* text = std::get_if<std::string>(&body.value);
    if (text == nullptr) return plain(body.value);
    if (const auto* value = only_argument(*text, args)) return plain(*value);
    const auto filled = fill(*text, args, as_it_is);
    if (!filled) return filled.error();
    return json(*filled);
  }
  json out = body.kind == Kind::list ? json::array() : json::object();
  for (std::size_t i = 0; i < body.items.size(); ++i) {
    auto item = body_json(body.items[i], args);
    if (!item) return item.error();
    if (body.kind == Kind::list) {
      out.push_back(std::move(*item));
    } else {
      out[body.keys[i]] = std::move(*item);
    }
  }
  return out;
}

/// The address with its query.  A parameter that is only an argument is left out while that is not
/// known.
Result<std::string> make_url(const flows::CallSpec& spec, const flows::Values& args,
                             std::uint16_t own_port) {
  std::string written = spec.url;
  if (written.starts_with("self:")) {
    written = "http://127.0.0.1:" + std::to_string(own_port) + written.substr(5);
  }
  auto url = fill(written, args, into_path);
  if (!url) return url.error();
  if (url->find('{') != std::string::npos) {
    return Error{Error::Code::invalid_input, "the address holds a brace"};
  }
  for (const auto& [key, text] : spec.query) {
    const flows::Value* only = only_argument(text, args);
    if (only != nullptr && flows::to_text(*only).empty()) continue;
    const auto value = fill(text, args, as_it_is);
    if (!value) return value.error();
    *url += url->find('?') == std::string::npos ? '?' : '&';
    *url += percent_encode(key) + '=' + percent_encode(*value);
  }
  return url;
}

/// The arguments that neither address nor query has used.
json rest_of(const flows::CallSpec& spec, const flows::Values& args) {
  const auto used = flows::arguments_of(spec);
  json rest = json::object();
  for (const auto& [name, value] : args) {
    if (std::find(used.begin(), used.end(), name) == used.end()) rest[name] = plain(value);
  }
  return rest;
}

void add_secrets(std::string_view text, std::vector<std::string>& secrets) {
  for (const Piece& piece : flows::cut_call_text(text)) {
    if (piece.kind != Piece::Kind::environment) continue;
    const auto value = expand_environment(piece.text);
    if (value && !value->empty()) secrets.push_back(*value);
  }
}

void add_secrets(const flows::CallBody& body, std::vector<std::string>& secrets) {
  if (const auto* text = std::get_if<std::string>(&body.value)) add_secrets(*text, secrets);
  for (const flows::CallBody& item : body.items) add_secrets(item, secrets);
}

}  // namespace

Result<channels::OutgoingRequest> make_request(const flows::CallSpec& spec,
                                               const flows::StartCall& call,
                                               const std::string& idempotency_key,
                                               std::uint16_t own_port) {
  channels::OutgoingRequest request;
  request.method = spec.method;
  request.timeout = spec.timeout;
  request.once = !spec.idempotent;
  auto url = make_url(spec, call.args, own_port);
  if (!url) return url.error();
  request.url = std::move(*url);
  for (const auto& [name, value] : spec.headers) {
    auto expanded = expand_environment(value);
    if (!expanded) return expanded.error();
    request.headers.emplace_back(name, *expanded);
  }
  request.headers.emplace_back("Accept", "application/json");
  if (!spec.idempotent || spec.method != "GET") {
    request.headers.emplace_back("Idempotency-Key", idempotency_key);
  }
  if (!spec.body && !flows::sends_rest(spec)) return request;
  json body;
  if (spec.body) {
    auto filled = body_json(*spec.body, call.args);
    if (!filled) return filled.error();
    body = std::move(*filled);
  } else {
    body = rest_of(spec, call.args);
  }
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return request;
}

std::vector<std::string> secrets_of(const flows::CallSpec& spec) {
  std::vector<std::string> secrets;
  add_secrets(spec.url, secrets);
  for (const auto& [name, value] : spec.headers) add_secrets(value, secrets);
  for (const auto& [name, value] : spec.query) add_secrets(value, secrets);
  if (spec.body) add_secrets(*spec.body, secrets);
  return secrets;
}

}  // namespace wasl::bot
