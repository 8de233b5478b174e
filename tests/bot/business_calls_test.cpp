#include "bot/business_calls.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

namespace wasl::bot {
namespace {

using flows::CallSpec;
using Field = CallSpec::Field;
using Outcome = flows::CallResult::Outcome;

CallSpec lookup(std::string url = "https://shop.example/orders/{number}") {
  CallSpec spec;
  spec.name = "orders.lookup";
  spec.method = "GET";
  spec.url = std::move(url);
  spec.idempotent = true;
  return spec;
}

flows::StartCall with(flows::Values args) {
  return {4, "orders.lookup", std::move(args)};
}

std::string header(const channels::OutgoingRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

struct UrlCase {
  const char* name;
  flows::Value argument;
  const char* want;  ///< what stands for the argument
};

const UrlCase kUrls[] = {
    {"plain", std::string("A-1032"), "A-1032"},
    {"unreserved", std::string("a-._~Z9"), "a-._~Z9"},
    {"a way up", std::string("../x"), "..%2fx"},
    {"Arabic", std::string("طلب"), "%d8%b7%d9%84%d8%a8"},
    {"spaces", std::string("a b"), "a%20b"},
    {"slashes", std::string("a/b\\c"), "a%2fb%5cc"},
    {"a query", std::string("x?y=1&z#f"), "x%3fy%3d1%26z%23f"},
    {"an escape", std::string("%2e%2e%2f"), "%252e%252e%252f"},
    {"another slot", std::string("{number}"), "%7bnumber%7d"},
    {"a new line", std::string("a\r\nHost: b"), "a%0d%0aHost%3a%20b"},
    {"no UTF-8", std::string("\xFF"), "%ff"},
    {"a zero byte", std::string("a\0b", 3), "a%00b"},
    {"a number", 12.0, "12"},
    {"a flag", true, "true"},
};

TEST(MakeRequest, EncodesArgumentsIntoTheAddress) {
  for (const UrlCase& c : kUrls) {
    SCOPED_TRACE(c.name);
    const auto made = make_request(lookup(), with({{"number", c.argument}}), "key", 80);
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->url, std::string("https://shop.example/orders/") + c.want);
  }
}

// A dot segment would be folded away on the way, and the call would reach another address.
TEST(MakeRequest, RefusesArgumentsThatWouldChangeTheAddress) {
  const flows::Value bad[] = {std::string(""), std::string("."), std::string(".."),
                              std::monostate{}};
  for (const flows::Value& argument : bad) {
    SCOPED_TRACE(flows::to_text(argument));
    const auto made = make_request(lookup(), with({{"number", argument}}), "key", 80);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Error::Code::invalid_input);
  }
}

TEST(MakeRequest, ReachesItselfWhereverItListens) {
  const auto made = make_request(lookup("self:/demo/api/orders/{number}"),
                                 with({{"number", std::string("A-1")}}), "key", 4321);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->url, "http://127.0.0.1:4321/demo/api/orders/A-1");
  EXPECT_EQ(made->method, "GET");
  EXPECT_EQ(made->body, "");
}

TEST(MakeRequest, RefusesAMissingArgument) {
  const auto none = make_request(lookup(), with({}), "key", 80);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Error::Code::invalid_input);
  const auto other = make_request(lookup(), with({{"city", std::string("x")}}), "key", 80);
  EXPECT_FALSE(other);
}

TEST(MakeRequest, FillsASlotWhereverItStands) {
  const auto made =
      make_request(lookup("https://shop.example/{number}?again={number}&c={city}"),
                   with({{"city", std::string("ق")}, {"number", std::string("7")}}), "key", 80);
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->url, "https://shop.example/7?again=7&c=%d9%82");
}

TEST(MakeRequest, MarksOnlyWhatMustNotHappenTwice) {
  CallSpec spec = lookup();
  const auto safe = make_request(spec, with({{"number", std::string("1")}}), "c1-4", 80);
  ASSERT_TRUE(safe);
  EXPECT_EQ(header(*safe, "Idempotency-Key"), "");
  EXPECT_EQ(header(*safe, "Accept"), "application/json");

  spec.idempotent = false;
  const auto once = make_request(spec, with({{"number", std::string("1")}}), "c1-4", 80);
  ASSERT_TRUE(once);
  EXPECT_EQ(header(*once, "Idempotency-Key"), "c1-4");
}

TEST(MakeRequest, PostsTheRestAsJson) {
  CallSpec spec = lookup();
  spec.method = "POST";
  spec.timeout = Millis{1234};
  const auto made = make_request(
      spec, with({{"number", std::string("A-1")}, {"why", std::string("\"broken\" \xFF")}}), "k",
      80);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->url, "https://shop.example/orders/A-1");
  EXPECT_EQ(made->timeout, Millis{1234});
  EXPECT_EQ(header(*made, "Content-Type"), "application/json");
  const auto body = nlohmann::json::parse(made->body);
  EXPECT_EQ(body.size(), 1U);
  EXPECT_EQ(body.at("why"), "\"broken\" \xEF\xBF\xBD");
}

TEST(MakeRequest, ReadsSecretsFromTheEnvironment) {
  CallSpec spec = lookup();
  spec.headers = {{"Authorization", "Bearer ${WASL_TEST_TOKEN}"}};
  ::unsetenv("WASL_TEST_TOKEN");
  const auto unset = make_request(spec, with({{"number", std::string("1")}}), "k", 80);
  ASSERT_FALSE(unset);
  EXPECT_NE(unset.error().what.find("WASL_TEST_TOKEN"), std::string::npos);

  ::setenv("WASL_TEST_TOKEN", "s3cret", 1);
  const auto set = make_request(spec, with({{"number", std::string("1")}}), "k", 80);
  ::unsetenv("WASL_TEST_TOKEN");
  ASSERT_TRUE(set);
  EXPECT_EQ(header(*set, "Authorization"), "Bearer s3cret");
}

CallSpec typed() {
  CallSpec spec = lookup();
  spec.result = {{"status", Field::Type::choice, false, {"moving", "home"}},
                 {"eta", Field::Type::date, true, {}},
                 {"total", Field::Type::money, true, {}},
                 {"count", Field::Type::number, true, {}},
                 {"gift", Field::Type::flag, true, {}},
                 {"note", Field::Type::text, true, {}}};
  return spec;
}

struct ResultCase {
  const char* name;
  int status;
  std::string body;
  Outcome want;
  flows::Values values = {};
};

std::string nested(int depth) {
  return "{\"status\":\"home\",\"x\":" + std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']') + "}";
}

const ResultCase kResults[] = {
    {"all fields",
     200,
     R"({"status":"home","eta":"2026-12-01","total":9.5,"count":2,"gift":false,"note":"ok"})",
     Outcome::ok,
     {{"status", std::string("home")},
      {"eta", std::string("2026-12-01")},
      {"total", 9.5},
      {"count", 2.0},
      {"gift", false},
      {"note", std::string("ok")}}},
    {"optional ones left out",
     200,
     R"({"status":"moving"})",
     Outcome::ok,
     {{"status", std::string("moving")}}},
    {"optional one null",
     201,
     R"({"status":"moving","eta":null})",
     Outcome::ok,
     {{"status", std::string("moving")}}},
    {"fields nobody declared",
     200,
     R"({"status":"home","secret":"x"})",
     Outcome::ok,
     {{"status", std::string("home")}}},
    {"a required one missing", 200, R"({"eta":"2026-12-01"})", Outcome::error},
    {"a required one null", 200, R"({"status":null})", Outcome::error},
    {"an unknown choice", 200, R"({"status":"lost"})", Outcome::error},
    {"a choice that is a number", 200, R"({"status":1})", Outcome::error},
    {"an optional one of a wrong type", 200, R"({"status":"home","total":"9.5"})", Outcome::error},
    {"a number as text", 200, R"({"status":"home","count":"2"})", Outcome::error},
    {"a flag as text", 200, R"({"status":"home","gift":"true"})", Outcome::error},
    {"a text as number", 200, R"({"status":"home","note":5})", Outcome::error},
    {"no date", 200, R"({"status":"home","eta":"soon"})", Outcome::error},
    {"an object for a text", 200, R"({"status":"home","note":{"a":1}})", Outcome::error},
    {"not found", 404, R"({"status":"home"})", Outcome::not_found},
    {"not found, in HTML", 404, "<html>", Outcome::not_found},
    {"a failure", 500, R"({"status":"home"})", Outcome::error},
    {"a redirect", 302, R"({"status":"home"})", Outcome::error},
    {"a refusal", 401, "", Outcome::error},
    {"no answer", 0, "", Outcome::error},
    {"garbage", 200, "<html>sorry</html>", Outcome::error},
    {"nothing", 200, "", Outcome::error},
    {"a list", 200, R"([{"status":"home"}])", Outcome::error},
    {"cut off", 200, R"({"status":"home")", Outcome::error},
    {"no UTF-8", 200, "{\"status\":\"home\",\"note\":\"\xFF\"}", Outcome::error},
    {"too great a number", 200, R"({"status":"home","total":1e999})", Outcome::error},
    {"some nesting", 200, nested(60), Outcome::ok, {{"status", std::string("home")}}},
    {"deep nesting", 200, nested(65), Outcome::error},
    {"very deep nesting", 200, std::string(500'000, '['), Outcome::error},
};

TEST(ReadResult, TakesOnlyWhatWasPromised) {
  for (const ResultCase& c : kResults) {
    SCOPED_TRACE(c.name);
    channels::OutgoingResponse response;
    response.status = c.status;
    response.body = c.body;
    const auto result = read_result(typed(), 17, response);
    EXPECT_EQ(result.call_number, 17U);
    EXPECT_EQ(result.outcome, c.want);
    if (c.want == Outcome::ok) {
      EXPECT_EQ(result.values, c.values);
    }
  }
}

TEST(ReadResult, NeedsNoBodyWhenNothingIsPromised) {
  for (const char* body : {"", "done", "[]", "{}"}) {
    channels::OutgoingResponse response;
    response.status = 204;
    response.body = body;
    EXPECT_EQ(read_result(lookup(), 1, response).outcome, Outcome::ok) << body;
  }
}

}  // namespace
}  // namespace wasl::bot
