#include "wasl/channels/http.hpp"

#include "channels/private_address.hpp"
#include "channels/target.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace wasl::channels {
namespace {

TEST(HttpRequest, FindsHeadersAndCookies) {
  HttpRequest request;
  request.headers = {{"cookie", "a=1; session=\"xyz\"; b"},
                     {"x", "1"},
                     {"x", "2"},
                     {"cookie", "late=yes; ab=c=d"}};
  EXPECT_EQ(request.header("x"), "1");
  EXPECT_EQ(request.header("y"), "");
  EXPECT_EQ(request.cookie("a"), "1");
  EXPECT_EQ(request.cookie("session"), "xyz");
  EXPECT_EQ(request.cookie("late"), "yes");
  EXPECT_EQ(request.cookie("ab"), "c=d");
  EXPECT_EQ(request.cookie("b"), "");
  EXPECT_EQ(request.cookie("ession"), "");
  EXPECT_EQ(request.cookie(""), "");
}

TEST(ErrorResponse, IsJson) {
  const HttpResponse response = error_response(409, "stale", "no \"way\" \xFF");
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(response.body,
            "{\"error\":{\"code\":\"stale\",\"message\":\"no \\\"way\\\" \xEF\xBF\xBD\"}}");
}

struct TargetCase {
  std::string raw;
  std::string want;  ///< "path?query", or "-"
};

const TargetCase kTargets[] = {
    {"/", "/?"},
    {"/a/b?x=1&y=%zz", "/a/b?x=1&y=%zz"},
    {"/%D9%85", "/م?"},
    {"/a..b/...", "/a..b/...?"},
    {"/?..", "/?.."},
    {"/a+b", "/a+b?"},
    {"", "-"},
    {"a", "-"},
    {"*", "-"},
    {"http://x/", "-"},
    {"/..", "-"},
    {"/../", "-"},
    {"/a/..", "-"},
    {"/%2e.", "-"},
    {"/a%2F..%2Fb", "-"},
    {"/a\\..\\b", "-"},
    {"/%00", "-"},
    {"/%0a", "-"},
    {"/%7f", "-"},
    {"/%", "-"},
    {"/%1", "-"},
    {"/%g1", "-"},
    {"/%c3%28", "-"},
    {std::string("/a\0b", 4), "-"},
    {std::string("/a?b\0", 5), "-"},
};

TEST(Target, IsDecodedOrRefused) {
  for (const TargetCase& c : kTargets) {
    const auto target = parse_target(c.raw);
    EXPECT_EQ(target ? target->path + '?' + target->query : "-", c.want) << c.raw;
  }
}

struct AddressCase {
  const char* text;
  bool is_private;
};

const AddressCase kAddresses[] = {
    {"8.8.8.8", false},
    {"0.0.0.0", true},
    {"10.1.2.3", true},
    {"100.64.0.1", true},
    {"100.128.0.1", false},
    {"127.0.0.1", true},
    {"169.254.169.254", true},
    {"172.16.0.1", true},
    {"172.32.0.1", false},
    {"192.168.1.1", true},
    {"198.19.0.1", true},
    {"224.0.0.1", true},
    {"255.255.255.255", true},
    {"::1", true},
    {"::", true},
    {"fe80::1", true},
    {"fd00::1", true},
    {"ff02::1", true},
    {"::ffff:127.0.0.1", true},
    {"::ffff:8.8.8.8", false},
    {"64:ff9b::7f00:1", true},
    {"64:ff9b::808:808", false},
    {"2002:7f00:1::", true},
    {"2606:4700:4700::1111", false},
};

TEST(PrivateAddress, IsKnownInEveryDress) {
  for (const AddressCase& c : kAddresses) {
    sockaddr_storage storage{};
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, c.text, &v4.sin_addr) == 1) {
      v4.sin_family = AF_INET;
      std::memcpy(&storage, &v4, sizeof v4);
    } else {
      ASSERT_EQ(inet_pton(AF_INET6, c.text, &v6.sin6_addr), 1) << c.text;
      v6.sin6_family = AF_INET6;
      std::memcpy(&storage, &v6, sizeof v6);
    }
    EXPECT_EQ(is_private_address(reinterpret_cast<const sockaddr&>(storage)), c.is_private)
        << c.text;
  }
  sockaddr unix_address{};
  unix_address.sa_family = AF_UNIX;
  EXPECT_TRUE(is_private_address(unix_address));
}

}  // namespace
}  // namespace wasl::channels
