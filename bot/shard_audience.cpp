// Who hears of what: visitors and agents subscribe to a conversation, get its history in pages,
// then every event as it is committed.

#include "wasl/channels/web_frames.hpp"
#include "wasl/core/kill_point.hpp"

#include "bot/desk_frames.hpp"
#include "bot/desk_loop.hpp"
#include "bot/event_json.hpp"
#include "bot/node.hpp"
#include "bot/shard.hpp"
#include "bot/shard_live.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr std::size_t kPageEvents = 256;
constexpr std::size_t kPageBytes = 256 * 1024;
constexpr std::size_t kTranscriptMax = 10'000;
constexpr Millis kDeskWait{200};
constexpr Millis kReconnect{15'000};  // browsers are back within this after a restart

}  // namespace

void Shard::publish(Live& entry, const Envelope& envelope, const Turn& turn) {
  const std::vector<Event>& events = turn.events;
  for (const Event& event : events) {
    if (const auto* said = std::get_if<MessageSaid>(&event.body)) {
      auto& counter = said->from == Party::visitor ? counters_.messages_in : counters_.messages_out;
      counter.fetch_add(1, std::memory_order_relaxed);
    } else if (const auto* understood = std::get_if<Understood>(&event.body)) {
      if (understood->understanding.decision == Decision::not_understood) {
        counters_.not_understood.fetch_add(1, std::memory_order_relaxed);
      }
    }
  }

  const bool first = !events.empty() && events.front().seq == 1;
  for (const auto& subscriber : entry.subscribers) {
    if (subscriber->gone) continue;
    const bool catching_up = subscriber->catching_up;  // a page will bring these events
    const bool own = subscriber == envelope.sender;
    if (own && !envelope.dedupe_key.empty()) {
      subscriber->socket->send(channels::web::ack_frame(envelope.dedupe_key, turn.own_seq));
      kill_point("publish.acked");
    }
    for (const Event& event : events) {
      if (catching_up || event.seq <= subscriber->sent_seq) continue;
      subscriber->sent_seq = event.seq;
      if (subscriber->agent) {
        if (auto frame = desk_event_frame(entry.id, event)) {
          subscriber->socket->send(std::move(*frame));
        }
        continue;
      }
      const bool greeting_shown = first && event.seq == 1 &&
                                  std::holds_alternative<MessageSaid>(event.body) &&
                                  std::get<MessageSaid>(event.body).from == Party::bot;
      if (greeting_shown || (own && event.seq == turn.own_seq)) continue;
      if (auto frame = channels::web::event_frame(event)) {
        subscriber->socket->send(std::move(*frame));
      }
    }
  }
}

void Shard::attach(const std::string& conversation, std::shared_ptr<Subscriber> subscriber,
                   std::uint64_t last_seq, AttachReady ready) {
  Live& entry = live(conversation);
  // What another node has told them already must not be missing here.
  if (entry.loaded && !node_.wakeups) return attached(conversation, subscriber, last_seq, ready);
  entry.on_loaded.push_back(
      [this, conversation, subscriber, last_seq, ready = std::move(ready)](bool readable) {
        if (!readable) return subscriber->socket->close(1013, "unavailable");
        attached(conversation, subscriber, last_seq, ready);
      });
  if (!node_.wakeups) return load(conversation);
  if (!entry.busy) reload(entry);  // else once that is done
}

void Shard::attached(const std::string& conversation, const std::shared_ptr<Subscriber>& subscriber,
                     std::uint64_t last_seq, const AttachReady& ready) {
  Live& entry = live(conversation);
  if (subscriber->gone) return;
  // Subscribe first, fetch after: while it catches up, what is committed comes with the pages.
  entry.subscribers.push_back(subscriber);
  watch_visitors(entry, false);
  subscriber->sent_seq = std::min(last_seq, entry.conversation->last_seq);
  if (!subscriber->agent || !entry.exists) {
    ready(entry.exists ? &*entry.conversation : nullptr, {});
    return send_page(conversation, subscriber);
  }
  read_events(conversation, subscriber, 0, kTranscriptMax,
              [this, conversation, subscriber, ready](std::vector<Event> events) {
                ready(&*live(conversation).conversation, events);
                send_page(conversation, subscriber);
              });
}

// Sends what the subscriber has not seen, a page at a time, as fast as it reads; once nothing is
// left it hears of new events as they are committed.
void Shard::send_page(const std::string& conversation,
                      const std::shared_ptr<Subscriber>& subscriber) {
  if (subscriber->gone) return;
  Live& entry = live(conversation);
  if (!entry.exists || subscriber->sent_seq >= entry.conversation->last_seq) {
    subscriber->catching_up = false;
    const State state = entry.conversation->record.state;
    if (waiting(state) && !subscriber->agent)
      node_.desk->tell_place(conversation);  // it missed the last one
    return;
  }
  read_events(conversation, subscriber, subscriber->sent_seq, kPageEvents,
              [this, conversation, subscriber](std::vector<Event> events) {
                std::size_t bytes = 0;
                for (const Event& event : events) {
                  if (bytes >= kPageBytes) break;  // the rest is read again
                  subscriber->sent_seq = event.seq;
                  auto frame = subscriber->agent ? desk_event_frame(conversation, event)
                                                 : channels::web::event_frame(event);
                  if (!frame) continue;
                  bytes += frame->size();
                  subscriber->socket->send(std::move(*frame));
                }
                subscriber->socket->when_light([this, conversation, subscriber] {
                  post([this, conversation, subscriber] { send_page(conversation, subscriber); });
                });
              });
}

// Reads events on the store's thread and brings them back here; a subscriber whose transcript
// cannot be read is told to come again.
void Shard::read_events(const std::string& conversation,
                        const std::shared_ptr<Subscriber>& subscriber, std::uint64_t after,
                        std::size_t count_max, std::function<void(std::vector<Event>)> then) {
  const bool accepted = node_.store->read([this, conversation, subscriber, after, count_max,
                                           then = std::move(then)](store::Store& store) {
    auto events = from_rows(store.events(conversation, after, count_max));
    post([conversation, subscriber, then, events = std::move(events)] {
      if (subscriber->gone) return;
      if (events) return then(*events);
      spdlog::error("transcript cannot be read conversation={} why=\"{}\"", conversation,
                    events.error().what);
      subscriber->socket->close(1013, "unavailable");
    });
  });
  if (!accepted) subscriber->socket->close(1013, "busy");
}

void Shard::detach(const std::string& conversation, const std::shared_ptr<Subscriber>& subscriber) {
  subscriber->gone = true;
  const auto found = live_.find(conversation);
  if (found == live_.end() || std::erase(found->second->subscribers, subscriber) == 0) return;
  if (!subscriber->agent) watch_visitors(*found->second, true);
}

// Whether a waiting visitor is there decides whether an agent is rung.  Who left is said by the
// node they left (`may_have_left`), who is there by the node where they are.
void Shard::watch_visitors(Live& entry, bool may_have_left) {
  const Conversation& conversation = *entry.conversation;
  const State state = conversation.record.state;
  if (!entry.exists || conversation.channel != "web") return;
  if (!waiting(state)) return;
  const bool here =
      std::any_of(entry.subscribers.begin(), entry.subscribers.end(),
                  [](const auto& subscriber) { return !subscriber->agent && !subscriber->gone; });
  const bool gone = conversation.record.gone_since.has_value();
  if (here == !gone || (!here && !may_have_left)) return;
  Input news = VisitorLeft{};
  if (here) news = VisitorCameBack{};
  post([this, id = conversation.id, news = std::move(news)] { bring(id, news); });
}

void Shard::expect_visitor(const std::string& conversation) {
  after(kReconnect, [this, conversation] {
    const auto found = live_.find(conversation);
    if (found != live_.end() && found->second->loaded) {
      return watch_visitors(*found->second, true);
    }
    bring(conversation, VisitorLeft{});  // nobody has even asked for it
  });
}

void Shard::tell_visitors(const std::string& conversation, const std::string& frame) {
  const auto found = live_.find(conversation);
  if (found == live_.end()) return;
  for (const auto& subscriber : found->second->subscribers) {
    if (!subscriber->agent && !subscriber->catching_up) subscriber->socket->send(frame);
  }
}

void Shard::tell_agents(const std::string& conversation, const std::string& frame) {
  const auto found = live_.find(conversation);
  if (found == live_.end()) return;
  for (const auto& subscriber : found->second->subscribers) {
    if (subscriber->agent && !subscriber->catching_up) subscriber->socket->send(frame);
  }
}

// The desk hears at once of what concerns people.  That a customer and the bot have gone on talking
// is only shown, so it is told together with others, a few times a second.
void Shard::tell_desk(Live& entry, bool moved) {
  if (moved || entry.conversation->record.state != State::bot) {
    return node_.desk->update({make_card(*entry.conversation, node_.clock->now())});
  }
  if (std::exchange(entry.desk_waits, true)) return;
  desk_waits_.push_back(entry.id);
  if (desk_waits_.size() == 1) after(kDeskWait, [this] { tell_desk_what_waits(); });
}

void Shard::tell_desk_what_waits() {
  std::vector<handoff::Card> cards;
  const Time now = node_.clock->now();
  for (const std::string& id : std::exchange(desk_waits_, {})) {
    const auto found = live_.find(id);
    if (found == live_.end() || !std::exchange(found->second->desk_waits, false)) continue;
    if (found->second->loaded) cards.push_back(make_card(*found->second->conversation, now));
  }
  if (!cards.empty()) node_.desk->update(std::move(cards));
}

}  // namespace wasl::bot
