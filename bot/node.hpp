#pragma once

#include "wasl/channels/http_client.hpp"
#include "wasl/store/store_threads.hpp"

#include "bot/business_calls.hpp"
#include "bot/clock.hpp"
#include "bot/current_bot.hpp"
#include "bot/random.hpp"
#include "bot/shard.hpp"
#include "bot/wakeups.hpp"
#include "bot/watch.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wasl::bot {

class DeskLoop;
class Accounts;
class OutboxSender;

/// How a turn is decided: bot::decide.
using Decide = std::function<Turn(const Bot&, flows::Renderer&, const Conversation& before,
                                  const Input&, const World&)>;

/// Everything of one running server that its parts need of each other.  Built before the first
/// thread runs and destroyed after the last one ended; the pointers never change in between.
class Node {
 public:
  CurrentBot bot;
  std::unique_ptr<Clock> clock = std::make_unique<SteadyClock>();
  std::unique_ptr<Random> random = std::make_unique<Random>();
  std::unique_ptr<store::StoreThreads> store;
  std::unique_ptr<channels::HttpClient> http;
  std::vector<std::unique_ptr<Shard>> shards;
  std::unique_ptr<DeskLoop> desk;
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<OutboxSender> outbox;
  std::unique_ptr<BusinessCalls> calls;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<Wakeups> wakeups;  ///< null on one node: there is nobody to tell
  Decide decide = bot::decide;
  std::string site;        ///< our own address for links, "http://127.0.0.1:8080", or empty
  std::uint16_t port = 0;  ///< our own, for calls to `self:`

  [[nodiscard]] Shard& shard_of(const std::string& conversation) const {
    return *shards[std::hash<std::string>{}(conversation) % shards.size()];
  }
  /// Another node has written event `last_seq` of the conversation.  Any thread.
  void woken(const std::string& conversation, std::uint64_t last_seq) const {
    Shard& shard = shard_of(conversation);
    shard.post([&shard, conversation, last_seq] { shard.woken(conversation, last_seq); });
  }
  /// A new conversation's id, of those that live on `home`: its visitor's connection does, and so
  /// nothing has to cross threads.
  [[nodiscard]] std::string new_conversation(const Shard& home) const {
    std::string id = random->hex(16);
    for (int tries = 0; &shard_of(id) != &home && tries < 1'000; ++tries) id = random->hex(16);
    return id;
  }
  /// Brings an input to its conversation's shard.  Any thread.
  void submit(Envelope envelope) const {
    Shard& shard = shard_of(envelope.conversation);
    shard.post(
        [&shard, envelope = std::move(envelope)]() mutable { shard.submit(std::move(envelope)); });
  }
};

}  // namespace wasl::bot
