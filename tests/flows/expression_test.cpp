#include "flows/expression.hpp"

#include "wasl/flows/step.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

const Scope kScope{{"count", {Kind::number, {}}},
                   {"name", {Kind::text, {}}},
                   {"confirm", {Kind::flag, {}}},
                   {"unset", {Kind::flag, {}}},
                   {"order.status", {Kind::choice, {"shipped", "preparing"}}},
                   {"order.eta", {Kind::date, {}}},
                   {"order.missing", {Kind::date, {}}},
                   {"hours.open", {Kind::flag, {}}},
                   {"channel", {Kind::text, {}}},
                   {"at", {Kind::time, {}}},
                   {"today", {Kind::date, {}}},
                   {"now", {Kind::time, {}}},
                   {"customer.name", {Kind::text, {}}},
                   {"customer.contact", {Kind::text, {}}},
                   {"customer.reachable", {Kind::flag, {}}},
                   {"language", {Kind::choice, {"ar", "en"}}}};

const Values kValues{{"count", 3.0},
                     {"name", std::string("نورة")},
                     {"confirm", true},
                     {"order.status", std::string("shipped")},
                     {"at", std::string("09:30")},
                     {"order.eta", std::string("2026-12-01")}};

struct True {
  const char* text;
  bool want;
};

const True kTrue[] = {
    {"true", true},
    {"not true", false},
    {"not not true", true},
    {"count == 3", true},
    {"count != 3", false},
    {"count < 3", false},
    {"count <= 3", true},
    {"count > 2.5", true},
    {"count >= 4", false},
    {"count > -1", true},
    {"name == \"نورة\"", true},
    {"name == 'other'", false},
    {"confirm", true},
    {"unset", false},
    {"not unset", true},
    {"order.status == \"shipped\"", true},
    {"order.status in [\"preparing\", \"shipped\"]", true},
    {"order.status not in [\"preparing\"]", true},
    {"count in [1, 2, 3]", true},
    {"order.eta > \"2026-11-30\"", true},
    {"order.eta == \"2026-12-01T00:00Z\"", true},
    {"order.missing > \"2026-11-30\"", false},
    {"order.missing == none", true},
    {"order.eta != none", true},
    {"hours.open", false},
    {"channel == \"web\"", true},
    {"true or false and false", true},
    {"(true or false) and false", false},
    {"not false and false", false},
    {"confirm and (count == 1 or name != \"x\")", true},
    {"count + 1 == 4", true},
    {"count-1 == 2", true},
    {"count - -1 == 4", true},
    {"10 - count - 3 == 4", true},
    {"at < \"17:00\" and at >= \"09:30\"", true},
    {"at != none and now > at", true},
    {"today == \"2026-11-22\"", true},
    {"order.eta > today", true},
    {"order.eta - today == 9", true},
    {"today + 9 == order.eta", true},
    {"today - 22 < \"2026-11-01\"", true},
    {"order.missing - today == 3", false},
    {"today + 999999999 == none", true},
    {"order.eta == \"2026-12-01T00:30+03:00\"", true},
    {"order.eta < \"2026-12-01T23:30-05:00\"", false},
    {"customer.name == \"Noura\" and customer.reachable", true},
    {"customer.contact == none", true},
    {"language in [\"ar\"]", true},
};

TEST(Expression, MeansWhatItSays) {
  const Customer customer{"Noura", "", true};
  for (const True& c : kTrue) {
    ExpressionMistake mistake;
    const auto parsed = parse_expression(c.text, kScope, mistake);
    ASSERT_TRUE(parsed) << c.text << ": " << mistake.what;
    EXPECT_EQ(parsed->type.kind, Kind::flag) << c.text;
    const Facts facts{kValues, false, "web", "2026-11-22", "12:00", "ar", &customer};
    EXPECT_EQ(truth(evaluate(*parsed, facts)), c.want) << c.text;
  }
}

struct Wrong {
  const char* text;
  std::size_t offset;
  const char* what;
};

const Wrong kWrong[] = {
    {"", 0, "something is missing"},
    {"count ==", 8, "something is missing"},
    {"count = 3", 6, "write == to compare"},
    {"cuont == 3", 0, "did you mean \"count\"?"},
    {"order.status == \"shiped\"", 16, "'shiped' is never a value of 'order.status'"},
    {"order.status in [\"lost\"]", 17, "'lost' is never a value"},
    {"name == shipped", 8, "a text goes in quotes"},
    {"count == \"3\"", 9, "a number cannot be compared with a text"},
    {"name < \"b\"", 0, "only numbers, dates and times have an order"},
    {"name and true", 0, "'and' needs a condition"},
    {"not count", 4, "'not' needs a condition"},
    {"confirm == \"yes\"", 11, "a yes or no cannot be compared with a text"},
    {"order.eta < \"tomorrow\"", 12, "write a date like"},
    {"count == 3 3", 11, "was not expected"},
    {"(true", 5, "a ) is missing"},
    {"\"open", 0, "no closing quote"},
    {"count in 3", 9, "'in' needs a list"},
    {"count in [1", 11, "not closed"},
    {"count in [name]", 10, "texts and numbers only"},
    {"1.2.3 == count", 0, "no number"},
    {"count & 1", 6, "has no meaning"},
    {"count == ؟", 9, "'؟' has no meaning"},
    {"and", 0, "was not expected"},
    {"at > \"25:00\"", 5, "write a time like"},
    {"at > order.eta", 5, "a time of day cannot be compared with a date"},
    {"today + today == today", 8, "a date cannot be added to a date"},
    {"name + 1 == 2", 7, "a number cannot be added to a text"},
    {"at - 1 == at", 5, "a number cannot be taken from a time of day"},
    {"customer.nam == none", 0, "did you mean \"customer.name\"?"},
    {"language == \"fr\"", 12, "'fr' is never a value"},
};

TEST(Expression, SaysWhatIsWrongAndWhere) {
  for (const Wrong& c : kWrong) {
    ExpressionMistake mistake;
    EXPECT_FALSE(parse_expression(c.text, kScope, mistake)) << c.text;
    EXPECT_NE(mistake.what.find(c.what), std::string::npos) << c.text << ": " << mistake.what;
    EXPECT_EQ(mistake.offset, c.offset) << c.text << ": " << mistake.what;
  }
}

TEST(Expression, HostileDepthAndLengthAreMistakes) {
  ExpressionMistake mistake;
  EXPECT_FALSE(parse_expression(std::string(400, '(') + "true", kScope, mistake));
  EXPECT_EQ(mistake.what, "this is nested too deeply");
  std::string nots;
  for (int i = 0; i < 200; ++i) nots += "not ";
  EXPECT_FALSE(parse_expression(nots + "true", kScope, mistake));
  EXPECT_EQ(mistake.what, "this is nested too deeply");
  EXPECT_FALSE(parse_expression(std::string(2000, ' ') + "true", kScope, mistake));
}

TEST(Expression, KeepsTheTypeOfAName) {
  ExpressionMistake mistake;
  EXPECT_EQ(parse_expression("order.eta", kScope, mistake)->type.kind, Kind::date);
  EXPECT_EQ(parse_expression("(count)", kScope, mistake)->type.kind, Kind::number);
  EXPECT_EQ(parse_expression("'x'", kScope, mistake)->type.kind, Kind::text);
}

TEST(Expression, BuiltInNamesAreTaken) {
  for (const char* name : {"today", "now", "customer", "hours", "channel", "none", "not"}) {
    EXPECT_TRUE(is_taken(name)) << name;
  }
  EXPECT_FALSE(is_taken("order"));
}

}  // namespace
}  // namespace wasl::flows
