#include "bot/routes.hpp"

#include "bot/accounts.hpp"
#include "bot/desk_loop.hpp"
#include "bot/outbox_sender.hpp"
#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

using channels::HttpRequest;
using channels::HttpResponse;

struct OriginCase {
  const char* origin;
  const char* host;
  bool want;
};

const OriginCase kOrigins[] = {
    {"", "shop.example", true},
    {"", "", true},
    {"http://127.0.0.1:8080", "127.0.0.1:8080", true},
    {"https://chat.example", "chat.example", true},
    {"https://shop.example", "chat.example", true},
    {"http://shop.example", "chat.example", false},
    {"https://shop.example:444", "chat.example", false},
    {"https://shop.example.evil.example", "chat.example", false},
    {"https://evil.example", "chat.example", false},
    {"https://evil.example/https://shop.example", "chat.example", false},
    {"https://chat.example.evil.example", "chat.example", false},
    {"http://127.0.0.1:8081", "127.0.0.1:8080", false},
    {"null", "chat.example", false},
    {"file://", "chat.example", false},
    {"http://", "", false},
    {"https://", "", false},
    {"chat.example", "chat.example", false},
};

TEST(OriginAllowed, IsOurselvesOrListed) {
  const std::vector<std::string> allowed{"https://shop.example"};
  for (const OriginCase& c : kOrigins) {
    SCOPED_TRACE(std::string(c.origin) + " at " + c.host);
    HttpRequest request;
    if (*c.origin != '\0') request.headers.emplace_back("origin", c.origin);
    if (*c.host != '\0') request.headers.emplace_back("host", c.host);
    EXPECT_EQ(origin_allowed(request, allowed), c.want);
  }
}

TEST(SessionCookie, IsOurs) {
  HttpRequest request;
  EXPECT_EQ(session_cookie(request), "");
  request.headers = {{"cookie", "other=1; wasl_session=abc; x=2"}};
  EXPECT_EQ(session_cookie(request), "abc");
}

/// A node that has nothing but a bot folder.
class DemoData : public ::testing::Test {
 protected:
  HttpResponse get(const std::string& path, const std::string& method = "GET") {
    HttpRequest request;
    request.method = method;
    request.path = path;
    HttpResponse answer;
    answer.status = 0;
    serve_demo_data(node_, request, [&](HttpResponse response) { answer = std::move(response); });
    return answer;
  }

  void SetUp() override {
    test::write_small_bot(folder_);
    folder_.write("demo/parcels/A-1.json", R"({"status":"home"})");
    folder_.write("demo/parcels/big.json", std::string((1U << 20U) + 1, ' '));
    folder_.write("outside.json", "secret");
    auto bot = std::make_shared<Bot>();
    bot->folder = folder_.path();
    bot->config.demo = true;
    bot_ = bot;
    node_.bot = bot;
  }

  test::Folder folder_;
  std::shared_ptr<Bot> bot_;
  Node node_;
};

TEST_F(DemoData, ServesTheFilesOfTheFolder) {
  const HttpResponse answer = get("/demo/api/parcels/A-1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"status":"home"})");
}

TEST_F(DemoData, ServesNothingElse) {
  const std::string paths[] = {"/demo/api/",
                               "/demo/api/parcels",
                               "/demo/api/parcels/",
                               "/demo/api/parcels/B-2",
                               "/demo/api/parcels/A-1.json",
                               "/demo/api/../outside",
                               "/demo/api/parcels/../../outside",
                               std::string("/demo/api/parcels/A-1\0", 22),
                               "/demo/api/%2e%2e/outside",
                               "/demo/api/parcels/big",
                               "/demo/api/طلب",
                               "/demo/api/a b"};
  for (const std::string& path : paths) EXPECT_EQ(get(path).status, 404) << path;
  EXPECT_EQ(get("/demo/api/parcels/A-1", "POST").status, 404);
}

// Former bug: a second slash made the rest an absolute path.
TEST_F(DemoData, StaysInTheFolder) {
  EXPECT_EQ(get("/demo/api/" + (folder_.path() / "outside").string()).status, 404);
}

TEST_F(DemoData, IsSilentWithoutDemo) {
  bot_->config.demo = false;
  EXPECT_EQ(get("/demo/api/parcels/A-1").status, 404);
}

}  // namespace
}  // namespace wasl::bot
