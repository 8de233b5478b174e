#include "bot/config.hpp"

#include "wasl/core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace wasl::bot {
namespace {

constexpr Millis kQuietMax{10'000};

// Settings the environment may override, by path.
constexpr std::array kSettings{"default_language",
                               "listen",
                               "store",
                               "demo",
                               "shards",
                               "limits.text_chars_max",
                               "limits.messages_per_minute",
                               "limits.connections_per_address",
                               "limits.connections",
                               "limits.frame_bytes_max",
                               "channels.web.identity_secret"};

std::string environment_name(std::string_view path) {
  std::string name = "WASL_";
  for (const char c : path) {
    name += std::isalnum(static_cast<unsigned char>(c)) != 0
                ? static_cast<char>(std::toupper(static_cast<unsigned char>(c)))
                : '_';
  }
  return name;
}

yaml::Node& child(yaml::Node& map, std::string_view key) {
  if (!map.is_map()) {
    map = yaml::Node{};
    map.kind = yaml::Node::Kind::map;
  }
  for (auto& [name, value] : map.entries) {
    if (name.scalar == key) return value;
  }
  yaml::Node name;
  name.kind = yaml::Node::Kind::scalar;
  name.scalar = key;
  map.entries.push_back({std::move(name), yaml::Node{}});
  return map.entries.back().value;
}

void apply_environment(yaml::Node& root) {
  for (const std::string_view path : kSettings) {
    const char* const value =
        std::getenv(environment_name(path).c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr) continue;
    yaml::Node* node = &root;
    for (const std::string_view part : split(path, '.')) node = &child(*node, part);
    *node = yaml::Node{};
    node->kind = yaml::Node::Kind::scalar;
    node->scalar = value;
  }
}

// Expands ${…} in every scalar of the tree.
void expand_all(yaml::Node& node, const std::string& file, yaml::Mistakes& mistakes) {
  if (node.is_scalar() && node.scalar.find("${") != std::string::npos) {
    auto expanded = expand_environment(node.scalar);
    if (expanded) {
      node.scalar = *expanded;
    } else {
      mistakes.add(file, node.at, expanded.error().what);
    }
  }
  for (yaml::Node& item : node.items) expand_all(item, file, mistakes);
  for (auto& [key, value] : node.entries) expand_all(value, file, mistakes);
}

// A time-out of the listener, in whole seconds between `low` and an hour.
std::chrono::seconds seconds_or(const yaml::Map& map, std::string_view key,
                                std::chrono::seconds otherwise, std::chrono::seconds low) {
  const Millis given = map.duration_or(key, otherwise);
  if (given < low || given > std::chrono::hours{1}) {
    map.complain(map.find(key)->at, "'" + std::string(key) + "' must be between " +
                                        std::to_string(low.count()) + "s and 1h");
  }
  return std::chrono::duration_cast<std::chrono::seconds>(given);
}

void read_limits(const yaml::Map& map, Config& config) {
  map.only({"text_chars_max", "messages_per_minute", "connections_per_address", "connections",
            "frame_bytes_max", "trusted_proxies", "handshake", "silence"});
  config.text_chars_max =
      static_cast<std::size_t>(map.whole_or("text_chars_max", 4000, 1, 100'000));
  config.messages_per_minute =
      static_cast<int>(map.whole_or("messages_per_minute", 60, 1, 1'000'000'000));
  config.limits.connections_per_address_max =
      static_cast<std::size_t>(map.whole_or("connections_per_address", 50, 1, 1'000'000));
  config.limits.connections_max =
      static_cast<std::size_t>(map.whole_or("connections", 20'000, 1, 1'000'000));
  config.limits.frame_bytes_max =
      static_cast<std::size_t>(map.whole_or("frame_bytes_max", 16 * 1024, 1024, 1 << 20));
  config.limits.trusted_proxies = map.texts("trusted_proxies");
  using std::chrono::seconds;
  config.limits.handshake_max =
      seconds_or(map, "handshake", config.limits.handshake_max, seconds{1});
  config.limits.silence_max = seconds_or(map, "silence", config.limits.silence_max, seconds{2});
}

void read_channel(const std::string& id, const yaml::Map& map, Config& config) {
  if (id == "web") {
    map.only({"origins", "identity_secret"});
    config.web_origins = map.texts("origins");
    return;
  }
  const std::string type = map.text("type");
  if (type == "telegram") {
    map.only({"type", "token", "secret", "api", "quiet"});
    channels::telegram::Config channel;
    channel.id = id;
    channel.token = map.text("token");
    channel.secret = map.text("secret");
    channel.api = map.text_or("api", channel.api);
    channel.quiet = map.duration_or("quiet", channel.quiet);
    if (channel.quiet > kQuietMax) {
      map.complain(map.find("quiet")->at, "'quiet' must be at most 10s");
    }
    if (channel.secret.empty() && map.has("secret")) {
      map.complain(map.find("secret")->at, "'secret' must not be empty: anybody could post");
    }
    config.telegram.push_back(std::move(channel));
  } else if (!type.empty()) {
    map.complain(map.find("type")->at,
                 "unknown channel type '" + type + "'" +
                     did_you_mean(type, std::vector<std::string>{"telegram"}));
  }
}

/// Links begin with it, so it ends without a slash.
std::string read_public_url(const yaml::Map& map) {
  std::string url = map.text_or("public_url", "");
  if (url.empty()) return url;
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  if (!web || url.find_first_of(" \"<>?#") != std::string::npos || url.size() > 200) {
    map.complain(map.find("public_url")->at, "'public_url' must be like https://help.shop.example");
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Result<std::string> expand_environment(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t start = text.find("${");
    const std::size_t end = start == std::string_view::npos ? start : text.find('}', start);
    out += text.substr(0, start);
    if (end == std::string_view::npos) {
      if (start != std::string_view::npos) out += text.substr(start);
      return out;
    }
    std::string_view name = text.substr(start + 2, end - start - 2);
    const std::size_t dash = name.find(":-");
    const bool has_default = dash != std::string_view::npos;
    const std::string key(name.substr(0, dash));
    const char* const value = std::getenv(key.c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value != nullptr) {
      out += value;
    } else if (has_default) {
      out += name.substr(dash + 2);
    } else {
      return Error{Error::Code::invalid_input, "environment variable " + key + " is not set"};
    }
    text.remove_prefix(end + 1);
  }
}

Config load_config(const std::filesystem::path& folder, yaml::Mistakes& mistakes) {
  Config config;
  auto document = yaml::load(folder / "wasl.yml", "wasl.yml", mistakes);
  if (!document) {
    config.languages = {{"ar", "ar"}, {"en", "en"}};  // so that the other files can be read
    return config;
  }
  apply_environment(document->root);
  expand_all(document->root, document->file, mistakes);

  const yaml::Map map(document->file, document->root, mistakes);
  map.only({"bot", "languages", "default_language", "listen", "store", "demo", "shards", "channels",
            "public_url", "calls", "limits", "retention"});
  config.name = map.text("bot");
  if (const yaml::Node* languages = map.find("languages")) {
    const yaml::Map languages_map(document->file, *languages, mistakes);
    for (const auto& [key, unused] : languages->entries) {
      if (language_of(key.scalar) == Language::und) {
        map.complain(key.at, "unknown language '" + key.scalar + "': ar and en are known");
      }
      config.languages[key.scalar] = languages_map.text(key.scalar);
    }
  }
  const std::string language = map.text_or("default_language", "ar");
  config.default_language = language_of(language);
  if (config.default_language == Language::und) {
    map.complain(map.find("default_language")->at, "'default_language' must be ar or en");
  }
  config.listen = map.text_or("listen", config.listen);
  config.store = map.text_or("store", config.store);
  config.demo = map.flag_or("demo", false);
  config.public_url = read_public_url(map);
  config.shards = static_cast<int>(map.whole_or("shards", 0, 0, 64));
  if (const yaml::Node* limits = map.find("limits")) {
    read_limits(yaml::Map(document->file, *limits, mistakes), config);
  }
  if (const yaml::Node* calls = map.find("calls")) {
    const yaml::Map calls_map(document->file, *calls, mistakes);
    calls_map.only({"hosts"});
    config.call_hosts = calls_map.texts("hosts");
  }
  if (const yaml::Node* channels = map.find("channels")) {
    const yaml::Map channels_map(document->file, *channels, mistakes);
    for (const auto& [key, value] : channels->entries) {
      read_channel(key.scalar, yaml::Map(document->file, value, mistakes), config);
    }
  }
  if (const yaml::Node* retention = map.find("retention")) {
    const yaml::Map retention_map(document->file, *retention, mistakes);
    retention_map.only({"conversations_days", "attachments_days"});
    (void)retention_map.whole_or("conversations_days", 365, 1, 36'500);
    (void)retention_map.whole_or("attachments_days", 90, 1, 36'500);
  }
  return config;
}

Millis quiet_of(const Config& config, std::string_view channel) {
  for (const auto& telegram : config.telegram) {
    if (telegram.id == channel) return telegram.quiet;
  }
  return Millis{0};
}

std::string channel_kind(const Config& config, std::string_view channel) {
  if (channel == "web") return "web";
  for (const auto& telegram : config.telegram) {
    if (telegram.id == channel) return "telegram";
  }
  return "";
}

}  // namespace wasl::bot
