#pragma once

#include "wasl/core/event.hpp"
#include "wasl/handoff/moves.hpp"
#include "wasl/handoff/policy.hpp"
#include "wasl/handoff/queue.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wasl::handoff {

/// What the desk knows of a conversation; sent by its shard after every commit.
struct Card {
  std::string conversation;
  State state = State::bot;
  Owner owner;
  std::uint64_t epoch = 0;
  std::uint64_t last_seq = 0;
  std::string channel;
  std::string customer;  ///< name or a short pseudonym
  Language language = Language::und;
  std::optional<Time> waiting_since;
  std::optional<Time> owed_since;
  std::optional<Time> deadline;
  std::string offered_to;
  std::vector<std::string> declined_by;
  std::string reason;
  std::string team;
  std::vector<Evidence> evidence;
  int priority = 0;  ///< higher first
  bool relaxed = false;
  bool supervised = false;  ///< for supervisors
  bool alerted = false;     ///< waits longer than supervisors like to see
  bool gone = false;        ///< the visitor is away: not to be offered
  std::optional<Time> queued_at;
  std::string wanted_agent;  ///< to be asked first, until `wanted_until`
  std::optional<Time> wanted_until;
  std::string last_agent;
  std::string last_line;  ///< of the latest message, shortened
  Party last_from = Party::visitor;
  std::string last_trigger;  ///< what the latest transition was caused by
  Time updated_at{};
};

enum class Presence { online, away, offline };
[[nodiscard]] std::string_view name(Presence presence);
[[nodiscard]] std::optional<Presence> presence_of(std::string_view name);

struct DeskAgent {
  std::string id;
  std::string name;
  std::string role = "agent";
  std::vector<std::string> languages;
  std::vector<std::string> skills;
  int capacity = 4;
  bool enabled = true;
  Presence presence = Presence::offline;
  int connections = 0;             ///< open consoles
  std::optional<Time> lost_since;  ///< when the last console went away while it was online
  int misses = 0;                  ///< offers not answered in a row; two set it to away
  Time idle_since{};
};

/// What the desk wants done to a conversation; the conversation decides whether it still fits.
struct Order {
  enum class Kind { offer, agent_gone, hours_open, hours_close };
  Kind kind = Kind::offer;
  std::string conversation;
  std::uint64_t epoch = 0;
  std::string agent;
  bool operator==(const Order&) const = default;
};

struct QueuePlace {
  std::size_t position = 0;             ///< from 1
  std::optional<int> wait_minutes_min;  ///< alone: "more than"; neither: nothing is known yet
  std::optional<int> wait_minutes_max;
  bool anyone_online = false;
};

/// Something supervisors should hear of.
struct Alert {
  std::string conversation;
  std::string kind;  ///< waiting_long: once per queueing
  Millis waited{0};
  bool operator==(const Alert&) const = default;
};

/// How many there are of each; kept as things happen, for views.  Capacity never reads these.
struct Counts {
  std::array<std::size_t, 10> states{};  ///< conversations, by State
  std::size_t agents_enabled = 0;
  std::size_t agents_connected = 0;  ///< with a console
  std::size_t agents_online = 0;     ///< enabled, with a console, taking conversations
  int slots_online = 0;              ///< their capacity together
  std::size_t supervisors_enabled = 0;
  std::size_t supervisors_online = 0;
  [[nodiscard]] std::size_t of(State state) const {
    return states[static_cast<std::size_t>(state)];
  }
  bool operator==(const Counts&) const = default;
};

/// Finds by any kind of text without making a string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <typename T>
using ByName = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// Queue, offers and agents of a node.  Pure: every method takes the clock; state is derived from
/// cards, so it is rebuilt after a restart by feeding it the live conversations.
///
/// Capacity is counted from cards (human, wrapping up and offered; a snoozed one takes no slot),
/// and from offers ordered but not yet seen.
class Desk {
 public:
  using Cards = ByName<Card>;
  using Agents = std::map<std::string, DeskAgent, std::less<>>;
  using Names = std::set<std::string, std::less<>>;

  explicit Desk(Policy policy) : policy_(std::move(policy)) {}

  /// Other times, hours and teams count from now on.
  std::vector<Order> set_policy(Policy policy, Time now);
  /// Adds, changes and removes accounts; presence and consoles of the known ones stay.
  std::vector<Order> set_agents(std::vector<DeskAgent> agents, Time now);
  std::vector<Order> set_presence(std::string_view agent, Presence presence, Time now);
  std::vector<Order> connected(std::string_view agent, Time now);
  std::vector<Order> disconnected(std::string_view agent, Time now);
  /// The conversation is now like this.  A closed one is forgotten; a card older than the known
  /// one (by last_seq) is ignored.
  std::vector<Order> update(const Card& card, Time now);
  /// An order could not be carried out: the conversation had moved on.
  std::vector<Order> refused(const Order& order, Time now);
  /// Safety net, once a second: lost agents, opening and closing hours, anything left waiting.
  std::vector<Order> tick(Time now);

  /// What supervisors should hear of since the last call.
  std::vector<Alert> take_alerts() { return std::exchange(alerts_, {}); }
  /// Agents whose presence may have changed since the last call, also by the desk itself.
  std::vector<std::string> take_presence_changes();

  [[nodiscard]] const Cards& cards() const { return cards_; }
  [[nodiscard]] const Agents& agents() const { return agents_; }
  [[nodiscard]] const Card* find(std::string_view conversation) const;
  [[nodiscard]] const DeskAgent* find_agent(std::string_view agent) const;
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Agents with a console.
  [[nodiscard]] const Names& agents_connected() const { return connected_; }
  /// Agents who are online and have room.
  [[nodiscard]] const Names& agents_free() const { return free_; }
  /// Rises when agents_connected() or agents_free() change.
  [[nodiscard]] std::uint64_t roster_version() const { return roster_version_; }

  /// Conversations the agent has: offered, human or wrapping up.
  [[nodiscard]] std::set<std::string> held_by(std::string_view agent) const {
    const auto held = held_.find(agent);
    return held == held_.end() ? std::set<std::string>{} : held->second;
  }
  /// Conversations the agent serves or is offered, orders under way included.
  [[nodiscard]] int load(std::string_view agent) const;
  /// Whether this conversation would fit, or is the agent's already; presence aside.
  [[nodiscard]] bool has_room_for(std::string_view agent, std::string_view conversation) const;
  [[nodiscard]] bool anyone_online() const { return counts_.agents_online > 0; }
  /// An enabled account exists.
  [[nodiscard]] bool rostered() const { return counts_.agents_enabled > 0; }

  /// Waiting conversations, first to be served first.  Cost: a copy of all their names.
  [[nodiscard]] std::vector<std::string> queue() const;
  /// At most `count` of them from place `from` (0: the first).  Cost: `count`.
  [[nodiscard]] std::vector<std::string> queue_slice(std::size_t from, std::size_t count) const {
    return waiting_.slice(from, count);
  }
  [[nodiscard]] std::size_t queue_size() const { return waiting_.size(); }
  /// Cost: about the same for any number of waiting conversations.
  [[nodiscard]] std::optional<QueuePlace> place(std::string_view conversation) const;
  /// What place() says of whoever stands at `position` (from 1).
  [[nodiscard]] QueuePlace place_at(std::size_t position) const;

  /// Whether the agent has the language and the skills for it; room and presence aside.
  [[nodiscard]] bool suits(std::string_view agent, std::string_view conversation) const;
  /// An agent as a transfer or an assignment of this conversation needs to know them; nothing when
  /// there is no such enabled account.
  [[nodiscard]] std::optional<Colleague> colleague(std::string_view agent,
                                                   std::string_view conversation) const;

 private:
  /// An order under way: told to the conversation, its answer not yet seen.
  struct Ordered {
    Order order;
    Time at{};
  };
  using Queues = std::map<std::string, RankSet, std::less<>>;

  void index(const Card& card, Time now);
  void unindex(const Card& card);
  void learn(const Card& was, const Card& now_is, Time now);
  void watch_misses(const Card& was, const Card& now_is, bool back_in_line, Time now);
  void enlist(const Card& card, Time now);
  void delist(const Card& card);
  void relist(const std::string& agent, Time now);
  void end_reservations(Time now);
  void count(const DeskAgent& agent, bool in);
  template <typename Edit>
  void change(DeskAgent& agent, Time now, Edit edit);
  void refresh(std::string_view agent);
  [[nodiscard]] bool kept_for_wanted(const Card& card, Time now) const;
  [[nodiscard]] Lane lane_of(const Card& card) const;
  [[nodiscard]] bool suits(const DeskAgent& agent, const Lane& lane) const;
  [[nodiscard]] bool has_room(const DeskAgent& agent) const;
  /// Whether it was refused a moment ago and is not asked for again yet.
  [[nodiscard]] bool rests(std::string_view conversation, Time now) const;
  [[nodiscard]] bool has_channel_room(const DeskAgent& agent, std::string_view channel) const;
  [[nodiscard]] const DeskAgent* choose(const Card& card, const Lane& lane,
                                        const std::vector<const DeskAgent*>& free, Time now) const;
  Order reserve(const std::string& conversation, const std::string& agent, Time now);
  void unreserve(const std::string& conversation);
  std::vector<Order> dispatch(Time now);
  void dispatch_known(std::vector<const DeskAgent*>& free, Time now, std::vector<Order>& orders);
  void dispatch_in_turn(std::vector<const DeskAgent*>& free, Time now, std::vector<Order>& orders);
  void agent_gone(const std::string& agent, bool offers_only, Time now, std::vector<Order>& orders);
  void drop_lost_agents(Time now, std::vector<Order>& orders);
  void tell_hours(Order::Kind kind, Names& whom, Time now, std::vector<Order>& orders);
  void follow_hours(Time now, std::vector<Order>& orders);
  void forget_unanswered(Time now);
  [[nodiscard]] bool may_ask_again(const std::string& conversation, std::uint64_t epoch,
                                   Time now) const;

  Policy policy_;
  Cards cards_;
  Agents agents_;
  bool agents_known_ = false;  ///< set_agents() has been called
  bool was_open_ = true;

  // Indexes over cards_, so that nothing is searched for.
  ByName<std::set<std::string>> held_;  ///< by agent: human, offered, wrap_up
  Names promised_;
  RankIndex waiting_;                            ///< queued and offered: positions
  std::map<Lane, RankSet> lanes_;                ///< queued, no order under way: whom to serve next
  Queues known_;                                 ///< the same, by who served it last or is wanted
  std::set<std::pair<Time, std::string>> kept_;  ///< not in a lane: until then for who is wanted

  ByName<Ordered> ordered_;                 ///< offers under way, by conversation
  ByName<std::set<std::string>> reserved_;  ///< the same, by agent
  ByName<Ordered> asked_;                   ///< other orders under way
  Names to_open_;                           ///< promised ones to be told of the opening
  Names to_close_;                          ///< queued ones to be told of the closing
  std::string hours_told_;                  ///< the last one of them that was looked at
  ByName<Time> not_before_;                 ///< after a refusal
  ByName<Time> declined_at_;
  ByName<Time> human_since_;

  Names connected_;
  Names free_;
  Counts counts_;
  std::uint64_t roster_version_ = 0;
  Names presence_changes_;
  std::vector<Alert> alerts_;
  Samples recent_waits_s_;
  Samples recent_handling_s_;
};

}  // namespace wasl::handoff
