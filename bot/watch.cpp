#include "bot/watch.hpp"

#include "bot/node.hpp"

#include <spdlog/spdlog.h>

namespace wasl::bot {
namespace {

constexpr Millis kPollEvery{3000};
constexpr Millis kSweepEvery{30'000};
constexpr std::size_t kRowsMax = 512;

}  // namespace

Watch::Watch(Node& node, std::unique_ptr<Loop> loop)
    : node_(node),
      loop_(std::move(loop)),
      next_poll_(*loop_, [this] { poll(); }),
      next_sweep_(*loop_, [this] { sweep(); }) {}

void Watch::start(std::uint64_t position) {
  position_ = position;
  loop_->post([this] {
    if (node_.wakeups) next_poll_.set(kPollEvery);  // alone, nobody else changes anything
    next_sweep_.set(kSweepEvery);
  });
}

void Watch::stop() {
  loop_->post([this] {
    next_poll_.cancel();
    next_sweep_.cancel();
  });
}

void Watch::poll() {
  next_poll_.set(kPollEvery);
  (void)node_.store->read([this, after = position_](store::Store& store) {
    auto changes = store.changed(after, kRowsMax);
    loop_->post([this, after, changes = std::move(changes)] {
      if (!changes) return spdlog::error("changes cannot be read why=\"{}\"", changes.error().what);
      if (position_ != after) return;
      position_ = changes->position;
      for (const auto& [id, last_seq] : changes->rows) node_.woken(id, last_seq);
      if (changes->rows.size() == kRowsMax) poll();
    });
  });
}

void Watch::sweep() {
  next_sweep_.set(kSweepEvery);
  const Time before = node_.clock->now() - kOverdue;
  (void)node_.store->read([this, before](store::Store& store) {
    auto late = store.overdue(before, kRowsMax);
    loop_->post([this, late = std::move(late)] {
      if (!late) return spdlog::error("overdue cannot be read why=\"{}\"", late.error().what);
      for (const auto& [id, deadline] : *late) {
        Shard& shard = node_.shard_of(id);
        shard.post([&shard, id = id, deadline = deadline] { shard.overdue(id, deadline); });
      }
    });
  });
}

}  // namespace wasl::bot
