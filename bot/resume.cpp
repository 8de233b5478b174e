#include "bot/resume.hpp"

#include "bot/accounts.hpp"
#include "bot/desk_loop.hpp"
#include "bot/node.hpp"
#include "bot/outbox_sender.hpp"
#include "bot/watch.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace wasl::bot {

Result<Resumed> read_live(store::Store& store) {
  Resumed resumed;
  const auto position = store.position();
  if (!position) return position.error();
  resumed.position = *position;
  const auto read = store.for_each_live([&](const store::ConversationRow& row) {
    auto conversation = from_snapshot(row.snapshot);
    if (conversation) {
      resumed.live.push_back(std::move(*conversation));
    } else {
      spdlog::error("conversation cannot be read conversation={} why=\"{}\"", row.id,
                    conversation.error().what);
    }
    return true;
  });
  if (!read) return read.error();
  auto accounts = store.agents();
  if (!accounts) return accounts.error();
  for (const store::AgentRow& row : *accounts) resumed.agents.push_back(desk_agent(row));
  return resumed;
}

void resume(Node& node, Resumed resumed) {
  std::vector<handoff::Card> cards;
  const Time now = node.clock->now();
  for (const Conversation& conversation : resumed.live) {
    // A closed one is here for a reminder; the desk has done with it.
    if (conversation.record.state != State::closed) cards.push_back(make_card(conversation, now));
    Shard& shard = node.shard_of(conversation.id);
    if (const auto due = conversation.next_due()) shard.schedule(conversation.id, *due);
    const State state = conversation.record.state;
    if (waiting(state) && conversation.channel == "web") shard.expect_visitor(conversation.id);
    // A call without an answer is made again: loading the conversation does that.
    if (conversation.open_call) shard.schedule(conversation.id, now);
  }
  node.desk->start(cards, std::move(resumed.agents));
  node.outbox->start();
  node.watch->start(resumed.position);
  if (!resumed.live.empty()) spdlog::info("resumed conversations={}", resumed.live.size());
}

}  // namespace wasl::bot
