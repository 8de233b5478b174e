#pragma once

#include "wasl/core/knowledge.hpp"
#include "wasl/knowledge/article.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::bot {

/// The articles of a bot with an index for each language: what the chat asks and the help centre
/// shows.  Immutable; safe for many threads.
class Library : public Knowledge {
 public:
  /// `articles` by language and then by id, as load_articles() gives them.
  static std::shared_ptr<const Library> open(std::vector<knowledge::Article> articles);

  /// An article for somebody who looks around, and the passage that says most about it.
  struct Result {
    const knowledge::Article* article = nullptr;
    const knowledge::Passage* passage = nullptr;
  };
  /// Articles that have any of the words, best first.  Cost: as ArticleIndex::find().
  [[nodiscard]] virtual std::vector<Result> search(std::string_view words, Language language,
                                                   std::size_t results_max) const = 0;

  [[nodiscard]] virtual const std::vector<knowledge::Article>& articles() const = 0;
  /// The article in that language, or nullptr.
  [[nodiscard]] virtual const knowledge::Article* find_article(std::string_view id,
                                                               Language language) const = 0;
};

/// "/help/en/returns"
[[nodiscard]] std::string help_path(const knowledge::Article& article);

}  // namespace wasl::bot
