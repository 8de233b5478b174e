#include "bot/outbox_sender.hpp"

#include "wasl/channels/telegram.hpp"
#include "wasl/core/kill_point.hpp"

#include "bot/back_off.hpp"
#include "bot/node.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr std::size_t kBatch = 256;  // with room for rows that other nodes are about to send
constexpr Millis kLookEvery{1000};
constexpr BackOff kBetweenAttempts{Millis{500}, Millis{5 * 60 * 1000}};
constexpr Millis kPatience{20'000};  // longer than a request and its write may take
constexpr std::size_t kOursMax = 100'000;
constexpr Millis kKeepSent{7LL * 24 * 3'600'000};
constexpr Millis kRemoveEvery{60'000};
constexpr std::size_t kRemovedMax = 512;  // at once; while there are more, with every look
constexpr int kAttemptsMax = 300;         // at the longest wait: about a day

}  // namespace

OutboxSender::OutboxSender(Node& node, std::unique_ptr<Loop> loop)
    : node_(node),
      loop_(std::move(loop)),
      next_look_(*loop_, [this] { look(); }),
      patience_(kPatience + Millis{static_cast<Millis::rep>(node.random->seed() % 20'000)}) {}

OutboxSender::~OutboxSender() = default;

void OutboxSender::start() {
  loop_->post([this] { look(); });
}

void OutboxSender::stop() {
  loop_->post([this] { next_look_.cancel(); });
}

void OutboxSender::wake() {
  if (woken_.exchange(true)) return;
  loop_->post([this] { look(); });
}

void OutboxSender::wrote(const std::string& conversation, std::uint64_t first_seq,
                         std::uint64_t last_seq) {
  if (!node_.wakeups) return wake();  // alone, everything is ours
  loop_->post([this, conversation, first_seq, last_seq] {
    if (ours_.size() > kOursMax) ours_.clear();  // then they go out a little later
    for (std::uint64_t seq = first_seq; seq <= last_seq; ++seq) ours_.emplace(conversation, seq);
    wake();
  });
}

// What another node wrote is sent from here when that node has let it lie.
void OutboxSender::send_due(const std::vector<store::OutboxRow>& rows) {
  const Time now = node_.clock->now();
  std::map<std::int64_t, Theirs> theirs;
  std::erase_if(adopted_, [&](const auto& one) { return now - one.second > kPatience; });
  for (const store::OutboxRow& row : rows) {
    if (!node_.wakeups || ours_.contains({row.conversation, row.seq})) {
      send(row);
      continue;
    }
    const auto known = theirs_.find(row.id);
    const bool untouched = known != theirs_.end() && known->second.next_at == row.next_at;
    const Theirs seen{row.next_at, untouched ? known->second.since : now};
    theirs[row.id] = seen;
    // What lies behind a row we took over has waited long enough as well.
    const bool adopted = adopted_.contains(row.conversation) && now - row.next_at >= kPatience;
    if (!adopted && now - seen.since < patience_) continue;
    adopted_[row.conversation] = now;
    claim(row);
  }
  theirs_ = std::move(theirs);
}

void OutboxSender::look() {
  woken_.store(false);
  if (!node_.bot->config.telegram.empty()) {
    (void)node_.store->read([this, now = node_.clock->now()](store::Store& store) {
      auto rows = store.due_outbox(now, kBatch);
      loop_->post([this, rows = std::move(rows)] {
        if (!rows) return;
        if (!rows->empty()) kill_point("outbox.read");
        send_due(*rows);
      });
    });
  }
  remove_old();
  next_look_.set(kLookEvery);
}

void OutboxSender::remove_old() {
  const Time now = node_.clock->now();
  if (now < next_removal_) return;
  next_removal_ = now + kRemoveEvery;
  (void)node_.store->write([this, before = now - kKeepSent](store::Store& store) {
    const auto removed = store.remove_sent(before, kRemovedMax);
    if (!removed || *removed < kRemovedMax) return;
    loop_->post([this] { next_removal_ = {}; });
  });
}

// Puts the row off for the other nodes before it is sent from here.
void OutboxSender::claim(store::OutboxRow row) {
  if (!under_way_.insert(row.id).second) return;
  const store::OutboxRow read = row;
  row.next_at = node_.clock->now() + kPatience;
  const std::int64_t id = row.id;
  const bool accepted = node_.store->write([this, read, row = std::move(row)](store::Store& store) {
    const auto saved = store.update_outbox(read, row);  // or another node claimed it first
    loop_->post([this, row, ok = static_cast<bool>(saved)] {
      under_way_.erase(row.id);
      if (ok) send(row);
    });
  });
  if (!accepted) under_way_.erase(id);
}

void OutboxSender::send(const store::OutboxRow& row) {
  if (!under_way_.insert(row.id).second) return;
  for (const auto& channel : node_.bot->config.telegram) {
    if (channel.id != row.channel) continue;
    kill_point("outbox.sending");
    node_.http->send(channels::telegram::to_request(channel, row.payload),
                     [this, row](const channels::OutgoingResponse& response) {
                       loop_->post([this, row, response] { delivered(row, response); });
                     });
    return;
  }
  under_way_.erase(row.id);  // its channel is not configured now: it waits
}

void OutboxSender::delivered(store::OutboxRow row, const channels::OutgoingResponse& response) {
  using Kind = channels::telegram::Delivery::Kind;
  kill_point("outbox.answered");
  auto delivery = channels::telegram::read_answer(response);
  const store::OutboxRow read = row;
  ++row.attempts;
  row.last_error = delivery.why;
  if (delivery.kind == Kind::retry && row.attempts >= kAttemptsMax) delivery.kind = Kind::dead;
  switch (delivery.kind) {
    case Kind::sent:
      row.status = "sent";
      row.next_at = node_.clock->now();
      break;
    case Kind::dead:
      row.status = "dead";
      spdlog::error("message not delivered channel={} conversation={} seq={} why=\"{}\"",
                    row.channel, row.conversation, row.seq, delivery.why);
      break;
    case Kind::retry:
      row.next_at = node_.clock->now() +
                    std::max(delivery.retry_after,
                             back_off(kBetweenAttempts, row.attempts, node_.random->seed()));
      break;
  }
  const std::int64_t id = row.id;
  const bool accepted = node_.store->write([this, read, row = std::move(row)](store::Store& store) {
    kill_point("outbox.marking");
    const auto saved = store.update_outbox(read, row);
    kill_point("outbox.marked");
    loop_->post([this, id = row.id, ok = static_cast<bool>(saved)] {
      under_way_.erase(id);
      if (ok) wake();
    });
  });
  if (!accepted) under_way_.erase(id);
}

}  // namespace wasl::bot
