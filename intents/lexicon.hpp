#pragma once

#include "wasl/core/yaml.hpp"

#include "intents/lexicon_values.hpp"
#include "intents/lexicon_words.hpp"
#include "intents/pattern_set.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// A sentence that is none of any shop's business.
struct BackgroundExample {
  std::string text;
  std::string group;  ///< en, ar or arabizi
};

/// The words every bot needs, in each language: data (lexicon/*.yml), part of the program.
struct Lexicon {
  /// A pattern that shows a signal; `unless` patterns take the signal back where they overlap it.
  struct Rule {
    std::string signal;
    float strength = 0.0F;
    bool unless = false;
  };
  PatternSet patterns{PatternSet::Singles::lazy};
  std::vector<Rule> rules;  ///< per pattern

  WordTable words;     ///< all words of all lists
  NamedValues values;  ///< what built-in entities are made of
  std::vector<BackgroundExample> background;
};

/// Compiled on first use; immutable.
[[nodiscard]] const Lexicon& lexicon();

/// The same from texts, for tests: mistakes go to `mistakes`.
void read_lexicon(std::string_view yaml, const std::string& file, Lexicon& lexicon,
                  yaml::Mistakes& mistakes);

}  // namespace wasl::intents
