// `wasl schema`: the JSON Schemas of a bot folder's files, and what tells an editor to use them.

#include "wasl/core/text.hpp"

#include "bot/assets.hpp"
#include "bot/commands.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <fstream>
#include <iostream>
#include <optional>

namespace wasl::bot {
namespace {

constexpr int kUsage = 2;
constexpr int kEnvironment = 4;

struct Schema {
  std::string_view name;
  std::string_view files;  ///< of a bot folder; none: a part of a file, of no use to an editor
};

constexpr std::array<Schema, 8> kSchemas{{{"wasl", "wasl.yml"},
                                          {"intents", "intents/*.yml"},
                                          {"flows", "flows/*.yml"},
                                          {"answers", "answers/*.yml"},
                                          {"calls", "calls/*.yml"},
                                          {"handoff", "handoff.yml"},
                                          {"tests", "tests/*.yml"},
                                          {"article", ""}}};

std::string asset_path(const Schema& schema) {
  return "schemas/" + std::string(schema.name) + ".json";
}

bool write_file(const std::filesystem::path& file, std::string_view bytes) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::ofstream stream(file, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (stream.flush()) return true;
  fmt::print(stderr, "wasl: {} cannot be written\n", file.string());
  return false;
}

/// Which schema belongs to which files, as the YAML extension of VS Code reads it.
std::string editor_settings() {
  nlohmann::ordered_json schemas;
  for (const Schema& schema : kSchemas) {
    if (!schema.files.empty()) schemas["./" + asset_path(schema)] = schema.files;
  }
  return nlohmann::ordered_json{{"yaml.schemas", std::move(schemas)}}.dump(2) + "\n";
}

int print_schema(const std::string& name) {
  std::vector<std::string> names;
  for (const Schema& schema : kSchemas) {
    names.emplace_back(schema.name);
    if (schema.name != name) continue;
    std::cout << find_asset(asset_path(schema))->bytes << std::flush;
    return 0;
  }
  fmt::print(stderr, "wasl: unknown schema '{}'{}\n", name, did_you_mean(name, names));
  return kUsage;
}

}  // namespace

bool write_schemas(const std::filesystem::path& folder) {
  for (const Schema& schema : kSchemas) {
    const auto asset = find_asset(asset_path(schema));
    if (!write_file(folder / asset_path(schema), asset->bytes)) return false;
  }
  // An author's own settings are not ours to change.
  const std::filesystem::path settings = folder / ".vscode" / "settings.json";
  std::error_code error;
  return std::filesystem::exists(settings, error) || write_file(settings, editor_settings());
}

int run_schema(const std::string& name, const std::filesystem::path& out) {
  if (!out.empty()) return write_schemas(out) ? 0 : kEnvironment;
  if (!name.empty()) return print_schema(name);
  for (const Schema& schema : kSchemas) {
    fmt::print("{:<10} {}\n", schema.name,
               schema.files.empty() ? "front matter of knowledge/*/*.md" : schema.files);
  }
  return 0;
}

}  // namespace wasl::bot
