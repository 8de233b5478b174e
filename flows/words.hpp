#pragma once

#include "wasl/core/yaml.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Short words every bot knows: yes, no, cancel, "no, I meant", say it again, help, wait, "I don't
/// know".
namespace wasl::flows {

/// `text` for comparing short answers: lower case, no diacritics, one form of alef, ya and ta
/// marbuta, Latin digits, punctuation and symbols as single spaces, none at the ends.
[[nodiscard]] std::string fold(std::string_view text);

/// `text` with Arabic-Indic and Persian digits (and their decimal sign) as Latin ones.
[[nodiscard]] std::string latin_digits(std::string_view text);

/// Folded phrases, found in a sentence by the words they begin with: a sentence costs a look-up for
/// each of its words, however many phrases there are.
class Phrases {
 public:
  Phrases() = default;
  explicit Phrases(std::vector<std::string> folded);

  /// Whether the folded text `plain` is nothing but one of them.
  [[nodiscard]] bool has(std::string_view plain) const;
  /// Whether one of them stands in `plain`, at a word's beginning and end.
  [[nodiscard]] bool within(std::string_view plain) const;
  /// The bytes of the longest of them that `plain` begins with, at a word's end; or 0.
  [[nodiscard]] std::size_t begin_of(std::string_view plain) const;

  [[nodiscard]] auto begin() const { return sorted_.begin(); }
  [[nodiscard]] auto end() const { return sorted_.end(); }

 private:
  std::vector<std::string> sorted_;
};

struct Words {
  Phrases yes;
  Phrases no;
  Phrases cancel;
  Phrases correct;  ///< may stand beside other words; has all of `wrong`
  Phrases wrong;    ///< says that something is wrong, even without what is right
  Phrases repeat;
  Phrases help;
  Phrases wait;
  Phrases dont_know;
  Phrases question;                              ///< what a question begins with
  std::map<std::string, std::string> yes_title;  ///< by language
  std::map<std::string, std::string> no_title;
};

/// Reads `reserved/words.yml`.
[[nodiscard]] Words read_words(const yaml::Document& document, yaml::Mistakes& mistakes);

/// Whether `text`, whose folded form is `plain`, ends as a question or begins like one.
[[nodiscard]] bool is_question(const Words& words, std::string_view text, std::string_view plain);

/// Yes or no, when `text` says one of them and not the other.  A question says so only at its
/// beginning: "yes, is it far?", not "is Friday ok?".
[[nodiscard]] std::optional<bool> yes_or_no(const Words& words, std::string_view text);

/// Whether `plain`, which is folded, says that something is wrong, and nothing else: «لا غلط», "no,
/// wrong one".
[[nodiscard]] bool says_only_wrong(const Words& words, std::string_view plain);

/// What follows the longest of `phrases` that `text` begins with, as it was written; or nothing.
[[nodiscard]] std::string_view rest_after(const Phrases& phrases, std::string_view text);

}  // namespace wasl::flows
