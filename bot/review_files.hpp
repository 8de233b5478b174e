#pragma once

#include "wasl/core/result.hpp"

#include "bot/review.hpp"

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

/// Where the outcome of a review is kept: examples in the bot folder, and beside the store a list
/// of what need not be shown again.
namespace wasl::bot {

/// The intent whose examples are none of the bot's business.
inline constexpr const char* kOutOfScopeIntent = "oos";

/// The list beside a store; it holds keys of sentences, one a line, and no text.
[[nodiscard]] std::filesystem::path reviewed_path(const std::filesystem::path& store_file);
[[nodiscard]] std::set<std::string> read_reviewed(const std::filesystem::path& file);
/// Errors: unavailable  the file cannot be written.
[[nodiscard]] Result<Done> remember_reviewed(const std::filesystem::path& file,
                                             const std::vector<Sentence>& sentences);

struct AddedExamples {
  std::string file;  ///< relative to the bot folder
  std::size_t count = 0;
};
/// Adds `sentences` to the examples of `intent` and validates the folder; a mistake undoes it.
/// Errors: not_found      no file declares the intent.
///         invalid_input  the folder would not be valid, or the examples cannot be added to.
///         unavailable    the file cannot be written.
[[nodiscard]] Result<AddedExamples> add_to_folder(const std::filesystem::path& folder,
                                                  const std::string& intent,
                                                  const std::vector<Sentence>& sentences);

}  // namespace wasl::bot
