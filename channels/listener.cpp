#include "wasl/channels/listener.hpp"

#include "channels/http_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <utility>

// One acceptor on the first shard; connections go to the shards in turn and never leave theirs.
// Objects that belong to an io_context live in coroutines it runs, so whoever holds a Listener or a
// Socket longer than the io_contexts holds no part of them.

namespace wasl::channels {
namespace {

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\n"
    "Retry-After: 10\r\nConnection: close\r\nContent-Length: 78\r\n\r\n"
    R"({"error":{"code":"busy","message":"Too many connections. Try again in 10 s."}})";
static_assert(kFull.substr(kFull.find("\r\n\r\n") + 4).size() == 78);

/// Tells a connection over the caps so, if its send buffer takes it at once, and drops it.
void turn_away(TcpSocket& socket) {
  ErrorCode ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(net::buffer(kFull), ignored);
  socket.shutdown(tcp::socket::shutdown_both, ignored);
}

Task<void> serve_connection(std::shared_ptr<Server> server, std::size_t shard, TcpSocket socket,
                            Address remote, Admissions::Ticket ticket) {
  const Admissions::Ticket held = std::move(ticket);
  const std::unique_ptr<Upgrade> upgrade =
      co_await serve_http(server, server->shards[shard], std::move(socket), std::move(remote));
  if (!upgrade) co_return;
  co_await upgrade->session->run(std::move(upgrade->socket), std::move(upgrade->request));
}

/// The last guard: out of memory, at worst.  That connection is gone and the rest goes on.
void swallow(const std::exception_ptr&) {}

Task<void> accept_connections(std::shared_ptr<Acceptor> acceptor, std::shared_ptr<Server> server,
                              std::vector<net::io_context*> contexts) {
  Timer pause(acceptor->get_executor());
  for (std::size_t next = 0; acceptor->is_open(); next = (next + 1) % contexts.size()) {
    auto [error, socket] = co_await acceptor->async_accept(*contexts[next], kNoThrow);
    if (!acceptor->is_open()) break;
    if (error) {  // out of file descriptors, or the peer is gone already
      pause.expires_after(std::chrono::milliseconds(20));
      co_await pause.async_wait(kNoThrow);
      continue;
    }
    ErrorCode gone;
    const Address remote = plain(socket.remote_endpoint(gone).address());
    if (gone) continue;
    const bool proxy = server->proxies.trusts(remote);
    auto ticket = server->admissions->connection(proxy ? std::string() : counted_as(remote));
    if (!ticket) {
      turn_away(socket);
      continue;
    }
    socket.set_option(tcp::no_delay(true), gone);
    net::co_spawn(*contexts[next],
                  serve_connection(server, next, std::move(socket), remote, std::move(*ticket)),
                  swallow);
  }
}

void drain_shard(const std::shared_ptr<Server>& server, Shard& shard, std::uint16_t code) {
  net::post(shard.executor, [server, &shard, code] {
    shard.draining = code;
    const std::vector<Drainable*> open(shard.open.begin(), shard.open.end());
    for (Drainable* connection : open) {
      if (shard.open.contains(connection)) connection->drain(code);
    }
  });
}

class BeastListener final : public Listener {
 public:
  BeastListener(const std::shared_ptr<Acceptor>& acceptor, std::shared_ptr<Server> server,
                std::uint16_t port)
      : acceptor_(acceptor), server_(std::move(server)), port_(port) {}

  ~BeastListener() override { stop_accepting(); }

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  [[nodiscard]] std::size_t connections() const override {
    return server_->admissions->connections();
  }

  void drain(std::uint16_t code) override {
    stop_accepting();
    for (Shard& shard : server_->shards) drain_shard(server_, shard, code);
  }

 private:
  void stop_accepting() {
    if (acceptor_.expired()) return;  // stopped before, or its io_context is gone
    net::post(server_->shards.front().executor, [weak = acceptor_] {
      ErrorCode ignored;
      if (const auto acceptor = weak.lock()) acceptor->close(ignored);
    });
  }

  const std::weak_ptr<Acceptor> acceptor_;
  const std::shared_ptr<Server> server_;
  const std::uint16_t port_;
};

Error cannot_listen(const std::string& address, const ErrorCode& error) {
  std::string why = error.message();
  if (error == net::error::address_in_use) why = "another program is using this port";
  if (error == net::error::access_denied) why = "this port needs more rights than we have";
  if (error == boost::system::errc::address_not_available) {
    why = "this machine does not have that address";
  }
  return {Error::Code::unavailable, "cannot listen on " + address + ": " + why};
}

ErrorCode open_acceptor(Acceptor& acceptor, const tcp::endpoint& endpoint) {
  ErrorCode error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  return error;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::listen(std::vector<net::io_context*> shards,
                                                   const std::string& address,
                                                   ListenerLimits limits, Handlers handlers) {
  WASL_CHECK(!shards.empty());
  const auto endpoint = parse_endpoint(address);
  if (!endpoint) return endpoint.error();
  auto proxies = TrustedProxies::parse(limits.trusted_proxies);
  if (!proxies) return proxies.error();

  const auto acceptor = std::make_shared<Acceptor>(shards.front()->get_executor());
  if (const ErrorCode error = open_acceptor(*acceptor, *endpoint)) {
    return cannot_listen(address, error);
  }
  ErrorCode error;
  const std::uint16_t port = acceptor->local_endpoint(error).port();
  if (error) return cannot_listen(address, error);

  const auto server = std::make_shared<Server>();
  server->admissions =
      std::make_shared<Admissions>(limits.connections_max, limits.connections_per_address_max);
  server->limits = std::move(limits);
  server->handlers = std::move(handlers);
  server->proxies = std::move(*proxies);
  for (net::io_context* shard : shards) {
    server->shards.push_back(Shard{shard->get_executor(), server->shards.size(), {}, {}});
  }

  auto listener = std::make_unique<BeastListener>(acceptor, server, port);
  net::io_context& first = *shards.front();
  net::co_spawn(first, accept_connections(acceptor, server, std::move(shards)), swallow);
  return std::unique_ptr<Listener>(std::move(listener));
}

}  // namespace wasl::channels
