#include "bot/eval_report.hpp"

#include "bot/eval_pictures.hpp"
#include "bot/html.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

namespace wasl::bot {
namespace {

using intents::ConfusedPair;
using intents::Evaluation;

/// Why `page` is not well-formed, or "".  Strict: every element ends, every attribute has quotes,
/// every ampersand begins an entity.
std::string mistake_of(std::string page) {
  page = std::regex_replace(page, std::regex("<!DOCTYPE html>"), "");
  page.erase(page.find("<style>") + 7, page.find("</style>") - page.find("<style>") - 7);
  static const std::regex tag(
      R"(<(/?)([A-Za-z][A-Za-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*="[^"<>]*")*)(/?)>)");
  static const std::regex stray(R"([<>]|&(?!amp;|lt;|gt;|quot;|#39;))");
  std::vector<std::string> open;
  auto at = page.cbegin();
  for (std::sregex_iterator it(page.begin(), page.end(), tag), end; it != end; ++it) {
    const std::string between(at, page.cbegin() + it->position());
    if (std::regex_search(between, stray)) return "stray mark-up in: " + between;
    at = page.cbegin() + it->position() + it->length();
    const std::string name = (*it)[2];
    if ((*it)[1].length() > 0) {
      if (open.empty() || open.back() != name) return "ends unopened: " + name;
      open.pop_back();
    } else if ((*it)[4].length() == 0) {
      open.push_back(name);
    }
  }
  const std::string rest(at, page.cend());
  if (std::regex_search(rest, stray)) return "stray mark-up in: " + rest;
  return open.empty() ? "" : "never ends: " + open.back();
}

/// The sum of the counts on elements that begin like `begin`.
std::size_t rows_in(const std::string& page, const std::string& begin) {
  std::size_t sum = 0;
  const std::regex counted(begin + R"re( data-rows="(\d+)")re");
  for (std::sregex_iterator it(page.begin(), page.end(), counted), end; it != end; ++it) {
    sum += std::stoul((*it)[1]);
  }
  return sum;
}

std::size_t count_of(const std::string& page, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = page.find(what); at != std::string::npos; at = page.find(what, at + 1)) {
    ++count;
  }
  return count;
}

void add_curves(Evaluation& e) {
  e.details.calibration.resize(15);
  e.details.calibration[14] = {e.rows, 0.95, 0.9};
  for (int i = 0; i <= 100; ++i) {
    const double bar = i / 100.0;
    e.details.by_act_bar.push_back({bar, 1 - bar, 0.1, {}});
    e.details.by_oos_bar.push_back({bar, bar, 0.1, {}});
  }
  e.details.act_bar = {0.6, 0.6};
  e.details.oos_bar = {0.4, 0.5};
}

/// `count` intents of ten rows; each takes one row for the next.
Evaluation chain(std::size_t count) {
  Evaluation e;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("intent_{:03}", i);
    e.per_intent.push_back({name, 10, 0.9, 0.9, 0.9});
    e.rows += 10;
    if (i > 0) e.details.confused.push_back({name, fmt::format("intent_{:03}", i - 1), 1, {"x"}});
  }
  add_curves(e);
  return e;
}

Evaluation two_languages() {
  Evaluation e = chain(3);
  e.rows += 5;
  e.oos_recall = 0.8;
  e.oos_precision = 1.0;
  e.oos_auroc = 0.97;
  e.details.oos_rows = 5;
  e.details.confused.push_back(
      {"oos", "intent_000", 1, {"الجو حلو اليوم", "<script>alert(1)</script>"}});
  e.per_language["ar"] = chain(2);
  e.per_language["en"] = chain(3);
  return e;
}

TEST(Report, IsWellFormedAndCompleteInItself) {
  const std::string page = eval_report({"t", "m"}, two_languages());
  EXPECT_EQ(mistake_of(page), "");
  for (const char* foreign :
       {"<script", "http://", "https://", "src=", "url(", "@import", "<link"}) {
    EXPECT_EQ(count_of(page, foreign), 0U) << foreign;
  }
  EXPECT_EQ(count_of(page, "<svg"), 4U);
  EXPECT_EQ(count_of(page, "prefers-color-scheme: dark"), 1U);
}

TEST(Report, AccountsForEveryRow) {
  const struct {
    const char* name;
    Evaluation evaluation;
  } cases[] = {
      {"few", chain(3)},        {"as many as fit", chain(24)}, {"more than fit", chain(25)},
      {"many", chain(150)},     {"with oos", two_languages()}, {"one class", chain(1)},
      {"no rows", Evaluation{}}};
  for (const auto& c : cases) {
    const std::string page = eval_report({"t", "m"}, c.evaluation);
    EXPECT_EQ(mistake_of(page), "") << c.name;
    EXPECT_EQ(rows_in(page, "<g class=\"cell\""), c.evaluation.rows) << c.name;
    std::size_t wrong = 0;
    for (const ConfusedPair& pair : c.evaluation.details.confused) wrong += pair.rows;
    EXPECT_EQ(rows_in(page, "<li") + rows_in(page, "<p class=\"dim\""), wrong) << c.name;
  }
}

TEST(Report, ShowsOfManyIntentsOnlyThoseWithConfusions) {
  Evaluation e = chain(100);
  e.details.confused.resize(4);  // intents 0 to 4
  const std::string picture = matrix_picture(e);
  EXPECT_NE(picture.find("intent_004"), std::string::npos);
  EXPECT_EQ(picture.find("intent_050"), std::string::npos);
  EXPECT_NE(picture.find("all others"), std::string::npos);
  EXPECT_EQ(rows_in(picture, "<g class=\"cell\""), 1000U);
}

TEST(Report, EscapesWhatPeopleWrote) {
  Evaluation e = two_languages();
  const std::string evil = "\"><script>alert('x')</script>&";
  e.per_intent[0].intent = evil;
  e.details.confused = {{evil, evil + "2", 2, {evil, "\xFF\x01 broken"}}};
  e.per_language[evil] = chain(1);
  const std::string page = eval_report({evil, evil}, e);
  EXPECT_EQ(mistake_of(page), "");
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(&#39;x&#39;)"), std::string::npos);
}

TEST(Report, LetsEverySentenceHaveItsOwnDirection) {
  const std::string page = eval_report({"t", "m"}, two_languages());
  EXPECT_NE(page.find("<li dir=\"auto\">الجو حلو اليوم</li>"), std::string::npos);
}

TEST(Report, HasEveryIntentInItsTable) {
  const std::string page = eval_report({"t", "m"}, chain(150));
  const std::string table = page.substr(page.find("<h2>Each intent</h2>"));
  for (int i = 0; i < 150; ++i) {
    EXPECT_NE(table.find(fmt::format("<bdi>intent_{:03}</bdi>", i)), std::string::npos) << i;
  }
}

TEST(Report, SaysOfScopeOnlyWhatItKnows) {
  const std::string without = eval_report({"t", "m"}, chain(3));
  EXPECT_EQ(without.find("AUROC"), std::string::npos);
  EXPECT_EQ(count_of(without, "class=\"line caught\""), 0U);
  EXPECT_NE(eval_report({"t", "m"}, two_languages()).find("97.0 %"), std::string::npos);
}

TEST(Html, ReplacesWhatIsNoText) {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;"}, {"سلام 👋", "سلام 👋"},     {"a\tb\nc", "a b c"},
      {"\x01\x7F", "\xEF\xBF\xBD\xEF\xBF\xBD"},   {"\xC3(", "\xEF\xBF\xBD("}, {"", ""}};
  for (const auto& c : cases) EXPECT_EQ(html(c.text), c.want);
  EXPECT_EQ(html("مرحبا بك", 5), "مرحبا…");
  EXPECT_EQ(html("<<<<", 2), "&lt;&lt;…");
}

}  // namespace
}  // namespace wasl::bot
