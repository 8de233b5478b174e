// Conversations that another node has decided about: what we hold is read again, as news.

#include "bot/desk_loop.hpp"
#include "bot/node.hpp"
#include "bot/shard.hpp"
#include "bot/shard_live.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr Millis kOthersFirst{2000};  // who decided last watches the deadline; we look after it

}  // namespace

void Shard::woken(const std::string& conversation, std::uint64_t last_seq) {
  if (on_idle_) return;
  Live& entry = live(conversation);
  if (entry.loaded && last_seq <= entry.conversation->last_seq) return;
  entry.heard_seq = std::max(entry.heard_seq, last_seq);
  if (!entry.busy) reload(entry);
}

void Shard::reload(Live& entry) {
  entry.loaded = false;
  entry.behind = true;
  load(entry.id);
}

// Another node's decision becomes ours to know.
void Shard::take_over(Live& entry) {
  const Conversation& conversation = *entry.conversation;
  if (const auto due = conversation.next_due()) schedule(conversation.id, *due + kOthersFirst);
  node_.desk->update({make_card(conversation, node_.clock->now())});
  watch_visitors(entry, false);
  for (const auto& subscriber : entry.subscribers) {
    if (subscriber->gone || subscriber->catching_up) continue;
    subscriber->catching_up = true;
    send_page(conversation.id, subscriber);
  }
}

}  // namespace wasl::bot
