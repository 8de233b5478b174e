#include "wasl/knowledge/article.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace wasl::knowledge {
namespace {

const Allowed kAllowed{{"ar", "en"}, {"general", "orders"}};

std::vector<std::string> told(const yaml::Mistakes& mistakes) {
  std::vector<std::string> list;
  for (const auto& mistake : mistakes.sorted()) list.push_back(yaml::to_string(mistake));
  return list;
}

struct MistakeCase {
  const char* name;
  const char* text;
  std::vector<std::string> want;
};

const MistakeCase kMistakes[] = {
    {"all is well",
     "---\ntitle: {en: Returns}\nowner: orders\nreviewed: 2026-11-01\nreview_every: "
     "90d\n---\nText.",
     {}},
    {"Windows ends its lines otherwise",
     "---\r\ntitle: {en: Returns}\r\nowner: orders\r\nreviewed: 2026-11-01\r\n---\r\nText.\r\n",
     {}},
    {"no front matter",
     "# Returns\nText.",
     {"a.md:1:1: an article begins with --- and title, owner, reviewed; then ---"}},
    {"an open front matter",
     "---\ntitle: {en: Returns}\nText.",
     {"a.md:1:1: an article begins with --- and title, owner, reviewed; then ---"}},
    {"an empty file",
     "",
     {"a.md:1:1: an article begins with --- and title, owner, reviewed; then ---"}},
    {"nothing in it",
     "---\n---\nText.",
     {"a.md: missing 'title': {en: …}", "a.md: missing 'owner'", "a.md: missing 'reviewed'"}},
    {"no title",
     "---\nowner: orders\nreviewed: 2026-11-01\n---\nText.",
     {"a.md:2:1: missing 'title': {en: …}"}},
    {"a title without language",
     "---\ntitle: Returns\nowner: orders\nreviewed: 2026-11-01\n---\nText.",
     {"a.md:2:8: a title is written with its language: {en: …}"}},
    {"a title in another language",
     "---\ntitle: {ar: الإرجاع}\nowner: orders\nreviewed: 2026-11-01\n---\nText.",
     {"a.md:2:8: the title has no text in 'en'",
      "a.md:2:9: this article is in 'en'; a title in 'ar' belongs to knowledge/ar/a.md"}},
    {"an unknown key",
     "---\ntitle: {en: Returns}\nowner: orders\nreviewed: 2026-11-01\nreviwe_every: "
     "90d\n---\nText.",
     {"a.md:5:1: unknown key 'reviwe_every' (did you mean \"review_every\"?)"}},
    {"an unknown owner",
     "---\ntitle: {en: Returns}\nowner: order\nreviewed: 2026-11-01\n---\nText.",
     {"a.md:3:8: unknown owner 'order': name a team of handoff.yml (did you mean \"orders\"?)"}},
    {"a day that does not exist",
     "---\ntitle: {en: Returns}\nowner: orders\nreviewed: 2026-02-30\n---\nText.",
     {"a.md:4:11: 'reviewed' must be a date like 2026-11-01, this is '2026-02-30'"}},
    {"a date of another country",
     "---\ntitle: {en: Returns}\nowner: orders\nreviewed: 01/11/2026\n---\nText.",
     {"a.md:4:11: 'reviewed' must be a date like 2026-11-01, this is '01/11/2026'"}},
    {"reviewed every hour",
     "---\ntitle: {en: Returns}\nowner: orders\nreviewed: 2026-11-01\nreview_every: 1h\n---\nText.",
     {"a.md:5:15: 'review_every' must be from 1d to 3650d"}},
    {"no text",
     "---\ntitle: {en: Returns}\nowner: orders\nreviewed: 2026-11-01\n---\n\n",
     {"a.md:5:1: the article is empty below its ---"}},
    {"not UTF-8", "---\ntitle: {en: \xFF}\n---\nText.", {"a.md: this file is not UTF-8 text"}},
};

TEST(Article, NamesEveryMistakeByPlace) {
  for (const MistakeCase& c : kMistakes) {
    SCOPED_TRACE(c.name);
    yaml::Mistakes mistakes;
    const auto article = read_article(c.text, "a.md", "a", Language::en, kAllowed, mistakes);
    EXPECT_EQ(told(mistakes), c.want);
    EXPECT_EQ(article.has_value(), c.want.empty());
  }
}

Article article_of(const std::string& body) {
  yaml::Mistakes mistakes;
  auto article = read_article(
      "---\ntitle: {en: T}\nowner: orders\nreviewed: 2026-11-01\nreview_every: 90d\n---\n" + body,
      "a.md", "a", Language::en, kAllowed, mistakes);
  EXPECT_EQ(told(mistakes), std::vector<std::string>{});
  return article.value_or(Article{});
}

TEST(Article, IsDueAfterItsTime) {
  const Article article = article_of("Text.");
  EXPECT_EQ(to_text(article.reviewed), "2026-11-01");
  EXPECT_EQ(to_text(article.due()), "2027-01-30");
}

TEST(Article, IsCutIntoPassagesByItsHeadings) {
  const Article article = article_of(
      "First *words* of it,\non two lines.\n\n# Steps\n\n1. Open it.\n2. Close it.\n   - slowly\n\n"
      "> Take care.\n\n## More\n\nSee [the page](https://a.example/x) and `code`.\n");
  ASSERT_EQ(article.passages.size(), 3U);
  EXPECT_EQ(article.passages[0].heading, "");
  EXPECT_EQ(article.passages[0].text, "First words of it, on two lines.");
  EXPECT_EQ(article.passages[1].heading, "Steps");
  EXPECT_EQ(article.passages[1].text, "1. Open it.\n2. Close it.\n  • slowly\nTake care.");
  EXPECT_EQ(article.passages[2].heading, "More");
  EXPECT_EQ(article.passages[2].text, "See the page (https://a.example/x) and code.");
}

TEST(Article, NoPassageIsTooLongForAMessage) {
  std::string body;
  for (int i = 0; i < 400; ++i) body += "كلمة" + std::to_string(i) + " ";
  body += "\n\nA short one.\n\n" + std::string(2000, 'x');
  const Article article = article_of(body);
  ASSERT_GT(article.passages.size(), 5U);
  for (const Passage& passage : article.passages) {
    EXPECT_LE(passage.text.size(), 2U * 600U);
    EXPECT_FALSE(passage.text.empty());
  }
}

TEST(Article, ShowsNoHtmlOfOthers) {
  const Article article = article_of(
      "Hello <b onclick=x>you</b>.\n\n<script>alert(1)</script>\n\n<!-- for us -->\n\n"
      "[a](javascript:alert(1)) ![a cat](https://a.example/cat.png)\n\n# Head\n\n1 < 2 & \"3\"\n");
  EXPECT_EQ(article.html.find("<script"), std::string::npos) << article.html;
  EXPECT_EQ(article.html.find("<b "), std::string::npos) << article.html;
  EXPECT_EQ(article.html.find("javascript:"), std::string::npos) << article.html;
  EXPECT_EQ(article.html.find("<img"), std::string::npos) << article.html;
  EXPECT_NE(article.html.find("a cat"), std::string::npos) << "its words stay";
  EXPECT_NE(article.html.find("<h2>Head</h2>"), std::string::npos) << "the title is the first";
  EXPECT_NE(article.html.find("1 &lt; 2 &amp; &quot;3&quot;"), std::string::npos) << article.html;
  std::vector<int> lines;
  for (const LeftOut& one : article.left_out) lines.push_back(one.line);
  EXPECT_EQ(lines, (std::vector<int>{7, 7, 9, 13})) << "of the file, and no comment";
}

TEST(Article, DeepAndLongMarkdownEnds) {
  EXPECT_FALSE(article_of("Text.\n\n" + std::string(20'000, '>') + " text").html.empty());
  EXPECT_FALSE(article_of(std::string(20'000, '[') + " text").html.empty());
  std::string list;
  for (int i = 0; i < 300; ++i) list += std::string(static_cast<std::size_t>(i) * 2, ' ') + "- x\n";
  EXPECT_FALSE(article_of(list).html.empty());
}

class ArticleFolder : public testing::Test {
 protected:
  ArticleFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("wasl-articles-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~ArticleFolder() override { std::filesystem::remove_all(path_); }

  void write(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file, std::ios::binary) << text;
  }
  void write_article(const std::string& language, const std::string& id) const {
    write("knowledge/" + language + "/" + id + ".md",
          "---\ntitle: {" + language + ": T}\nowner: orders\nreviewed: 2026-11-01\n---\nText.");
  }

  std::filesystem::path path_;
};

TEST_F(ArticleFolder, IsReadInOrder) {
  write_article("en", "warranty");
  write_article("en", "returns");
  write_article("ar", "returns");
  write("knowledge/en/.returns.md.swp", "an editor's");
  write("knowledge/en/returns.md~", "an editor's");
  yaml::Mistakes mistakes;
  const auto articles = load_articles(path_, kAllowed, mistakes);
  EXPECT_EQ(told(mistakes), std::vector<std::string>{});
  std::vector<std::string> files;
  for (const Article& article : articles) files.push_back(article.file);
  EXPECT_EQ(files, (std::vector<std::string>{"knowledge/ar/returns.md", "knowledge/en/returns.md",
                                             "knowledge/en/warranty.md"}));
}

TEST_F(ArticleFolder, WithoutOneThereIsNothing) {
  yaml::Mistakes mistakes;
  EXPECT_TRUE(load_articles(path_, kAllowed, mistakes).empty());
  EXPECT_TRUE(mistakes.empty());
}

TEST_F(ArticleFolder, WhatDoesNotBelongIsAMistake) {
  write("knowledge/returns.md", "x");
  write_article("fr", "returns");
  write_article("en", "Returns Now");
  write_article("en", "search");
  write("knowledge/en/picture.png", "x");
  yaml::Mistakes mistakes;
  (void)load_articles(path_, kAllowed, mistakes);
  EXPECT_EQ(told(mistakes),
            (std::vector<std::string>{
                "knowledge/en/Returns Now.md: 'Returns Now' cannot be an address: small letters, "
                "digits, - and _",
                "knowledge/en/picture.png: only articles belong here: files named like returns.md",
                "knowledge/en/search.md: 'search' cannot be an address: small letters, digits, - "
                "and _, and not search",
                "knowledge/fr: 'fr' is no language of wasl.yml",
                "knowledge/returns.md: articles lie in a folder for each language: "
                "knowledge/ar/returns.md"}));
}

}  // namespace
}  // namespace wasl::knowledge
