// `wasl shell`: the bot in a terminal.  The turns are the server's; calls are really made, and a
// demo bot's own addresses are served from here.

#include "wasl/channels/listener.hpp"
#include "wasl/core/text.hpp"

#include "bot/accounts.hpp"
#include "bot/business_calls.hpp"
#include "bot/commands.hpp"
#include "bot/desk_loop.hpp"
#include "bot/node.hpp"
#include "bot/outbox_sender.hpp"
#include "bot/random.hpp"
#include "bot/rehearsal.hpp"
#include "bot/routes.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <future>
#include <iostream>
#include <thread>

namespace wasl::bot {
namespace {

namespace net = boost::asio;

// Serves the demo data on a port of its own while the shell runs.
class DemoSystem {
 public:
  explicit DemoSystem(Node& node) {
    channels::Handlers handlers;
    handlers.on_request = [&node](channels::HttpRequest request, channels::Respond respond) {
      serve_demo_data(node, request, respond);
    };
    handlers.on_upgrade = [](const channels::HttpRequest&, std::size_t,
                             std::shared_ptr<channels::Socket>,
                             channels::SocketCallbacks&) -> std::optional<channels::HttpResponse> {
      return channels::error_response(404, "not_found", "Only demo data.");
    };
    auto listener = channels::Listener::listen({&context_}, "127.0.0.1:0", {}, std::move(handlers));
    if (!listener) return;
    listener_ = std::move(*listener);
    node.port = listener_->port();
    node.http->set_hosts(outgoing_hosts(*node.bot, node.port));
    thread_ = std::thread([this] {
      const auto work = net::make_work_guard(context_);
      context_.run();
    });
  }
  ~DemoSystem() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }
  DemoSystem(const DemoSystem&) = delete;
  DemoSystem& operator=(const DemoSystem&) = delete;

 private:
  net::io_context context_{1};
  std::unique_ptr<channels::Listener> listener_;
  std::thread thread_;
};

void show(const MessageSaid& said) {
  if (said.from == Party::visitor) return;
  fmt::print("{}: {}\n", said.from == Party::bot ? "bot" : "wasl", said.text);
  std::size_t number = 0;
  for (const Button& button : said.buttons) fmt::print("   [{}] {}\n", ++number, button.title);
}

void explain(const Conversation& conversation, const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (const auto* understood = std::get_if<Understood>(&event.body)) {
      const Understanding& u = understood->understanding;
      fmt::print("   | language {}{}{}; {}; {}\n", name(u.language),
                 u.dialect == Dialect::none ? "" : " ", name(u.dialect), name(u.decision), u.why);
      for (const IntentScore& one : u.intents) {
        fmt::print("   |   {:<24} {:.2f} {}\n", one.intent, one.confidence, one.source);
      }
      for (const Entity& one : u.entities) fmt::print("   |   {} = {}\n", one.entity, one.value);
      for (const MoodSignal& one : u.mood) {
        fmt::print("   |   {} {:.2f} \"{}\"\n", one.signal, one.strength, one.text);
      }
    } else if (const auto* moved = std::get_if<StateChanged>(&event.body)) {
      fmt::print("   | {} -> {} ({})\n", name(moved->from), name(moved->to), moved->trigger);
    } else if (const auto* call = std::get_if<CallMade>(&event.body)) {
      fmt::print("   | call {}: {}\n", call->name, call->outcome);
    }
  }
  fmt::print("   | escalation score {:.2f}\n", conversation.escalation.score);
}

}  // namespace

int run_shell(const CommandOptions& options, bool explained) {
  yaml::Mistakes mistakes;
  auto bot = load_bot(options.bot, true, mistakes);
  if (!bot) {
    for (const yaml::Mistake& mistake : mistakes.sorted()) {
      fmt::print(stderr, "{}\n", yaml::to_string(mistake));
    }
    return 3;
  }
  if (!bot->warning.empty()) fmt::print(stderr, "{}\n", bot->warning);

  Node node;
  node.bot = bot;
  node.http = channels::HttpClient::start({});
  const DemoSystem demo(node);

  Rehearsal rehearsal(bot, node.clock->now(), [&](const flows::StartCall& call) {
    std::promise<flows::CallResult> promise;
    call_business(node, *node.bot, call, "shell-" + random_hex(8),
                  [&](flows::CallResult result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  });

  auto renderer = flows::Renderer::make(bot->program);
  const auto hello = greeting(*bot, *renderer, Language::und, node.clock->now());
  fmt::print("bot: {}\n", hello.text);
  std::vector<Button> buttons = hello.buttons;
  const bool people = isatty(STDIN_FILENO) != 0;
  std::string line;
  while (true) {
    if (people) fmt::print("> ");
    std::fflush(stdout);
    if (!std::getline(std::cin, line)) break;
    if (trim(line).empty()) continue;
    std::string tapped;
    if (line.size() == 1 && line[0] >= '1' &&
        static_cast<std::size_t>(line[0] - '1') < buttons.size()) {
      tapped = buttons[static_cast<std::size_t>(line[0] - '1')].id;
    }
    const auto events = tapped.empty() ? rehearsal.say(line) : rehearsal.say("", tapped);
    if (explained) explain(rehearsal.conversation(), events);
    buttons.clear();
    for (const Event& event : events) {
      if (const auto* said = std::get_if<MessageSaid>(&event.body)) {
        show(*said);
        buttons.insert(buttons.end(), said->buttons.begin(), said->buttons.end());
      }
    }
  }
  return 0;
}

}  // namespace wasl::bot
