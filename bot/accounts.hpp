#pragma once

#include "wasl/core/result.hpp"
#include "wasl/handoff/desk.hpp"
#include "wasl/store/store.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wasl::bot {

class Node;

/// What the agents commands ask for; the same value travels through the control socket.
struct AccountRequest {
  std::string action;  ///< add, list, disable, demo
  store::AgentRow agent;
  std::string password;
};
struct AccountReply {
  Result<Done> outcome = Done{};
  std::vector<store::AgentRow> agents;  ///< of list; of demo, with `password_hash` left empty
  std::string password;                 ///< of demo
};

/// Carries out an agents command on `store`.  Blocking (argon2id): never on a shard.
[[nodiscard]] AccountReply manage_accounts(store::Store& store, const AccountRequest& request);

[[nodiscard]] handoff::DeskAgent desk_agent(const store::AgentRow& agent);

/// Sign-in for agents.  Passwords are checked on a thread of its own; a name that fails too often
/// must wait.
class Accounts {
 public:
  explicit Accounts(Node& node);
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  struct SignedIn {
    std::string token;
    store::AgentRow agent;
  };
  /// Errors: invalid_input  wrong name or password ("bad_credentials").
  ///         busy           too many attempts; wait `retry_after` seconds.
  using SignInDone = std::function<void(Result<SignedIn>, int retry_after)>;
  void sign_in(std::string email, std::string password, std::string peer, SignInDone done);

  /// The agent behind a token, if it is good.  `done` runs on a store thread.
  void find(const std::string& token,
            std::function<void(Result<std::optional<store::AgentRow>>)> done);
  void sign_out(const std::string& token);

  /// Runs an agents command for the control socket and tells the desk.
  void manage(AccountRequest request, std::function<void(AccountReply)> done);

  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasl::bot
