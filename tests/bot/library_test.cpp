#include "bot/library.hpp"

#include "bot/rehearsal.hpp"
#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>

namespace wasl::bot {
namespace {

using test::told;

/// The articles of the starter bot.
const Library& starter() {
  static const std::shared_ptr<const Library> library = [] {
    yaml::Mistakes mistakes;
    auto articles = knowledge::load_articles(std::filesystem::path(WASL_SOURCE_DIR) / "starter",
                                             {{"ar", "en"}, {"general", "orders"}}, mistakes);
    EXPECT_EQ(told(mistakes), std::vector<std::string>{});
    return Library::open(std::move(articles));
  }();
  return *library;
}

struct Question {
  const char* text;
  const char* article;  ///< "" where none should answer
  const char* says;     ///< part of its passage
};

const Question kEnglish[] = {
    {"how do I wash a wool sweater?", "sizes-and-care", "by hand in cold water"},
    {"can my neighbour receive the parcel", "delivery", "neighbour"},
    {"do gift cards expire? how long is a gift card valid", "gift-cards", "two years"},
    {"is it safe to use my card", "payment", "never stored"},
    {"do you wrap gifts", "gift-cards", "15 riyals"},
    {"how long do you keep my data", "privacy", "6 years"},
    {"which cookies do you use", "privacy", "one cookie"},
    {"can I pay in instalments", "payment", "Tabby"},
    {"how do I clean leather bags", "sizes-and-care", "damp cloth"},
    {"loyalty points", "account", "100 points"},
    {"spare batteries", "warranty", "three years"},
    {"what is the capital of australia", "", ""},
    {"write me a poem about the sea", "", ""},
    {"how old is the moon", "", ""},
    {"riyals", "", ""},
    {"cookies?", "privacy", "one cookie"},
    {"whats the price", "", ""},
    {"what should I watch tonight", "", ""},
    {"can you give me your phone number for a date", "", ""},
    {"hello there", "", ""},
    {"", "", ""},
};

const Question kArabic[] = {
    {"كيف أغسل الصوف؟", "sizes-and-care", "بماء بارد"},
    {"هل يستلم الجار الشحنة عني", "delivery", "جارك"},
    {"كم صلاحية بطاقة الهدية", "gift-cards", "سنتين"},
    {"هل بطاقتي آمنة عندكم", "payment", "لا نخزنه"},
    {"تغلفون هدايا؟ ابي تغليف هدية", "gift-cards", "تغليف"},
    {"نقاط الولاء", "account", "100 نقطة"},
    {"كيف انظف الحقيبة الجلدية", "sizes-and-care", "رطبة"},
    {"كم مدة الاحتفاظ بالبيانات", "privacy", "6 سنوات"},
    {"كيف أغسل كنزة الصوف؟", "sizes-and-care", "بماء بارد"},
    {"هل تقبلون التقسيط", "payment", "تابي"},
    {"قطع غيار البطارية", "warranty", "ثلاث سنوات"},
    {"ما عاصمة أستراليا", "", ""},
    {"اكتب لي قصيدة عن البحر", "", ""},
    {"كم عمر القمر", "", ""},
    {"طريقة عمل الكبسة", "", ""},
    {"كم سعر الدولار اليوم", "", ""},
    {"صباح الخير", "", ""},
    {"التقسيط", "payment", "تابي"},
    {"كم السعر", "", ""},
};

void check(const Question& question, Language language) {
  const auto found = starter().find(question.text, language);
  EXPECT_EQ(found ? found->article : "", question.article) << question.text;
  if (!found) return;
  EXPECT_NE(found->passage.find(question.says), std::string::npos)
      << question.text << ": " << found->passage;
  EXPECT_EQ(found->path, "/help/" + std::string(name(language)) + "/" + found->article);
  EXPECT_FALSE(found->title.empty());
}

TEST(Library, AnswersInEnglish) {
  for (const Question& question : kEnglish) check(question, Language::en);
}

TEST(Library, AnswersInArabic) {
  for (const Question& question : kArabic) check(question, Language::ar);
}

TEST(Library, LeavesStrangersQuestionsAlone) {
  std::ifstream rows(std::string(WASL_SOURCE_DIR) + "/tests/understanding/held_out.tsv");
  std::size_t strange = 0;
  std::size_t answered = 0;
  for (std::string line; std::getline(rows, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos || line.substr(0, tab) != "oos") continue;
    const std::string text = line.substr(tab + 1);
    ++strange;
    const Language language =
        (static_cast<unsigned char>(text[0]) & 0x80U) != 0 ? Language::ar : Language::en;
    if (const auto found = starter().find(text, language)) {
      ++answered;
      std::printf("%s -> %s\n", text.c_str(), found->title.c_str());
    }
  }
  EXPECT_GT(strange, 100U);
  EXPECT_LE(answered * 20, strange) << "one in twenty at most";
}

TEST(Library, LookingAroundFindsMoreThanAsking) {
  const auto results = starter().search("card", Language::en, 10);
  ASSERT_GE(results.size(), 2U);
  EXPECT_EQ(results[0].article->id, "gift-cards");
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(results[i].article, results[j].article);
  }
  EXPECT_EQ(starter().search("card", Language::en, 1).size(), 1U);
  EXPECT_TRUE(starter().search("the and how", Language::en, 10).empty());
  EXPECT_EQ(starter().search("الهدايا", Language::ar, 10)[0].article->id, "gift-cards");
}

TEST(Library, HostileQuestionsFindNothingOrSomething) {
  for (const std::string& text :
       {std::string(200'000, 'a'), std::string("\0\0", 2), std::string("\xFF\xFE\x80"),
        std::string("\" OR passages MATCH \"card"), std::string("card* NEAR(a, 5) ^x"),
        std::string(5'000, '"')}) {
    (void)starter().find(text, Language::en);
    (void)starter().search(text, Language::ar, 10);
    (void)starter().find(text, Language::und);
  }
}

TEST(Library, TwoHundredArticlesAreSearchedInAMoment) {
  std::vector<knowledge::Article> articles;
  for (int copy = 0; copy < 25; ++copy) {
    for (knowledge::Article article : starter().articles()) {
      article.id += "-" + std::to_string(copy);
      article.title += " " + std::to_string(copy);
      articles.push_back(std::move(article));
    }
  }
  const auto library = Library::open(std::move(articles));
  std::vector<double> spent;
  for (int round = 0; round < 20; ++round) {
    for (const Question& question : kEnglish) {
      const auto begin = std::chrono::steady_clock::now();
      (void)library->find(question.text, Language::en);
      spent.push_back(
          std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
              .count());
    }
  }
  std::sort(spent.begin(), spent.end());
  std::printf("200 articles a language: p50 %.0f us, p99 %.0f us\n", spent[spent.size() / 2],
              spent[spent.size() * 99 / 100]);
  EXPECT_LT(spent[spent.size() / 2], 20'000.0);
}

// ---- a whole bot

void write_articles(const test::Folder& folder) {
  const char* const front = "owner: general\nreviewed: 2026-11-01\nreview_every: 90d\n---\n";
  folder.write("knowledge/en/umbrella.md",
               std::string("---\ntitle: {en: Umbrellas}\n") + front +
                   "We lend umbrellas.\n\n## Lost umbrellas\n\nA lost umbrella costs *ten*.\n");
  folder.write("knowledge/ar/umbrella.md",
               std::string("---\ntitle: {ar: المظلات}\n") + front + "نعير المظلات.\n");
}

TEST(Articles, AreAnsweredJudgedAndWrittenDown) {
  const test::Folder folder;
  test::write_small_bot(folder);
  write_articles(folder);
  folder.write("wasl.yml", std::string(test::kConfig) + "public_url: https://a.example/\n");
  yaml::Mistakes mistakes;
  const auto bot = load_bot(folder.path(), false, mistakes);
  ASSERT_EQ(told(mistakes), std::vector<std::string>{});

  Rehearsal rehearsal(bot, Time{Millis{1'795'348'800'000}},
                      [](const flows::StartCall&) { return flows::CallResult{}; });
  const auto events = rehearsal.say("what does a lost umbrella cost?");
  std::vector<MessageSaid> said;
  std::uint64_t asked = 0;
  for (const Event& event : events) {
    if (const auto* message = std::get_if<MessageSaid>(&event.body)) {
      if (message->from == Party::visitor) asked = event.seq;
      if (message->from == Party::bot) said.push_back(*message);
    }
    EXPECT_FALSE(std::holds_alternative<Unanswered>(event.body));
  }
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].text,
            "Umbrellas\n\nLost umbrellas\nA lost umbrella costs ten.\n\n"
            "The whole article: https://a.example/help/en/umbrella");
  EXPECT_EQ(said[1].answer, "knowledge.did_it_help");
  ASSERT_EQ(said[1].buttons.size(), 2U);
  EXPECT_EQ(said[1].buttons[1].id, "helped:no");

  std::vector<Unanswered> left;
  for (const Event& event : rehearsal.say("", "helped:no")) {
    if (const auto* one = std::get_if<Unanswered>(&event.body)) left.push_back(*one);
  }
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].seq, asked);
  EXPECT_EQ(left[0].why, "not_helped");
  EXPECT_EQ(left[0].article, "umbrella");
}

TEST(Articles, TheirMistakesAreTheFolders) {
  const test::Folder folder;
  test::write_small_bot(folder);
  write_articles(folder);
  folder.write("knowledge/en/broken.md", "---\ntitle: {en: B}\nowner: nobody\n---\nText.");
  yaml::Mistakes mistakes;
  EXPECT_EQ(load_bot(folder.path(), false, mistakes), nullptr);
  EXPECT_EQ(told(mistakes),
            (std::vector<std::string>{
                "knowledge/en/broken.md:2:1: missing 'reviewed'",
                "knowledge/en/broken.md:3:8: unknown owner 'nobody': name a team of handoff.yml"}));
}

}  // namespace
}  // namespace wasl::bot
