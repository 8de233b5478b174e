#pragma once

#include "tests/simulation/world.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace wasl::simulation {

/// A customer in a browser: talks, taps, loses the connection, comes back, sends again.
class Visitor final : public Peer {
 public:
  Visitor(World& world, int number);
  void hears(const std::string& frame) override;
  void cut_off() override;
  /// All that was said is stored and all that can be seen was; asked when all is at rest.
  void conclude();
  void look();

 private:
  struct Pending {
    std::string frame;
    std::int64_t sent = -1;     ///< on the present connection; -1: not
    std::int64_t arrived = -1;  ///< at the server
  };
  void live();
  void connect();
  void act();
  void send(const std::string& client_id);
  void say(std::string body);
  void answered(const std::string& client_id);

  World& world_;
  std::string name_;
  std::string parcel_;  ///< nobody else's
  std::shared_ptr<Wire> wire_;
  bool welcome_ = false;
  std::int64_t connected_ = 0;
  std::string token_;
  std::string conversation_;
  std::uint64_t last_seq_ = 0;  ///< the highest event seen
  std::set<std::uint64_t> seen_;
  std::map<std::string, Pending> pending_;
  std::int64_t silent_until_ = 0;
  int said_ = 0;
};

/// A customer of a messenger: the provider brings each update until it is accepted.
class Chat {
 public:
  Chat(World& world, int number);

 private:
  void live();
  void bring(std::string body, std::string update, int tries);

  World& world_;
  int number_;
  int said_ = 0;
};

/// An agent or a supervisor at a console.
class Agent final : public Peer {
 public:
  Agent(World& world, AgentFacts facts, std::string token);
  void hears(const std::string& frame) override;
  void cut_off() override;

 private:
  void live();
  void connect();
  void act();
  void answer_offer(const std::string& conversation, std::uint64_t epoch);
  void command(const std::string& type, const std::string& conversation, std::uint64_t epoch,
               const std::string& rest);
  [[nodiscard]] AgentFacts& facts() { return world_.judge.agents.at(id_); }

  World& world_;
  std::string id_;
  std::string token_;
  std::shared_ptr<Wire> wire_;
  bool snapshot_ = false;
  bool away_ = false;  ///< one who roams has said so
  int said_ = 0;
};

}  // namespace wasl::simulation
