#pragma once

#include "wasl/core/event.hpp"
#include "wasl/core/json_writer.hpp"
#include "wasl/flows/program.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

/// The parts that events and snapshots share, as JSON.  Writing leaves defaults out and reading
/// puts them back, so what was stored before a field existed reads as its default.
namespace wasl::bot {

using Json = nlohmann::json;

/// The value of `key`, or T's default when it is not there.  Throws when it is of another type.
template <typename T>
[[nodiscard]] T get_or_default(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? T{} : found->get<T>();
}

void write(JsonWriter& json, const Owner& owner);
[[nodiscard]] Owner read_owner(const Json& value);

void write(JsonWriter& json, const std::vector<Button>& buttons);
[[nodiscard]] std::vector<Button> read_buttons(const Json& object, const char* key);

void write(JsonWriter& json, const std::vector<Evidence>& evidence);
[[nodiscard]] std::vector<Evidence> read_evidence(const Json& object, const char* key);

void write(JsonWriter& json, const std::vector<std::string>& texts);

void write(JsonWriter& json, const flows::Values& values);
[[nodiscard]] flows::Values read_values(const Json& map);
[[nodiscard]] flows::Values read_values(const Json& object, const char* key);

/// Milliseconds since 1970; nothing is left out.
void write_time(JsonWriter& json, const char* key, const std::optional<Time>& at);
[[nodiscard]] std::optional<Time> read_time(const Json& object, const char* key);

/// `key` with a list or map, left out when it is empty.
template <typename List>
void write_some(JsonWriter& json, const char* key, const List& list) {
  if (list.empty()) return;
  json.key(key);
  write(json, list);
}

}  // namespace wasl::bot
