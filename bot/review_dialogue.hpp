#pragma once

#include "bot/bot.hpp"
#include "bot/review.hpp"
#include "bot/review_files.hpp"

#include <filesystem>
#include <string>

/// A person at a terminal goes through the groups, one key each.
namespace wasl::bot {

/// Does what was decided about a group, and remembers it.
class Reviewer {
 public:
  Reviewer(const Bot& bot, std::filesystem::path memory) : bot_(bot), memory_(std::move(memory)) {}

  /// Errors: not_found  the bot has no such intent; else as add_to_folder().
  Result<AddedExamples> add(const LikeMessages& group, const std::string& intent);
  Result<Done> dismiss(const LikeMessages& group);
  [[nodiscard]] const Bot& bot() const { return bot_; }

 private:
  const Bot& bot_;
  std::filesystem::path memory_;
};

/// A group for people: how many, where from, the sentences, the intents that are near.
[[nodiscard]] std::string to_text(const LikeMessages& group);
/// What there is and what is not shown, in one line.
[[nodiscard]] std::string summary_of(const Review& review);

/// Asks about each group; gives the exit code.
[[nodiscard]] int talk(const Review& review, Reviewer& reviewer);

}  // namespace wasl::bot
