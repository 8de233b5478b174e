#include "bot/json_parts.hpp"

namespace wasl::bot {

void write(JsonWriter& json, const Owner& owner) {
  json.begin_object().field("kind", name(owner.kind));
  json.field_unless_default("id", owner.id).field_unless_default("name", owner.name);
  json.end_object();
}

Owner read_owner(const Json& value) {
  return {owner_kind_of(value.at("kind").get<std::string>()).value_or(OwnerKind::none),
          get_or_default<std::string>(value, "id"), get_or_default<std::string>(value, "name")};
}

void write(JsonWriter& json, const std::vector<Button>& buttons) {
  json.begin_array();
  for (const Button& button : buttons) {
    json.begin_object().field("id", button.id).field("title", button.title).end_object();
  }
  json.end_array();
}

std::vector<Button> read_buttons(const Json& object, const char* key) {
  std::vector<Button> buttons;
  const auto list = object.find(key);
  if (list == object.end()) return buttons;
  for (const Json& one : *list) buttons.push_back({one.at("id"), one.at("title")});
  return buttons;
}

void write(JsonWriter& json, const std::vector<Evidence>& evidence) {
  json.begin_array();
  for (const Evidence& one : evidence) {
    json.begin_object().field("signal", one.signal).field("weight", one.weight);
    json.field("seq", one.seq).field("text", one.text).end_object();
  }
  json.end_array();
}

std::vector<Evidence> read_evidence(const Json& object, const char* key) {
  std::vector<Evidence> evidence;
  const auto list = object.find(key);
  if (list == object.end()) return evidence;
  for (const Json& one : *list) {
    evidence.push_back({one.at("signal"), one.at("weight"), one.at("seq"), one.at("text")});
  }
  return evidence;
}

void write(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write(JsonWriter& json, const flows::Values& values) {
  json.begin_object();
  for (const auto& [key, value] : values) {
    json.text_key(key);
    if (const auto* text = std::get_if<std::string>(&value)) {
      json.value(*text);
    } else if (const auto* number = std::get_if<double>(&value)) {
      json.value(*number);
    } else if (const auto* yes = std::get_if<bool>(&value)) {
      json.value(*yes);
    } else {
      json.null();
    }
  }
  json.end_object();
}

flows::Values read_values(const Json& map) {
  flows::Values values;
  for (const auto& [name, value] : map.items()) {
    flows::Value& held = values[name];
    if (value.is_boolean()) {
      held = value.get<bool>();
    } else if (value.is_number()) {
      held = value.get<double>();
    } else if (value.is_string()) {
      held = value.get<std::string>();
    }
  }
  return values;
}

flows::Values read_values(const Json& object, const char* key) {
  const auto map = object.find(key);
  return map == object.end() ? flows::Values{} : read_values(*map);
}

void write_time(JsonWriter& json, const char* key, const std::optional<Time>& at) {
  if (at) json.field(key, at->time_since_epoch().count());
}

std::optional<Time> read_time(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || at->is_null()) return std::nullopt;
  return Time{Millis{at->get<Millis::rep>()}};
}

}  // namespace wasl::bot
