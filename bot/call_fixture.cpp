#include "bot/call_fixture.hpp"

#include "bot/call_result.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace wasl::bot {
namespace {

using nlohmann::ordered_json;

constexpr std::uintmax_t kBytesMax = 2U << 20U;
constexpr std::size_t kSecretBytesMin = 4;  // shorter ones would tear holes into everything
constexpr std::string_view kReplacement = "[secret]";

std::string without(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() < kSecretBytesMin) continue;
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kReplacement.size())) {
      text.replace(at, secret.size(), kReplacement);
    }
  }
  return text;
}

// Behind the escapes: a secret may hold a quote.
ordered_json without(const ordered_json& value, const std::vector<std::string>& secrets) {
  if (value.is_string()) return without(value.get<std::string>(), secrets);
  if (value.is_array()) {
    ordered_json out = ordered_json::array();
    for (const ordered_json& item : value) out.push_back(without(item, secrets));
    return out;
  }
  if (!value.is_object()) return value;
  ordered_json out = ordered_json::object();
  for (const auto& [key, item] : value.items()) out[without(key, secrets)] = without(item, secrets);
  return out;
}

}  // namespace

Result<CallFixture> read_call_fixture(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return Error{Error::Code::not_found, "there is no such file"};
  }
  if (std::filesystem::file_size(file, error) > kBytesMax) {
    return Error{Error::Code::invalid_input, "this file is too large"};
  }
  std::ifstream stream(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  const Error wrong{Error::Code::invalid_input,
                    "this is no recorded reply: {\"call\": …, \"status\": 200, \"body\": …}"};
  if (too_deep(text)) return wrong;
  const auto json = ordered_json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("call") || !json["call"].is_string() ||
      !json.contains("status") || !json["status"].is_number_integer()) {
    return wrong;
  }
  CallFixture fixture{json["call"], 0, {}};
  const auto status = json["status"].get<std::int64_t>();
  if (status < 100 || status > 599) return wrong;
  fixture.status = static_cast<int>(status);
  if (json.contains("text") && json["text"].is_string()) {
    fixture.body = json["text"];
  } else if (json.contains("body")) {
    fixture.body = json["body"].dump();
  }
  return fixture;
}

std::string to_text(const CallFixture& fixture, const std::vector<std::string>& secrets) {
  ordered_json json{{"call", fixture.call}, {"status", fixture.status}};
  const auto body = too_deep(fixture.body) ? ordered_json(ordered_json::value_t::discarded)
                                           : ordered_json::parse(fixture.body, nullptr, false);
  if (body.is_discarded()) {
    json["text"] = without(fixture.body, secrets);
  } else {
    json["body"] = without(body, secrets);
  }
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

channels::OutgoingResponse to_response(const CallFixture& fixture) {
  channels::OutgoingResponse response;
  response.status = fixture.status;
  response.body = fixture.body;
  return response;
}

}  // namespace wasl::bot
