#include "intents/decide.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace wasl::intents {
namespace {

struct Case {
  const char* name;
  std::vector<std::pair<const char*, const char*>> patterns;  ///< intent and its pattern that hit
  const char* example;
  std::vector<std::pair<const char*, float>> classifier;
  double oos;
  std::size_t words;
  Decision decision;
  const char* intent;  ///< the first of the ranking
  const char* why;     ///< how `why` begins
};

constexpr auto kAct = Decision::act;
constexpr auto kAsk = Decision::ask_which;
constexpr auto kLost = Decision::not_understood;

const Case kCases[] = {
    {"a pattern wins", {{"a", "<a>"}}, "", {{"b", 0.9F}}, 0.0, 3, kAct, "a", "pattern: '<a>' of a"},
    {"a pattern against near certainty asks",
     {{"a", "<a>"}},
     "",
     {{"b", 0.96F}},
     0.0,
     3,
     kAsk,
     "a",
     "pattern: '<a>' says a, but"},
    {"a pattern wins over out of scope", {{"a", "<a>"}}, "", {}, 0.99, 3, kAct, "a", "pattern:"},
    {"a pattern wins over an example", {{"a", "<a>"}}, "b", {}, 0.0, 3, kAct, "a", "pattern:"},
    {"of two patterns the classifier chooses",
     {{"a", "<a>"}, {"b", "<b>"}},
     "",
     {{"b", 0.8F}, {"a", 0.1F}},
     0.0,
     3,
     kAct,
     "b",
     "pattern: those of 2 intents"},
    {"or asks",
     {{"a", "<a>"}, {"b", "<b>"}},
     "",
     {{"b", 0.3F}},
     0.0,
     3,
     kAsk,
     "b",
     "pattern: those of b and a"},
    {"or asks when it means a third",
     {{"a", "<a>"}, {"b", "<b>"}},
     "",
     {{"c", 0.9F}},
     0.0,
     3,
     kAsk,
     "a",
     "pattern: those of a and b"},
    {"an example, whatever the classifier", {}, "a", {{"b", 0.99F}}, 0.9, 3, kAct, "a", "example:"},
    {"an example without telling words", {}, "a", {}, 0.0, 0, kAct, "a", "example:"},
    {"no words is an answer", {}, "", {{"b", 0.99F}}, 0.0, 0, kLost, "", "no words:"},
    {"out of scope", {}, "", {{"a", 0.6F}}, 0.5, 3, kLost, "a", "out of scope: probability 0.50"},
    {"sure and ahead", {}, "", {{"a", 0.7F}, {"b", 0.2F}}, 0.1, 3, kAct, "a", "classifier: a 0.70"},
    {"sure but a tie", {}, "", {{"a", 0.7F}, {"b", 0.6F}}, 0.1, 3, kAsk, "a", "unsure: a 0.70"},
    {"a guess", {}, "", {{"a", 0.4F}, {"b", 0.1F}}, 0.1, 3, kAsk, "a", "unsure: a 0.40"},
    {"no guess", {}, "", {{"a", 0.1F}}, 0.1, 3, kLost, "a", "nothing: the best guess"},
    {"nothing at all", {}, "", {}, 0.0, 3, kLost, "", "nothing: the classifier has no guess"},
};

TEST(Decide, TheFirstRuleThatAppliesWins) {
  for (const Case& c : kCases) {
    BotPatterns::Found found;
    for (const auto& [intent, pattern] : c.patterns) {
      found.intents.emplace_back(intent);
      found.patterns.emplace_back(pattern);
    }
    Ranking ranking;
    ranking.trained = true;
    ranking.oos = c.oos;
    ranking.known_words = c.words;
    for (const auto& [intent, confidence] : c.classifier) {
      ranking.intents.push_back({intent, confidence, "classifier"});
    }
    Features features;
    features.words = c.words;
    features.all = 3;
    Understanding u;
    decide(found, c.example, ranking, features, Thresholds{}, u);
    EXPECT_EQ(name(u.decision), name(c.decision)) << c.name << ": " << u.why;
    EXPECT_EQ(u.intents.empty() ? "" : u.intents[0].intent, c.intent) << c.name << ": " << u.why;
    EXPECT_EQ(u.why.substr(0, std::string(c.why).size()), c.why) << c.name;
    EXPECT_EQ(u.out_of_scope, std::string(c.why).starts_with("out of scope")) << c.name;
  }
}

TEST(Decide, SeveralWishesBeginWithTheFirst) {
  Understanding u;
  u.decision = Decision::not_understood;
  u.out_of_scope = true;
  decide_parts({{0, 5, {{"a", 0.9F, "classifier"}}, Decision::act, {}, ""},
                {6, 9, {{"b", 0.8F, "pattern"}}, Decision::act, {}, ""}},
               u);
  EXPECT_EQ(u.decision, Decision::act);
  EXPECT_EQ(u.intents.at(0).intent, "a");
  EXPECT_FALSE(u.out_of_scope);
  EXPECT_EQ(u.why, "parts: 2 wishes, a, then b");
  EXPECT_EQ(u.parts.size(), 2U);
}

}  // namespace
}  // namespace wasl::intents
