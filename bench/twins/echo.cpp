// bench_echo: what the wire alone costs.  Beast, a coroutine for each connection, time limits, and
// every text frame sent back as it came: nothing is parsed, stored or answered.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using net::ip::tcp;

using Executor = net::io_context::executor_type;
using Socket = net::basic_stream_socket<tcp, Executor>;
using Stream = websocket::stream<beast::basic_stream<tcp, Executor>>;
constexpr net::as_tuple_t<net::use_awaitable_t<Executor>> kNoThrow{};

net::awaitable<void, Executor> serve(Socket socket) {
  Stream stream(std::move(socket));
  stream.read_message_max(16 * 1024);
  stream.set_option(websocket::stream_base::timeout{
      std::chrono::seconds(10), std::chrono::seconds(60), /*keep_alive_pings=*/true});
  const auto [refused] = co_await stream.async_accept(kNoThrow);
  if (refused) co_return;
  stream.text(true);
  beast::flat_buffer buffer;
  for (;;) {
    const auto [failed, size] = co_await stream.async_read(buffer, kNoThrow);
    if (failed) co_return;
    const auto [broken, written] = co_await stream.async_write(buffer.cdata(), kNoThrow);
    if (broken) co_return;
    buffer.consume(buffer.size());
  }
}

net::awaitable<void, Executor> accept(net::basic_socket_acceptor<tcp, Executor>& acceptor,
                                      std::vector<std::unique_ptr<net::io_context>>& contexts) {
  for (std::size_t next = 0;; next = (next + 1) % contexts.size()) {
    auto [failed, socket] = co_await acceptor.async_accept(*contexts[next], kNoThrow);
    if (failed) continue;
    beast::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    net::co_spawn(*contexts[next], serve(std::move(socket)), net::detached);
  }
}

}  // namespace

int main() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);

  // As many threads as the server has shards.
  std::vector<std::unique_ptr<net::io_context>> contexts;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    contexts.push_back(std::make_unique<net::io_context>(1));
  }
  const tcp::endpoint any(net::ip::address_v4::loopback(), 0);
  net::basic_socket_acceptor<tcp, Executor> acceptor(contexts.front()->get_executor(), any);
  net::co_spawn(*contexts.front(), accept(acceptor, contexts), net::detached);
  std::printf("listening on http://127.0.0.1:%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);

  std::vector<std::thread> threads;
  for (auto& context : contexts) {
    threads.emplace_back([&context] {
      const auto work = net::make_work_guard(*context);
      context->run();
    });
  }
  for (std::thread& thread : threads) thread.join();  // until a signal ends the process
}
