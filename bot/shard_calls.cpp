// A conversation's calls of business systems: made after the decision that asks for them is stored,
// and again where an answer got lost.

#include "wasl/core/kill_point.hpp"

#include "bot/business_calls.hpp"
#include "bot/node.hpp"
#include "bot/shard.hpp"
#include "bot/shard_live.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr Millis kPatience{30'000};  // a call that another node makes is not made here as well

}  // namespace

void Shard::start_call(const Conversation& conversation) {
  const flows::StartCall call = *conversation.open_call;
  const std::string id = conversation.id;
  const std::string key = id + "-" + std::to_string(call.call_number);
  kill_point("call.starting");
  const Bot& asking = *serving_.of(conversation.flow, node_.clock->now()).bot;
  call_business(node_, asking, call, key, [this, id, name = call.name](flows::CallResult result) {
    post([this, id, name, result = std::move(result)] {
      kill_point("call.returned");
      live(id).calling = false;
      bring(id, CallReturned{result, name});
    });
  });
}

// A call asked for and not yet answered: before a restart, or just now by another node, whose
// answer we wait for.
void Shard::open_call_found(Live& entry, Millis age) {
  if (!entry.conversation->open_call || entry.calling) return;
  const bool answered =
      std::any_of(entry.inbox.begin(), entry.inbox.end(), [](const Envelope& envelope) {
        return std::holds_alternative<CallReturned>(envelope.input);
      });
  if (answered) return;
  if (!node_.wakeups || age >= kPatience) {
    entry.calling = true;
    return start_call(*entry.conversation);
  }
  after(kPatience, [this, id = entry.id, number = entry.conversation->open_call->call_number] {
    Live& now_is = live(id);
    if (!now_is.loaded) return load(id);
    const auto& open = now_is.conversation->open_call;
    if (open && open->call_number == number) open_call_found(now_is, kPatience);
  });
}

}  // namespace wasl::bot
