// Builds the node, runs it, takes it down: the order of both is the point of this file.

#include "bot/server.hpp"

#include "wasl/channels/listener.hpp"
#include "wasl/core/kill_point.hpp"

#include "bot/accounts.hpp"
#include "bot/business_calls.hpp"
#include "bot/console_session.hpp"
#include "bot/control_messages.hpp"
#include "bot/desk_loop.hpp"
#include "bot/node.hpp"
#include "bot/outbox_sender.hpp"
#include "bot/reload.hpp"
#include "bot/resume.hpp"
#include "bot/routes.hpp"
#include "bot/visitor_session.hpp"
#include "bot/watch.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <thread>

namespace wasl::bot {
namespace {

namespace net = boost::asio;

constexpr std::chrono::seconds kDrainMax{6};
constexpr std::chrono::seconds kCloseMax{2};

channels::HttpResponse refusal(int status, const char* code, const char* message) {
  return channels::error_response(status, code, message);
}

class Server {
 public:
  Server(std::shared_ptr<const Bot> bot, ServeOptions options) : options_(std::move(options)) {
    node_.bot = std::move(bot);
    if (options_.listen.empty()) options_.listen = node_.bot->config.listen;
    if (options_.store.empty()) options_.store = node_.bot->config.store;
  }

  int run() {
    if (const auto built = build(); !built) {
      std::fprintf(stderr, "wasl: %s\n", built.error().what.c_str());
      take_down();
      return 4;
    }
    // Whoever reads the first line may send a signal at once.
    net::signal_set signals(main_, SIGTERM, SIGINT);
    signals.async_wait([this](boost::system::error_code error, int) {
      if (!error) drain();
    });
    net::signal_set hangup(main_, SIGHUP);
    on_hangup(hangup);
    std::printf("listening on http://%s\n", address().c_str());
    std::fflush(stdout);
    if (!node_.bot->warning.empty()) spdlog::warn("{}", node_.bot->warning);
    main_.run();
    take_down();
    return 0;
  }

 private:
  Result<Done> build() {
    auto store = store::open_store(options_.store, node_.bot->folder);
    if (!store) return store.error();
    kill_point("start.opened");
    auto resumed = read_live(**store);
    if (!resumed) return resumed.error();

    auto threads = store::StoreThreads::start(std::move(*store));
    if (!threads) return threads.error();
    node_.store = std::move(*threads);

    node_.http = channels::HttpClient::start({});

    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t count =
        node_.bot->config.shards > 0 ? static_cast<std::size_t>(node_.bot->config.shards) : cores;
    std::vector<net::io_context*> contexts;
    for (std::size_t i = 0; i < count; ++i) {
      contexts_.push_back(std::make_unique<net::io_context>(1));
      contexts.push_back(contexts_.back().get());
    }
    for (std::size_t i = 0; i < count; ++i) {
      node_.shards.push_back(std::make_unique<Shard>(node_, make_loop(*contexts_[i])));
    }
    node_.desk = std::make_unique<DeskLoop>(node_, make_loop(*contexts_[0]));
    node_.accounts = std::make_unique<Accounts>(node_);
    node_.outbox = std::make_unique<OutboxSender>(node_, make_loop(*contexts_[0]));
    node_.calls = std::make_unique<BusinessCalls>(node_, make_loop(*contexts_[0]));
    node_.watch = std::make_unique<Watch>(node_, make_loop(*contexts_[0]));

    auto listener =
        channels::Listener::listen(contexts, options_.listen, node_.bot->config.limits, handlers());
    if (!listener) return listener.error();
    listener_ = std::move(*listener);
    node_.port = listener_->port();
    node_.site = own_site();
    node_.http->set_hosts(outgoing_hosts(*node_.bot, node_.port));

    if (const auto path = control_path(options_.store, node_.bot->folder)) {
      auto control = ControlServer::start(
          main_, *path, [this](const std::string& line, ControlServer::Reply reply) {
            answer_control(node_, line, std::move(reply));
          });
      if (!control) return control.error();
      control_ = std::move(*control);
    }

    resume(node_, std::move(*resumed));
    kill_point("start.resumed");
    for (auto& context : contexts_) {
      threads_.emplace_back([context = context.get()] {
        const auto work = net::make_work_guard(*context);
        context->run();
      });
    }
    return Done{};
  }

  channels::Handlers handlers() {
    channels::Handlers handlers;
    handlers.on_request = [this](channels::HttpRequest request, channels::Respond respond) {
      serve_request(node_, std::move(request), std::move(respond));
    };
    handlers.on_upgrade =
        [this](const channels::HttpRequest& request, std::size_t shard,
               std::shared_ptr<channels::Socket> socket,
               channels::SocketCallbacks& callbacks) -> std::optional<channels::HttpResponse> {
      const bool chat = request.path == "/chat";
      if (!chat && request.path != "/desk") {
        return refusal(404, "not_found", "There is nothing here.");
      }
      static const std::vector<std::string> kOwnOnly;
      if (!origin_allowed(request, chat ? node_.bot->config.web_origins : kOwnOnly)) {
        return refusal(403, "origin_not_allowed", "This website is not on the list of origins.");
      }
      callbacks =
          chat ? open_visitor_session(node_, shard, std::move(socket))
               : open_console_session(node_, shard, std::move(socket), session_cookie(request));
      return std::nullopt;
    };
    return handlers;
  }

  [[nodiscard]] std::string address() const {
    const std::size_t colon = options_.listen.rfind(':');
    return options_.listen.substr(0, colon) + ":" + std::to_string(node_.port);
  }

  // Where a link to one of our pages leads; nothing when we listen everywhere, which is no address.
  [[nodiscard]] std::string own_site() const {
    const bool everywhere =
        options_.listen.starts_with("0.0.0.0:") || options_.listen.starts_with("[::]:");
    return everywhere ? "" : "http://" + address();
  }

  // Signals that come while a folder is being loaded count as one.
  void on_hangup(net::signal_set& hangup) {
    hangup.async_wait([this, &hangup](boost::system::error_code error, int) {
      if (error) return;
      const auto start = node_.clock->now();
      if (const auto bot = reload_bot(*node_.bot)) {
        take_over(node_, bot);
        spdlog::info("reloaded folder={} took_ms={}", bot->folder.string(),
                     (node_.clock->now() - start).count());
      }
      on_hangup(hangup);
    });
  }

  // Finish turns, flush, close sockets with 1012.
  void drain() {
    spdlog::info("draining");
    kill_point("drain.begun");
    set_draining();
    drain_timer_.expires_after(kDrainMax);
    drain_timer_.async_wait([this](boost::system::error_code error) {
      if (!error) close_sockets();
    });
    shards_busy_ = node_.shards.size();
    for (const auto& shard : node_.shards) {
      shard->post([this, &shard = *shard] {
        shard.drain([this] {
          net::post(main_, [this] {
            if (--shards_busy_ == 0) close_sockets();
          });
        });
      });
    }
  }

  void close_sockets() {
    if (std::exchange(closing_, true)) return;
    kill_point("drain.closing");
    drain_timer_.cancel();
    listener_->drain(1012);
    close_deadline_ = std::chrono::steady_clock::now() + kCloseMax;
    wait_for_sockets();
  }

  void wait_for_sockets() {
    if (listener_->connections() == 0 || std::chrono::steady_clock::now() > close_deadline_) {
      main_.stop();
      return;
    }
    close_timer_.expires_after(std::chrono::milliseconds(20));
    close_timer_.async_wait([this](boost::system::error_code error) {
      if (!error) wait_for_sockets();
    });
  }

  // Everything that can call back ends before what it calls.
  void take_down() {
    kill_point("stop.begun");
    control_.reset();
    if (node_.desk) node_.desk->stop();
    if (node_.outbox) node_.outbox->stop();
    if (node_.watch) node_.watch->stop();
    if (node_.calls && !threads_.empty()) node_.calls->stop();
    node_.http.reset();
    if (node_.accounts) node_.accounts->stop();
    kill_point("stop.store");
    if (node_.store) node_.store->stop();
    kill_point("stop.done");
    for (auto& context : contexts_) context->stop();
    for (std::thread& thread : threads_) thread.join();
    listener_.reset();
  }

  ServeOptions options_;
  net::io_context main_{1};
  net::steady_timer drain_timer_{main_};
  net::steady_timer close_timer_{main_};
  std::vector<std::unique_ptr<net::io_context>> contexts_;
  Node node_;
  std::unique_ptr<channels::Listener> listener_;
  std::unique_ptr<ControlServer> control_;
  std::vector<std::thread> threads_;
  std::size_t shards_busy_ = 0;
  bool closing_ = false;
  std::chrono::steady_clock::time_point close_deadline_;
};

}  // namespace

int serve(std::shared_ptr<const Bot> bot, const ServeOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  return Server(std::move(bot), options).run();
}

}  // namespace wasl::bot
