#include "bot/accounts.hpp"

#include "wasl/core/text.hpp"

#include "bot/desk_loop.hpp"
#include "bot/node.hpp"
#include "bot/random.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr int kFailuresMax = 5;
constexpr std::chrono::minutes kFailuresWindow{5};
constexpr std::size_t kThrottledMax = 10'000;
constexpr int kWaitingMax = 64;
constexpr std::chrono::hours kSessionLife{12};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

const store::AgentRow* find_by_email(const std::vector<store::AgentRow>& agents,
                                     const std::string& email) {
  for (const store::AgentRow& agent : agents) {
    if (agent.email == email) return &agent;
  }
  return nullptr;
}

Result<Done> add_agent(store::Store& store, const std::vector<store::AgentRow>& known,
                       store::AgentRow agent, const std::string& password) {
  agent.email = lower(std::string(trim(agent.email)));
  const std::size_t at = agent.email.find('@');
  if (at == std::string::npos || at == 0 || at + 1 == agent.email.size() ||
      agent.email.find_first_of(" \t\r\n") != std::string::npos) {
    return Error{Error::Code::invalid_input, "'" + agent.email + "' is not an e-mail address"};
  }
  if (trim(agent.name).empty()) return Error{Error::Code::invalid_input, "the name is empty"};
  if (code_points(password) < 8) {
    return Error{Error::Code::invalid_input, "the password needs at least 8 characters"};
  }
  constexpr std::array<std::string_view, 3> kRoles{"agent", "supervisor", "admin"};
  if (std::find(kRoles.begin(), kRoles.end(), agent.role) == kRoles.end()) {
    return Error{Error::Code::invalid_input,
                 "unknown role '" + agent.role + "': agent, supervisor or admin"};
  }
  if (find_by_email(known, agent.email) != nullptr) {
    return Error{Error::Code::conflict, agent.email + " has an account already"};
  }
  agent.id = random_hex(8);
  agent.password_hash = hash_password(password);
  return store.put_agent(agent);
}

// Two people to try the console with; an existing one gets a fresh password.
AccountReply reset_demo(store::Store& store, const std::vector<store::AgentRow>& known) {
  AccountReply reply;
  reply.password = random_hex(6);
  const std::string hash = hash_password(reply.password);
  struct Person {
    const char* email;
    const char* name;
    const char* role;
  };
  for (const Person& person : {Person{"sara@demo.example", "سارة", "agent"},
                               Person{"omar@demo.example", "Omar", "supervisor"}}) {
    store::AgentRow agent;
    if (const auto* old = find_by_email(known, person.email)) {
      agent = *old;
    } else {
      agent.id = random_hex(8);
      agent.email = person.email;
      agent.languages = {"ar", "en"};
      agent.skills = {"orders"};
    }
    agent.name = person.name;
    agent.role = person.role;
    agent.enabled = true;
    agent.password_hash = hash;
    if (auto saved = store.put_agent(agent); !saved) {
      reply.outcome = saved.error();
      return reply;
    }
    (void)store.remove_sessions_of(agent.id);
    agent.password_hash.clear();
    reply.agents.push_back(std::move(agent));
  }
  return reply;
}

}  // namespace

AccountReply manage_accounts(store::Store& store, const AccountRequest& request) {
  AccountReply reply;
  auto known = store.agents();
  if (!known) {
    reply.outcome = known.error();
    return reply;
  }
  if (request.action == "add") {
    reply.outcome = add_agent(store, *known, request.agent, request.password);
  } else if (request.action == "demo") {
    return reset_demo(store, *known);
  } else if (request.action == "disable") {
    const std::string email = lower(std::string(trim(request.agent.email)));
    const auto* found = find_by_email(*known, email);
    if (found == nullptr) {
      reply.outcome = Error{Error::Code::not_found, "no account for " + email};
      return reply;
    }
    store::AgentRow agent = *found;
    agent.enabled = false;
    reply.outcome = store.put_agent(agent);
    if (reply.outcome) reply.outcome = store.remove_sessions_of(agent.id);
  } else if (request.action != "list") {
    reply.outcome = Error{Error::Code::invalid_input, "unknown action '" + request.action + "'"};
    return reply;
  }
  if (auto now = store.agents()) reply.agents = std::move(*now);
  for (store::AgentRow& agent : reply.agents) agent.password_hash.clear();
  return reply;
}

handoff::DeskAgent desk_agent(const store::AgentRow& agent) {
  handoff::DeskAgent desk;
  desk.id = agent.id;
  desk.name = agent.name;
  desk.role = agent.role;
  desk.languages = agent.languages;
  desk.skills = agent.skills;
  desk.capacity = agent.capacity;
  desk.enabled = agent.enabled;
  return desk;
}

struct Accounts::Impl {
  explicit Impl(Node& serving) : node(serving) {}

  struct Failures {
    int count = 0;
    Time since{};
  };

  Node& node;
  boost::asio::thread_pool pool{1};
  std::atomic<int> waiting{0};
  std::map<std::string, Failures> failures;  ///< touched only on the pool's thread

  // Seconds to wait, 0: go on.
  int throttled(const std::string& who) {
    const auto found = failures.find(who);
    if (found == failures.end()) return 0;
    const Millis passed = node.clock->now() - found->second.since;
    if (passed > kFailuresWindow) {
      failures.erase(found);
      return 0;
    }
    if (found->second.count < kFailuresMax) return 0;
    return static_cast<int>(
        std::chrono::duration_cast<std::chrono::seconds>(kFailuresWindow - passed).count() + 1);
  }

  void failed(const std::string& who) {
    if (failures.size() > kThrottledMax) failures.clear();
    Failures& entry = failures[who];
    if (entry.count++ == 0) entry.since = node.clock->now();
  }

  void check(const std::string& email, const std::string& password, const std::string& peer,
             std::vector<store::AgentRow> agents, const SignInDone& done) {
    const std::string who = email + " " + peer;
    if (const int wait = throttled(who); wait > 0) {
      return done(Error{Error::Code::busy, "too_many_attempts"}, wait);
    }
    const auto* found = find_by_email(agents, email);
    // An unknown name costs as much time as a wrong password.
    static const std::string kNobody = hash_password(random_hex(16));
    const bool matches =
        password_matches(found == nullptr ? kNobody : found->password_hash, password);
    if (found == nullptr || !matches || !found->enabled) {
      failed(who);
      return done(Error{Error::Code::invalid_input, "bad_credentials"}, 0);
    }
    failures.erase(who);
    SignedIn signed_in{random_hex(32), *found};
    store::SessionRow session;
    session.token_hash = token_hash(signed_in.token);
    session.agent = found->id;
    session.expires_at = node.clock->now() + kSessionLife;
    const bool accepted = node.store->write([session, signed_in, done](store::Store& store) {
      if (auto saved = store.put_session(session); !saved) {
        return done(saved.error(), 0);
      }
      done(signed_in, 0);
    });
    if (!accepted) done(Error{Error::Code::unavailable, "busy"}, 0);
  }
};

Accounts::Accounts(Node& node) : impl_(std::make_unique<Impl>(node)) {}
Accounts::~Accounts() {
  stop();
}

void Accounts::stop() {
  impl_->pool.stop();
  impl_->pool.join();
}

void Accounts::sign_in(std::string email, std::string password, std::string peer, SignInDone done) {
  if (impl_->waiting.fetch_add(1) >= kWaitingMax) {
    impl_->waiting.fetch_sub(1);
    return done(Error{Error::Code::busy, "too_many_attempts"}, 2);
  }
  const bool accepted = impl_->node.store->read([this, email = lower(std::move(email)),
                                                 password = std::move(password),
                                                 peer = std::move(peer),
                                                 done](store::Store& store) {
    auto agents = store.agents();
    boost::asio::post(impl_->pool, [this, email, password, peer, done, agents = std::move(agents)] {
      impl_->waiting.fetch_sub(1);
      if (!agents) return done(agents.error(), 0);
      impl_->check(email, password, peer, *agents, done);
    });
  });
  if (accepted) return;
  impl_->waiting.fetch_sub(1);
  done(Error{Error::Code::unavailable, "busy"}, 0);
}

void Accounts::find(const std::string& token,
                    std::function<void(Result<std::optional<store::AgentRow>>)> done) {
  const Time now = impl_->node.clock->now();
  const bool accepted =
      impl_->node.store->read([hash = token_hash(token), now, done](store::Store& store) {
        using Found = Result<std::optional<store::AgentRow>>;
        const auto session = store.session(hash);
        if (!session) return done(Found(session.error()));
        if (!*session || (*session)->expires_at <= now) return done(Found(std::nullopt));
        const auto agents = store.agents();
        if (!agents) return done(Found(agents.error()));
        for (const store::AgentRow& agent : *agents) {
          if (agent.id == (*session)->agent && agent.enabled) return done(Found(agent));
        }
        done(Found(std::nullopt));
      });
  if (!accepted) done(Error{Error::Code::busy, "busy"});
}

void Accounts::sign_out(const std::string& token) {
  impl_->node.desk->end_session(token_hash(token));
  (void)impl_->node.store->write(
      [hash = token_hash(token)](store::Store& store) { (void)store.remove_session(hash); });
}

void Accounts::manage(AccountRequest request, std::function<void(AccountReply)> done) {
  const bool accepted =
      impl_->node.store->write([this, request = std::move(request), done](store::Store& store) {
        auto reply = manage_accounts(store, request);
        std::vector<handoff::DeskAgent> agents;
        if (auto rows = store.agents()) {
          for (const store::AgentRow& row : *rows) agents.push_back(desk_agent(row));
          impl_->node.desk->set_agents(std::move(agents));
        }
        done(std::move(reply));
      });
  if (!accepted) {
    AccountReply busy;
    busy.outcome = Error{Error::Code::busy, "the store is busy"};
    done(std::move(busy));
  }
}

}  // namespace wasl::bot
