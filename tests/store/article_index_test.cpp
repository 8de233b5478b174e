#include "wasl/store/article_index.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace wasl::store {
namespace {

using Word = ArticleIndex::Word;
using Place = ArticleIndex::Place;

const std::vector<ArticleIndex::Row> kRows{
    {"return item", "what", "unused box tag"},
    {"return item", "money", "card day refund"},
    {"warranty", "", "battery screen return ~rpr"},
    {"ضمان صيان", "", "بطار شاش ~dmn"},
};

std::vector<std::size_t> rows_of(const ArticleIndex::Found& found) {
  std::vector<std::size_t> rows;
  for (const auto& hit : found.hits) rows.push_back(hit.row);
  return rows;
}

TEST(ArticleIndex, TitlesComeBeforeTexts) {
  const auto index = ArticleIndex::build(kRows);
  const auto found = index->find({{{"return"}, {}}, {{"refund"}, {}}}, 10);
  ASSERT_EQ(found.hits.size(), 3U);
  EXPECT_EQ(rows_of(found), (std::vector<std::size_t>{1, 0, 2}));
  EXPECT_GT(found.hits[0].score, found.hits[1].score);
  EXPECT_EQ(found.hits[0].matches[0].place, Place::title);
  EXPECT_EQ(found.hits[0].matches[1].place, Place::body);
  EXPECT_EQ(found.hits[1].matches[1].place, Place::nowhere);
  EXPECT_GT(found.weights[1], found.weights[0]) << "a rarer word tells more";
}

TEST(ArticleIndex, LooseFormsAreTold) {
  const auto index = ArticleIndex::build(kRows);
  const auto found = index->find({{{"مضمون"}, {"~dmn"}}}, 10);
  ASSERT_EQ(rows_of(found), std::vector<std::size_t>{3});
  EXPECT_TRUE(found.hits[0].matches[0].loose);
  EXPECT_EQ(found.hits[0].matches[0].place, Place::body);
}

TEST(ArticleIndex, OfAnyFormsOneIsEnough) {
  const auto index = ArticleIndex::build(kRows);
  EXPECT_EQ(rows_of(index->find({{{"بضمان", "ضمان"}, {}}}, 10)), std::vector<std::size_t>{3});
  EXPECT_EQ(index->find({{{"return"}, {}}}, 1).hits.size(), 1U) << "no more than asked for";
}

TEST(ArticleIndex, StrangersWriteNoQueries) {
  const auto index = ArticleIndex::build(kRows);
  const char* hostile[] = {"return\" OR \"battery",
                           "\"",
                           "*",
                           "title:return",
                           "NEAR(a b)",
                           "return*",
                           "-return",
                           "^",
                           "a AND b",
                           "return OR",
                           "'; DROP TABLE passages",
                           "{title}",
                           "(",
                           "\xFF\xFE",
                           ""};
  for (const char* one : hostile) {
    EXPECT_TRUE(index->find({{{one}, {one}}}, 10).hits.size() <= kRows.size()) << one;
  }
  EXPECT_TRUE(index->find({{{"return\" OR \"battery"}, {}}}, 10).hits.empty());
  EXPECT_TRUE(index->find({{{std::string("a\0b", 3)}, {}}}, 10).hits.empty());
  std::vector<Word> many(5'000, Word{{"return"}, {}});
  EXPECT_EQ(index->find(many, 10).weights.size(), 32U);
}

TEST(ArticleIndex, AnEmptyOneFindsNothing) {
  EXPECT_TRUE(ArticleIndex::build({})->find({{{"return"}, {}}}, 10).hits.empty());
  EXPECT_TRUE(ArticleIndex::build(kRows)->find({}, 10).hits.empty());
}

TEST(ArticleIndex, ThreadsAskAtOnceAndOutliveIt) {
  auto index = ArticleIndex::build(kRows);
  std::vector<std::thread> threads;
  std::vector<std::size_t> hits(4);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    threads.emplace_back([&hits, i, index] {
      for (int n = 0; n < 200; ++n) hits[i] += index->find({{{"return"}, {}}}, 10).hits.size();
    });
  }
  index.reset();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(hits, std::vector<std::size_t>(4, 600));
}

TEST(ArticleIndex, EachOfManyReloadsFindsItsOwn) {
  for (int n = 0; n < 20; ++n) {
    const std::string word = "word" + std::to_string(n);
    const auto index = ArticleIndex::build({{word, "", ""}});
    EXPECT_EQ(index->find({{{word}, {}}}, 10).hits.size(), 1U);
    EXPECT_TRUE(index->find({{{"word999"}, {}}}, 10).hits.empty());
  }
}

}  // namespace
}  // namespace wasl::store
