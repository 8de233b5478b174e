#pragma once

#include "wasl/core/yaml.hpp"
#include "wasl/flows/call_spec.hpp"
#include "wasl/flows/value.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::flows {

/// Names from the other parts of a bot folder that flows may refer to.
struct Known {
  std::vector<std::string> intents;
  std::vector<std::string> entities;
  std::vector<std::string> teams;
};

/// A bot folder's flows, answers and calls, compiled.  Immutable, shared by all shards.
class Program {
 public:
  virtual ~Program() = default;
  [[nodiscard]] virtual const CallSpec* find_call(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<std::string> call_names() const = 0;
  [[nodiscard]] virtual std::vector<std::string> flow_names() const = 0;
  /// Changes whenever the flows change; a running conversation remembers it.
  [[nodiscard]] virtual const std::string& fingerprint() const = 0;
  /// What a short answer in any language says; nothing when it says neither, or both.
  [[nodiscard]] virtual std::optional<bool> yes_or_no(std::string_view text) const = 0;
};

/// Compiles `folder/{flows,answers,calls}/*.yml` together with the reserved flows and answers every
/// bot has (overridable by name).  Null when there are mistakes, those of other files among them;
/// all are in `mistakes`. `languages` are full tags by short name, e.g. ar → ar-u-nu-latn.
/// `warnings`: what works, but is hardly meant so.
[[nodiscard]] std::shared_ptr<const Program> load_program(
    const std::filesystem::path& folder, const Known& known,
    const std::map<std::string, std::string>& languages, yaml::Mistakes& mistakes,
    yaml::Mistakes* warnings = nullptr);

}  // namespace wasl::flows
