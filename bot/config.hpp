#pragma once

#include "wasl/channels/listener.hpp"
#include "wasl/channels/telegram.hpp"
#include "wasl/core/language.hpp"
#include "wasl/core/yaml.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::bot {

/// `wasl.yml` of a bot folder, with the environment's overrides applied.
struct Config {
  std::string name;
  std::map<std::string, std::string> languages{{"ar", "ar"}, {"en", "en"}};  ///< full tags
  Language default_language = Language::ar;
  std::string listen = "127.0.0.1:8080";
  std::string store = "sqlite:data/wasl.db";
  bool demo = false;
  int shards = 0;  ///< 0: one per core

  std::string public_url;  ///< where customers reach us, "https://help.shop.example", or empty

  std::vector<std::string> web_origins;  ///< besides the server's own address
  std::vector<channels::telegram::Config> telegram;
  std::vector<std::string> call_hosts;  ///< business systems that may be called

  std::size_t text_chars_max = 4000;
  int messages_per_minute = 60;
  channels::ListenerLimits limits;
};

/// `web` or `telegram`, by the name of a channel; "" for none of them.
[[nodiscard]] std::string channel_kind(const Config& config, std::string_view channel);

/// How long somebody who writes there in pieces may pause; 0: each message is read at once.
[[nodiscard]] Millis quiet_of(const Config& config, std::string_view channel);

/// Reads `folder/wasl.yml`.  Any scalar can be overridden as `WASL_` + its upper-case path.
[[nodiscard]] Config load_config(const std::filesystem::path& folder, yaml::Mistakes& mistakes);

/// Replaces `${NAME}` and `${NAME:-default}` from the environment.
/// Errors: invalid_input  a name without default is not set; `what` says which.
[[nodiscard]] Result<std::string> expand_environment(std::string_view text);

}  // namespace wasl::bot
