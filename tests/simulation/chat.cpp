#include "bot/telegram_webhook.hpp"
#include "tests/simulation/people.hpp"

#include <nlohmann/json.hpp>

namespace wasl::simulation {
namespace {

using nlohmann::json;

constexpr const char* kTexts[] = {"how long",
                                  "track",
                                  "refund",
                                  "you don't understand anything",
                                  "NO!!! WRONG AGAIN!!!",
                                  "I want to talk to a human",
                                  "thanks",
                                  "qwrtp zxcvb"};
constexpr const char* kTaps[] = {"handoff:yes",    "handoff:no",  "handoff:callback",
                                 "handoff:cancel", "handoff:bot", "intent:period"};

}  // namespace

Chat::Chat(World& world, int number) : world_(world), number_(number) {
  world_.timeline.in(world_.chance.between(0, 60 * kSecond), nullptr, [this] { live(); });
}

void Chat::live() {
  if (world_.ending()) return;
  world_.timeline.in(world_.chance.between(1 * kSecond, 15 * kSecond), nullptr, [this] { live(); });
  const int update = 1'000'000 * (number_ + 1) + ++said_;
  const json from{{"id", 5000 + number_}, {"first_name", "Chat"}, {"language_code", "en"}};
  const json chat{{"id", 5000 + number_}, {"type", "private"}};
  json body{{"update_id", update}};
  if (world_.chance.one_in(5)) {
    body["callback_query"] = {{"id", std::to_string(update)},
                              {"from", from},
                              {"data", world_.chance.pick(kTaps)},
                              {"message", {{"message_id", 1}, {"chat", chat}, {"date", 1}}}};
  } else {
    // Nobody else's parcel, so that the judge knows whose call failed.
    const std::string parcel = "B-" + std::to_string(2000 + number_);
    std::string text = world_.chance.pick(kTexts);
    if (world_.chance.one_in(5)) text = world_.chance.one_in(2) ? parcel : "track " + parcel;
    body["message"] = {
        {"message_id", update}, {"from", from}, {"chat", chat}, {"date", 1}, {"text", text}};
  }
  bring(body.dump(), std::to_string(update), 0);
}

void Chat::bring(std::string body, std::string update, int tries) {
  if (tries > 200) return world_.judge.fail(4, "update " + update + " was never accepted");
  auto heard = std::make_shared<bool>(false);
  const auto again = [this, body, update, tries, heard] {
    if (*heard) return;
    *heard = true;
    world_.timeline.in(world_.chance.between(kSecond, 20 * kSecond), nullptr,
                       [this, body, update, tries] { bring(body, update, tries + 1); });
  };
  // No answer for a while is a failure, too.
  world_.timeline.in(30 * kSecond, nullptr, again);
  Machine* machine = world_.some_machine();
  if (machine == nullptr) return;
  channels::HttpRequest request;
  request.method = "POST";
  request.path = "/channels/tg";
  request.headers.emplace_back("x-telegram-bot-api-secret-token", "hush");
  request.body = body;
  world_.timeline.in(world_.chance.between(kMs, 40 * kMs), machine->life,
                     [this, machine, request, update, again, heard] {
                       world_.event("webhook", update);
                       bot::serve_telegram(
                           *machine->node, world_.bot->config.telegram[0], request,
                           [this, update, again, heard](const channels::HttpResponse& response) {
                             if (*heard) return;
                             if (response.status != 200) return again();
                             *heard = true;
                             world_.judge.promised_durable("channel:tg", update, 0);
                           });
                     });
}

}  // namespace wasl::simulation
