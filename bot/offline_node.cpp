#include "bot/offline_node.hpp"

#include "wasl/channels/listener.hpp"

#include "bot/accounts.hpp"
#include "bot/desk_loop.hpp"
#include "bot/outbox_sender.hpp"
#include "bot/routes.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <spdlog/spdlog.h>

#include <future>

namespace wasl::bot {

namespace net = boost::asio;

OfflineNode::OfflineNode(std::shared_ptr<const Bot> bot) {
  node_.bot = std::move(bot);
  node_.http = channels::HttpClient::start({});
  node_.calls = std::make_unique<BusinessCalls>(node_, make_loop(context_));
  serve_demo();
  node_.http->set_hosts(outgoing_hosts(*node_.bot, node_.port));
  thread_ = std::thread([this] {
    const auto work = net::make_work_guard(context_);
    context_.run();
  });
}

OfflineNode::~OfflineNode() {
  node_.calls->stop();
  node_.http.reset();
  context_.stop();
  thread_.join();
}

void OfflineNode::serve_demo() {
  channels::Handlers handlers;
  handlers.on_request = [this](channels::HttpRequest request, channels::Respond respond) {
    serve_demo_data(node_, request, respond);
  };
  handlers.on_upgrade = [](const channels::HttpRequest&, std::size_t,
                           std::shared_ptr<channels::Socket>,
                           channels::SocketCallbacks&) -> std::optional<channels::HttpResponse> {
    return channels::error_response(404, "not_found", "Only demo data.");
  };
  auto listener = channels::Listener::listen({&context_}, "127.0.0.1:0", {}, std::move(handlers));
  if (!listener) return spdlog::warn("no demo data: {}", listener.error().what);
  listener_ = std::move(*listener);
  node_.port = listener_->port();
}

OfflineNode::Answered OfflineNode::call(const flows::StartCall& call,
                                        const std::string& idempotency_key) {
  std::promise<Answered> promise;
  node_.calls->call(node_.bot->program, call, idempotency_key,
                    [&](flows::CallResult result, const channels::OutgoingResponse& last) {
                      promise.set_value({std::move(result), last});
                    });
  return promise.get_future().get();
}

}  // namespace wasl::bot
