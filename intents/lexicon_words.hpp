#pragma once

#include "wasl/intents/clean.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// What the lexicon knows of a word: one bit for each list that has it.
using Facts = std::uint32_t;

namespace fact {
inline constexpr Facts kAnswer = 1U << 0;   ///< only answers: yes, no, ok
inline constexpr Facts kNeutral = 1U << 1;  ///< says nothing about who speaks: ok, visa
inline constexpr Facts kEnglish = 1U << 2;  ///< frequent in English
inline constexpr Facts kFrench = 1U << 3;   ///< frequent in French, which Maghrebi is mixed with
inline constexpr Facts kArabizi = 1U << 4;  ///< Arabic in Latin letters
inline constexpr Facts kMsa = 1U << 5;      ///< the dialects, in the order of Dialect
inline constexpr Facts kGulf = 1U << 6;
inline constexpr Facts kEgyptian = 1U << 7;
inline constexpr Facts kLevantine = 1U << 8;
inline constexpr Facts kIraqi = 1U << 9;
inline constexpr Facts kMaghrebi = 1U << 10;
inline constexpr Facts kOpener = 1U << 11;    ///< may open a wish: how, where, cancel, ابغى
inline constexpr Facts kJoint = 1U << 12;     ///< may join two wishes: and, also, كمان
inline constexpr Facts kCourtesy = 1U << 13;  ///< hi, thanks, please: no wish by itself
inline constexpr Facts kValue = 1U << 14;     ///< opens a name of a built-in value: month, currency
inline constexpr Facts kDialects = kMsa | kGulf | kEgyptian | kLevantine | kIraqi | kMaghrebi;
}  // namespace fact

/// Words and what is known of them, found by one hash look-up.  Built once, then immutable.
class WordTable {
 public:
  /// Adds `facts` to those of `word`, which is clean.
  void add(std::string_view word, Facts facts);

  /// The facts of a clean word; 0 for one that no list has.
  [[nodiscard]] Facts find(std::string_view word) const;

  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;  ///< 0 is a free slot
    std::uint32_t at = 0;    ///< of its letters in letters_
    std::uint32_t size = 0;
    Facts facts = 0;
  };

  void grow();
  [[nodiscard]] std::size_t slot_of(std::string_view word, std::uint32_t hash) const;

  std::vector<Slot> slots_;  ///< a power of two, at most half full
  std::string letters_;
  std::size_t count_ = 0;
};

/// A word of a clean text.
struct Word {
  Span span;
  Facts facts = 0;
  bool arabic = false;      ///< begins with an Arabic letter
  bool digits = false;      ///< has a digit
  std::uint8_t joined = 0;  ///< bytes of an Arabic "and" written together with it; `facts` are
                            ///< then those of the rest
};

/// The words of a clean text in order, at most 512: letters, digits and apostrophes inside.
[[nodiscard]] std::vector<Word> read_words(const Clean& cleaned);

}  // namespace wasl::intents
