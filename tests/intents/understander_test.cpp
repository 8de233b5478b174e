#include "wasl/intents/understander.hpp"

#include "wasl/core/text.hpp"

#include "intents/similarity.hpp"
#include "tests/intents/folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace wasl::intents {
namespace {

constexpr const char* kBot = R"(
- intent: track
  examples:
    en: |
      where is my order
      track my order
      where is {code: A-1032}
      has my order been shipped
      when will my parcel arrive
      status of my parcel
      any news about my shipment
    ar: |
      وين طلبي
      اين شحنتي
      متى يصل طلبي
      حالة الطلب {code: A-1032}
      فين الاوردر بتاعي
      تتبع شحنتي
    arabizi: |
      wen talabi
  patterns: ['<track(ing)?>.{0,20}<order>']
  not: ["I want to order a track suit"]
- intent: refund
  examples:
    en: |
      i want my money back
      refund please
      how do i return this product
      can i get a refund
      send the product back and get the money
      return policy
    ar: |
      اريد استرجاع المبلغ
      ابي ارجع المنتج
      كيف ارجع فلوسي
      عايز ارجع الحاجة دي
      سياسة الاسترجاع
      بدي رجع المنتج
- intent: confirm
  patterns: ['^definitely yes$']
- entity: code
  pattern: '[A-Z]-\d{4,8}'
- entity: city
  values: {riyadh: [رياض, Riyadh], jeddah: [جدة]}
)";

using Served = std::shared_ptr<const Understander>;

Served load(const Folder& folder, bool with_model, std::string* warning = nullptr) {
  yaml::Mistakes mistakes;
  auto loaded = Understander::load(folder.path(), with_model, mistakes);
  EXPECT_EQ(told(mistakes), std::vector<std::string>{});
  if (warning != nullptr) *warning = loaded.warning;
  return loaded.understander;
}

void train_bot(const Folder& folder, std::uint64_t seed = 7) {
  yaml::Mistakes mistakes;
  const auto report = train(folder.path(), seed, {}, mistakes);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->intents, 2U);
  EXPECT_LT(report->model_bytes, 4U << 20);
}

std::string best(const Understanding& understanding) {
  return understanding.intents.empty() ? "" : understanding.intents.front().intent;
}

TEST(Understander, WithoutAModelPatternsAndExamplesServe) {
  const Folder folder;
  folder.write("intents/bot.yml", kBot);
  std::string warning;
  const Served served = load(folder, true, &warning);
  ASSERT_TRUE(served);
  EXPECT_NE(warning.find("no intent model"), std::string::npos) << warning;

  const auto hit = served->understand("Tracking of the order, please", {});
  EXPECT_EQ(hit.decision, Decision::act);
  EXPECT_EQ(best(hit), "track");
  EXPECT_EQ(hit.intents[0].source, "pattern");
  EXPECT_NE(hit.why.find("<track(ing)?>"), std::string::npos) << hit.why;

  EXPECT_EQ(best(served->understand("وِين طلبي؟", {})), "track") << "an example, word for word";
  EXPECT_EQ(best(served->understand("where is my ORDER", {})), "track");
  EXPECT_EQ(served->understand("something else entirely", {}).decision, Decision::not_understood);
}

TEST(Understander, FindsEntitiesWhereTheyStand) {
  const Folder folder;
  folder.write("intents/bot.yml", kBot);
  const Served served = load(folder, false);
  ASSERT_TRUE(served);
  const struct {
    const char* text;
    const char* entity;
    const char* value;
    const char* words;
  } cases[] = {
      {"it is a-1032!", "code", "A-1032", "a-1032"},
      {"الرقم A-١٠٣٢ شكرا", "code", "A-1032", "A-١٠٣٢"},
      {"to Riyadh please", "city", "riyadh", "Riyadh"},
      {"التوصيل للرِّياض", "city", "riyadh", "رِّياض"},
      {"بجدة", "city", "jeddah", "جدة"},
      {"shipping to Riyad", "city", "riyadh", "Riyad"},
      {"shipping to riaydh", "city", "riyadh", "riaydh"},
  };
  for (const auto& c : cases) {
    const std::string text = c.text;
    const auto understanding = served->understand(text, {});
    ASSERT_EQ(understanding.entities.size(), 1U) << text;
    const Entity& entity = understanding.entities[0];
    EXPECT_EQ(entity.entity, c.entity) << text;
    EXPECT_EQ(entity.value, c.value) << text;
    EXPECT_EQ(text.substr(entity.start, entity.end - entity.start), entity.text) << text;
    EXPECT_EQ(entity.text, c.words);
  }
  EXPECT_EQ(served->understand("A-1032 or B-2041", {}).entities.size(), 2U);
}

TEST(Understander, NoWordsNoIntent) {
  const Folder folder;
  folder.write("intents/bot.yml", kBot);
  train_bot(folder);
  const Served served = load(folder, true);
  for (const char* text : {"A-1032", "12345", "yes", "لا", "نعم", "😀😀", "؟؟؟", "...", "", " ",
                           "asdf qwer", "jkhgf", "!!!", "\xFF\xFE", "ok 👍", "riyadh"}) {
    const auto understanding = served->understand(text, {});
    EXPECT_EQ(understanding.decision, Decision::not_understood)
        << text << ": " << understanding.why;
  }
}

TEST(Training, TeachesParaphrases) {
  const Folder folder;
  folder.write("intents/bot.yml", kBot);
  EXPECT_FALSE(is_trained(folder.path()));
  train_bot(folder);
  EXPECT_TRUE(is_trained(folder.path()));
  std::string warning;
  const Served served = load(folder, true, &warning);
  EXPECT_EQ(warning, "");
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"so where is my parcel", "track"},
      {"where is B-7777", "track"},
      {"i want a refund of my money", "refund"},
      {"وين شحنتي", "track"},
      {"ابي ارجع فلوسي", "refund"},
  };
  for (const auto& c : cases) {
    const auto understanding = served->understand(c.text, {});
    EXPECT_EQ(best(understanding), c.want) << c.text << ": " << understanding.why;
  }
  for (const char* text : {"what's the weather in london", "مين فاز بالمباراة", "tell me a joke"}) {
    const auto understanding = served->understand(text, {});
    EXPECT_EQ(understanding.decision, Decision::not_understood) << text;
    EXPECT_TRUE(understanding.out_of_scope) << text;
  }
  for (const auto& score : served->understand("where is my money", {}).intents) {
    EXPECT_GE(score.confidence, 0.0F);
    EXPECT_LE(score.confidence, 1.0F);
  }
  EXPECT_NE(folder.read("models/intents/card.md").find("| track |"), std::string::npos);

  folder.write("intents/more.yml", "- intent: more\n  examples:\n    en: |\n      open now\n");
  EXPECT_FALSE(is_trained(folder.path())) << "the examples changed";
}

TEST(Understander, TellsSeveralWishesApart) {
  const Folder folder;
  folder.write("intents/bot.yml", kBot);
  train_bot(folder);
  const Served served = load(folder, true);
  const struct {
    const char* text;
    std::vector<const char*> want;
  } cases[] = {
      {"where is my order A-1032 and can i get a refund", {"track", "refund"}},
      {"hi there, where is my order? how do i return this product", {"track", "refund"}},
      {"وين طلبي وكمان اريد استرجاع المبلغ", {"track", "refund"}},
      {"where is my order and where is my parcel", {}},
      {"where is my order and what is the weather in london", {}},
      {"thank you so much and where is my order", {}},
      {"where is my order", {}},
  };
  for (const auto& c : cases) {
    const std::string text = c.text;
    const auto u = served->understand(text, {});
    ASSERT_EQ(u.parts.size(), c.want.size()) << text << ": " << u.why;
    for (std::size_t i = 0; i < u.parts.size(); ++i) {
      EXPECT_EQ(u.parts[i].intents.at(0).intent, c.want[i]) << text;
      EXPECT_LE(u.parts[i].end, text.size());
      if (i > 0) {
        EXPECT_LE(u.parts[i - 1].end, u.parts[i].start);
      }
    }
    if (u.parts.empty()) continue;
    EXPECT_EQ(u.decision, Decision::act);
    EXPECT_EQ(best(u), c.want[0]) << "the first is served first";
    EXPECT_EQ(u.why.rfind("parts: 2 wishes", 0), 0U) << u.why;
  }
  const auto u = served->understand("where is my order A-1032 and can i get a refund", {});
  ASSERT_EQ(u.parts.size(), 2U);
  EXPECT_EQ(u.parts[0].entities.size(), 1U);
  EXPECT_TRUE(u.parts[1].entities.empty());
}

TEST(Understander, NeverClaimsWhatItsNotSays) {
  const Folder folder;
  folder.write("intents/bot.yml",
               "- intent: track\n  examples:\n    en: |\n      where is my order\n      track my "
               "order\n      order status please\n      any news of my order\n      is my order on "
               "its way\n  not: [where is my head]\n- intent: refund\n  "
               "examples:\n    en: |\n      i want my money back\n      refund please\n      give "
               "me a refund\n      pay me back\n      return the money\n");
  train_bot(folder);
  const Served served = load(folder, true);
  const auto u = served->understand("Where is my head?", {});
  EXPECT_NE(best(u), "track") << u.why;
  EXPECT_NE(u.why.find("'not' of track"), std::string::npos) << u.why;
}

TEST(Understander, KnowsBuiltInEntitiesUntilTheBotReplacesThem) {
  const Folder folder;
  folder.write("intents/bot.yml",
               "- intent: a\n  patterns: ['<go>']\n- entity: date\n  pattern: 'D\\d+'\n");
  yaml::Mistakes mistakes;
  const auto loaded = Understander::load(folder.path(), false, mistakes);
  ASSERT_TRUE(loaded.understander);
  EXPECT_EQ(std::count(loaded.names.entities.begin(), loaded.names.entities.end(), "date"), 1);
  EXPECT_EQ(std::count(loaded.names.entities.begin(), loaded.names.entities.end(), "iban"), 1);
  Context context;
  context.today = std::chrono::year_month_day(std::chrono::year(2026), std::chrono::month(11),
                                              std::chrono::day(18));
  const auto u = loaded.understander->understand("D7 tomorrow for 20 SAR", context);
  ASSERT_EQ(u.entities.size(), 2U);
  EXPECT_EQ(u.entities[0].entity, "date");
  EXPECT_EQ(u.entities[0].value, "D7");
  EXPECT_EQ(u.entities[1].value, "20 SAR");
}

TEST(Training, SameInputSameBytes) {
  const Folder first;
  const Folder second;
  for (const Folder* folder : {&first, &second}) {
    folder->write("intents/bot.yml", kBot);
    train_bot(*folder);
  }
  for (const char* file : {"manifest", "classifier.bin", "card.md"}) {
    const std::string name = std::string("models/intents/") + file;
    EXPECT_FALSE(first.read(name).empty()) << file;
    EXPECT_EQ(first.read(name), second.read(name)) << file;
  }
}

TEST(Training, KeepsTheLastGoodModel) {
  const Folder folder;
  folder.write("intents/bot.yml", kBot);
  train_bot(folder, 1);
  const std::string old = folder.read("models/intents/manifest");
  train_bot(folder, 2);
  EXPECT_NE(folder.read("models/intents/manifest"), old);
  EXPECT_EQ(folder.read("models/intents.previous/manifest"), old);
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(folder.path() / "models")) {
    ++count;
  }
  EXPECT_EQ(count, 2U) << "nothing is left over";

  folder.write("intents/bot.yml", "- intent: broken\n");
  yaml::Mistakes mistakes;
  EXPECT_FALSE(train(folder.path(), 3, {}, mistakes));
  EXPECT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(folder.read("models/intents.previous/manifest"), old);

  folder.write("intents/bot.yml", "- intent: few\n  examples: {en: only one}\n");
  yaml::Mistakes none;
  const auto refused = train(folder.path(), 3, {}, none);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("too few examples"), std::string::npos);
}

TEST(Model, NothingDamagedReachesFastText) {
  const Folder folder;
  folder.write("intents/bot.yml", kBot);
  train_bot(folder);
  const std::string model = folder.read("models/intents/classifier.bin");
  const std::string manifest = folder.read("models/intents/manifest");
  std::string flipped = model;
  flipped[model.size() / 2] = static_cast<char>(flipped[model.size() / 2] ^ 1);
  const struct {
    const char* name;
    std::string model;
    std::string manifest;
  } cases[] = {
      {"one bit", flipped, manifest},
      {"cut", model.substr(0, model.size() / 2), manifest},
      {"empty", "", manifest},
      {"longer", model + "x", manifest},
      {"no manifest text", model, ""},
      {"garbled manifest", model, "format\n"},
      {"another format", model, "format 99\n"},
      {"wild calibration", model,
       manifest.substr(0, manifest.find("act_min")) + "act_min nan\n" +
           manifest.substr(manifest.find("bytes"))},
  };
  for (const auto& c : cases) {
    folder.write("models/intents/classifier.bin", c.model);
    folder.write("models/intents/manifest", c.manifest);
    std::string warning;
    const Served served = load(folder, true, &warning);
    ASSERT_TRUE(served) << c.name;
    EXPECT_NE(warning.find("patterns alone serve"), std::string::npos) << c.name << ": " << warning;
    EXPECT_EQ(best(served->understand("tracking the order", {})), "track") << c.name;
  }
}

TEST(Understander, SurvivesStrangers) {
  const Folder folder;
  folder.write("intents/bot.yml", kBot);
  train_bot(folder);
  const Served served = load(folder, true);
  std::string marks = "a";
  std::string arabic_marks = "ط";
  for (int i = 0; i < 10'000; ++i) {
    marks += "\u0301";
    arabic_marks += "\u064B";
  }
  std::string emoji;
  std::string words;
  std::string codes;
  std::string dates;
  std::string wishes;
  std::string quotes;
  for (int i = 0; i < 4'000; ++i) {
    dates += "12/5 next may 3 ";
    wishes += "where is my order and how ";
    quotes += "\"'«“";
    emoji += "😀👍";
    words += "order ";
    codes += "A-1032 ";
  }
  const std::string hostile[] = {
      std::string(64 * 1024, 'a'),
      std::string(64 * 1024, ' '),
      std::string(64 * 1024, '"'),
      std::string(64 * 1024, '\0'),
      std::string(64 * 1024, '('),
      "\xED\xA0\x80\xED\xB0\x80",
      std::string(64 * 1024, '\x80'),
      marks,
      arabic_marks,
      emoji,
      words,
      codes,
      dates,
      wishes,
      quotes,
      std::string(64 * 1024, '@'),
      std::string(64 * 1024, '1'),
      std::string(64 * 1024, '!'),
      std::string(64 * 1024, 'A'),
  };
  for (const std::string& text : hostile) {
    const auto start = std::chrono::steady_clock::now();
    const auto understanding = served->understand(text, {});
    const auto spent = std::chrono::steady_clock::now() - start;
    EXPECT_LT(spent, std::chrono::seconds(2)) << text.substr(0, 8);
    EXPECT_TRUE(valid_utf8(understanding.clean));
    EXPECT_LE(understanding.entities.size(), 48U);
    EXPECT_LE(understanding.parts.size(), 4U);
    for (const Entity& entity : understanding.entities) EXPECT_LE(entity.end, text.size());
    for (const MoodSignal& mood : understanding.mood) EXPECT_LE(mood.end, text.size());
  }
}

TEST(Similarity, SaysWhatIsARephrasing) {
  EXPECT_DOUBLE_EQ(similarity("where is my order", "where is my order"), 1.0);
  EXPECT_GE(similarity("where is my order", "where is my order now"), 0.6);
  EXPECT_GE(similarity("وين طلبي", "وين طلبي الحين"), 0.4);
  EXPECT_LT(similarity("where is my order", "i want a refund"), 0.2);
  EXPECT_DOUBLE_EQ(similarity("", ""), 0.0);
  EXPECT_DOUBLE_EQ(similarity("😀", "😀"), 1.0);

  // Short and long texts are compared in two ways that agree.
  const std::string_view texts[] = {"",
                                    "a",
                                    "aa aa aaa",
                                    "where is my order",
                                    "وين طلبي الحين",
                                    "order 12 where is it where is my order",
                                    "لا لا لا",
                                    "x y z"};
  const std::string filler(400, 'q');
  for (const std::string_view a : texts) {
    for (const std::string_view b : texts) {
      if (a == b) continue;
      EXPECT_DOUBLE_EQ(similarity(a, b), jaccard(trigrams(a), trigrams(b))) << a << ' ' << b;
    }
    const std::string long_one = std::string(a) + ' ' + filler;
    EXPECT_DOUBLE_EQ(similarity(a, long_one), jaccard(trigrams(a), trigrams(long_one)));
  }
}

}  // namespace
}  // namespace wasl::intents
