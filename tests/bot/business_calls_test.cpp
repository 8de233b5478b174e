#include "bot/business_calls.hpp"

#include "bot/accounts.hpp"
#include "bot/desk_loop.hpp"
#include "bot/node.hpp"
#include "bot/outbox_sender.hpp"
#include "tests/bot/hand_loop.hpp"
#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

using channels::OutgoingRequest;
using channels::OutgoingResponse;
using Fault = OutgoingResponse::Fault;
using Outcome = flows::CallResult::Outcome;

/// Answers as it is told, at once; the last answer stays.
class HandHttp final : public channels::HttpClient {
 public:
  void send(OutgoingRequest request, std::function<void(OutgoingResponse)> done) override {
    requests.push_back(std::move(request));
    OutgoingResponse response = answers.front();
    if (answers.size() > 1) answers.erase(answers.begin());
    done(std::move(response));
  }
  void set_hosts(std::vector<std::string> /*hosts*/) override {}

  std::vector<OutgoingRequest> requests;
  std::vector<OutgoingResponse> answers;
};

OutgoingResponse status(int code, std::string body = {}) {
  OutgoingResponse response;
  response.status = code;
  response.body = std::move(body);
  return response;
}
OutgoingResponse after(OutgoingResponse response, const char* retry_after) {
  response.headers.emplace_back("retry-after", retry_after);
  return response;
}
OutgoingResponse fault(Fault what) {
  OutgoingResponse response;
  response.error = "no answer";
  response.fault = what;
  return response;
}
const OutgoingResponse kGood = status(200, R"({"status":"home"})");

class BusinessCallsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_small_bot(folder_);
    folder_.write("calls/small.yml", R"(
- call: parcels.lookup
  get: https://parcels.example/{number}
  retries: 2
  result: {status: {choice: [moving, home]}}
- call: parcels.other
  get: https://other.example/{number}
- call: parcels.move
  post: https://movers.example/{number}
  retries: 2
- call: parcels.stop
  post: https://movers.example/{number}/stop
  retries: 2
  idempotent: true
)");
    yaml::Mistakes mistakes;
    node_.bot = load_bot(folder_.path(), false, mistakes);
    for (const auto& mistake : mistakes.sorted()) ADD_FAILURE() << yaml::to_string(mistake);
    node_.clock = std::make_unique<test::HandClock>(now_);
    auto http = std::make_unique<HandHttp>();
    http_ = http.get();
    node_.http = std::move(http);
    auto loop = std::make_unique<test::HandLoop>(now_);
    loop_ = loop.get();
    calls_ = std::make_unique<BusinessCalls>(node_, std::move(loop));
  }

  /// Makes a call and lets a minute pass.
  flows::CallResult call(const std::string& name = "parcels.lookup") {
    std::optional<flows::CallResult> back;
    calls_->call(
        node_.bot->program, {7, name, {{"number", std::string("A-1")}}}, "key-7",
        [&](flows::CallResult result, const OutgoingResponse&) { back = std::move(result); });
    loop_->run();
    for (int i = 0; i < 600 && !back; ++i) loop_->pass(Millis{100});
    EXPECT_TRUE(back.has_value()) << "a caller always gets an answer";
    return back.value_or(flows::CallResult{});
  }
  void answers(std::vector<OutgoingResponse> list) { http_->answers = std::move(list); }
  [[nodiscard]] std::size_t asked() const { return http_->requests.size(); }

  test::Folder folder_;
  Time now_{Millis{1'700'000'000'000}};
  Node node_;
  HandHttp* http_ = nullptr;
  test::HandLoop* loop_ = nullptr;
  std::unique_ptr<BusinessCalls> calls_;
};

TEST_F(BusinessCallsTest, TriesAgainAndTellsHowOften) {
  answers({status(503), fault(Fault::timed_out), kGood});
  const auto result = call();
  EXPECT_EQ(result.outcome, Outcome::ok);
  EXPECT_EQ(result.call_number, 7U);
  EXPECT_EQ(result.attempts, 3);
  EXPECT_GE(result.took, Millis{600}) << "200 ms, then 400 ms";
  EXPECT_LE(result.took, Millis{1'200});
  EXPECT_EQ(calls_->counts().made, 1U);
  EXPECT_EQ(calls_->counts().failed, 0U);
  EXPECT_EQ(calls_->counts().attempts, 3U);
}

TEST_F(BusinessCallsTest, EndsWithTheLastReason) {
  answers({status(503), fault(Fault::timed_out)});
  const auto result = call();
  EXPECT_EQ(result.outcome, Outcome::error);
  EXPECT_EQ(result.why, "timeout");
  EXPECT_EQ(asked(), 3U);
  EXPECT_EQ(calls_->counts().failed, 1U);
}

TEST_F(BusinessCallsTest, ObeysRetryAfterWhileThereIsTime) {
  answers({after(status(429), "4"), kGood});
  const auto result = call();
  EXPECT_EQ(result.outcome, Outcome::ok);
  EXPECT_GE(result.took, Millis{4'000});
  answers({after(status(429), "30"), kGood});
  const auto late = call();
  EXPECT_EQ(late.why, "http_429");
  EXPECT_EQ(late.attempts, 1);
  EXPECT_LT(late.took, Millis{200}) << "nobody waits for what cannot come in time";
}

TEST_F(BusinessCallsTest, WhatMustNotHappenTwiceIsTriedAgainOnlyWhereItNeverLeft) {
  answers({fault(Fault::timed_out), kGood});
  EXPECT_EQ(call("parcels.move").why, "timeout");
  EXPECT_EQ(asked(), 1U);
  answers({status(503), kGood});
  EXPECT_EQ(call("parcels.move").why, "http_503");
  EXPECT_EQ(asked(), 2U);
  answers({fault(Fault::unreachable), kGood});
  EXPECT_EQ(call("parcels.move").outcome, Outcome::ok);
  EXPECT_EQ(asked(), 4U);
}

TEST_F(BusinessCallsTest, EveryAttemptCarriesTheSameKey) {
  answers({status(500), status(502), kGood});
  EXPECT_EQ(call("parcels.stop").outcome, Outcome::ok);
  ASSERT_EQ(asked(), 3U);
  for (const OutgoingRequest& request : http_->requests) {
    const auto key =
        std::find_if(request.headers.begin(), request.headers.end(),
                     [](const auto& header) { return header.first == "Idempotency-Key"; });
    ASSERT_NE(key, request.headers.end());
    EXPECT_EQ(key->second, "key-7");
  }
}

TEST_F(BusinessCallsTest, ABreakerKeepsUsOffOneHostOnly) {
  answers({status(500)});
  EXPECT_EQ(call().why, "http_500");
  EXPECT_EQ(call().why, "breaker_open") << "the fifth failure in a row opens it";
  EXPECT_EQ(asked(), 5U);
  EXPECT_EQ(calls_->counts().open, 1U);
  const auto refused = call();
  EXPECT_EQ(refused.why, "breaker_open");
  EXPECT_EQ(refused.attempts, 0);
  EXPECT_EQ(refused.took, Millis{0});
  EXPECT_EQ(asked(), 5U);
  EXPECT_EQ(call("parcels.other").why, "http_500") << "its host has a breaker of its own";

  loop_->pass(Millis{8'000});
  answers({kGood});
  EXPECT_EQ(call().outcome, Outcome::ok);
  EXPECT_EQ(calls_->counts().open, 0U);
  EXPECT_EQ(calls_->counts().opened, 1U);
}

TEST_F(BusinessCallsTest, OurOwnRefusalsSayNothingOfTheHost) {
  answers({fault(Fault::not_allowed)});
  for (int i = 0; i < 8; ++i) EXPECT_EQ(call("parcels.other").why, "not_allowed");
  EXPECT_EQ(calls_->counts().opened, 0U);
}

TEST_F(BusinessCallsTest, NotFoundIsAnAnswer) {
  answers({status(404)});
  for (int i = 0; i < 8; ++i) EXPECT_EQ(call().outcome, Outcome::not_found);
  EXPECT_EQ(asked(), 8U);
}

TEST_F(BusinessCallsTest, AnswersAlsoWhatCannotBeMade) {
  answers({kGood});
  EXPECT_EQ(call("parcels.unknown").why, "not_made");
  EXPECT_EQ(asked(), 0U);
}

TEST_F(BusinessCallsTest, TheLastAttemptEndsInTime) {
  answers({after(status(503), "8"), kGood});
  (void)call();
  ASSERT_EQ(asked(), 2U);
  EXPECT_EQ(http_->requests[0].timeout, Millis{3'000});
  EXPECT_LE(http_->requests[1].timeout, Millis{2'000}) << "of ten seconds, eight have passed";
}

}  // namespace
}  // namespace wasl::bot
