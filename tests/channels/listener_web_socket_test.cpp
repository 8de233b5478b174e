#include "tests/channels/test_client.hpp"
#include "tests/channels/test_server.hpp"

#include <gtest/gtest.h>

#include <mutex>

namespace wasl::channels {
namespace {

using test::Frame;
using test::soon;
using test::TestServer;
using test::WebSocketClient;

/// The program's side of every socket: echoes, obeys a few words, remembers what became of it.
struct Program {
  std::atomic<int> opened{0};
  std::atomic<int> closed{0};
  std::atomic<int> texts{0};
  std::atomic<std::size_t> last_shard{99};
  std::mutex mutex;
  std::vector<std::shared_ptr<Socket>> sockets;  ///< guarded by mutex

  Handlers handlers() {
    Handlers handlers;
    handlers.on_request = [](const HttpRequest&, const Respond& respond) {
      respond(error_response(404, "not_found", "There is nothing here."));
    };
    handlers.on_upgrade = [this](const HttpRequest& request, std::size_t shard,
                                 std::shared_ptr<Socket> socket, SocketCallbacks& callbacks) {
      return upgrade(request, shard, std::move(socket), callbacks);
    };
    return handlers;
  }

  std::optional<HttpResponse> upgrade(const HttpRequest& request, std::size_t shard,
                                      std::shared_ptr<Socket> socket, SocketCallbacks& callbacks) {
    if (request.path != "/chat") return error_response(404, "not_found", "There is nothing here.");
    if (request.header("origin") == "https://evil.example") {
      return error_response(403, "forbidden", "This site may not.");
    }
    ++opened;
    last_shard = shard;
    {
      const std::lock_guard lock(mutex);
      sockets.push_back(socket);
    }
    if (request.query == "early") {
      socket->send("first");
      socket->send("second");
    }
    if (request.query == "go-away") socket->close(1008, "not you");
    callbacks.on_text = [this, socket](std::string_view frame) {
      ++texts;
      if (frame == "close") return socket->close(1008, "as you wish");
      if (frame == "throw") throw std::runtime_error("no");
      if (frame == "flood") {
        for (int i = 0; i < 100'000; ++i) socket->send(std::string(1000, 'x'));
        return;
      }
      if (frame == "burst") {
        for (int i = 0; i < 500; ++i) socket->send(std::to_string(i));
        return;
      }
      socket->send(std::string(frame));
    };
    callbacks.on_close = [this] { ++closed; };
    return std::nullopt;
  }

  std::shared_ptr<Socket> last_socket() {
    const std::lock_guard lock(mutex);
    return sockets.back();
  }
};

std::string text_of(const std::optional<Frame>& frame) {
  return frame ? frame->payload : "(nothing)";
}

TEST(ListenerWebSocket, EchoesAndSaysGoodbye) {
  Program program;
  TestServer server(program.handlers());
  {
    WebSocketClient client(server.port());
    ASSERT_EQ(client.answer.status, 101);
    EXPECT_NE(client.answer.head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
    EXPECT_EQ(client.answer.head.find("Sec-WebSocket-Extensions"), std::string::npos);
    for (const std::size_t size : {1U, 125U, 126U, 5000U, 16384U}) {
      client.send(std::string(size, 'a'));
      EXPECT_EQ(text_of(client.receive()), std::string(size, 'a'));
    }
    client.send("مرحبا 👋");
    EXPECT_EQ(text_of(client.receive()), "مرحبا 👋");
    client.send("are you there", 9);
    const auto pong = client.receive();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->opcode, 10);
    EXPECT_EQ(pong->payload, "are you there");
    client.send_close(1000);
    EXPECT_EQ(client.close_code(), 1000);
    EXPECT_TRUE(client.connection.ends());
  }
  EXPECT_TRUE(soon([&] { return program.closed == 1; }));
  EXPECT_TRUE(soon([&] { return server.listener->connections() == 0; }));
}

TEST(ListenerWebSocket, RefusesBeforeTheHandshake) {
  Program program;
  TestServer server(program.handlers());
  WebSocketClient wrong_site(server.port(), "/chat", "Origin: https://evil.example\r\n");
  EXPECT_EQ(wrong_site.answer.status, 403);
  EXPECT_NE(wrong_site.answer.body.find("forbidden"), std::string::npos);
  EXPECT_EQ(test::ask(wrong_site.connection, "GET", "/").status, 404) << "the connection is kept";
  WebSocketClient wrong_place(server.port(), "/other");
  EXPECT_EQ(wrong_place.answer.status, 404);
  EXPECT_EQ(program.opened, 0);
  EXPECT_EQ(program.closed, 0);
}

TEST(ListenerWebSocket, SpreadsOverShards) {
  Program program;
  TestServer server(program.handlers(), {}, 3);
  std::vector<std::size_t> seen;
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<WebSocketClient>(server.port()));
    ASSERT_EQ(clients.back()->answer.status, 101);
    seen.push_back(program.last_shard);
  }
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 1, 2, 0, 1, 2}));
}

struct Misbehaviour {
  const char* name;
  std::string bytes;
  int code;
};

const Misbehaviour kMisbehaviours[] = {
    {"binary", WebSocketClient::masked("bytes", 2), 1003},
    {"too large", WebSocketClient::masked(std::string(16385, 'a')), 1009},
    {"far too large", WebSocketClient::masked(std::string(300'000, 'a')), 1009},
    {"claims to be huge",
     std::string("\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x02\x03\x04", 14), 1009},
    {"no UTF-8", WebSocketClient::masked("\xC3\x28"), 1007},
    {"not masked", std::string("\x81\x02hi", 4), 1002},
    {"reserved bits", std::string("\xF1\x80\x01\x02\x03\x04", 6), 1002},
};

TEST(ListenerWebSocket, ClosesOnWhatIsNotAllowed) {
  for (const Misbehaviour& c : kMisbehaviours) {
    Program program;
    TestServer server(program.handlers());
    {
      WebSocketClient client(server.port());
      client.connection.write(c.bytes);
      EXPECT_EQ(client.close_code(), c.code) << c.name;
      client.send_close(c.code);
      EXPECT_TRUE(client.connection.ends()) << c.name;
    }
    EXPECT_TRUE(soon([&] { return program.closed == 1; })) << c.name;
    EXPECT_EQ(program.texts, 0) << c.name;
  }
}

TEST(ListenerWebSocket, DoesNotWaitForAPeerThatStaysAfterItsMistake) {
  Program program;
  TestServer server(program.handlers());
  WebSocketClient client(server.port());
  client.send(std::string(20'000, 'a'));
  EXPECT_EQ(client.close_code(), 1009);
  EXPECT_TRUE(soon([&] { return program.closed == 1; })) << "kept open, but not for long";
}

TEST(ListenerWebSocket, JoinsFragments) {
  Program program;
  TestServer server(program.handlers());
  WebSocketClient client(server.port());
  std::string first = WebSocketClient::masked("one ");
  first[0] = 0x01;  // text, more to come
  std::string last = WebSocketClient::masked("two");
  last[0] = static_cast<char>(0x80);  // the rest
  client.connection.write(first + WebSocketClient::masked("ping", 9) + last);
  EXPECT_EQ(text_of(client.receive()), "ping");
  EXPECT_EQ(text_of(client.receive()), "one two");
}

TEST(ListenerWebSocket, SendsWhatWasSaidBeforeTheHandshake) {
  Program program;
  TestServer server(program.handlers());
  WebSocketClient early(server.port(), "/chat?early");
  EXPECT_EQ(text_of(early.receive()), "first");
  EXPECT_EQ(text_of(early.receive()), "second");
  WebSocketClient unwanted(server.port(), "/chat?go-away");
  EXPECT_EQ(unwanted.answer.status, 101);
  EXPECT_EQ(unwanted.close_code(), 1008);
}

TEST(ListenerWebSocket, KeepsOrderWithinABurstAndFromOtherThreads) {
  Program program;
  TestServer server(program.handlers());
  WebSocketClient client(server.port());
  client.send("burst");
  for (int i = 0; i < 500; ++i) ASSERT_EQ(text_of(client.receive()), std::to_string(i));
  const auto socket = program.last_socket();
  std::jthread other([&] {
    for (int i = 0; i < 500; ++i) socket->send(std::to_string(i));
    socket->close(1000, "done");
    socket->send("too late");
  });
  for (int i = 0; i < 500; ++i) ASSERT_EQ(text_of(client.receive()), std::to_string(i));
  EXPECT_EQ(client.close_code(), 1000) << "the close frame is behind all others, nothing behind it";
  client.send_close(1000);
  EXPECT_TRUE(soon([&] { return program.closed == 1; }));
}

TEST(ListenerWebSocket, ClosesOnceWhoeverBegins) {
  Program program;
  TestServer server(program.handlers());
  {
    WebSocketClient obeyed(server.port());
    obeyed.send("close");
    EXPECT_EQ(obeyed.close_code(), 1008);
    obeyed.send("ignored");
    obeyed.send_close(1008);
    EXPECT_TRUE(obeyed.connection.ends());
    EXPECT_TRUE(soon([&] { return program.closed == 1; }));
    WebSocketClient vanishes(server.port());
    WebSocketClient throws(server.port());
    throws.send("throw");
    EXPECT_TRUE(throws.connection.ends());
    EXPECT_TRUE(soon([&] { return program.closed == 2; }));
  }
  EXPECT_TRUE(soon([&] { return program.closed == 3; }));
  for (const auto& socket : program.sockets) {
    socket->send("nobody hears this");
    socket->close(1000, "twice");
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(program.closed, 3);
  EXPECT_EQ(program.texts, 2) << "what comes after our close frame is not delivered";
}

TEST(ListenerWebSocket, ReleasesItsCallbacks) {
  const auto witness = std::make_shared<int>(1);
  std::weak_ptr<int> watch = witness;
  Handlers handlers;
  handlers.on_upgrade = [kept = witness](const HttpRequest&, std::size_t,
                                         const std::shared_ptr<Socket>& socket,
                                         SocketCallbacks& callbacks) {
    auto own = std::make_shared<int>(*kept);
    callbacks.on_text = [own, socket, kept](std::string_view) {};
    callbacks.on_close = [own, socket, kept] {};
    return std::optional<HttpResponse>();
  };
  TestServer server(handlers);
  handlers = {};
  const auto before = witness.use_count();
  {
    WebSocketClient client(server.port());
    ASSERT_EQ(client.answer.status, 101);
    EXPECT_GT(witness.use_count(), before);
  }
  EXPECT_TRUE(soon([&] { return witness.use_count() == before; }));
}

TEST(ListenerWebSocket, CutsOffASlowReader) {
  ListenerLimits limits;
  limits.outbox_bytes_max = 256 * 1024;
  Program program;
  TestServer server(program.handlers(), limits);
  WebSocketClient slow(server.port(), "/chat", {}, 4096);
  slow.send("flood");  // 100 MB
  ASSERT_TRUE(soon([&] { return program.texts == 1; }));
  WebSocketClient other(server.port());
  other.send("still here");
  EXPECT_EQ(text_of(other.receive()), "still here");
  std::size_t frames = 0;
  std::optional<Frame> frame;
  while ((frame = slow.receive()) && frame->opcode == 1) {
    EXPECT_EQ(frame->payload.size(), 1000U) << "only whole frames";
    ++frames;
  }
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->code(), 1013);
  EXPECT_LT(frames, 10'000U);
  slow.send_close(1013);
  EXPECT_TRUE(soon([&] { return program.closed == 1; }));
}

TEST(ListenerWebSocket, CutsOffAReaderWhoNeverReadsAgain) {
  ListenerLimits limits;
  Program program;
  TestServer server(program.handlers(), limits);
  WebSocketClient dead(server.port(), "/chat", {}, 4096);
  ASSERT_EQ(dead.answer.status, 101);
  const auto socket = program.last_socket();
  for (int round = 0; round < 300; ++round) {  // 300 MB, in more than one breath
    for (int i = 0; i < 1000; ++i) socket->send(std::string(1000, 'x'));
    if (round % 50 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (program.closed == 1) break;
  }
  EXPECT_TRUE(soon([&] { return program.closed == 1; }, std::chrono::seconds(15)));
  EXPECT_TRUE(soon([&] { return server.listener->connections() == 0; }));
}

TEST(ListenerWebSocket, SurvivesAFloodOfPingsFromAPeerThatNeverReads) {
  ListenerLimits limits;
  limits.outbox_bytes_max = 64 * 1024;
  Program program;
  TestServer server(program.handlers(), limits);
  WebSocketClient client(server.port(), "/chat", {}, 4096);
  const std::string ping = WebSocketClient::masked(std::string(125, 'p'), 9);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += ping;
  bool cut = false;
  for (int i = 0; i < 2000 && !cut; ++i) cut = !client.connection.write(many);
  EXPECT_TRUE(cut) << "250 MB of pings";
  EXPECT_TRUE(soon([&] { return program.closed == 1; }));
}

TEST(ListenerWebSocket, PingsTheSilentAndDropsTheDead) {
  ListenerLimits limits;
  limits.silence_max = std::chrono::seconds(2);
  Program program;
  TestServer server(program.handlers(), limits);
  WebSocketClient alive(server.port());
  WebSocketClient dead(server.port());
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < std::chrono::seconds(4)) {
    const auto frame = alive.receive();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 9);
    alive.send(frame->payload, 10);
  }
  EXPECT_EQ(program.closed, 1);
  EXPECT_TRUE(dead.connection.ends());
}

TEST(ListenerWebSocket, DrainFlushesThenCloses) {
  Program program;
  TestServer server(program.handlers());
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(std::make_unique<WebSocketClient>(server.port(), "/chat", "", 4096));
    ASSERT_EQ(clients.back()->answer.status, 101);
  }
  {
    const std::lock_guard lock(program.mutex);
    for (const auto& socket : program.sockets) {
      for (int i = 0; i < 100; ++i) socket->send(std::string(5000, 'x'));
    }
  }
  server.listener->drain(1012);
  for (auto& client : clients) {
    int frames = 0;
    std::optional<Frame> frame;
    while ((frame = client->receive()) && frame->opcode == 1) ++frames;
    EXPECT_EQ(frames, 100) << "the outbox is sent first";
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->code(), 1012);
    client->send_close(1012);
    EXPECT_TRUE(client->connection.ends());
  }
  EXPECT_TRUE(soon([&] { return program.closed == 10; }));
  EXPECT_TRUE(soon([&] { return server.listener->connections() == 0; }));
}

TEST(ListenerWebSocket, CapsVisitorsBehindAProxy) {
  ListenerLimits limits;
  limits.trusted_proxies = {"127.0.0.1"};
  limits.connections_per_address_max = 2;
  Program program;
  TestServer server(program.handlers(), limits);
  const std::string from = "X-Forwarded-For: 9.9.9.9\r\n";
  {
    WebSocketClient first(server.port(), "/chat", from);
    WebSocketClient second(server.port(), "/chat", from);
    WebSocketClient third(server.port(), "/chat", from);
    WebSocketClient other(server.port(), "/chat", "X-Forwarded-For: 9.9.9.8\r\n");
    EXPECT_EQ(first.answer.status, 101);
    EXPECT_EQ(second.answer.status, 101);
    EXPECT_EQ(third.answer.status, 429);
    EXPECT_EQ(other.answer.status, 101);
  }
  EXPECT_TRUE(soon([&] { return program.closed == 3; }));
  WebSocketClient again(server.port(), "/chat", from);
  EXPECT_EQ(again.answer.status, 101);
}

TEST(ListenerWebSocket, MayBeDestroyedWithConnectionsOpen) {
  Program program;
  std::shared_ptr<Socket> left;
  {
    TestServer server(program.handlers());
    WebSocketClient client(server.port());
    ASSERT_EQ(client.answer.status, 101);
    left = program.last_socket();
  }
  left->send("to nobody");  // the io_context is gone
  left->close(1000, "");
}

}  // namespace
}  // namespace wasl::channels
