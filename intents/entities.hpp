#pragma once

#include "wasl/core/understanding.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/bot_files.hpp"
#include "intents/pattern_set.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace wasl::intents {

/// An entity where it stands in the clean text.
struct EntityHit {
  std::string entity;
  std::string value;
  Span span;  ///< of the clean text
};

/// All patterns of a bot folder in one set: intents', entities' and entities' values.
///
/// Immutable once built.
class BotPatterns {
 public:
  /// Patterns that do not compile, and intents' patterns that claim a sentence of their own `not`,
  /// go to `mistakes`.
  BotPatterns(const BotFiles& files, yaml::Mistakes& mistakes);

  struct Found {
    std::vector<std::string> intents;   ///< whose patterns hit, in order of declaration
    std::vector<std::string> patterns;  ///< the pattern that hit, per intent
    std::vector<EntityHit> entities;    ///< left to right, none overlapping
  };

  /// What occurs in a text.  `original` is what `cleaned` was made of.
  [[nodiscard]] Found find(std::string_view original, const Clean& cleaned,
                           const Marked& marked) const;

 private:
  enum class Case { keep, upper };
  struct Owner {
    enum class Kind { intent, entity, value } kind = Kind::intent;
    std::string name;   ///< of the intent or entity
    std::string value;  ///< canonical, of a value
    std::string text;   ///< the pattern as written
    Case letter_case = Case::keep;
  };
  struct Near {
    std::string word;
    std::string entity;
    std::string value;
  };

  void add(const std::string& file, const Placed& pattern, Owner owner, yaml::Mistakes& mistakes);
  void add_value(const EntitySource& entity, const EntitySource::Value& value, const Placed& word,
                 yaml::Mistakes& mistakes);
  void check_nots(const IntentSource& intent, yaml::Mistakes& mistakes) const;
  void find_misspelt(const Clean& cleaned, std::vector<EntityHit>& found) const;

  PatternSet set_;
  std::vector<Owner> owners_;                             ///< per pattern
  std::unordered_map<char32_t, std::vector<Near>> near_;  ///< one-word values by first letter
};

/// As the understanding tells it.
[[nodiscard]] std::vector<Entity> tell(const std::vector<EntityHit>& hits,
                                       std::string_view original, const Clean& cleaned);

}  // namespace wasl::intents
