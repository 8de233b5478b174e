#include "bot/telegram_webhook.hpp"

#include "wasl/core/kill_point.hpp"

#include "bot/random.hpp"

#include <spdlog/spdlog.h>

namespace wasl::bot {
namespace {

using channels::error_response;
namespace telegram = channels::telegram;

/// Kept by whatever is under way: the folder may be loaded again meanwhile.
using SharedConfig = std::shared_ptr<const telegram::Config>;

constexpr int kRenewalsMax = 1;

void deliver(Node& node, const SharedConfig& config, const telegram::Inbound& inbound,
             const store::VisitorRow& visitor, int renewals, channels::Respond respond);

// The customer behind a chat: known, or made now.  Blocking; runs on the writing thread.
Result<store::VisitorRow> find_or_make(Node& node, store::Store& store,
                                       const telegram::Config& config,
                                       const telegram::Inbound& inbound) {
  auto known = store.visitor_by_external(config.id, inbound.chat);
  if (!known) return known.error();
  if (*known) return **known;
  store::VisitorRow visitor;
  visitor.id = node.random->hex(16);
  visitor.channel = config.id;
  visitor.external_id = inbound.chat;
  visitor.name = inbound.name;
  visitor.conversation = node.random->hex(16);
  visitor.created_at = node.clock->now();
  if (auto saved = store.put_visitor(visitor); !saved) return saved.error();
  return visitor;
}

void renew(Node& node, const SharedConfig& config, const telegram::Inbound& inbound,
           store::VisitorRow visitor, int renewals, const channels::Respond& respond) {
  visitor.conversation = node.random->hex(16);
  const bool accepted =
      node.store->write([&node, config, inbound, visitor, renewals, respond](store::Store& store) {
        if (!store.put_visitor(visitor)) {
          return respond(error_response(503, "unavailable", "The store cannot be reached."));
        }
        deliver(node, config, inbound, visitor, renewals + 1, respond);
      });
  if (!accepted) respond(error_response(503, "busy", "Try again later."));
}

void deliver(Node& node, const SharedConfig& config, const telegram::Inbound& inbound,
             const store::VisitorRow& visitor, int renewals, channels::Respond respond) {
  Envelope envelope;
  envelope.conversation = visitor.conversation;
  envelope.input = VisitorSaid{"", inbound.text, inbound.button};
  envelope.dedupe_scope = "channel:" + config->id;
  envelope.dedupe_key = inbound.update_id;
  envelope.origin = std::make_shared<const Origin>(
      Origin{visitor.id, config->id, inbound.chat, visitor.name, "", inbound.language, ""});
  if (!inbound.callback_id.empty()) {
    envelope.outbox.push_back(telegram::answer_callback_payload(inbound.callback_id));
  }
  envelope.done = [&node, config, inbound, visitor, renewals, respond](const Answer& answer) {
    using Kind = Answer::Kind;
    if (answer.kind == Kind::committed || answer.kind == Kind::duplicate) {
      kill_point("webhook.answering");
      return respond({200, "application/json; charset=utf-8", "{}", {}});
    }
    if (answer.code == "closed" && renewals < kRenewalsMax) {
      return renew(node, config, inbound, visitor, renewals, respond);
    }
    // Not stored, so not acknowledged: Telegram will bring it again.
    respond(error_response(answer.kind == Kind::too_fast ? 429 : 503, answer.code,
                           "Not accepted now."));
  };
  node.submit(std::move(envelope));
}

}  // namespace

void serve_telegram(Node& node, const telegram::Config& config,
                    const channels::HttpRequest& request, channels::Respond respond) {
  if (request.method != "POST") {
    return respond(error_response(405, "method_not_allowed", "Only POST."));
  }
  if (!telegram::secret_matches(config, request.header("x-telegram-bot-api-secret-token"))) {
    spdlog::warn("webhook refused channel={} why=\"wrong secret\"", config.id);
    return respond(error_response(401, "bad_signature", "The secret token is wrong."));
  }
  kill_point("webhook.received");
  auto parsed = telegram::parse_update(request.body);
  if (!parsed) return respond(error_response(400, "bad_update", parsed.error().what));
  if (!*parsed) return respond({200, "application/json; charset=utf-8", "{}", {}});

  const bool accepted =
      node.store->write([&node, config = std::make_shared<const telegram::Config>(config),
                         inbound = **parsed, respond](store::Store& store) {
        auto visitor = find_or_make(node, store, *config, inbound);
        if (!visitor) {
          return respond(error_response(503, "unavailable", "The store cannot be reached."));
        }
        deliver(node, config, inbound, *visitor, 0, respond);
      });
  if (!accepted) respond(error_response(503, "busy", "Try again later."));
}

}  // namespace wasl::bot
