#pragma once

#include "wasl/core/yaml.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Short words every bot knows: yes, no, cancel, "no, I meant", say it again, help, wait.
namespace wasl::flows {

/// `text` for comparing short answers: lower case, no diacritics, one form of alef, ya and ta
/// marbuta, Latin digits, punctuation and symbols as single spaces, none at the ends.
[[nodiscard]] std::string fold(std::string_view text);

/// `text` with Arabic-Indic and Persian digits (and their decimal sign) as Latin ones.
[[nodiscard]] std::string latin_digits(std::string_view text);

struct Words {
  std::vector<std::string> yes;  ///< folded
  std::vector<std::string> no;
  std::vector<std::string> cancel;
  std::vector<std::string> correct;  ///< may stand beside other words; has all of `wrong`
  std::vector<std::string> wrong;    ///< says that something is wrong, even without what is right
  std::vector<std::string> repeat;
  std::vector<std::string> help;
  std::vector<std::string> wait;
  std::map<std::string, std::string> yes_title;  ///< by language
  std::map<std::string, std::string> no_title;
};

/// Reads `reserved/words.yml`.
[[nodiscard]] Words read_words(const yaml::Document& document, yaml::Mistakes& mistakes);

/// Yes or no, when `text` says one of them and not the other.
[[nodiscard]] std::optional<bool> yes_or_no(const Words& words, std::string_view text);

/// Whether `text` is nothing but one of `phrases`, which are folded.
[[nodiscard]] bool is_one_of(const std::vector<std::string>& phrases, std::string_view text);

/// Whether one of `phrases` stands in `text`, at a word's beginning and end.
[[nodiscard]] bool says_any(const std::vector<std::string>& phrases, std::string_view text);

/// Whether `text` says that something is wrong, and nothing else: «لا غلط», "no, wrong one".
[[nodiscard]] bool says_only_wrong(const Words& words, std::string_view text);

/// What follows the longest of `phrases` that `text` begins with, as it was written; or nothing.
[[nodiscard]] std::string_view rest_after(const std::vector<std::string>& phrases,
                                          std::string_view text);

}  // namespace wasl::flows
