// A file is `---`, YAML, `---`, Markdown.  The YAML is read by the reader of every other file, with
// an empty line for the first `---`, so its mistakes name the right lines.
#include "wasl/knowledge/article.hpp"

#include "wasl/core/text.hpp"

#include "knowledge/markdown.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>

namespace wasl::knowledge {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr std::size_t kFileBytesMax = 256 * 1024;
constexpr std::size_t kArticlesMax = 2'000;
constexpr std::size_t kIdMax = 60;
constexpr std::size_t kTitleCharsMax = 120;
constexpr days kReviewEvery{180};
constexpr days kReviewEveryMax{3'650};
constexpr std::string_view kFence = "---";

/// A file's name that is also a place in an address.
bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= kIdMax && id.front() != '-' &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

struct Halves {
  std::string front;      ///< the YAML, its lines where they stand in the file
  std::string_view body;  ///< the Markdown
  int body_line = 0;      ///< lines before it
};

/// Splits at the fences; nothing when there are none.
std::optional<Halves> split_fences(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Halves halves;
  bool open = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++halves.body_line;
    const std::string_view bare = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    if (bare == kFence && open) {
      halves.body = text;
      return halves;
    }
    if (!open && bare != kFence) return std::nullopt;
    halves.front.append(open ? line : "").append("\n");
    open = true;
  }
  return std::nullopt;
}

class FrontMatter {
 public:
  FrontMatter(const yaml::Map& map, const Allowed& allowed, Article& article)
      : map_(map), allowed_(allowed), article_(article) {}

  void read() {
    map_.only({"title", "owner", "reviewed", "review_every"});
    read_title();
    read_owner();
    read_reviewed();
  }

 private:
  void read_title() {
    const std::string language(name(article_.language));
    const yaml::Node* node = map_.find("title");
    if (node == nullptr) {
      return map_.complain(map_.node().at, "missing 'title': {" + language + ": …}");
    }
    if (!node->is_map()) {
      return map_.complain(node->at, "a title is written with its language: {" + language + ": …}");
    }
    for (const auto& [key, value] : node->entries) {
      if (key.scalar == language) continue;
      map_.complain(key.at, "this article is in '" + language + "'; a title in '" + key.scalar +
                                "' belongs to knowledge/" + key.scalar + "/" + article_.id + ".md");
    }
    const yaml::Node* own = node->find(language);
    if (own == nullptr)
      return map_.complain(node->at, "the title has no text in '" + language + "'");
    article_.title = trim(own->scalar);
    if (!own->is_scalar() || article_.title.empty()) {
      return map_.complain(own->at, "a title is missing here");
    }
    if (const std::size_t chars = code_points(article_.title); chars > kTitleCharsMax) {
      map_.complain(own->at, "the title has " + std::to_string(chars) + " characters; at most " +
                                 std::to_string(kTitleCharsMax) + " fit");
    }
  }

  void read_owner() {
    article_.owner = map_.text("owner");
    const auto& owners = allowed_.owners;
    if (article_.owner.empty() ||
        std::find(owners.begin(), owners.end(), article_.owner) != owners.end()) {
      return;
    }
    map_.complain_missing("handoff.yml", map_.find("owner")->at,
                          "unknown owner '" + article_.owner + "': name a team of handoff.yml" +
                              did_you_mean(article_.owner, owners));
  }

  void read_reviewed() {
    const std::string written = map_.text("reviewed");
    if (!written.empty()) {
      const auto date = parse_date(written);
      if (!date) {
        map_.complain(map_.find("reviewed")->at,
                      "'reviewed' must be a date like 2026-11-01, this is '" + written + "'");
      }
      article_.reviewed = date.value_or(std::chrono::sys_days{});
    }
    const auto every = std::chrono::floor<days>(map_.duration_or("review_every", kReviewEvery));
    if (map_.has("review_every") && (every < days{1} || every > kReviewEveryMax)) {
      map_.complain(map_.find("review_every")->at, "'review_every' must be from 1d to 3650d");
    }
    article_.review_every = every;
  }

  const yaml::Map& map_;
  const Allowed& allowed_;
  Article& article_;
};

std::optional<std::string> read_file(const fs::path& path, const std::string& file,
                                     yaml::Mistakes& mistakes) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (!error && size > kFileBytesMax) {
    mistakes.add(file, {}, "an article has at most 256 KiB; split it");
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  if (error || stream.bad() || !stream.is_open()) {
    mistakes.add(file, {}, "this file cannot be read");
    return std::nullopt;
  }
  return text;
}

/// What is in `folder`, by name; what editors leave behind is passed over.
std::map<std::string, fs::directory_entry> entries_of(const fs::path& folder) {
  std::map<std::string, fs::directory_entry> entries;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && !name.ends_with('~')) entries.emplace(name, entry);
  }
  return entries;
}

class FolderReader {
 public:
  FolderReader(const Allowed& allowed, yaml::Mistakes& mistakes)
      : allowed_(allowed), mistakes_(mistakes) {}

  std::vector<Article> read(const fs::path& folder) {
    for (const auto& [name, entry] : entries_of(folder)) {
      const std::string shown = "knowledge/" + name;
      const auto& known = allowed_.languages;
      if (!entry.is_directory()) {
        mistakes_.add(shown, {},
                      "articles lie in a folder for each language: knowledge/" +
                          (known.empty() ? "en" : known.front()) + "/" + name);
      } else if (std::find(known.begin(), known.end(), name) == known.end()) {
        mistakes_.add(shown, {},
                      "'" + name + "' is no language of wasl.yml" + did_you_mean(name, known));
      } else {
        read_language(entry.path(), shown, language_of(name));
      }
    }
    return std::move(articles_);
  }

 private:
  void read_language(const fs::path& folder, const std::string& shown, Language language) {
    for (const auto& [name, entry] : entries_of(folder)) {
      const std::string file = shown + "/" + name;
      const fs::path& path = entry.path();
      const std::string id = path.stem().string();
      if (!entry.is_regular_file() || path.extension() != ".md") {
        mistakes_.add(file, {}, "only articles belong here: files named like returns.md");
      } else if (!is_id(id) || id == "search") {
        mistakes_.add(file, {},
                      "'" + id + "' cannot be an address: small letters, digits, - and _" +
                          std::string(id == "search" ? ", and not search" : ""));
      } else if (articles_.size() == kArticlesMax) {
        mistakes_.add(file, {}, "more than 2,000 articles");
        return;
      } else if (const auto text = read_file(path, file, mistakes_)) {
        auto article = read_article(*text, file, id, language, allowed_, mistakes_);
        if (article) articles_.push_back(std::move(*article));
      }
    }
  }

  const Allowed& allowed_;
  yaml::Mistakes& mistakes_;
  std::vector<Article> articles_;
};

}  // namespace

std::optional<Article> read_article(std::string_view text, const std::string& file,
                                    const std::string& id, Language language,
                                    const Allowed& allowed, yaml::Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  if (text.size() > kFileBytesMax || !valid_utf8(text)) {
    mistakes.add(file, {},
                 text.size() > kFileBytesMax ? "an article has at most 256 KiB; split it"
                                             : "this file is not UTF-8 text");
    return std::nullopt;
  }
  const auto halves = split_fences(text);
  if (!halves) {
    mistakes.add(file, {1, 1}, "an article begins with --- and title, owner, reviewed; then ---");
    return std::nullopt;
  }
  const auto document = yaml::parse(halves->front, file, mistakes);
  if (!document) return std::nullopt;

  Article article;
  article.id = id;
  article.language = language;
  article.file = file;
  FrontMatter(yaml::Map(file, document->root, mistakes), allowed, article).read();
  Body body = read_markdown(halves->body);
  article.html = std::move(body.html);
  article.passages = std::move(body.passages);
  article.left_out = std::move(body.left_out);
  for (LeftOut& one : article.left_out) one.line += halves->body_line;
  if (article.passages.empty()) {
    mistakes.add(file, {halves->body_line, 1}, "the article is empty below its ---");
  }
  if (mistakes.size() != before) return std::nullopt;
  return article;
}

std::vector<Article> load_articles(const fs::path& folder, const Allowed& allowed,
                                   yaml::Mistakes& mistakes) {
  const fs::path knowledge = folder / "knowledge";
  std::error_code error;
  if (!fs::exists(knowledge, error)) return {};
  return FolderReader(allowed, mistakes).read(knowledge);
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int parts[3] = {};
  constexpr std::pair<std::size_t, std::size_t> kPlaces[] = {{0, 4}, {5, 2}, {8, 2}};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string_view digits = text.substr(kPlaces[i].first, kPlaces[i].second);
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    std::from_chars(digits.data(), digits.data() + digits.size(), parts[i]);
  }
  const std::chrono::year_month_day date{std::chrono::year{parts[0]},
                                         std::chrono::month{static_cast<unsigned>(parts[1])},
                                         std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::string to_text(std::chrono::sys_days date) {
  return iso8601(std::chrono::time_point_cast<Millis>(date)).substr(0, 10);
}

}  // namespace wasl::knowledge
