#include "flows/model.hpp"
#include "tests/flows/bot_folder.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using test::BotFolder;
using Told = std::vector<std::string>;
using Kind = CallPiece::Kind;

/// The call of a folder that has one, and no mistakes.
CallSpec one_call(const std::string& text) {
  const BotFolder folder;
  folder.write("calls/c.yml", text);
  std::shared_ptr<const Program> program;
  EXPECT_EQ(test::mistakes_of(folder, &program), Told{});
  if (program == nullptr) return {};
  return *program->find_call(program->call_names().at(0));
}

TEST(CallText, IsCutWhereSomethingIsPutIn) {
  const std::pair<const char*, std::vector<CallPiece>> cases[] = {
      {"", {}},
      {"plain", {{Kind::text, "plain"}}},
      {"{number}", {{Kind::argument, "number"}}},
      {"a{b}c{b}",
       {{Kind::text, "a"}, {Kind::argument, "b"}, {Kind::text, "c"}, {Kind::argument, "b"}}},
      {"Bearer ${TOKEN:-x}", {{Kind::text, "Bearer "}, {Kind::environment, "${TOKEN:-x}"}}},
      {"${A}{b}", {{Kind::environment, "${A}"}, {Kind::argument, "b"}}},
      {"{}", {{Kind::text, "{}"}}},
      {"{a b}", {{Kind::text, "{a b}"}}},
      {"{a", {{Kind::text, "{a"}}},
      {"${A", {{Kind::text, "${A"}}},
      {"{{a}}", {{Kind::text, "{"}, {Kind::argument, "a"}, {Kind::text, "}"}}},
      {"${", {{Kind::text, "${"}}},
  };
  for (const auto& [text, pieces] : cases) EXPECT_EQ(cut_call_text(text), pieces) << text;
}

TEST(LoadCalls, ReadsTheWholeOfOne) {
  const CallSpec call = one_call(R"(
- call: orders.change
  patch: https://shop.example/orders/{number}
  timeout: 2s
  within: 8s
  retries: 1
  idempotent: true
  irreversible: false
  headers: {Authorization: "Bearer ${SHOP_TOKEN}"}
  query: {dry: '{dry}', v: "2"}
  body:
    change: {address: '{street}, {city}', express: '{express}', source: bot, tries: 3, gift: false, note: null}
    lines: ['{number}', 1]
  result:
    state: {choice: [open, sent], from: /order/state}
    price: {money: required, from: /order/items/0/price}
    odd: {text: optional, from: /a~1b/c~0d}
    eta: {date: optional}
    paid: flag
)");
  EXPECT_EQ(call.method, "PATCH");
  EXPECT_EQ(call.within, Millis(8000));
  EXPECT_TRUE(call.idempotent);
  EXPECT_FALSE(call.irreversible);
  EXPECT_EQ(call.query[0], (std::pair<std::string, std::string>{"dry", "{dry}"}));
  EXPECT_EQ(arguments_of(call), (Told{"number", "dry", "street", "city", "express"}));
  EXPECT_FALSE(sends_rest(call));
  ASSERT_TRUE(call.body);
  EXPECT_EQ(call.body->keys, (Told{"change", "lines"}));
  const CallBody& change = call.body->items[0];
  EXPECT_EQ(change.keys, (Told{"address", "express", "source", "tries", "gift", "note"}));
  EXPECT_EQ(change.items[2].value, Value(std::string("bot")));
  EXPECT_EQ(change.items[3].value, Value(3.0));
  EXPECT_EQ(change.items[4].value, Value(false));
  EXPECT_EQ(change.items[5].value, Value());
  EXPECT_EQ(call.body->items[1].kind, CallBody::Kind::list);
  ASSERT_EQ(call.result.size(), 5U);
  EXPECT_EQ(call.result[0].from, (Told{"order", "state"}));
  EXPECT_FALSE(call.result[1].optional);
  EXPECT_EQ(call.result[1].from, (Told{"order", "items", "0", "price"}));
  EXPECT_EQ(call.result[2].from, (Told{"a/b", "c~d"}));
  EXPECT_EQ(call.result[3].from, Told{});
}

TEST(LoadCalls, DefaultsFollowTheMethod) {
  struct Case {
    const char* verb;
    const char* method;
    bool idempotent;
    bool irreversible;
    bool rest;
  };
  const Case cases[] = {{"get", "GET", true, false, false},
                        {"post", "POST", false, true, true},
                        {"put", "PUT", false, true, true},
                        {"patch", "PATCH", false, true, true},
                        {"delete", "DELETE", false, true, false}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.verb);
    const CallSpec call = one_call(std::string("- call: a\n  ") + c.verb + ": https://x/y\n");
    EXPECT_EQ(call.method, c.method);
    EXPECT_EQ(call.idempotent, c.idempotent);
    EXPECT_EQ(call.irreversible, c.irreversible);
    EXPECT_EQ(sends_rest(call), c.rest);
    EXPECT_EQ(call.within, Millis(10'000));
  }
  EXPECT_EQ(one_call("- call: a\n  get: https://x\n  timeout: 20s\n").within, Millis(20'000));
}

struct Case {
  const char* name;
  const char* call;  ///< below `- call: a`
  Told want;
};

const Case kCases[] = {
    {"two addresses",
     "  get: https://x\n  put: https://x\n",
     {"calls/c.yml:1:3: a call has one address: get, post, put, patch or delete"}},
    {"an unknown key",
     "  get: https://x\n  querry: {a: b}\n",
     {"calls/c.yml:3:3: unknown key 'querry' (did you mean \"query\"?)"}},
    {"an argument as host",
     "  get: https://{shop}.example/x\n",
     {"calls/c.yml:2:8: '{shop}' may not be part of the host"}},
    {"an argument as port",
     "  get: https://x:{port}/\n",
     {"calls/c.yml:2:8: '{port}' may not be part of the host"}},
    {"a brace in the address",
     "  get: https://x/{order number}\n",
     {"calls/c.yml:2:8: a brace belongs to an argument, like {number}: letters, digits, _ and -"}},
    {"a body of a get",
     "  get: https://x\n  body: {a: b}\n",
     {"calls/c.yml:3:9: 'body' does not belong to get: use query"}},
    {"an argument without quotes",
     "  post: https://x\n  body: {a: {number}}\n",
     {"calls/c.yml:3:13: write the argument in quotes: '{number}'"}},
    {"an argument without quotes in the query",
     "  get: https://x\n  query: {a: {number}}\n",
     {"calls/c.yml:3:14: write the argument in quotes: '{number}'"}},
    {"a brace in the body",
     "  post: https://x\n  body: {a: ['{']}\n",
     {"calls/c.yml:3:14: a brace belongs to an argument, like {number}: letters, digits, _ and -"}},
    {"too short",
     "  get: https://x\n  timeout: 5s\n  within: 2s\n",
     {"calls/c.yml:4:11: 'within' must be from the timeout to 60s"}},
    {"too long",
     "  get: https://x\n  within: 2m\n",
     {"calls/c.yml:3:11: 'within' must be from the timeout to 60s"}},
    {"a flag that is none",
     "  post: https://x\n  irreversible: never\n",
     {"calls/c.yml:3:17: 'irreversible' must be true or false"}},
    {"a path of another kind",
     "  get: https://x\n  result: {a: {text: required, from: order.a}}\n",
     {"calls/c.yml:3:38: 'order.a' is no path through the answer: write it like "
      "/order/items/0/price"}},
    {"a path with an empty step",
     "  get: https://x\n  result: {a: {text: required, from: /order//a}}\n",
     {"calls/c.yml:3:38: '/order//a' is no path through the answer: write it like "
      "/order/items/0/price"}},
    {"a path with a lone tilde",
     "  get: https://x\n  result: {a: {text: required, from: /a~b}}\n",
     {"calls/c.yml:3:38: '/a~b' is no path through the answer: write it like "
      "/order/items/0/price"}},
    {"a path that never ends",
     "  get: https://x\n  result: {a: {text: required, from: "
     "/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7}}\n",
     {"calls/c.yml:3:38: a path has at most 16 steps"}},
    {"a path without a type",
     "  get: https://x\n  result: {a: {from: /order/a}}\n",
     {"calls/c.yml:3:16: 'a' needs its type, like {text: required}"}},
    {"neither optional nor required",
     "  get: https://x\n  result: {a: {date: maybe}}\n",
     {"calls/c.yml:3:22: write {date: optional} or {date: required, from: /a/path}"}},
    {"an unknown key of a field",
     "  get: https://x\n  result: {a: {date: optional, form: /a}}\n",
     {"calls/c.yml:3:32: unknown key 'form' (did you mean \"from\"?)"}},
    {"an unknown key of a choice",
     "  get: https://x\n  result: {a: {choice: [x], form: /a}}\n",
     {"calls/c.yml:3:29: unknown key 'form' (did you mean \"from\"?)"}},
    {"an unknown type of a long field",
     "  get: https://x\n  result: {a: {monney: required, from: /a}}\n",
     {"calls/c.yml:3:16: unknown type 'monney' (did you mean \"money\"?)"}},
    {"a choice of nothing",
     "  get: https://x\n  result: {a: {choice: []}}\n",
     {"calls/c.yml:3:24: a choice needs at least one value"}},
};

TEST(LoadCalls, TellsEveryMistakeWithItsPlace) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const BotFolder folder;
    folder.write("calls/c.yml", std::string("- call: a\n") + c.call);
    EXPECT_EQ(test::mistakes_of(folder), c.want);
  }
}

TEST(LoadCalls, ABodyIsBounded) {
  const BotFolder folder;
  std::string body = "- call: a\n  post: https://x\n  body: [0";
  for (int i = 0; i < 2'000; ++i) body += ", 1";
  folder.write("calls/c.yml", body + "]\n");
  EXPECT_EQ(test::mistakes_of(folder).size(), 1U);
}

TEST(LoadCalls, WhatIsGivenMustBeNamed) {
  const BotFolder folder;
  folder.write("calls/c.yml",
               "- call: find\n  get: https://x/{a}\n  query: {q: '{word}'}\n"
               "- call: put\n  put: https://x/{a}\n  irreversible: false\n  body: {b: '{b}'}\n"
               "- call: post\n  post: https://x/{a}\n  irreversible: false\n");
  folder.write("flows/f.yml",
               "- flow: greet\n  start: {intent: greet}\n  steps:\n"
               "    - call: find\n      with: {a: channel}\n"
               "    - call: put\n      with: {a: channel, b: channel, wrod: channel}\n"
               "    - call: post\n      with: {a: channel, anything: channel}\n");
  EXPECT_EQ(test::mistakes_of(folder),
            (Told{"flows/f.yml:4:13: call 'find' needs 'word': add it to with",
                  "flows/f.yml:7:38: call 'put' does not use 'wrod'"}));
}

}  // namespace
}  // namespace wasl::flows
