#include "bot/desk_loop.hpp"

#include "wasl/channels/web_frames.hpp"
#include "wasl/core/kill_point.hpp"
#include "wasl/handoff/packet.hpp"

#include "bot/desk_frames.hpp"
#include "bot/event_json.hpp"
#include "bot/node.hpp"
#include "bot/queue_card.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr Millis kTick{1000};
constexpr int kPlacesEveryTicks = 5;
constexpr std::size_t kPlacesEachTick = 2'000;
constexpr int kAgentsEveryTicks = 2;
constexpr Millis kOrderStands{5000};      // less than the desk keeps the slot for it
constexpr Millis kElsewhereKept{10'000};  // after that a node that says nothing is thought lost
constexpr std::size_t kTranscriptMax = 10'000;

}  // namespace

DeskLoop::DeskLoop(Node& node, std::unique_ptr<Loop> loop)
    : node_(node), loop_(std::move(loop)), desk_(node.bot->policy) {}

DeskLoop::~DeskLoop() = default;

void DeskLoop::post(std::function<void()> work) {
  loop_->post(std::move(work));
}

void DeskLoop::start(const std::vector<handoff::Card>& cards,
                     std::vector<handoff::DeskAgent> agents) {
  const Time now = node_.clock->now();
  (void)desk_.set_agents(std::move(agents), now);  // nobody is connected yet: nothing to order
  for (const handoff::Card& card : cards) (void)desk_.update(card, now);
  look_at_hours();
  share_view();
  post([this] { tick(); });
}

void DeskLoop::update(std::vector<handoff::Card> cards) {
  post([this, cards = std::move(cards)] {
    for (const handoff::Card& card : cards) on_card(card);
  });
}

void DeskLoop::on_card(const handoff::Card& card) {
  kill_point("desk.card");
  const handoff::Card* known = desk_.find(card.conversation);
  const bool newer = known == nullptr || known->last_seq < card.last_seq;
  const bool moved = known == nullptr || known->state != card.state || known->epoch != card.epoch;
  const std::string rung = known == nullptr ? "" : known->offered_to;
  const auto orders = desk_.update(card, node_.clock->now());
  kill_point("desk.updated");
  if (!newer) return carry_out(orders);

  broadcast([&] { return conversation_frame(card); });
  if (moved) {
    if (!rung.empty() && rung != card.offered_to) withdraw(card, rung);
    if (card.state == State::offered) offer(card);
    if (waiting(card.state)) {
      send_place(card.conversation);
    } else {
      told_place_.erase(card.conversation);
    }
    broadcast([&] { return counts_frame(desk_); });
    share_view();
  }
  carry_out(orders);
}

// Rings the agent's consoles with the reason and a summary read from the transcript.
void DeskLoop::offer(const handoff::Card& card) {
  const bool here = std::any_of(consoles_.begin(), consoles_.end(), [&](const auto& console) {
    return console->agent == card.offered_to;
  });
  if (!here) return;
  const bool accepted = node_.store->read([this, card](store::Store& store) {
    // A transcript that cannot be read still rings, without a summary of it.
    const auto events = from_rows(store.events(card.conversation, 0, kTranscriptMax));
    handoff::Record record;
    record.reason = card.reason;
    record.evidence = card.evidence;
    const auto packet = handoff::make_packet(record, events ? *events : std::vector<Event>{});
    post([this, card, packet] {
      const handoff::Card* now = desk_.find(card.conversation);
      if (now == nullptr || now->epoch != card.epoch) return;  // answered meanwhile
      kill_point("desk.offer");
      send_to_agent(card.offered_to, offer_frame(card, packet, node_.clock->now()));
    });
  });
  if (!accepted) spdlog::warn("offer without summary conversation={}", card.conversation);
}

void DeskLoop::withdraw(const handoff::Card& card, const std::string& agent) {
  if (card.owner.kind == OwnerKind::agent && card.owner.id == agent) return;  // they accepted
  send_to_agent(agent, offer_withdrawn_frame(card.conversation, card.epoch));
}

// Consoles hear of every change of presence, also of those the desk made by itself; supervisors of
// who waits too long.
void DeskLoop::tell_changes() {
  for (const std::string& id : desk_.take_presence_changes()) {
    const handoff::DeskAgent* agent = desk_.find_agent(id);
    if (agent == nullptr) continue;
    const auto told = told_presence_.find(id);
    if (told != told_presence_.end() && told->second == agent->presence) continue;
    told_presence_[id] = agent->presence;
    broadcast([&] { return presence_frame(id, agent->presence); });
  }
  for (const handoff::Alert& alert : desk_.take_alerts()) {
    for (const auto& console : consoles_) {
      const handoff::DeskAgent* agent = desk_.find_agent(console->agent);
      if (agent != nullptr && handoff::supervises(agent->role))
        console->socket->send(alert_frame(alert));
    }
  }
}

void DeskLoop::carry_out(const std::vector<handoff::Order>& orders) {
  tell_changes();
  for (const handoff::Order& order : orders) {
    // Lost here, but another node has their console: the desk will ask again should that end.
    if (order.kind == handoff::Order::Kind::agent_gone && is_elsewhere(order.agent)) continue;
    const handoff::DeskAgent* agent = desk_.find_agent(order.agent);
    Envelope envelope;
    envelope.conversation = order.conversation;
    envelope.input = DeskOrdered{order, agent == nullptr ? "" : agent->name};
    envelope.not_after = node_.clock->now() + kOrderStands;
    envelope.done = [this, order](const Answer& answer) {
      if (answer.kind == Answer::Kind::committed) return;
      post([this, order] { carry_out(desk_.refused(order, node_.clock->now())); });
    };
    kill_point("desk.order");
    node_.submit(std::move(envelope));
  }
}

void DeskLoop::set_agents(std::vector<handoff::DeskAgent> agents) {
  post([this, agents = std::move(agents)]() mutable {
    const auto orders = desk_.set_agents(std::move(agents), node_.clock->now());
    for (const auto& console : consoles_) {
      const handoff::DeskAgent* agent = desk_.find_agent(console->agent);
      if (agent == nullptr || !agent->enabled) console->socket->close(1008, "disabled");
    }
    share_view();
    carry_out(orders);
  });
}

void DeskLoop::enter(std::shared_ptr<Console> console) {
  post([this, console = std::move(console)] {
    consoles_.push_back(console);
    const auto orders = desk_.connected(console->agent, node_.clock->now());
    console->socket->send(snapshot_frame(desk_, console->agent, shared_));
    // An offer that was ringing when the console went away rings again.
    for (const std::string& id : desk_.held_by(console->agent)) {
      const handoff::Card* card = desk_.find(id);
      if (card != nullptr && card->state == State::offered) offer(*card);
    }
    tell_others(console->agent);
    share_view();
    carry_out(orders);
  });
}

void DeskLoop::leave(const std::shared_ptr<Console>& console) {
  post([this, console] {
    if (std::erase(consoles_, console) == 0) return;
    const auto orders = desk_.disconnected(console->agent, node_.clock->now());
    tell_others(console->agent);
    share_view();
    carry_out(orders);
  });
}

void DeskLoop::end_session(std::string session) {
  post([this, session = std::move(session)] {
    for (const auto& console : consoles_) {
      if (console->session == session) console->socket->close(1008, "signed_out");
    }
  });
}

void DeskLoop::set_presence(std::string agent, handoff::Presence presence) {
  post([this, agent = std::move(agent), presence] {
    const auto orders = desk_.set_presence(agent, presence, node_.clock->now());
    tell_others(agent);
    share_view();
    carry_out(orders);
  });
}

void DeskLoop::agent_elsewhere(std::string node, std::string agent, int connections,
                               handoff::Presence presence) {
  post([this, node = std::move(node), agent = std::move(agent), connections, presence] {
    if (desk_.find_agent(agent) == nullptr) return;
    auto& nodes = elsewhere_[agent];
    if (connections > 0) {
      nodes[node] = {presence, node_.clock->now()};
    } else {
      nodes.erase(node);
      if (nodes.empty()) elsewhere_.erase(agent);
    }
    share_view();
  });
}

bool DeskLoop::is_elsewhere(const std::string& agent) const {
  const auto found = elsewhere_.find(agent);
  if (found == elsewhere_.end()) return false;
  const Time now = node_.clock->now();
  return std::any_of(found->second.begin(), found->second.end(),
                     [&](const auto& there) { return now - there.second.heard <= kElsewhereKept; });
}

void DeskLoop::tell_others(const std::string& agent) {
  const handoff::DeskAgent* known = desk_.find_agent(agent);
  if (!node_.wakeups || known == nullptr) return;
  node_.wakeups->agent(agent, known->connections, known->presence);
}

void DeskLoop::set_policy(handoff::Policy policy) {
  post([this, policy = std::move(policy)]() mutable {
    const auto orders = desk_.set_policy(std::move(policy), node_.clock->now());
    look_at_hours();
    share_view();
    carry_out(orders);
  });
}

void DeskLoop::tell_place(std::string conversation) {
  post([this, conversation = std::move(conversation)] { send_place(conversation); });
}

void DeskLoop::tell_card(const std::shared_ptr<Console>& console, std::string conversation) {
  post([this, console, conversation = std::move(conversation)] {
    if (const handoff::Card* card = desk_.find(conversation)) {
      console->socket->send(conversation_frame(*card));
    }
  });
}

void DeskLoop::with_desk(std::function<void(const handoff::Desk&)> take) {
  post([this, take = std::move(take)] { take(desk_); });
}

void DeskLoop::tick() {
  if (stopped_) return;
  carry_out(desk_.tick(node_.clock->now()));
  look_at_hours();
  share_view();
  if (node_.wakeups && ticks_ % kAgentsEveryTicks == 0) {
    for (const auto& [id, agent] : desk_.agents()) {
      if (agent.connections > 0) tell_others(id);
    }
  }
  if (++ticks_ % kPlacesEveryTicks == 0) next_place_ = 0;
  push_places();
  loop_->after(kTick, [this] { tick(); });
}

// Tells waiting visitors their place when it changed, at most every few seconds; of a long queue so
// many at each tick.
void DeskLoop::push_places() {
  if (next_place_ >= desk_.queue_size()) return;
  for (const std::string& id : desk_.queue_slice(next_place_, kPlacesEachTick)) {
    if (told_place_[id] != ++next_place_) send_place(id);
  }
}

void DeskLoop::send_place(const std::string& conversation) {
  const handoff::Card* card = desk_.find(conversation);
  if (card == nullptr || !waiting(card->state)) return;
  const auto place = desk_.place(conversation);
  channels::web::QueueCard shown;
  shown.position = place ? place->position : 1;
  if (place) {
    shown.wait_minutes_min = place->wait_minutes_min;
    shown.wait_minutes_max = place->wait_minutes_max;
  }
  shown.options = queue_options(card->language == Language::und ? node_.bot->config.default_language
                                                                : card->language);
  told_place_[conversation] = shown.position;
  Shard& shard = node_.shard_of(conversation);
  shard.post([&shard, conversation, frame = channels::web::queue_frame(shown)] {
    shard.tell_visitors(conversation, frame);
  });
}

// The frame is made only when somebody is there to see it.
template <typename MakeFrame>
void DeskLoop::broadcast(const MakeFrame& make_frame) {
  if (consoles_.empty()) return;
  const std::string frame = make_frame();
  for (const auto& console : consoles_) console->socket->send(frame);
}

void DeskLoop::send_to_agent(const std::string& agent, const std::string& frame) {
  for (const auto& console : consoles_) {
    if (console->agent == agent) console->socket->send(frame);
  }
}

void DeskLoop::look_at_hours() {
  const Time now = node_.clock->now();
  const handoff::Hours& hours = node_.bot->policy.hours;
  view_.hours_open = hours.open(now);
  view_.next_open = view_.hours_open ? std::nullopt : hours.next_open(now);
}

// Gives every shard the desk's present view, when it changed.
void DeskLoop::share_view() {
  const Time now = node_.clock->now();
  view_.rostered = desk_.rostered();
  view_.anyone_online = desk_.anyone_online();
  view_.waiting = desk_.counts().of(State::queued);
  if (desk_.roster_version() != roster_version_ || !elsewhere_.empty() || ticks_ == 0) {
    roster_version_ = desk_.roster_version();
    view_.connected = desk_.agents_connected();
    view_.free = desk_.agents_free();
  }
  for (const auto& [agent, nodes] : elsewhere_) {
    for (const auto& [node, there] : nodes) {
      if (now - there.heard > kElsewhereKept) continue;
      view_.connected.insert(agent);
      if (there.presence != handoff::Presence::online) continue;
      view_.anyone_online = true;
      view_.free.insert(agent);  // whether there is room, the node that has the console knows
    }
  }
  if (view_ == shared_ && ticks_ > 0) return;
  shared_ = view_;
  const auto constant = std::make_shared<const DeskView>(view_);
  for (const auto& shard : node_.shards) {
    shard->post([&shard = *shard, constant] { shard.set_desk(constant); });
  }
}

void DeskLoop::stop() {
  post([this] { stopped_ = true; });
}

}  // namespace wasl::bot
