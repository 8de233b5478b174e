#include "bot/call_request.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

namespace wasl::bot {
namespace {

using flows::CallSpec;

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
  EXPECT_FALSE(safe->once);
  EXPECT_EQ(header(*safe, "Accept"), "application/json");

  spec.idempotent = false;
  const auto once = make_request(spec, with({{"number", std::string("1")}}), "c1-4", 80);
  ASSERT_TRUE(once);
  EXPECT_EQ(header(*once, "Idempotency-Key"), "c1-4");
  EXPECT_TRUE(once->once);
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

struct BodyCase {
  const char* name;
  flows::CallBody body;
  const char* want;
};

flows::CallBody value(flows::Value held) {
  return {flows::CallBody::Kind::value, std::move(held)};
}

flows::CallBody map(std::vector<std::string> keys, std::vector<flows::CallBody> items) {
  return {flows::CallBody::Kind::map, {}, std::move(items), std::move(keys)};
}

const flows::Values kArgs{{"number", std::string("A-1")},
                          {"count", 2.0},
                          {"price", 9.5},
                          {"gift", true},
                          {"unset", {}},
                          {"empty", std::string()},
                          {"like", std::string("${HOME}{count}")}};

const BodyCase kBodies[] = {
    {"a placeholder alone keeps its type",
     map({"n", "c", "p", "g"}, {value(std::string("{number}")), value(std::string("{count}")),
                                value(std::string("{price}")), value(std::string("{gift}"))}),
     R"({"c":2,"g":true,"n":"A-1","p":9.5})"},
    {"within a text it is text", map({"t"}, {value(std::string("{count} of {number}: {gift}"))}),
     R"({"t":"2 of A-1: true"})"},
    {"literals",
     map({"a", "b", "c", "d"}, {value(std::string("x")), value(3.0), value(false), value({})}),
     R"({"a":"x","b":3,"c":false,"d":null})"},
    {"what is not known is null", map({"a"}, {value(std::string("{unset}"))}), R"({"a":null})"},
    {"nesting",
     map({"order"},
         {map({"lines"}, {{flows::CallBody::Kind::list,
                           {},
                           {map({"sku"}, {value(std::string("{number}"))}), value(1.0)}}})}),
     R"({"order":{"lines":[{"sku":"A-1"},1]}})"},
    {"an argument is never read again", map({"a"}, {value(std::string("<{like}>"))}),
     R"({"a":"<${HOME}{count}>"})"},
    {"one value alone", value(std::string("{count}")), "2"},
};

TEST(MakeRequest, FillsTheBody) {
  CallSpec spec = lookup("https://shop.example/x");
  spec.method = "PUT";
  for (const BodyCase& c : kBodies) {
    SCOPED_TRACE(c.name);
    spec.body = c.body;
    const auto made = make_request(spec, with(kArgs), "k", 80);
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->body, c.want);
    EXPECT_EQ(header(*made, "Content-Type"), "application/json");
    EXPECT_EQ(header(*made, "Idempotency-Key"), "k") << "also where a retry is safe";
  }
  spec.body = value(std::string("{who}"));
  EXPECT_FALSE(make_request(spec, with(kArgs), "k", 80));
}

TEST(MakeRequest, FillsTheQuery) {
  CallSpec spec = lookup("https://shop.example/find?v=1");
  spec.query = {{"q", "{number} & {count}"},
                {"page", "1"},
                {"of", "{unset}"},
                {"to", "{empty}"},
                {"x y", "{gift}"}};
  const auto made = make_request(spec, with(kArgs), "k", 80);
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->url, "https://shop.example/find?v=1&q=A-1%20%26%202&page=1&x%20y=true");
  EXPECT_EQ(made->body, "");
}

TEST(MakeRequest, ADeleteHasNoBodyUnlessItSaysSo) {
  CallSpec spec = lookup();
  spec.method = "DELETE";
  const auto made = make_request(spec, with({{"number", std::string("A-1")}}), "k", 80);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->body, "");
  EXPECT_EQ(header(*made, "Content-Type"), "");
}

TEST(MakeRequest, KnowsWhatIsSecret) {
  CallSpec spec = lookup("${WASL_TEST_HOST}/x");
  spec.headers = {{"Authorization", "Bearer ${WASL_TEST_TOKEN}"}};
  spec.query = {{"key", "${WASL_TEST_KEY:-from the file}"}};
  spec.body = map({"pin"}, {value(std::string("${WASL_TEST_PIN}"))});
  ::setenv("WASL_TEST_HOST", "https://shop.example", 1);
  ::setenv("WASL_TEST_TOKEN", "s3cret", 1);
  ::setenv("WASL_TEST_PIN", "p1n", 1);
  EXPECT_EQ(secrets_of(spec),
            (std::vector<std::string>{"https://shop.example", "s3cret", "from the file", "p1n"}));
  const auto made = make_request(spec, with({}), "k", 80);
  for (const char* name : {"WASL_TEST_HOST", "WASL_TEST_TOKEN", "WASL_TEST_PIN"}) ::unsetenv(name);
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->url, "https://shop.example/x?key=from%20the%20file");
  EXPECT_EQ(made->body, R"({"pin":"p1n"})");
}

}  // namespace
}  // namespace wasl::bot
