#pragma once

#include "wasl/core/event.hpp"
#include "wasl/handoff/policy.hpp"
#include "wasl/handoff/queue.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
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

/// Queue, offers and agents of a node.  Pure: every method takes the clock; state is derived from
/// cards, so it is rebuilt after a restart by feeding it the live conversations.
///
/// Capacity is counted from cards (human and offered), and from offers ordered but not yet seen.
class Desk {
 public:
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

  [[nodiscard]] const std::map<std::string, Card, std::less<>>& cards() const { return cards_; }
  [[nodiscard]] const std::map<std::string, DeskAgent, std::less<>>& agents() const {
    return agents_;
  }
  [[nodiscard]] const Card* find(std::string_view conversation) const;
  [[nodiscard]] const DeskAgent* find_agent(std::string_view agent) const;
  /// Conversations the agent serves or is offered.
  [[nodiscard]] int load(std::string_view agent) const;
  [[nodiscard]] bool anyone_online() const;
  /// An enabled account exists.
  [[nodiscard]] bool rostered() const;
  /// Waiting conversations, first to be served first.
  [[nodiscard]] std::vector<std::string> queue(Time now) const;
  [[nodiscard]] std::optional<QueuePlace> place(std::string_view conversation, Time now) const;

  /// Whether the agent has the language and the skills for it; room and presence aside.
  [[nodiscard]] bool suits(std::string_view agent, std::string_view conversation) const;

 private:
  /// An order under way: told to the conversation, its answer not yet seen.
  struct Ordered {
    Order order;
    Time at{};
  };

  void index(const Card& card);
  void unindex(const Card& card);
  void learn(const Card& was, const Card& now_is, Time now);
  void release(std::string_view agent, Time now);
  void enlist(const Card& card);
  void delist(const Card& card);
  [[nodiscard]] Lane lane_of(const Card& card) const;
  [[nodiscard]] bool suits(const DeskAgent& agent, const Lane& lane) const;
  [[nodiscard]] bool has_room(const DeskAgent& agent) const;
  [[nodiscard]] const DeskAgent* choose(const Card& card, const Lane& lane,
                                        const std::vector<const DeskAgent*>& free, Time now) const;
  Order reserve(const std::string& conversation, const std::string& agent, Time now);
  void unreserve(const std::string& conversation);
  std::vector<Order> dispatch(Time now);
  void dispatch_sticky(std::vector<const DeskAgent*>& free, Time now, std::vector<Order>& orders);
  void dispatch_in_turn(std::vector<const DeskAgent*>& free, Time now, std::vector<Order>& orders);
  void agent_gone(const std::string& agent, bool offers_only, Time now, std::vector<Order>& orders);
  void drop_lost_agents(Time now, std::vector<Order>& orders);
  void follow_hours(Time now, std::vector<Order>& orders);
  void forget_unanswered(Time now);
  [[nodiscard]] bool may_ask_again(const std::string& conversation, std::uint64_t epoch,
                                   Time now) const;

  Policy policy_;
  std::map<std::string, Card, std::less<>> cards_;
  std::map<std::string, DeskAgent, std::less<>> agents_;
  bool agents_known_ = false;  ///< set_agents() has been called
  bool was_open_ = true;

  // Indexes over cards_, so that nothing is searched for.
  std::map<std::string, std::set<std::string>, std::less<>>
      held_;  ///< by agent: human, offered, wrap_up
  std::set<std::string, std::less<>> promised_;
  RankIndex waiting_;                     ///< queued and offered: positions
  std::map<Lane, std::set<Rank>> lanes_;  ///< queued, no order under way: whom to serve next
  std::map<std::string, std::set<Rank>, std::less<>> sticky_;  ///< the same, by last agent

  std::map<std::string, Ordered, std::less<>> ordered_;  ///< offers under way, by conversation
  std::map<std::string, std::set<std::string>, std::less<>> reserved_;  ///< the same, by agent
  std::map<std::string, Ordered, std::less<>> asked_;                   ///< other orders under way
  std::set<std::string, std::less<>> to_open_;  ///< promised ones to be told of the opening
  std::map<std::string, Time, std::less<>> not_before_;  ///< after a refusal
  std::map<std::string, Time, std::less<>> declined_at_;
  std::map<std::string, Time, std::less<>> waiting_from_;  ///< when it was first seen waiting
  std::map<std::string, Time, std::less<>> human_since_;
  Samples recent_waits_s_;
  Samples recent_handling_s_;
};

}  // namespace wasl::handoff
