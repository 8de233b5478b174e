// One timer for all deadlines of a shard.

#include "wasl/core/kill_point.hpp"

#include "bot/node.hpp"
#include "bot/shard.hpp"
#include "bot/shard_live.hpp"
#include "bot/watch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr Millis kTimerMax{60LL * 60 * 1000};

}  // namespace

void Shard::schedule(const std::string& conversation, Time deadline) {
  const auto known = timers_->scheduled.find(conversation);
  // One entry for each conversation: a later deadline is looked up when the earlier one fires.
  if (known != timers_->scheduled.end() && known->second <= deadline) return;
  timers_->scheduled[conversation] = deadline;
  timers_->due.emplace(deadline, conversation);
  arm_timer();
}

void Shard::arm_timer() {
  if (timers_->due.empty() || on_idle_) return;
  const Time now = node_.clock->now();
  const Time at = std::clamp(timers_->due.top().first, now, now + kTimerMax);
  if (timers_->armed && *timers_->armed <= at) return;
  timers_->armed = at;
  timers_->deadline.set(at - now);
}

void Shard::on_timer() {
  timers_->armed.reset();
  const Time now = node_.clock->now();
  while (!timers_->due.empty() && timers_->due.top().first <= now) {
    const auto [at, conversation] = timers_->due.top();
    timers_->due.pop();
    const auto known = timers_->scheduled.find(conversation);
    if (known == timers_->scheduled.end() || known->second != at) continue;
    timers_->scheduled.erase(known);
    kill_point("deadline.fired");
    bring(conversation, DeadlineCame{});
  }
  arm_timer();
}

void Shard::overdue(const std::string& conversation, Time deadline) {
  if (on_idle_) return;
  const Time now = node_.clock->now();
  const auto found = live_.find(conversation);
  if (found != live_.end()) {
    const Live& entry = *found->second;
    if (entry.busy || entry.loading || !entry.inbox.empty()) return;
    if (entry.loaded && entry.conversation->next_due() != deadline) return;  // it has moved
  }
  const auto known = timers_->scheduled.find(conversation);
  if (known != timers_->scheduled.end() && known->second + kOverdue > now) return;
  spdlog::error("overdue and forgotten conversation={} deadline={}", conversation,
                iso8601(deadline));
  counters_.sweeper_found.fetch_add(1, std::memory_order_relaxed);
  timers_->armed.reset();
  schedule(conversation, now);
  arm_timer();
}

}  // namespace wasl::bot
