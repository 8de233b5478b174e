#pragma once

#include "wasl/core/understanding.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/bot_files.hpp"
#include "intents/lexicon_words.hpp"
#include "intents/pattern_set.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

class ValueLookup;

/// An entity where it stands in the clean text.
struct EntityHit {
  std::string entity;
  std::string value;
  Span span;  ///< of the clean text
};

/// All patterns of a bot folder in one set, intents' and entities', and the values of entities.
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
                           std::span<const Word> words, const Marked& marked) const;

  /// The same for a text whose words nobody else needs.
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
  void add(const std::string& file, const Placed& pattern, Owner owner, yaml::Mistakes& mistakes);
  void add_value(const EntitySource& entity, const EntitySource::Value& value, const Placed& word,
                 ValueLookup& lookup, yaml::Mistakes& mistakes);
  void check_nots(const IntentSource& intent, yaml::Mistakes& mistakes) const;

  PatternSet set_;
  std::vector<Owner> owners_;  ///< per pattern
  std::shared_ptr<const ValueLookup> values_;
};

/// As the understanding tells it.
[[nodiscard]] std::vector<Entity> tell(const std::vector<EntityHit>& hits,
                                       std::string_view original, const Clean& cleaned);

}  // namespace wasl::intents
