#pragma once

#include "wasl/core/time.hpp"
#include "wasl/core/yaml.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wasl::flows {

/// What a slot or an expression holds.
using Value = std::variant<std::monostate, bool, double, std::string>;
/// Slots and call results by name; a call saved as `order` gives `order.status`, `order.eta`, …
using Values = std::map<std::string, Value, std::less<>>;

[[nodiscard]] std::string to_text(const Value& value);

/// Names from the other parts of a bot folder that flows may refer to.
struct Known {
  std::vector<std::string> intents;
  std::vector<std::string> entities;
  std::vector<std::string> teams;
};

/// How to reach a business system; one entry of `calls/*.yml`.
struct CallSpec {
  std::string name;
  std::string method;  ///< GET or POST
  std::string url;     ///< with `{argument}`; may start with `self:`
  Millis timeout{3000};
  int retries = 0;
  bool idempotent = false;
  std::vector<std::pair<std::string, std::string>> headers;
  struct Field {
    enum class Type { text, number, money, date, flag, choice };
    std::string name;
    Type type = Type::text;
    bool optional = false;
    std::vector<std::string> choices;
  };
  std::vector<Field> result;
};

/// A bot folder's flows, answers and calls, compiled.  Immutable, shared by all shards.
class Program {
 public:
  virtual ~Program() = default;
  [[nodiscard]] virtual const CallSpec* find_call(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<std::string> flow_names() const = 0;
  /// Changes whenever the flows change; a running conversation remembers it.
  [[nodiscard]] virtual const std::string& fingerprint() const = 0;
  /// What a short answer in any language says; nothing when it says neither, or both.
  [[nodiscard]] virtual std::optional<bool> yes_or_no(std::string_view text) const = 0;
};

/// Compiles `folder/{flows,answers,calls}/*.yml` together with the reserved flows and answers every
/// bot has (overridable by name).  Null when there are mistakes; all of them are in `mistakes`.
/// `languages` are full tags by short name, e.g. ar → ar-u-nu-latn.  `warnings`: what works, but is
/// hardly meant so.
[[nodiscard]] std::shared_ptr<const Program> load_program(
    const std::filesystem::path& folder, const Known& known,
    const std::map<std::string, std::string>& languages, yaml::Mistakes& mistakes,
    yaml::Mistakes* warnings = nullptr);

}  // namespace wasl::flows
