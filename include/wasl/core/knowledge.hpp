#pragma once

#include "wasl/core/language.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wasl {

/// What an article says to a question.
struct KnownAnswer {
  std::string article;  ///< its id, the same in every language: "returns"
  std::string title;
  std::string passage;  ///< plain text, short enough for a message
  std::string path;     ///< of its page in the help centre: "/help/en/returns"
};

/// The articles of a bot, to be asked.  Immutable; safe for many threads.
class Knowledge {
 public:
  virtual ~Knowledge() = default;

  /// The passage that answers `question`, if one surely does.  Never fails; any bytes will do.
  [[nodiscard]] virtual std::optional<KnownAnswer> find(std::string_view question,
                                                        Language language) const = 0;
};

}  // namespace wasl
