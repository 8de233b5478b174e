// calls/*.yml: how to reach the business systems.  `${NAME}` in a header stays as written; whoever
// sends the call knows the environment.
#include "wasl/core/text.hpp"

#include "flows/load.hpp"

#include <algorithm>
#include <array>

namespace wasl::flows {
namespace {

using FieldType = CallSpec::Field::Type;

constexpr std::array<std::pair<std::string_view, FieldType>, 6> kTypes{
    {{"text", FieldType::text},
     {"number", FieldType::number},
     {"money", FieldType::money},
     {"date", FieldType::date},
     {"flag", FieldType::flag},
     {"choice", FieldType::choice}}};

void read_type(const std::string& word, yaml::Mark at, CallSpec::Field& field,
               const yaml::Map& map) {
  for (const auto& [name, type] : kTypes) {
    if (word == name) {
      field.type = type;
      return;
    }
  }
  std::vector<std::string> names;
  for (const auto& [name, type] : kTypes) names.emplace_back(name);
  map.complain(at, unknown("type", word, names));
}

/// `money`, `{date: optional}`, `{choice: [a, b]}` or `{choice: [a, b], optional: true}`.
CallSpec::Field read_field(const std::string& name, const yaml::Node& node, const yaml::Map& map,
                           Loading& loading) {
  CallSpec::Field field;
  field.name = name;
  if (node.is_scalar()) {
    read_type(node.scalar, node.at, field, map);
    if (field.type == FieldType::choice) {
      map.complain(node.at, "a choice needs its values: {choice: [a, b]}");
    }
    return field;
  }
  if (!node.is_map() || node.entries.empty()) {
    map.complain(node.at, "'" + name + "' must be a type, like text or {date: optional}");
    return field;
  }
  const auto& [key, value] = node.entries.front();
  read_type(key.scalar, key.at, field, map);
  if (field.type != FieldType::choice) {
    if (node.entries.size() > 1 || value.scalar != "optional") {
      map.complain(value.at, "write {" + key.scalar + ": optional}");
    }
    field.optional = true;
    return field;
  }
  const yaml::Map choice(map.file(), node, loading.mistakes);
  choice.only({"choice", "optional"});
  field.choices = choice.texts("choice");
  field.optional = choice.flag_or("optional", false);
  if (field.choices.empty()) map.complain(value.at, "a choice needs at least one value");
  return field;
}

}  // namespace

void load_calls(const yaml::Document& document, Loading& loading) {
  if (document.root.is_null()) return;
  if (!document.root.is_sequence()) {
    loading.mistakes.add(document.file, document.root.at, "a list of calls is expected: - call: …");
    return;
  }
  for (const yaml::Node& node : document.root.items) {
    const yaml::Map map(document.file, node, loading.mistakes);
    map.only({"call", "get", "post", "timeout", "retries", "idempotent", "headers", "result"});
    CallSpec call;
    call.name = map.text("call");
    if (!call.name.empty() && !is_name(call.name)) {
      map.complain(map.find("call")->at, "'" + call.name + "' is no name: letters, digits, _ - .");
    }
    if (map.has("get") == map.has("post")) {
      map.complain(node.at, "a call has one address: get or post");
    }
    call.method = map.has("post") ? "POST" : "GET";
    const char* const verb = map.has("post") ? "post" : "get";
    call.url = map.text_or(verb, "");
    if (!call.url.empty() && !call.url.starts_with("self:/") && !call.url.starts_with("https://") &&
        !call.url.starts_with("http://")) {
      map.complain(map.find(verb)->at, "an address begins with https:// or self:/");
    }
    call.timeout = map.duration_or("timeout", call.timeout);
    if (call.timeout < Millis(1) || call.timeout > Millis(60'000)) {
      map.complain(node.at, "'timeout' must be from 1ms to 60s");
    }
    call.retries = static_cast<int>(map.whole_or("retries", 0, 0, 5));
    call.idempotent = map.flag_or("idempotent", false);
    if (const yaml::Node* headers = map.find("headers")) {
      const yaml::Map pairs(document.file, *headers, loading.mistakes);
      for (const auto& [name, value] : pairs.node().entries) {
        call.headers.emplace_back(name.scalar, pairs.text(name.scalar));
      }
    }
    if (const yaml::Node* result = map.find("result")) {
      const yaml::Map fields(document.file, *result, loading.mistakes);
      for (const auto& [name, value] : fields.node().entries) {
        call.result.push_back(read_field(name.scalar, value, fields, loading));
      }
    }
    if (call.name.empty()) continue;
    const auto [found, added] = loading.places.try_emplace(
        "call " + call.name, document.file + ":" + std::to_string(node.at.line));
    if (!added) {
      map.complain(node.at, "call '" + call.name + "' is already defined at " + found->second);
      continue;
    }
    loading.program.calls.emplace(call.name, std::move(call));
  }
}

}  // namespace wasl::flows
