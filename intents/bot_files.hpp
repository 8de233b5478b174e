#pragma once

#include "wasl/core/yaml.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace wasl::intents {

/// A sentence an author gave, and where.
struct Example {
  std::string text;   ///< annotations replaced by their values
  std::string group;  ///< en, ar or arabizi
  std::string file;
  yaml::Mark at;
};

struct Placed {
  std::string text;
  yaml::Mark at;
};

struct IntentSource {
  std::string name;
  std::string file;
  yaml::Mark at;
  std::vector<Example> examples;
  std::vector<Placed> patterns;
  std::vector<Example> nots;  ///< sentences this intent must not claim
};

struct EntitySource {
  std::string name;
  std::string file;
  yaml::Mark at;
  std::vector<Placed> patterns;
  struct Value {
    std::string canonical;
    std::vector<Placed> words;  ///< how people write it; the canonical form is one of them
  };
  std::vector<Value> values;
};

/// Everything a bot folder's `intents/` says, checked except for its patterns.
struct BotFiles {
  std::vector<IntentSource> intents;  ///< without the reserved `oos`
  std::vector<EntitySource> entities;
  std::vector<Example> out_of_scope;  ///< examples of `oos`
};

/// The reserved intent whose examples are nobody's business.
inline constexpr const char* kOutOfScope = "oos";

/// Reads `folder/intents/**.yml`; every mistake is added to `mistakes` and reading goes on.
[[nodiscard]] BotFiles read_bot_files(const std::filesystem::path& folder,
                                      yaml::Mistakes& mistakes);

}  // namespace wasl::intents
