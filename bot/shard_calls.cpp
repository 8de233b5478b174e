// A conversation's calls of business systems: made after the decision that asks for them is stored,
// and again where an answer got lost.

#include "wasl/core/kill_point.hpp"

#include "bot/node.hpp"
#include "bot/shard.hpp"
#include "bot/shard_live.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

// A call that another node makes is not made here as well, before that node must have its answer.
Millis patience_with(const Bot& bot, const flows::StartCall& call) {
  constexpr Millis kPatience{30'000};
  constexpr Millis kOnTheWay{10'000};
  const flows::CallSpec* spec = bot.program->find_call(call.name);
  return spec == nullptr ? kPatience : std::max(kPatience, spec->within + kOnTheWay);
}

}  // namespace

void Shard::start_call(const Conversation& conversation) {
  const flows::StartCall call = *conversation.open_call;
  const std::string id = conversation.id;
  const std::string key = id + "-" + std::to_string(call.call_number);
  kill_point("call.starting");
  const Bot& asking = *serving_.of(conversation.flow, node_.clock->now()).bot;
  node_.calls->call(asking.program, call, key,
                    [this, id, name = call.name](flows::CallResult result,
                                                 const channels::OutgoingResponse& /*last*/) {
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
  const Conversation& conversation = *entry.conversation;
  const Bot& asking = *serving_.of(conversation.flow, node_.clock->now()).bot;
  const Millis patience = patience_with(asking, *conversation.open_call);
  if (!node_.wakeups || age >= patience) {
    entry.calling = true;
    return start_call(conversation);
  }
  const std::uint64_t number = conversation.open_call->call_number;
  after(patience, [this, id = entry.id, number, patience] {
    Live& now_is = live(id);
    if (!now_is.loaded) return load(id);
    const auto& open = now_is.conversation->open_call;
    if (open && open->call_number == number) open_call_found(now_is, patience);
  });
}

}  // namespace wasl::bot
