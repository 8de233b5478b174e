#pragma once

#include "wasl/flows/program.hpp"
#include "wasl/handoff/policy.hpp"
#include "wasl/intents/understander.hpp"

#include "bot/config.hpp"
#include "bot/library.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace wasl::bot {

/// A bot folder, loaded: everything a turn needs to know that does not change while it runs.
/// Immutable; shared by all shards.
struct Bot {
  std::filesystem::path folder;
  Config config;
  std::shared_ptr<const intents::Understander> understander;
  std::shared_ptr<const flows::Program> program;
  handoff::Policy policy;
  intents::Names names;                    ///< of its intents and entities
  std::shared_ptr<const Library> library;  ///< null without articles
  std::string warning;                  ///< the model is missing or damaged; empty when all is well
  std::vector<yaml::Mistake> warnings;  ///< what its author hardly meant; it works nevertheless
};

/// Loads `folder`.  Null when there are mistakes; all of them are in `mistakes`.
[[nodiscard]] std::shared_ptr<const Bot> load_bot(const std::filesystem::path& folder,
                                                  bool with_model, yaml::Mistakes& mistakes);

}  // namespace wasl::bot
