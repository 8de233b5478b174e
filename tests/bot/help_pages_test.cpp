#include "bot/help_pages.hpp"

#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

using channels::HttpRequest;
using channels::HttpResponse;

const char* const kFront = "owner: general\nreviewed: 2026-11-01\n---\n";

std::shared_ptr<const Bot> bot_with_articles() {
  static const std::shared_ptr<const Bot> loaded = [] {
    const test::Folder folder;
    test::write_small_bot(folder);
    folder.write("knowledge/en/returns.md",
                 std::string("---\ntitle: {en: 'Returns & <b>more</b>'}\n") + kFront +
                     "Within *14* days.\n\n# Cost\n\nFree.\n");
    folder.write("knowledge/ar/returns.md",
                 std::string("---\ntitle: {ar: الإرجاع}\n") + kFront + "خلال 14 يومًا.\n");
    folder.write("knowledge/en/only.md",
                 std::string("---\ntitle: {en: Only here}\n") + kFront + "In one language.\n");
    yaml::Mistakes mistakes;
    auto bot = load_bot(folder.path(), false, mistakes);
    EXPECT_EQ(test::told(mistakes), std::vector<std::string>{});
    return bot;
  }();
  return loaded;
}

HttpResponse get(const std::string& path, const std::string& query = "",
                 std::vector<std::pair<std::string, std::string>> headers = {}) {
  HttpRequest request;
  request.method = "GET";
  request.path = path;
  request.query = query;
  request.headers = std::move(headers);
  return help_response(*bot_with_articles(), request);
}

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

bool has(const HttpResponse& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

struct PathCase {
  const char* path;
  int status;
  const char* language;  ///< of the page, or where it moved
};

const PathCase kPaths[] = {
    {"/help", 308, "/help/"},
    {"/help/", 200, "lang=\"en\" dir=\"ltr\""},
    {"/help/en", 308, "/help/en/"},
    {"/help/en/", 200, "lang=\"en\" dir=\"ltr\""},
    {"/help/ar/", 200, "lang=\"ar\" dir=\"rtl\""},
    {"/help/en/returns", 200, "lang=\"en\" dir=\"ltr\""},
    {"/help/ar/returns", 200, "lang=\"ar\" dir=\"rtl\""},
    {"/help/en/returns/", 308, "/help/en/returns"},
    {"/help/en/search", 200, "lang=\"en\" dir=\"ltr\""},
    {"/help/ar/only", 404, "lang=\"ar\" dir=\"rtl\""},
    {"/help/ar/nothing/", 404, "lang=\"ar\" dir=\"rtl\""},
    {"/help/fr/", 404, "lang=\"en\" dir=\"ltr\""},
    {"/help/english", 404, "lang=\"en\" dir=\"ltr\""},
    {"/help/en/<script>", 404, "lang=\"en\" dir=\"ltr\""},
};

TEST(HelpPages, EveryPathHasItsAnswer) {
  for (const PathCase& c : kPaths) {
    SCOPED_TRACE(c.path);
    const HttpResponse response = get(c.path);
    EXPECT_EQ(response.status, c.status);
    if (c.status == 308) {
      EXPECT_EQ(header(response, "Location"), c.language);
      continue;
    }
    EXPECT_TRUE(has(response, c.language)) << response.body;
    EXPECT_EQ(header(response, "Content-Security-Policy").substr(0, 18), "default-src 'none'");
    EXPECT_FALSE(has(response, "<script"));
    EXPECT_FALSE(has(response, " style="));
  }
}

TEST(HelpPages, TheFirstPageIsInTheLanguageOfTheBrowser) {
  const struct {
    const char* accepts;
    const char* want;
  } cases[] = {
      {"", "en"},          {"ar-SA,ar;q=0.9,en;q=0.8", "ar"}, {"fr,ar;q=0.3,en;q=0.5", "en"},
      {"de-DE,de", "en"},  {"en;q=0.1, ar;q=0.2", "ar"},      {";;;,q=,ar;q=x", "ar"},
      {"\xFF\xFF,,", "en"}};
  for (const auto& c : cases) {
    const HttpResponse page = get("/help/", "", {{"accept-language", c.accepts}});
    EXPECT_TRUE(has(page, std::string("<html lang=\"") + c.want)) << c.accepts;
    EXPECT_EQ(header(page, "Vary"), "Accept-Language");
  }
}

TEST(HelpPages, AnArticleIsAPageWithItsTwin) {
  const HttpResponse page = get("/help/en/returns");
  EXPECT_TRUE(has(page, "<h1>Returns &amp; &lt;b&gt;more&lt;/b&gt;</h1>"));
  EXPECT_TRUE(has(page, "<p>Within <em>14</em> days.</p>"));
  EXPECT_TRUE(has(page, "<h2>Cost</h2>"));
  EXPECT_TRUE(has(page, "href=\"/help/ar/returns\""));
  EXPECT_TRUE(has(page, "2026-11-01"));
  EXPECT_TRUE(has(page, "aria-current=\"page\""));
  EXPECT_TRUE(has(get("/help/en/only"), "href=\"/help/ar/\"")) << "without a twin, the first page";
}

TEST(HelpPages, SearchShowsWhatWasFoundAndAsked) {
  const HttpResponse found = get("/help/en/search", "q=return");
  EXPECT_TRUE(has(found, "href=\"/help/en/returns\""));
  EXPECT_TRUE(has(found, "noindex"));
  EXPECT_EQ(header(found, "Cache-Control"), "no-store");
  const HttpResponse arabic =
      get("/help/ar/search", "q=%D8%A7%D9%84%D8%A5%D8%B1%D8%AC%D8%A7%D8%B9");
  EXPECT_TRUE(has(arabic, "href=\"/help/ar/returns\""));
  EXPECT_TRUE(has(arabic, "الإرجاع"));
  const HttpResponse nothing = get("/help/en/search", "q=elephants");
  EXPECT_TRUE(has(nothing, "Nothing was found"));
  EXPECT_FALSE(has(get("/help/en/search", "q="), "Nothing was found")) << "nothing was asked";
}

TEST(HelpPages, WhatStrangersAskIsText) {
  const HttpResponse page =
      get("/help/en/search", "x=1&q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E+%27+%FF");
  EXPECT_FALSE(has(page, "<script"));
  EXPECT_TRUE(has(page, "&quot;&gt;&lt;script&gt;"));
  EXPECT_TRUE(has(page, "\xEF\xBF\xBD"));
  for (const std::string& query :
       {std::string("q=%"), std::string("q=%4"), std::string("q=%zz"), std::string("q"),
        std::string("&&&="), std::string(60'000, 'q')}) {
    EXPECT_EQ(get("/help/en/search", query).status, 200);
  }
  EXPECT_LT(get("/help/en/search", "q=" + std::string(60'000, 'q')).body.size(), 10'000U);
}

TEST(HelpPages, ABrowserAsksOnlyWhetherItChanged) {
  const HttpResponse page = get("/help/en/returns");
  const std::string etag = header(page, "ETag");
  ASSERT_FALSE(etag.empty());
  const HttpResponse again = get("/help/en/returns", "", {{"if-none-match", etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(get("/help/en/only", "", {{"if-none-match", etag}}).status, 200);
  EXPECT_EQ(get("/help/help.css").content_type, "text/css; charset=utf-8");
}

TEST(HelpPages, ABotWithoutArticlesSaysSo) {
  for (const char* path : {"/help", "/help/", "/help/en/", "/help/en/returns", "/help/ar/search"}) {
    HttpRequest request;
    request.method = "GET";
    request.path = path;
    const HttpResponse page = help_response(*test::small_bot(), request);
    EXPECT_EQ(page.status, 404) << path;
    EXPECT_TRUE(has(page, "There are no help articles here.")) << path;
  }
}

}  // namespace
}  // namespace wasl::bot
