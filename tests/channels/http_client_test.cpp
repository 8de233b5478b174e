#include "wasl/channels/http_client.hpp"

#include "tests/channels/test_client.hpp"
#include "tests/channels/test_server.hpp"

#include <gtest/gtest.h>

#include <future>

namespace wasl::channels {
namespace {

using test::soon;
using test::TestServer;

/// A provider on this machine: what it does is in the path.
class Provider {
 public:
  Provider() : server(handlers(), roomy()) {}

  static ListenerLimits roomy() {
    ListenerLimits limits;
    limits.connections_per_address_max = 1000;
    return limits;
  }

  Handlers handlers() {
    Handlers handlers;
    handlers.on_request = [this](HttpRequest request, Respond respond) {
      ++asked;
      HttpResponse response;
      if (request.path == "/redirect") {
        response.status = 302;
        response.headers.emplace_back("Location", "/echo");
      } else if (request.path == "/large") {
        response.body.assign(2000, 'x');
      } else if (request.path == "/silent") {
        const std::lock_guard lock(mutex);
        unanswered.push_back(std::move(respond));
        return;
      } else {
        response.body = request.method + ' ' + std::string(request.header("x-key")) + ' ' +
                        std::string(request.header("content-type")) + ' ' + request.body;
        response.headers.emplace_back("X-Answer", "Yes");
      }
      respond(std::move(response));
    };
    return handlers;
  }

  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server.port()); }
  [[nodiscard]] std::string url(const std::string& path) const { return "http://" + host() + path; }

  std::atomic<int> asked{0};
  std::mutex mutex;
  std::vector<Respond> unanswered;  ///< guarded by mutex
  TestServer server;
};

OutgoingRequest get(std::string url) {
  OutgoingRequest request;
  request.url = std::move(url);
  return request;
}

OutgoingResponse wait_for(HttpClient& client, OutgoingRequest request) {
  std::promise<OutgoingResponse> promise;
  client.send(std::move(request),
              [&](OutgoingResponse response) { promise.set_value(std::move(response)); });
  return promise.get_future().get();
}

std::unique_ptr<HttpClient> client_for(const Provider& provider) {
  HttpClientLimits limits;
  limits.hosts = {provider.host()};
  limits.body_bytes_max = 1000;
  return HttpClient::start(std::move(limits));
}

TEST(HttpClient, Asks) {
  const Provider provider;
  const auto client = client_for(provider);
  OutgoingRequest request = get(provider.url("/echo"));
  request.method = "PUT";
  request.body = "b\0dy";
  request.headers = {{"X-Key", "k"}, {"Content-Type", "text/x"}};
  const OutgoingResponse put = wait_for(*client, request);
  EXPECT_EQ(put.status, 200) << put.error;
  EXPECT_EQ(put.body, "PUT k text/x b");
  EXPECT_NE(std::find(put.headers.begin(), put.headers.end(),
                      std::pair<std::string, std::string>("x-answer", "Yes")),
            put.headers.end());
  for (const char* method : {"GET", "POST", "DELETE", "PATCH"}) {
    request = get(provider.url("/echo"));
    request.method = method;
    EXPECT_EQ(wait_for(*client, request).body, std::string(method) + "   ");
  }
  request.method = "HEAD";
  EXPECT_EQ(wait_for(*client, request).status, 200);
}

struct Refused {
  const char* name;
  std::string url;
  const char* why;
};

TEST(HttpClient, CallsOnlyWhatIsListed) {
  const Provider provider;
  const auto client = client_for(provider);
  const std::string port = std::to_string(provider.server.port());
  client->set_hosts({"127.0.0.1:" + port, "localhost:" + port});
  const Refused refused[] = {
      {"not listed", "http://example.com/", "not on the list"},
      {"another port", "http://127.0.0.1:1/", "not on the list"},
      {"another spelling of an address not listed", "http://0x7f.1:1/", "not on the list"},
      {"a name for this machine", "http://localhost:" + port + "/echo", "private address"},
      {"user in front", "http://127.0.0.1:" + port + "@example.com/", "user name"},
      {"user behind", "http://example.com@127.0.0.1:" + port + "/", "user name"},
      {"file", "file:///etc/passwd", "only http and https"},
      {"gopher", "gopher://127.0.0.1:" + port + "/", "only http and https"},
      {"no address", "", "not a valid URL"},
      {"two lines", "http://127.0.0.1:" + port + "/\r\nX: y", "not a valid URL"},
  };
  for (const Refused& c : refused) {
    const OutgoingResponse response = wait_for(*client, get(c.url));
    EXPECT_EQ(response.status, 0) << c.name;
    EXPECT_NE(response.error.find(c.why), std::string::npos) << c.name << ": " << response.error;
    EXPECT_FALSE(response.timed_out) << c.name;
    EXPECT_EQ(response.fault, OutgoingResponse::Fault::not_allowed) << c.name;
  }
  EXPECT_EQ(provider.asked, 0);
  EXPECT_EQ(wait_for(*client, get(provider.url("/echo"))).status, 200);
}

TEST(HttpClient, RefusesHeadersThatWouldBeTwo) {
  const Provider provider;
  const auto client = client_for(provider);
  OutgoingRequest request = get(provider.url("/echo"));
  request.headers = {{"X-Key", "a\r\nHost: b"}};
  EXPECT_EQ(wait_for(*client, request).status, 0);
  request.headers = {{"X Key", "a"}};
  EXPECT_EQ(wait_for(*client, request).status, 0);
  request.headers.clear();
  request.method = "GET / HTTP/1.1\r\nX: y\r\n\r\nGET";
  EXPECT_EQ(wait_for(*client, request).status, 0);
  EXPECT_EQ(provider.asked, 0);
}

TEST(HttpClient, DoesNotFollowRedirects) {
  const Provider provider;
  const auto client = client_for(provider);
  EXPECT_EQ(wait_for(*client, get(provider.url("/redirect"))).status, 302);
  EXPECT_EQ(provider.asked, 1);
}

TEST(HttpClient, RefusesLargeAnswers) {
  const Provider provider;
  const auto client = client_for(provider);
  const OutgoingResponse response = wait_for(*client, get(provider.url("/large")));
  EXPECT_EQ(response.status, 0);
  EXPECT_EQ(response.error, "the answer is too large");
  EXPECT_EQ(response.fault, OutgoingResponse::Fault::broken);
  EXPECT_TRUE(response.body.empty());
}

TEST(HttpClient, GivesUpAfterTheTimeout) {
  const Provider provider;
  const auto client = client_for(provider);
  OutgoingRequest request = get(provider.url("/silent"));
  request.timeout = Millis(100);
  const OutgoingResponse response = wait_for(*client, request);
  EXPECT_EQ(response.status, 0);
  EXPECT_TRUE(response.timed_out);
  EXPECT_EQ(response.fault, OutgoingResponse::Fault::timed_out);
  EXPECT_FALSE(response.error.empty());
}

TEST(HttpClient, SaysWhenNobodyListens) {
  HttpClientLimits limits;
  limits.hosts = {"127.0.0.1:1"};
  const auto client = HttpClient::start(limits);
  const OutgoingResponse response = wait_for(*client, get("http://127.0.0.1:1/"));
  EXPECT_EQ(response.status, 0);
  EXPECT_FALSE(response.timed_out) << "nothing can have reached anybody";
  EXPECT_EQ(response.fault, OutgoingResponse::Fault::unreachable);
  EXPECT_FALSE(response.error.empty());
}

TEST(HttpClient, BoundsWhatIsUnderWay) {
  const Provider provider;
  HttpClientLimits limits;
  limits.hosts = {provider.host()};
  limits.in_flight_max = 2;
  auto client = HttpClient::start(limits);
  std::atomic<int> cancelled{0};
  const auto count = [&](const OutgoingResponse& response) {
    EXPECT_EQ(response.status, 0);
    EXPECT_TRUE(response.timed_out) << "may have reached the other side";
    EXPECT_TRUE(response.cancelled) << "nothing more may be asked of the client";
    ++cancelled;
  };
  client->send(get(provider.url("/silent")), count);
  client->send(get(provider.url("/silent")), count);
  const OutgoingResponse refused = wait_for(*client, get(provider.url("/echo")));
  EXPECT_EQ(refused.error, "too many requests are under way");
  EXPECT_EQ(refused.fault, OutgoingResponse::Fault::busy);
  ASSERT_TRUE(soon([&] { return provider.asked == 2; }));
  client.reset();
  EXPECT_EQ(cancelled, 2) << "whoever waits is told before the client is gone";
}

TEST(HttpClient, ManyAtOnce) {
  const Provider provider;
  const auto client = client_for(provider);
  std::atomic<int> good{0};
  std::atomic<int> all{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 40; ++i) {
        client->send(get(provider.url("/echo")), [&](const OutgoingResponse& response) {
          good += response.status == 200 ? 1 : 0;
          ++all;
        });
      }
    });
  }
  EXPECT_TRUE(soon([&] { return all == 160; }));
  EXPECT_EQ(good, 160);
}

}  // namespace
}  // namespace wasl::channels
