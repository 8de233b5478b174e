// The loop around decide(): load, decide, commit.  One commit per conversation is under way at a
// time, so a turn always starts from what the last one left.
//
// Beside this file: who hears of a decision (shard_audience.cpp), deadlines (shard_deadlines.cpp),
// outside calls (shard_calls.cpp), what other nodes decide (shard_nodes.cpp).  Elsewhere: who is
// served when (desk_loop.cpp) and what is decided (turn.cpp).

#include "bot/shard.hpp"

#include "wasl/channels/telegram.hpp"
#include "wasl/channels/web_frames.hpp"
#include "wasl/core/kill_point.hpp"

#include "bot/desk_loop.hpp"
#include "bot/event_json.hpp"
#include "bot/node.hpp"
#include "bot/outbox_sender.hpp"
#include "bot/shard_live.hpp"

#include <spdlog/spdlog.h>

namespace wasl::bot {
namespace {

constexpr std::size_t kInboxMax = 64;
constexpr int kConflictTriesMax = 4;
constexpr Millis kOutageWait{1000};
constexpr Millis kSweepEvery{30'000};
constexpr Millis kIdleKept{60'000};

// Brought by the server itself; nobody outside would bring it again.
bool from_within(const Input& input) {
  return std::holds_alternative<CallReturned>(input) ||
         std::holds_alternative<DeskOrdered>(input) ||
         std::holds_alternative<DeadlineCame>(input) ||
         std::holds_alternative<VisitorLeft>(input) ||
         std::holds_alternative<VisitorCameBack>(input);
}

// By its events the other nodes see that a decision is news, and the store that one was made
// without knowing of it.  What nobody is told of (the visitor came back, a timer only moved on)
// gets one too.
void mark_as_news(Turn& turn, Time now) {
  if (turn.moves.empty()) return;
  const handoff::Move& move = turn.moves.back();
  Event event;
  event.seq = ++turn.after.last_seq;
  event.at = now;
  event.epoch = turn.after.record.epoch;
  event.body = StateChanged{move.from, move.to, std::string(handoff::name(move.on))};
  turn.events.push_back(std::move(event));
}

}  // namespace

Shard::Shard(Node& node, std::unique_ptr<Loop> loop)
    : node_(node),
      loop_(std::move(loop)),
      serving_(node.bot.shared()),
      desk_(std::make_shared<DeskView>()),
      timers_(std::make_unique<Timers>(*loop_, [this] { on_timer(); })),
      lane_(node.store->add_lane([this](std::vector<store::Delivery> group) {
        post([this, group = std::move(group)] {
          for (const store::Delivery& one : group) {
            auto pending = pending_.extract(one.token);
            committed(std::move(pending.mapped()), one.outcome);
          }
        });
      })) {
  loop_->post([this] { sweep(); });
}

Shard::~Shard() = default;

void Shard::set_bot(std::shared_ptr<const Bot> bot) {
  serving_.replace(std::move(bot), node_.clock->now());
}

void Shard::post(std::function<void()> work) {
  loop_->post(std::move(work));
}

void Shard::after(Millis wait, std::function<void()> work) {
  loop_->after(wait, std::move(work));
}

Shard::Live& Shard::live(const std::string& conversation) {
  const auto [at, fresh] = live_.try_emplace(conversation);
  auto& entry = at->second;
  if (fresh) {
    entry = std::make_unique<Live>(at->first);
    counters_.live.store(live_.size());
  }
  entry->used = node_.clock->now();
  return *entry;
}

void Shard::load(const std::string& conversation) {
  Live& entry = live(conversation);
  if (entry.loading) return;
  entry.loading = true;
  const bool accepted = node_.store->read([this, conversation](store::Store& store) {
    auto row = store.conversation(conversation);
    post([this, conversation, row = std::move(row)] { loaded(conversation, row); });
  });
  if (!accepted) loaded(conversation, Error{Error::Code::busy, "the store is busy"});
}

void Shard::loaded(const std::string& conversation,
                   Result<std::optional<store::ConversationRow>> row) {
  Live& entry = live(conversation);
  entry.loading = false;
  const bool behind = std::exchange(entry.behind, false);
  kill_point("turn.loaded");
  Result<Conversation> read = Error{Error::Code::not_found, ""};
  if (row && *row) read = from_snapshot((*row)->snapshot);

  const bool absent = row && !*row;
  if (!read && !absent) {
    spdlog::error("conversation cannot be read conversation={} why=\"{}\"", conversation,
                  row ? read.error().what : row.error().what);
    for (Envelope& envelope : std::exchange(entry.inbox, {})) {
      not_stored(std::move(envelope),
                 {Answer::Kind::unavailable, 0, 0, "unavailable", Millis{1000}});
    }
    for (const auto& waiting : std::exchange(entry.on_loaded, {})) waiting(false);
    check_drained();
    return;
  }
  entry.loaded = true;
  entry.exists = !absent;
  if (read) {
    entry.conversation = std::move(*read);
    if (behind || node_.wakeups) take_over(entry);  // whoever decided it, the desk must know
    open_call_found(entry, node_.clock->now() - (*row)->updated_at);
  }
  entry.heard_seq = 0;
  for (const auto& waiting : std::exchange(entry.on_loaded, {})) waiting(true);
  pump(entry);
}

void Shard::submit(Envelope envelope) {
  if (on_idle_) return finish(envelope, {Answer::Kind::busy, 0, 0, "busy", Millis{2000}});
  Live& entry = live(envelope.conversation);
  // What the server itself brings (results, deadlines, the desk's orders) is never turned away.
  if (!from_within(envelope.input) && entry.inbox.size() >= kInboxMax) {
    return finish(envelope, {Answer::Kind::busy, 0, 0, "busy", Millis{1000}});
  }
  if (std::holds_alternative<VisitorSaid>(envelope.input) &&
      !entry.bucket.take(bot().config.messages_per_minute, node_.clock->now())) {
    const Millis wait{60'000 / bot().config.messages_per_minute + 1};
    return finish(envelope, {Answer::Kind::too_fast, 0, 0, "too_fast", wait});
  }
  kill_point("turn.received");
  entry.inbox.push_back(std::move(envelope));
  if (!entry.loaded) return load(entry.id);
  pump(entry);
}

void Shard::bring(const std::string& conversation, Input input) {
  Envelope envelope;
  envelope.conversation = conversation;
  envelope.input = std::move(input);
  submit(std::move(envelope));
}

void Shard::pump(Live& entry) {
  while (entry.loaded && !entry.busy && !entry.inbox.empty()) {
    Envelope envelope = std::move(entry.inbox.front());
    entry.inbox.pop_front();
    run(entry, std::move(envelope));
  }
  check_drained();
}

// After a commit: on with what waits, unless another node has told of something newer.
void Shard::go_on(Live& entry) {
  const bool newer = entry.heard_seq > entry.conversation->last_seq || !entry.on_loaded.empty();
  if (entry.loaded && newer) return reload(entry);
  pump(entry);
}

World Shard::world(const Conversation& conversation) const {
  World world;
  world.desk.now = node_.clock->now();
  world.desk.hours_open = desk_->hours_open;
  world.desk.next_open = desk_->next_open;
  world.desk.rostered = desk_->rostered;
  world.desk.anyone_online = desk_->anyone_online;
  const std::string& agent = handoff::served_by(conversation.record);
  world.desk.owner_connected = desk_->connected.contains(agent);
  world.desk.owner_has_room = desk_->free.contains(agent);
  world.position = desk_->anyone_online ? desk_->waiting + 1 : 0;  // no number without people
  world.seed = node_.random->seed() >> 12U;
  world.ticket = node_.random->ticket();
  world.site = node_.site;
  return world;
}

// What a visitor has said waits for the quiet time of its channel, and for what has arrived
// besides: that is read with it, unless it comes to nothing after all.
Millis Shard::read_after(const Live& entry) const {
  constexpr Millis kAtMost{1000};
  const Millis quiet = quiet_of(bot().config, entry.conversation->channel);
  if (quiet > Millis{0} || entry.inbox.empty()) return quiet;
  const auto* next = std::get_if<VisitorSaid>(&entry.inbox.front().input);
  return next != nullptr && next->button.empty() ? kAtMost : quiet;
}

void Shard::run(Live& entry, Envelope envelope) {
  if (envelope.not_after && node_.clock->now() > *envelope.not_after) {
    return finish(envelope, {Answer::Kind::refused, 0, 0, "too_late", {}});
  }
  if (!entry.exists) {
    if (!envelope.origin) {
      return finish(envelope, {Answer::Kind::refused, 0, 0, "unknown_conversation", {}});
    }
    const Origin& origin = *envelope.origin;
    Conversation& fresh = entry.conversation.begin(entry.id);
    fresh.visitor = origin.visitor;
    fresh.channel = origin.channel;
    fresh.address = origin.address;
    fresh.customer = origin.customer;
    fresh.page = origin.page;
    fresh.locale = origin.locale;
    fresh.timezone = origin.timezone;
    fresh.language = language_of(std::string_view(origin.locale).substr(0, 2));
  }
  World around = world(*entry.conversation);
  if (std::holds_alternative<VisitorSaid>(envelope.input)) around.read_after = read_after(entry);
  const Serving::Served& with = serving_.of(entry.conversation->flow, around.desk.now);
  Turn turn = node_.decide(*with.bot, *with.renderer, *entry.conversation, envelope.input, around);
  const bool nothing =
      turn.events.empty() && (!entry.exists || turn.after.record == entry.conversation->record);
  if (!turn.refused.empty() || nothing) {
    const auto due = entry.conversation->next_due();
    if (std::holds_alternative<DeadlineCame>(envelope.input) && due) {
      schedule(entry.id, std::max(*due, node_.clock->now() + Millis{1000}));
    }
    if (turn.refused.empty()) turn.refused = "nothing_to_do";
    return refuse(std::move(envelope),
                  {Answer::Kind::refused, 0, entry.conversation->record.epoch, turn.refused, {}});
  }
  if (!node_.store->healthy()) {
    return not_stored(std::move(envelope),
                      {Answer::Kind::unavailable, 0, 0, "unavailable", Millis{1000}});
  }

  if (node_.wakeups && turn.events.empty()) mark_as_news(turn, around.desk.now);
  kill_point("turn.decided");
  store::Commit commit = make_commit(*entry.conversation, turn, envelope);
  entry.busy = true;
  const std::uint64_t token = ++last_token_;
  pending_.emplace(token, Pending{entry.id, std::move(envelope), std::move(turn)});
  const bool accepted = node_.store->commit(std::move(commit), lane_, token);
  kill_point("turn.queued");
  if (!accepted) {
    entry.busy = false;
    auto pending = pending_.extract(token);
    not_stored(std::move(pending.mapped().envelope),
               {Answer::Kind::busy, 0, 0, "busy", Millis{1000}});
  }
}

store::Commit Shard::make_commit(const Conversation& before, const Turn& turn,
                                 const Envelope& envelope) const {
  store::Commit commit;
  const Conversation& after = turn.after;
  commit.expected_last_seq = before.last_seq;
  commit.expected_epoch = before.record.epoch;
  commit.after.id = after.id;
  commit.after.visitor = after.visitor;
  commit.after.channel = after.channel;
  commit.after.state = name(after.record.state);
  commit.after.epoch = after.record.epoch;
  commit.after.last_seq = after.last_seq;
  commit.after.deadline = after.next_due();
  commit.after.created_at = after.created_at;
  commit.after.updated_at = node_.clock->now();
  commit.after.snapshot = to_snapshot(after);
  for (const Event& event : turn.events) commit.events.push_back(to_row(event));
  if (!envelope.dedupe_key.empty()) {
    commit.dedupe.push_back({envelope.dedupe_scope, envelope.dedupe_key, turn.own_seq});
  }

  if (after.channel == "web") return commit;
  store::OutboxRow row;
  row.channel = after.channel;
  row.conversation = after.id;
  row.status = "pending";
  row.next_at = commit.after.updated_at;
  for (const std::string& payload : envelope.outbox) {
    row.payload = payload;
    row.seq = turn.own_seq;
    commit.outbox.push_back(row);
  }
  for (const Event& event : turn.events) {
    const auto* said = std::get_if<MessageSaid>(&event.body);
    if (said == nullptr || said->from == Party::visitor || said->text.empty()) continue;
    row.seq = event.seq;
    for (std::string& payload : channels::telegram::message_payloads(after.address, *said)) {
      row.payload = std::move(payload);
      commit.outbox.push_back(row);
    }
  }
  return commit;
}

void Shard::committed(Pending pending, const store::CommitOutcome& outcome) {
  using Kind = store::CommitOutcome::Kind;
  kill_point("turn.back");
  auto& [id, envelope, turn] = pending;
  Live& entry = live(id);
  entry.busy = false;
  switch (outcome.kind) {
    case Kind::committed: {
      // Beyond here the turn is stored: nothing below may fail it.
      entry.exists = true;
      const handoff::Record& after = turn.after.record;
      const bool handed_over = after.episode != entry.conversation->record.episode;
      const bool moved = after.epoch != entry.conversation->record.epoch ||
                         after.state != entry.conversation->record.state;
      const bool newly_queued = after.queued_at && !entry.conversation->record.queued_at;
      entry.conversation = std::move(turn.after);
      counters_.turns.fetch_add(1, std::memory_order_relaxed);
      if (handed_over) counters_.handoffs.fetch_add(1, std::memory_order_relaxed);
      if (const auto due = entry.conversation->next_due()) schedule(id, *due);
      kill_point("turn.applied");
      publish(entry, envelope, turn);
      kill_point("turn.published");
      tell_desk(entry, moved);
      kill_point("turn.desk_told");
      if (node_.wakeups) node_.wakeups->changed(id, entry.conversation->last_seq);
      if (entry.conversation->channel != "web" && !turn.events.empty()) {
        node_.outbox->wrote(id, turn.events.front().seq, turn.events.back().seq);
      }
      watch_visitors(entry, !node_.wakeups || envelope.sender);
      // Queued by a deadline: the visitor may be at another node, which will say so.
      if (node_.wakeups && newly_queued && !envelope.sender &&
          entry.conversation->channel == "web") {
        expect_visitor(id);
      }
      if (turn.call && entry.conversation->open_call) {
        entry.calling = true;
        start_call(*entry.conversation);
      }
      finish(envelope,
             {Answer::Kind::committed, turn.own_seq, entry.conversation->record.epoch, "", {}});
      kill_point("turn.finished");
      break;
    }
    case Kind::duplicate:
      refuse(std::move(envelope), {Answer::Kind::refused, 0, 0, "busy", {}});
      break;
    case Kind::conflict:
      counters_.conflicts.fetch_add(1, std::memory_order_relaxed);
      if (++envelope.tries > kConflictTriesMax) {
        envelope.tries = 0;
        not_stored(std::move(envelope), {Answer::Kind::busy, 0, 0, "busy", Millis{500}});
      } else {
        entry.inbox.push_front(std::move(envelope));
      }
      return reload(entry);  // somebody else decided first: decide again
    case Kind::unavailable:
      spdlog::error("commit failed conversation={} why=\"{}\"", id, outcome.what);
      not_stored(std::move(envelope),
                 {Answer::Kind::unavailable, 0, 0, "unavailable", Millis{1000}});
      break;
  }
  go_on(entry);
}

// A resent input gets the answer it got the first time, even where it would be refused by now; so
// before refusing, the store says whether it has been seen.
void Shard::refuse(Envelope envelope, const Answer& answer) {
  const auto refused = [this](const Envelope& input, const Answer& why) {
    counters_.refused.fetch_add(1, std::memory_order_relaxed);
    finish(input, why);
  };
  if (envelope.dedupe_key.empty()) return refused(envelope, answer);
  auto shared = std::make_shared<Envelope>(std::move(envelope));
  const bool accepted = node_.store->read([this, shared, answer, refused](store::Store& store) {
    Answer first = answer;
    const auto seen = store.seen(shared->dedupe_scope, shared->dedupe_key);
    if (seen && *seen) {
      first = {Answer::Kind::duplicate, (*seen)->seq, 0, "", {}};
      const auto rows = store.events((*seen)->conversation, (*seen)->seq - 1, 1);
      if (rows && !rows->empty()) first.epoch = rows->front().epoch;
    }
    post([this, shared, first, refused] {
      if (first.kind != Answer::Kind::duplicate) return refused(*shared, first);
      counters_.duplicates.fetch_add(1, std::memory_order_relaxed);
      if (shared->sender && !shared->sender->gone) {
        shared->sender->socket->send(channels::web::ack_frame(shared->dedupe_key, first.seq));
      }
      finish(*shared, first);
    });
  });
  if (!accepted) refused(*shared, {Answer::Kind::busy, 0, 0, "busy", Millis{1000}});
}

void Shard::finish(const Envelope& envelope, const Answer& answer) {
  if (envelope.done) envelope.done(answer);
}

// An outage: who is outside tries again by themselves; a result or a deadline is kept for later.
void Shard::not_stored(Envelope envelope, const Answer& answer) {
  if (std::holds_alternative<DeadlineCame>(envelope.input)) {
    return schedule(envelope.conversation, node_.clock->now() + kOutageWait);
  }
  const bool keep = std::holds_alternative<CallReturned>(envelope.input) ||
                    std::holds_alternative<VisitorLeft>(envelope.input) ||
                    std::holds_alternative<VisitorCameBack>(envelope.input);
  if (!keep) return finish(envelope, answer);
  after(kOutageWait, [this, kept = std::make_shared<Envelope>(std::move(envelope))] {
    submit(std::move(*kept));
  });
}

// Forgets conversations nobody watches: they are loaded again when something happens.
void Shard::sweep() {
  if (on_idle_) return;
  const Time now = node_.clock->now();
  std::erase_if(live_, [&](const auto& item) {
    const Live& entry = *item.second;
    return entry.subscribers.empty() && entry.inbox.empty() && !entry.busy && !entry.loading &&
           !entry.calling && entry.on_loaded.empty() && now - entry.used > kIdleKept;
  });
  counters_.live.store(live_.size());
  serving_.release(now);
  after(kSweepEvery, [this] { sweep(); });
}

void Shard::drain(std::function<void()> idle) {
  on_idle_ = std::move(idle);
  timers_->deadline.cancel();
  check_drained();
}

void Shard::check_drained() {
  if (!on_idle_ || !pending_.empty()) return;
  for (const auto& [id, entry] : live_) {
    if (!entry->inbox.empty()) return;
  }
  std::exchange(on_idle_, [] {})();
}

}  // namespace wasl::bot
