// A file of knowledge/: its front matter and its Markdown; and its text as a question.
#include "wasl/core/text.hpp"
#include "wasl/intents/search_words.hpp"
#include "wasl/knowledge/article.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using fuzz::require;

constexpr std::size_t kPassageCharsMax = 600;

void check(const knowledge::Article& article) {
  require(!article.title.empty() && valid_utf8(article.title), "a title is a text");
  require(valid_utf8(article.html), "a page is UTF-8");
  for (const char* forbidden : {"<script", "<img", "<iframe", "<style", "javascript:alert"}) {
    const auto at = article.html.find(forbidden);
    const bool in_markup = at != std::string::npos && article.html[at] == '<';
    require(!in_markup, "no HTML of an author reaches a page");
  }
  require(!article.passages.empty(), "an article says something");
  for (const knowledge::Passage& passage : article.passages) {
    require(!passage.text.empty() && valid_utf8(passage.text), "a passage is a text");
    require(code_points(passage.text) <= 2 * kPassageCharsMax, "a passage fits a message");
  }
  require(article.due() > article.reviewed, "a review lies ahead");
  require(knowledge::parse_date(knowledge::to_text(article.reviewed)) == article.reviewed,
          "a date is written as it is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const knowledge::Allowed allowed{{"ar", "en"}, {"general", "orders"}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  yaml::Mistakes mistakes;
  const auto article = knowledge::read_article(text, "a.md", "a", Language::en, allowed, mistakes);
  require(article.has_value() == mistakes.empty(), "an article is read, or it is told why not");
  if (article) check(*article);
  for (const auto& word : intents::search_words(text, 100)) {
    require(!word.stem.empty() && valid_utf8(word.stem) && valid_utf8(word.bare), "a stem is text");
    require(word.stem.find_first_of(" \"'*()~") == std::string::npos, "a stem is one word");
  }
  return 0;
}
