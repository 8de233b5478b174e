#pragma once

#include "wasl/core/yaml.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Short words that answer a question: yes, no, cancel.
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
  std::map<std::string, std::string> yes_title;  ///< by language
  std::map<std::string, std::string> no_title;
};

/// Reads `reserved/words.yml`.
[[nodiscard]] Words read_words(const yaml::Document& document, yaml::Mistakes& mistakes);

/// Yes or no, when `text` says one of them and not the other.
[[nodiscard]] std::optional<bool> yes_or_no(const Words& words, std::string_view text);

/// Whether `text` is nothing but a word for stopping.
[[nodiscard]] bool says_cancel(const Words& words, std::string_view text);

}  // namespace wasl::flows
