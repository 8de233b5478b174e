#include "bot/call_result.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

using flows::CallSpec;
using Field = CallSpec::Field;
using Outcome = flows::CallResult::Outcome;

CallSpec lookup() {
  CallSpec spec;
  spec.name = "orders.lookup";
  return spec;
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
    EXPECT_EQ(result.why.empty(), c.want != Outcome::error);
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

CallSpec by_path() {
  CallSpec spec = lookup();
  spec.result = {{"status", Field::Type::text, false, {}, {"order", "state"}},
                 {"price", Field::Type::money, true, {}, {"order", "items", "0", "price"}},
                 {"odd", Field::Type::text, true, {}, {"a/b", "c~d"}},
                 {"id", Field::Type::text, true, {}}};
  return spec;
}

TEST(ReadResult, ReadsTimesOfDay) {
  CallSpec spec = lookup();
  spec.result = {{"at", Field::Type::time, false, {}}};
  const std::pair<const char*, bool> cases[] = {
      {"00:00", true},  {"09:05", true},  {"23:59", true}, {"24:00", false},
      {"12:60", false}, {"9:05", false},  {"", false},     {"12:3", false},
      {"12.30", false}, {"ab:cd", false}, {"19:30", true}, {"-1:30", false}};
  for (const auto& [text, good] : cases) {
    channels::OutgoingResponse response;
    response.status = 200;
    response.body = std::string(R"({"at":")") + text + "\"}";
    EXPECT_EQ(read_result(spec, 1, response).outcome, good ? Outcome::ok : Outcome::error) << text;
  }
}

struct PathCase {
  const char* name;
  const char* body;
  Outcome want;
  flows::Values values = {};
};

const PathCase kPaths[] = {
    {"through maps and lists",
     R"({"order":{"state":"s","items":[{"price":1.5},{"price":2}]},"a/b":{"c~d":"x"},"id":"7"})",
     Outcome::ok,
     {{"status", std::string("s")},
      {"price", 1.5},
      {"odd", std::string("x")},
      {"id", std::string("7")}}},
    {"nothing on the way",
     R"({"order":{"state":"s","items":[]}})",
     Outcome::ok,
     {{"status", std::string("s")}}},
    {"a text on the way",
     R"({"order":{"state":"s","items":"none"}})",
     Outcome::ok,
     {{"status", std::string("s")}}},
    {"a map where a list was",
     R"({"order":{"state":"s","items":{"0":{"price":3}}}})",
     Outcome::ok,
     {{"status", std::string("s")}, {"price", 3.0}}},
    {"the way is lost", R"({"ordr":{"state":"s"}})", Outcome::error},
    {"null on the way", R"({"order":null})", Outcome::error},
    {"a list at the top", R"([{"state":"s"}])", Outcome::error},
    {"another type at the end", R"({"order":{"state":{"s":1}}})", Outcome::error},
};

TEST(ReadResult, FollowsPaths) {
  for (const PathCase& c : kPaths) {
    SCOPED_TRACE(c.name);
    channels::OutgoingResponse response;
    response.status = 200;
    response.body = c.body;
    const auto result = read_result(by_path(), 1, response);
    EXPECT_EQ(result.outcome, c.want);
    if (c.want == Outcome::ok) {
      EXPECT_EQ(result.values, c.values);
    }
  }
  CallSpec first = lookup();
  first.result = {{"name", Field::Type::text, false, {}, {"1", "name"}}};
  channels::OutgoingResponse list;
  list.status = 200;
  list.body = R"([{"name":"a"},{"name":"b"}])";
  EXPECT_EQ(read_result(first, 1, list).values, (flows::Values{{"name", std::string("b")}}));
  for (const char* step : {"01x", "-1", "2", "99999999999999999999999", ""}) {
    first.result[0].from = {step, "name"};
    EXPECT_EQ(read_result(first, 1, list).outcome, Outcome::error) << step;
  }
}

struct FaultCase {
  int status;
  channels::OutgoingResponse::Fault fault;
  const char* why;
  bool retry;
  bool left;  ///< the request may have reached somebody
};

TEST(ReadResult, SaysWhyThereIsNone) {
  using Fault = channels::OutgoingResponse::Fault;
  const FaultCase cases[] = {
      {0, Fault::timed_out, "timeout", true, true},
      {0, Fault::broken, "broken", true, true},
      {0, Fault::unreachable, "unreachable", true, false},
      {0, Fault::busy, "busy", true, false},
      {0, Fault::not_allowed, "not_allowed", false, true},
      {503, Fault::none, "http_503", true, true},
      {429, Fault::none, "http_429", true, true},
      {400, Fault::none, "http_400", false, true},
      {302, Fault::none, "http_302", false, true},
      {200, Fault::none, "bad_result", false, true},
  };
  for (const FaultCase& c : cases) {
    SCOPED_TRACE(c.why);
    channels::OutgoingResponse response;
    response.status = c.status;
    response.fault = c.fault;
    EXPECT_EQ(read_result(typed(), 1, response).why, c.why);
    EXPECT_EQ(worth_retrying(response), c.retry);
    EXPECT_EQ(never_left(response), !c.left);
    response.cancelled = true;
    EXPECT_FALSE(worth_retrying(response)) << "nothing may be asked any more";
  }
}

}  // namespace
}  // namespace wasl::bot
