#pragma once

#include "wasl/core/language.hpp"
#include "wasl/core/yaml.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The articles of a bot folder: `knowledge/<language>/<id>.md`, Markdown below a front matter.
namespace wasl::knowledge {

/// A piece of an article, short enough to be said in a chat.
struct Passage {
  std::string heading;  ///< it stands under; empty before the first
  std::string text;     ///< plain; lines of a list begin with a dot or a number
};

/// Something an article says in vain: raw HTML, an image.
struct LeftOut {
  int line = 0;
  std::string what;
};

struct Article {
  std::string id;  ///< the file's name, the same in every language
  Language language = Language::und;
  std::string file;  ///< for people: `knowledge/en/returns.md`
  std::string title;
  std::string owner;  ///< a team of handoff.yml
  std::chrono::sys_days reviewed{};
  std::chrono::days review_every{};
  std::string html;  ///< of the body: well-formed, without raw HTML, scripts or images
  std::vector<Passage> passages;
  std::vector<LeftOut> left_out;

  /// The day by which somebody should have looked through it again.
  [[nodiscard]] std::chrono::sys_days due() const { return reviewed + review_every; }
};

/// What articles may refer to.
struct Allowed {
  std::vector<std::string> languages;  ///< of wasl.yml, by short name
  std::vector<std::string> owners;
};

/// Reads `folder/knowledge/*/*.md`, by language and then by id; nothing where there is no such
/// folder.  Mistakes go to `mistakes`; an article with mistakes is left out.
[[nodiscard]] std::vector<Article> load_articles(const std::filesystem::path& folder,
                                                 const Allowed& allowed, yaml::Mistakes& mistakes);

/// Reads one file: `text` is what it holds, `file` as shown to people.  Any bytes will do.
[[nodiscard]] std::optional<Article> read_article(std::string_view text, const std::string& file,
                                                  const std::string& id, Language language,
                                                  const Allowed& allowed, yaml::Mistakes& mistakes);

/// `2026-11-01`, nothing else.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_date(std::string_view text);
/// The opposite.
[[nodiscard]] std::string to_text(std::chrono::sys_days date);

}  // namespace wasl::knowledge
