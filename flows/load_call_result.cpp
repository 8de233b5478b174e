// The `result` of a call: which values of its answer a flow gets, of which type, and from where.
#include "wasl/core/text.hpp"

#include "flows/load.hpp"

#include <algorithm>
#include <array>

namespace wasl::flows {
namespace {

using Field = CallSpec::Field;

constexpr std::size_t kFieldsMax = 100;
constexpr std::size_t kStepsMax = 16;  // of a path
constexpr std::array<std::pair<std::string_view, Field::Type>, 7> kTypes{
    {{"text", Field::Type::text},
     {"number", Field::Type::number},
     {"money", Field::Type::money},
     {"date", Field::Type::date},
     {"time", Field::Type::time},
     {"flag", Field::Type::flag},
     {"choice", Field::Type::choice}}};

std::optional<Field::Type> type_called(std::string_view word) {
  for (const auto& [name, type] : kTypes) {
    if (word == name) return type;
  }
  return std::nullopt;
}

std::string unknown_type(const std::string& word) {
  std::vector<std::string> names;
  for (const auto& [name, type] : kTypes) names.emplace_back(name);
  return unknown("type", word, names);
}

/// `/order/items/0/price` as RFC 6901 has it; `~1` is a slash in a name, `~0` a tilde.
std::optional<std::vector<std::string>> steps_of(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  std::vector<std::string> steps;
  for (const std::string_view written : split(path.substr(1), '/')) {
    std::string step;
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (written[i] != '~') {
        step += written[i];
        continue;
      }
      const char code = i + 1 < written.size() ? written[i + 1] : ' ';
      if (code != '0' && code != '1') return std::nullopt;
      step += code == '0' ? '~' : '/';
      ++i;
    }
    if (step.empty()) return std::nullopt;
    steps.push_back(std::move(step));
  }
  return steps;
}

void read_from(const yaml::Map& map, Field& field) {
  const std::string path = map.text("from");
  if (path.empty()) return;
  auto steps = steps_of(path);
  if (!steps) {
    map.complain(
        map.find("from")->at,
        "'" + path + "' is no path through the answer: write it like /order/items/0/price");
    return;
  }
  if (steps->size() > kStepsMax) {
    map.complain(map.find("from")->at,
                 "a path has at most " + std::to_string(kStepsMax) + " steps");
    return;
  }
  field.from = std::move(*steps);
}

void read_choices(const yaml::Map& map, yaml::Mark at, Field& field) {
  map.only({"choice", "optional", "from"});
  field.choices = map.texts("choice");
  field.optional = map.flag_or("optional", false);
  if (field.choices.empty()) map.complain(at, "a choice needs at least one value");
}

/// `money`, `{date: optional}`, `{money: required, from: /order/total}`, `{choice: [a, b]}` or
/// `{choice: [a, b], optional: true}`.
Field read_field(const std::string& name, const yaml::Node& node, const yaml::Map& fields,
                 Loading& loading) {
  Field field;
  field.name = name;
  if (node.is_scalar()) {
    const auto type = type_called(node.scalar);
    if (!type) fields.complain(node.at, unknown_type(node.scalar));
    field.type = type.value_or(Field::Type::text);
    if (field.type == Field::Type::choice) {
      fields.complain(node.at, "a choice needs its values: {choice: [a, b]}");
    }
    return field;
  }
  if (!node.is_map() || node.entries.empty()) {
    fields.complain(node.at, "'" + name + "' must be a type, like text or {date: optional}");
    return field;
  }
  const yaml::Map map(fields.file(), node, loading.mistakes);
  const auto typed = std::find_if(
      node.entries.begin(), node.entries.end(),
      [](const yaml::Entry& entry) { return type_called(entry.key.scalar).has_value(); });
  if (typed == node.entries.end()) {
    const yaml::Node& first = node.entries.front().key;
    const bool misspelt = first.scalar != "from" && first.scalar != "optional";
    map.complain(first.at, misspelt ? unknown_type(first.scalar)
                                    : "'" + name + "' needs its type, like {text: required}");
    return field;
  }
  field.type = *type_called(typed->key.scalar);
  if (field.type == Field::Type::choice) {
    read_choices(map, typed->value.at, field);
  } else {
    const std::string& type = typed->key.scalar;
    map.only({type, "from"});
    field.optional = typed->value.scalar == "optional";
    if (!field.optional && typed->value.scalar != "required") {
      map.complain(typed->value.at,
                   "write {" + type + ": optional} or {" + type + ": required, from: /a/path}");
    }
  }
  if (map.has("from")) read_from(map, field);
  return field;
}

}  // namespace

void load_call_result(const yaml::Node& node, const std::string& file, CallSpec& call,
                      Loading& loading) {
  const yaml::Map fields(file, node, loading.mistakes);
  if (fields.node().entries.size() > kFieldsMax) {
    return fields.complain(node.at, "too many fields: at most " + std::to_string(kFieldsMax));
  }
  for (const auto& [name, value] : fields.node().entries) {
    call.result.push_back(read_field(name.scalar, value, fields, loading));
  }
}

}  // namespace wasl::flows
