#pragma once

#include "wasl/handoff/desk.hpp"

#include "bot/shard.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace wasl::bot {

class Node;

/// An agent's open console.
struct Console {
  std::shared_ptr<channels::Socket> socket;
  std::string agent;
  std::string session;  ///< hash of the sign-in's token
};

/// Runs the pure desk (handoff/desk.hpp) on the first shard's thread: feeds it cards, agents and
/// the clock, carries its orders to the conversations, and shows consoles and waiting visitors what
/// changed.  Methods marked "any thread" post themselves there.
class DeskLoop {
 public:
  /// Runs on the thread of `loop`, the first shard's.
  DeskLoop(Node& node, std::unique_ptr<Loop> loop);
  ~DeskLoop();
  DeskLoop(const DeskLoop&) = delete;
  DeskLoop& operator=(const DeskLoop&) = delete;

  /// Begins ticking; after the live conversations and agents have been given.  Before the threads
  /// run.
  void start(const std::vector<handoff::Card>& cards, std::vector<handoff::DeskAgent> agents);

  // Any thread.
  void update(std::vector<handoff::Card> cards);
  void set_agents(std::vector<handoff::DeskAgent> agents);
  void enter(std::shared_ptr<Console> console);
  void leave(const std::shared_ptr<Console>& console);
  /// Closes the consoles of a sign-in that has ended.
  void end_session(std::string session);
  void set_presence(std::string agent, handoff::Presence presence);
  /// Another node says that the agent has so many consoles there.  Who is here or there is not
  /// lost; offers are made where the console is.
  void agent_elsewhere(std::string node, std::string agent, int connections,
                       handoff::Presence presence);
  /// handoff.yml was loaded again.
  void set_policy(handoff::Policy policy);
  /// Sends the visitor of a waiting conversation its place, at once.
  void tell_place(std::string conversation);
  /// Sends the console what the desk knows of a conversation.
  void tell_card(const std::shared_ptr<Console>& console, std::string conversation);
  /// Figures for whoever scrapes; `take` runs on the desk's thread.
  void with_desk(std::function<void(const handoff::Desk&)> take);
  void stop();

 private:
  void post(std::function<void()> work);
  void tell_changes();
  void carry_out(const std::vector<handoff::Order>& orders);
  void on_card(const handoff::Card& card);
  void offer(const handoff::Card& card);
  void withdraw(const handoff::Card& card, const std::string& agent);
  void tick();
  void push_places();
  void send_place(const std::string& conversation);
  template <typename MakeFrame>
  void broadcast(const MakeFrame& make_frame);
  void send_to_agent(const std::string& agent, const std::string& frame);
  void look_at_hours();
  void share_view();
  void tell_others(const std::string& agent);
  [[nodiscard]] bool is_elsewhere(const std::string& agent) const;

  /// What another node last said of an agent's consoles there.
  struct Elsewhere {
    handoff::Presence presence = handoff::Presence::offline;
    Time heard{};
  };

  Node& node_;
  std::unique_ptr<Loop> loop_;
  handoff::Desk desk_;
  std::vector<std::shared_ptr<Console>> consoles_;
  std::unordered_map<std::string, std::size_t> told_place_;
  std::size_t next_place_ = 0;  ///< to look at, from 0; at the end: nothing until the next round
  std::map<std::string, handoff::Presence> told_presence_;
  std::map<std::string, std::map<std::string, Elsewhere>, std::less<>>
      elsewhere_;  ///< by agent, then by node
  DeskView view_;  ///< kept up to date by share_view()
  DeskView shared_;
  std::uint64_t roster_version_ = 0;  ///< that view_ shows
  int ticks_ = 0;
  bool stopped_ = false;
};

}  // namespace wasl::bot
