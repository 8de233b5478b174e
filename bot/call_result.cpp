#include "bot/call_result.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

namespace wasl::bot {
namespace {

using nlohmann::json;
using Field = flows::CallSpec::Field;

constexpr int kDepthMax = 64;

/// `17:30`
bool is_time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t at, char most) { return text[at] >= '0' && text[at] <= most; };
  return text.size() == 5 && text[2] == ':' && digit(0, '2') &&
         digit(1, text[0] == '2' ? '3' : '9') && digit(3, '5') && digit(4, '9');
}

/// The field's value if it has the declared type.
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
    case Field::Type::time:
      if (value.is_string() && is_time_of_day(value.get<std::string>())) {
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

const json* step_into(const json& value, const std::string& step) {
  if (value.is_object()) {
    const auto found = value.find(step);
    return found == value.end() ? nullptr : &*found;
  }
  if (!value.is_array()) return nullptr;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool whole = error == std::errc{} && end == step.data() + step.size();
  return whole && index < value.size() ? &value[index] : nullptr;
}

/// What the field's path leads to; nullptr when there is nothing, or null.
const json* find(const Field& field, const json& body) {
  const json* at = &body;
  if (field.from.empty()) at = step_into(body, field.name);
  for (const std::string& step : field.from) {
    if (at != nullptr) at = step_into(*at, step);
  }
  return at == nullptr || at->is_null() ? nullptr : at;
}

std::string why_not(const channels::OutgoingResponse& response) {
  using Fault = channels::OutgoingResponse::Fault;
  if (response.status != 0) return "http_" + std::to_string(response.status);
  switch (response.fault) {
    case Fault::not_allowed:
      return "not_allowed";
    case Fault::busy:
      return "busy";
    case Fault::unreachable:
      return "unreachable";
    case Fault::timed_out:
      return "timeout";
    case Fault::broken:
      return "broken";
    case Fault::none:
      break;
  }
  return response.timed_out ? "timeout" : "broken";
}

}  // namespace

bool too_deep(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kDepthMax) return true;
  }
  return false;
}

bool worth_retrying(const channels::OutgoingResponse& response) {
  if (response.cancelled) return false;
  if (response.fault == channels::OutgoingResponse::Fault::not_allowed) return false;
  return response.status == 0 || response.status == 429 || response.status >= 500;
}

bool never_left(const channels::OutgoingResponse& response) {
  using Fault = channels::OutgoingResponse::Fault;
  return response.fault == Fault::unreachable || response.fault == Fault::busy;
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
  result.why = why_not(response);
  if (response.status < 200 || response.status > 299) return result;
  result.why = "bad_result";
  if (too_deep(response.body)) return result;
  const json body = json::parse(response.body, nullptr, false);
  const bool listed =
      body.is_array() && std::any_of(spec.result.begin(), spec.result.end(),
                                     [](const Field& f) { return !f.from.empty(); });
  if (!body.is_object() && !listed && !spec.result.empty()) return result;
  for (const Field& field : spec.result) {
    const json* const found = find(field, body);
    if (found == nullptr && field.optional) continue;
    const auto value = found != nullptr ? typed(field, *found) : std::nullopt;
    if (!value) {
      spdlog::warn("call answered without a usable field call={} field={}", spec.name, field.name);
      return result;
    }
    result.values[field.name] = *value;
  }
  result.outcome = Outcome::ok;
  result.why.clear();
  return result;
}

}  // namespace wasl::bot
