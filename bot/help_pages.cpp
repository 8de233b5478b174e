// The help centre: four kinds of pages around one frame, written anew for each request, which costs
// less than keeping them.
#include "bot/help_pages.hpp"

#include "wasl/core/text.hpp"

#include "bot/assets.hpp"
#include "bot/help_request.hpp"
#include "bot/help_style.hpp"
#include "bot/help_texts.hpp"
#include "bot/markup.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

using channels::HttpRequest;
using channels::HttpResponse;
using knowledge::Article;

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";
constexpr std::string_view kStylePath = "/help/help.css";
constexpr std::size_t kResultsMax = 20;
constexpr std::size_t kExcerptCharsMax = 180;

Language other(Language language) {
  return language == Language::ar ? Language::en : Language::ar;
}

HttpResponse page_response(int status, std::string body) {
  return {status,
          "text/html; charset=utf-8",
          std::move(body),
          {{"Content-Security-Policy", std::string(kPolicy)},
           {"X-Content-Type-Options", "nosniff"},
           {"Referrer-Policy", "same-origin"}}};
}

HttpResponse moved(std::string to) {
  return {308, "text/plain; charset=utf-8", "", {{"Location", std::move(to)}}};
}

/// Lets a browser keep it for a while, and then ask whether it changed.
HttpResponse cached(const HttpRequest& request, HttpResponse response, std::string_view cache) {
  const std::string etag = etag_of(response.body);
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Cache-Control", cache);
  if (request.header("if-none-match") == etag) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

/// What of a page differs besides its content.
struct Frame {
  std::string title;
  std::string twin;    ///< the same page in the other language
  std::string search;  ///< what stands in the search field
  bool home = false;
  bool listed = true;  ///< search engines may keep it
};

class Site {
 public:
  Site(const Bot& bot, Language language)
      : bot_(bot),
        language_(language),
        code_(language == Language::ar ? "ar" : "en"),
        texts_(help_texts(language)) {}

  [[nodiscard]] HttpResponse home() const {
    Markup page;
    page << "<h1>";
    page.text(texts_.welcome) << "</h1>";
    page << "<ul class=\"articles\">";
    for (const Article& article : bot_.library->articles()) {
      if (article.language == language_) list_item(page, article, article.passages.front());
    }
    page << "</ul>";
    return page_response(200, framed({texts_.centre, home_path(other(language_)), "", true}, page));
  }

  [[nodiscard]] HttpResponse article(const Article& article) const {
    Markup page;
    crumbs(page, article.title);
    page << "<article><h1>";
    page.text(article.title) << "</h1>";
    page.rendered(article.html) << "</article><p class=\"dim\">";
    page.text(texts_.reviewed) << " <time dir=\"ltr\">";
    page.text(knowledge::to_text(article.reviewed)) << "</time></p>";
    const Article* twin = bot_.library->find_article(article.id, other(language_));
    return page_response(
        200, framed({article.title,
                     twin != nullptr ? help_path(*twin) : home_path(other(language_)), "", false},
                    page));
  }

  [[nodiscard]] HttpResponse search(const std::string& words) const {
    Markup page;
    crumbs(page, texts_.search);
    page << "<h1>";
    page.text(words.empty() ? texts_.search : texts_.results);
    if (!words.empty()) (page << " <q>").text(words) << "</q>";
    page << "</h1>";
    const auto results = bot_.library->search(words, language_, kResultsMax);
    if (!results.empty()) {
      page << "<ul class=\"articles\">";
      for (const auto& result : results) list_item(page, *result.article, *result.passage);
      page << "</ul>";
    } else if (!words.empty()) {
      (page << "<p>").text(texts_.nothing) << "</p><p>";
      home_link(page) << "</p>";
    }
    Frame frame{texts_.search, home_path(other(language_)) + "search", words, false, false};
    return page_response(200, framed(frame, page));
  }

  [[nodiscard]] HttpResponse missing() const {
    Markup page;
    page << "<h1>";
    page.text(texts_.missing) << "</h1><p>";
    home_link(page) << "</p>";
    Frame frame{texts_.missing, home_path(other(language_)), "", false, false};
    return page_response(404, framed(frame, page));
  }

  /// Where there are no articles at all.
  [[nodiscard]] HttpResponse closed() const {
    Markup page;
    begin(page, {texts_.centre, "", "", false, false});
    page << "</head><body><main><h1>";
    page.text(texts_.centre) << "</h1><p>";
    page.text(texts_.no_articles) << "</p></main></body></html>";
    return page_response(404, page.take());
  }

  static std::string home_path(Language language) {
    return "/help/" + std::string(name(language)) + "/";
  }

 private:
  void list_item(Markup& page, const Article& article, const knowledge::Passage& passage) const {
    page << "<li><a href=\"";
    page.text(help_path(article)) << "\">";
    page.text(article.title) << "</a><p>";
    page.text(passage.text, kExcerptCharsMax) << "</p></li>";
  }

  Markup& home_link(Markup& page) const {
    page << "<a href=\"";
    page.text(home_path(language_)) << "\">";
    return page.text(texts_.all) << "</a>";
  }

  void crumbs(Markup& page, const std::string& here) const {
    page << "<nav class=\"crumbs\" aria-label=\"";
    page.text(texts_.where) << "\"><ol><li><a href=\"";
    page.text(home_path(language_)) << "\">";
    page.text(texts_.centre) << "</a></li><li aria-current=\"page\">";
    page.text(here) << "</li></ol></nav>";
  }

  void begin(Markup& page, const Frame& frame) const {
    page << "<!doctype html><html lang=\"";
    page.text(code_);
    if (language_ == Language::ar) {
      page << "\" dir=\"rtl\">";
    } else {
      page << "\" dir=\"ltr\">";
    }
    page << "<head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>";
    page.text(frame.title);
    if (frame.title != texts_.centre) (page << " – ").text(texts_.centre);
    page << "</title><meta name=\"color-scheme\" content=\"light dark\">"
            "<link rel=\"stylesheet\" href=\"/help/help.css\">";
    if (!frame.listed) page << "<meta name=\"robots\" content=\"noindex\">";
    if (frame.listed && !frame.twin.empty()) {
      page << "<link rel=\"alternate\" hreflang=\"";
      page.text(name(other(language_))) << "\" href=\"";
      page.text(frame.twin) << "\">";
    }
  }

  std::string framed(const Frame& frame, Markup& content) const {
    const HelpTexts& twin = help_texts(other(language_));
    Markup page;
    begin(page, frame);
    page << "</head><body><a class=\"skip\" href=\"#main\">";
    page.text(texts_.skip) << "</a><header><a class=\"brand\" href=\"";
    page.text(home_path(language_)) << "\">";
    page.text(texts_.centre) << "</a><nav><a hreflang=\"";
    page.text(name(other(language_))) << "\" lang=\"";
    page.text(name(other(language_))) << "\" href=\"";
    page.text(frame.twin) << "\">";
    page.text(twin.own_name) << "</a></nav></header><form role=\"search\" action=\"";
    page.text(home_path(language_)) << "search\"><input type=\"search\" name=\"q\" dir=\"auto\" "
                                       "maxlength=\"200\" required aria-label=\"";
    page.text(texts_.search) << "\" placeholder=\"";
    page.text(texts_.hint) << "\" value=\"";
    page.text(frame.search) << "\"><button>";
    page.text(texts_.search_verb) << "</button></form><main id=\"main\">";
    page.rendered(content.take()) << "</main><footer><p>";
    page.text(texts_.ask);
    if (bot_.config.demo) (page << " <a href=\"/\">").text(texts_.open_chat) << "</a>";
    page << "</p></footer></body></html>";
    return page.take();
  }

  const Bot& bot_;
  Language language_;
  std::string_view code_;
  const HelpTexts& texts_;
};

/// A page below `/help/<language>/`.
HttpResponse page_of(const Bot& bot, const HttpRequest& request, Language language,
                     std::string_view rest) {
  constexpr std::string_view kCache = "public, max-age=60";
  const Site site(bot, language);
  if (rest.empty()) return cached(request, site.home(), kCache);
  if (rest == "search") {
    HttpResponse found = site.search(query_words(request.query));
    found.headers.emplace_back("Cache-Control", "no-store");
    return found;
  }
  if (const Article* article = bot.library->find_article(rest, language)) {
    return cached(request, site.article(*article), kCache);
  }
  const bool slash = rest.ends_with('/');
  const auto* meant =
      slash ? bot.library->find_article(rest.substr(0, rest.size() - 1), language) : nullptr;
  return meant != nullptr ? moved(help_path(*meant)) : site.missing();
}

}  // namespace

HttpResponse help_response(const Bot& bot, const HttpRequest& request) {
  constexpr std::string_view kRoot = "/help/";
  const Language language =
      wanted_language(request.header("accept-language"), bot.config.default_language);
  if (bot.library == nullptr) return Site(bot, language).closed();
  if (request.path == kStylePath) {
    return cached(
        request,
        {200, "text/css; charset=utf-8", kHelpStyle, {{"X-Content-Type-Options", "nosniff"}}},
        "public, max-age=3600");
  }
  if (request.path == "/help") return moved(std::string(kRoot));
  const std::string_view rest = std::string_view(request.path).substr(kRoot.size());
  if (rest.empty()) {
    HttpResponse home = cached(request, Site(bot, language).home(), "no-cache");
    home.headers.emplace_back("Vary", "Accept-Language");
    return home;
  }
  const Language asked = language_of(rest.substr(0, 2));
  if (asked == Language::und || (rest.size() > 2 && rest[2] != '/')) {
    return Site(bot, language).missing();
  }
  if (rest.size() == 2) return moved(Site::home_path(asked));
  return page_of(bot, request, asked, rest.substr(3));
}

}  // namespace wasl::bot
