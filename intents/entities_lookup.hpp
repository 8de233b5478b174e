#pragma once

#include "intents/entities.hpp"
#include "intents/lexicon_words.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace wasl::intents {

/// The words that `values` of entities are known by, looked up rather than matched: thousands cost
/// no more than one.  Built once, then immutable.
class ValueLookup {
 public:
  /// Whether words of letters and digits, parted by spaces; anything else needs a pattern.
  [[nodiscard]] static bool takes(std::string_view clean_words);

  /// REQUIRES: takes(clean_words)
  void add(std::string_view entity, std::string_view value, std::string_view clean_words);

  /// Remembers the words of `text` that would count as a misspelt value, though they are right as
  /// they are.  Call after all values are added.
  void spare(std::string_view text, std::span<const Word> words);

  [[nodiscard]] bool empty() const { return exact_.empty(); }

  /// Appends what `words` of `text` say: exactly, behind what Arabic writes together with the next
  /// word (لجدة, بالرياض, والدمام), and, for single words, misspelt: one edit from five letters on,
  /// two from eight, the first letter right, and never a word the lexicon knows or that is spared.
  void find(std::string_view text, std::span<const Word> words,
            std::vector<EntityHit>& found) const;

 private:
  struct Value {
    std::string entity;
    std::string value;
  };
  struct Near {
    std::u32string letters;
    std::size_t value = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  struct Tried;

  std::size_t find_exact(std::string_view text, std::span<const Word> words, std::size_t first,
                         std::vector<EntityHit>& found) const;
  void find_misspelt(std::string_view text, const Word& word, std::size_t& tries_left,
                     std::vector<EntityHit>& found) const;

  std::vector<Value> values_;
  std::unordered_map<std::string, std::vector<std::size_t>, Hash, std::equal_to<>> exact_;
  std::unordered_map<char32_t, std::vector<Near>> near_;  ///< single words by their first letter
  std::unordered_set<std::string, Hash, std::equal_to<>> spared_;
  std::size_t words_max_ = 0;  ///< of a value
};

/// Whether `a` becomes `b` by at most `edits_max` edits: a letter wrong, missing, extra, or two
/// neighbours swapped.  Cost: (2·edits_max + 1) steps a letter.
[[nodiscard]] bool within_edits(std::u32string_view a, std::u32string_view b,
                                std::size_t edits_max);

}  // namespace wasl::intents
