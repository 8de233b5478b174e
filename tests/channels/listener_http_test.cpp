#include "tests/channels/test_client.hpp"
#include "tests/channels/test_server.hpp"

#include <gtest/gtest.h>

namespace wasl::channels {
namespace {

using test::ask;
using test::Connection;
using test::read_answer;
using test::soon;
using test::TestServer;

/// Answers with what was asked, so that a test sees it.
Handlers telling() {
  Handlers handlers;
  handlers.on_request = [](HttpRequest request, Respond respond) {
    if (request.path == "/missing") {
      respond(error_response(404, "not_found", "There is nothing here."));
      return;
    }
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = request.method + ' ' + request.path + " ?" + request.query + " <" +
                    request.body + "> " + request.peer;
    response.headers.emplace_back("X-Test", "one\r\ntwo");
    respond(std::move(response));
  };
  return handlers;
}

TEST(ListenerHttp, KeepsAConnectionForManyRequests) {
  TestServer server(telling());
  Connection connection(server.port());
  const auto first = ask(connection, "GET", "/a%20b?x=%20");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "GET /a b ?x=%20 <> 127.0.0.1");
  EXPECT_NE(first.head.find("X-Test: onetwo\r\n"), std::string::npos) << "no second header line";
  EXPECT_EQ(ask(connection, "POST", "/p", {}, "body").body, "POST /p ? <body> 127.0.0.1");
  const auto missing = ask(connection, "GET", "/missing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, R"({"error":{"code":"not_found","message":"There is nothing here."}})");
  const auto head = ask(connection, "HEAD", "/h");
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.head.find("Content-Length: 22\r\n"), std::string::npos) << head.head;
  EXPECT_EQ(ask(connection, "GET", "/after", "Connection: close\r\n").status, 200)
      << "a HEAD has no body";
  EXPECT_TRUE(connection.ends());
}

TEST(ListenerHttp, AnswersPipelinedRequestsInOrder) {
  TestServer server(telling());
  Connection connection(server.port());
  std::string all;
  for (int i = 0; i < 20; ++i) {
    all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: test\r\n\r\n";
  }
  connection.write(all);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(read_answer(connection).body, "GET /" + std::to_string(i) + " ? <> 127.0.0.1");
  }
}

TEST(ListenerHttp, ReadsChunkedBodiesAndSaysContinue) {
  TestServer server(telling());
  Connection connection(server.port());
  const auto chunked = [&] {
    connection.write(
        "POST /c HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    return read_answer(connection);
  }();
  EXPECT_EQ(chunked.body, "POST /c ? <abcde> 127.0.0.1");
  connection.write(
      "POST /d HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(connection.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  connection.write("ok");
  EXPECT_EQ(read_answer(connection).body, "POST /d ? <ok> 127.0.0.1");
}

struct Refused {
  const char* name;
  std::string request;
  int status;
};

const Refused kRefused[] = {
    {"no HTTP", "hello\r\n\r\n", 400},
    {"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400},
    {"climbs", "GET /a/../b HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"climbs encoded", "GET /a/%2e%2E/b HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"climbs over an encoded slash", "GET /..%2fb HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"climbs backwards", "GET /a%5C..%5Cb HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"NUL", "GET /a%00b HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"broken escape", "GET /a%2 HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"wrong escape", "GET /a%zz HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"no UTF-8", "GET /%ff HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"no slash", "GET a HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
     400},
    {"length and chunks",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"large header", "GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
     431},
    {"large body", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 2000000\r\n\r\n", 413},
    {"large chunks",
     "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n1e8480\r\n" +
         std::string(2'000'000, 'x') + "\r\n0\r\n\r\n",
     413},
};

TEST(ListenerHttp, RefusesWhatNoHonestClientSends) {
  TestServer server(telling());
  for (const Refused& c : kRefused) {
    Connection connection(server.port());
    connection.write(c.request);
    const auto answer = read_answer(connection);
    EXPECT_EQ(answer.status, c.status) << c.name;
    EXPECT_NE(answer.body.find(R"({"error":{"code":")"), std::string::npos) << c.name;
    EXPECT_TRUE(connection.ends()) << c.name;
  }
}

TEST(ListenerHttp, WaitsForAnAnswerFromAnotherThread) {
  Handlers handlers;
  std::vector<std::jthread> threads;
  handlers.on_request = [&](HttpRequest request, Respond respond) {
    threads.emplace_back([respond = std::move(respond), path = request.path] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      HttpResponse response;
      response.body = path;
      respond(response);
      respond(error_response(500, "twice", "Only the first answer counts."));
    });
  };
  TestServer server(handlers, {}, 1);
  Connection connection(server.port());
  EXPECT_EQ(ask(connection, "GET", "/one").body, "/one");
  EXPECT_EQ(ask(connection, "GET", "/two").body, "/two");
}

TEST(ListenerHttp, AnswersForAHandlerThatThrowsOrForgets) {
  Handlers handlers;
  handlers.on_request = [](const HttpRequest& request, const Respond&) {
    if (request.path == "/throws") throw std::runtime_error("/secret/path");
  };
  TestServer server(handlers);
  Connection connection(server.port());
  for (const char* path : {"/throws", "/forgets"}) {
    const auto answer = ask(connection, "GET", path);
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  }
}

TEST(ListenerHttp, DropsWhoeverSendsAHeaderTooSlowly) {
  ListenerLimits limits;
  limits.handshake_max = std::chrono::seconds(1);
  TestServer server(telling(), limits);
  Connection silent(server.port());
  Connection slow(server.port());
  slow.write("GET / HTTP/1.1\r\nHost: t\r\n");
  const auto start = std::chrono::steady_clock::now();
  std::jthread drip([&] {
    for (int i = 0; i < 25 && slow.write("X: y\r\n"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
  EXPECT_TRUE(silent.ends());
  EXPECT_TRUE(soon([&] { return server.listener->connections() == 0; }))
      << "one deadline for the whole header, however it drips";
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(2400));
}

TEST(ListenerHttp, CapsConnectionsPerAddressAndInAll) {
  for (const bool per_address : {true, false}) {
    ListenerLimits limits;
    (per_address ? limits.connections_per_address_max : limits.connections_max) = 2;
    TestServer server(telling(), limits);
    {
      Connection first(server.port());
      Connection second(server.port());
      EXPECT_EQ(ask(first, "GET", "/").status, 200);
      EXPECT_EQ(ask(second, "GET", "/").status, 200);
      EXPECT_EQ(server.listener->connections(), 2U);
      Connection third(server.port());
      const auto refused = read_answer(third);
      EXPECT_EQ(refused.status, 503);
      EXPECT_NE(refused.body.find("busy"), std::string::npos);
      EXPECT_EQ(ask(first, "GET", "/").status, 200);
    }
    EXPECT_TRUE(soon([&] { return server.listener->connections() == 0; }));
    Connection again(server.port());
    EXPECT_EQ(ask(again, "GET", "/").status, 200);
  }
}

struct Forwarded {
  const char* name;
  std::vector<std::string> trusted;
  std::string header;
  std::string peer;
};

const Forwarded kForwarded[] = {
    {"nobody is trusted", {}, "X-Forwarded-For: 1.2.3.4\r\n", "127.0.0.1"},
    {"a trusted proxy", {"127.0.0.1"}, "X-Forwarded-For: 1.2.3.4\r\n", "1.2.3.4"},
    {"a lie in front", {"127.0.0.0/8"}, "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n", "1.2.3.4"},
    {"two proxies",
     {"127.0.0.1", "10.0.0.0/8"},
     "X-Forwarded-For: 1.2.3.4, 10.1.1.1\r\n",
     "1.2.3.4"},
    {"two header lines",
     {"127.0.0.1"},
     "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4\r\n",
     "1.2.3.4"},
    {"IPv6 with a port", {"127.0.0.1"}, "X-Forwarded-For: [2001:db8::1]:99\r\n", "2001:db8::1"},
    {"IPv4 with a port", {"127.0.0.1"}, "X-Forwarded-For: 1.2.3.4:99\r\n", "1.2.3.4"},
    {"rubbish", {"127.0.0.1"}, "X-Forwarded-For: 1.2.3.4, unknown\r\n", "127.0.0.1"},
    {"no header", {"127.0.0.1"}, "", "127.0.0.1"},
};

TEST(ListenerHttp, BelievesOnlyTrustedProxies) {
  for (const Forwarded& c : kForwarded) {
    ListenerLimits limits;
    limits.trusted_proxies = c.trusted;
    TestServer server(telling(), limits);
    Connection connection(server.port());
    EXPECT_EQ(ask(connection, "GET", "/", c.header).body, "GET / ? <> " + c.peer) << c.name;
  }
}

TEST(ListenerHttp, DrainEndsIdleConnectionsAndLetsAnswersOut) {
  std::atomic<bool> go{false};
  std::atomic<bool> asked{false};
  std::jthread later;
  Handlers handlers;
  handlers.on_request = [&](const HttpRequest&, Respond respond) {
    later = std::jthread([&, respond = std::move(respond)] {
      asked = true;
      while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      respond(HttpResponse{});
    });
  };
  TestServer server(handlers);
  Connection idle(server.port());
  Connection busy(server.port());
  busy.write("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(soon([&] { return asked.load(); }));
  server.listener->drain(1012);
  EXPECT_TRUE(idle.ends());
  go = true;
  const auto answer = read_answer(busy);
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(busy.ends());
  EXPECT_TRUE(soon([&] { return server.listener->connections() == 0; }));
  EXPECT_TRUE(soon([&] { return !Connection(server.port()).connected(); }));
}

TEST(Listener, SaysInOneSentenceWhyItCannotListen) {
  boost::asio::io_context context;
  const auto try_listen = [&](const std::string& address, ListenerLimits limits = {}) {
    return Listener::listen({&context}, address, std::move(limits), telling());
  };
  const auto first = try_listen("127.0.0.1:0");
  ASSERT_TRUE(first);
  const std::string taken = "127.0.0.1:" + std::to_string((*first)->port());
  const auto second = try_listen(taken);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Error::Code::unavailable);
  EXPECT_EQ(second.error().what,
            "cannot listen on " + taken + ": another program is using this port");
  EXPECT_EQ(try_listen("192.0.2.1:0").error().what,
            "cannot listen on 192.0.2.1:0: this machine does not have that address");
  for (const char* wrong : {"", "8080", "nonsense:80", "127.0.0.1:99999", "::1:80", "1.2.3.4:8x"}) {
    const auto refused = try_listen(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, Error::Code::invalid_input) << wrong;
  }
  ListenerLimits limits;
  limits.trusted_proxies = {"10.0.0.0/99"};
  EXPECT_EQ(try_listen("127.0.0.1:0", limits).error().code, Error::Code::invalid_input);
}

}  // namespace
}  // namespace wasl::channels
