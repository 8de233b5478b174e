#pragma once

#include "bot/node.hpp"
#include "tests/simulation/edges.hpp"
#include "tests/simulation/judge.hpp"
#include "tests/simulation/mutants.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace wasl::simulation {

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t events = 200'000;
  int nodes = 2;
  std::string mutant;
  bool trace = false;
};

/// One of the alike nodes, which may die at any time.
struct Machine {
  int number = 0;
  Millis clock_wrong{0};
  Life life;  ///< null while it is down
  std::unique_ptr<bot::Node> node;
  std::vector<std::weak_ptr<Wire>> wires;
  std::int64_t up_since = 0;

  [[nodiscard]] bool up() const { return life && *life; }
};

class Visitor;
class Chat;
class Agent;

/// A whole run: nodes on one store, customers, agents, mishaps, and the judge.
class World {
 public:
  World(const Options& options, std::shared_ptr<const bot::Bot> bot);
  ~World();

  /// Until as many events have happened, then until all has come to rest; false when an invariant
  /// broke.
  bool run();

  // For those who live in it.
  /// Any node that is up; null when none is.
  Machine* some_machine();
  std::shared_ptr<Wire> connect_visitor(Machine& machine, Peer& peer, Wire::Sent sent);
  std::shared_ptr<Wire> connect_agent(Machine& machine, const std::string& token, Peer& peer,
                                      Wire::Sent sent);
  /// Something happened: counted, part of the run's fingerprint, and a line of the log.
  void event(const char* kind, const std::string& what);
  [[nodiscard]] bool ending() const { return ending_; }

  Options options;
  std::shared_ptr<const bot::Bot> bot;
  Timeline timeline;
  Chance chance;
  Weather weather;
  Judge judge;
  std::unique_ptr<store::Store> store;
  std::uint64_t events = 0;
  std::uint64_t fingerprint = 1469598103934665603ULL;
  std::uint64_t crashes = 0;
  std::uint64_t sweeper_found = 0;
  std::deque<std::string> log;  ///< the latest steps

 private:
  friend class Rumours;
  void set_up_agents();
  void start(Machine& machine);
  void crash(Machine& machine);
  void mishap();
  void look();
  void change_weather();
  void collect_counters(const Machine& machine);
  [[nodiscard]] channels::OutgoingResponse serve(const channels::OutgoingRequest& request);

  std::vector<std::unique_ptr<Machine>> machines_;
  std::vector<std::unique_ptr<Visitor>> visitors_;
  std::vector<std::unique_ptr<Chat>> chats_;
  std::vector<std::unique_ptr<Agent>> agents_;
  bool ending_ = false;
};

}  // namespace wasl::simulation
