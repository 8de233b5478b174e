#pragma once

#include "bot/bot.hpp"
#include "tests/simulation/edges.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wasl::simulation {

/// A conversation as the store has it, and what the judge remembers of it.
struct Truth {
  bot::Conversation now;
  std::int64_t changed = 0;      ///< when the latest decision was executed
  std::int64_t epoch_since = 0;  ///< when the present epoch began
  std::int64_t call_since = 0;   ///< when the open call was asked for
  std::uint64_t boundary = 0;    ///< last event before a person last gave it back
  bool pulled = false;           ///< its agent took it without an offer
  Time last_at{};                ///< of the latest event
  std::vector<std::pair<std::uint64_t, std::int64_t>> visible;  ///< seq, when executed
  std::set<std::uint64_t> unseen_by_sender;  ///< greeting and own messages: shown, not sent
};

/// Until a move was seen so often, people try it more than others.
inline constexpr std::uint64_t kRare = 160;

/// An agent as far as the judge cares.
struct AgentFacts {
  std::string id;
  std::vector<std::string> languages;
  std::vector<std::string> skills;
  int capacity = 1;
  bool supervisor = false;
  bool roams = false;  ///< never online for offers: takes and assigns what is rarely taken
  std::int64_t ready_since = -1;  ///< online with a console, as the agent was told; -1: not
};

/// Knows what is stored and what was sent, and holds both against the 16 invariants.
class Judge {
 public:
  struct Failure {
    int invariant = 0;
    std::string what;
  };

  Judge(const Timeline& timeline, const bot::Bot& bot, const Weather& weather)
      : timeline_(timeline), bot_(bot), weather_(weather) {}

  // What happens.
  void executed(int machine, const Decision& decision, const store::Commit& commit,
                const store::CommitOutcome& outcome);
  /// The server sends a frame to a visitor or an agent.
  void visitor_frame(const std::string& visitor, const std::string& conversation,
                     std::uint64_t& last_seq, const std::string& frame);
  void agent_frame(const std::string& agent, const std::string& frame);
  void promised_durable(const std::string& scope, const std::string& key, std::uint64_t seq);
  void call_answered(int machine, const std::string& url, const channels::OutgoingResponse& real);
  void provider_got(const std::string& request);
  void restarted() { quiet_since_ = timeline_.now(); }

  /// Looks at everything that waits; now and then.
  void look(const std::map<std::string, AgentFacts>& agents);
  /// At the end, when all has come to rest.
  void conclude();

  void fail(int invariant, std::string what) {
    if (!failure && (only == 0 || only == invariant)) failure = Failure{invariant, std::move(what)};
  }
  [[nodiscard]] const Truth* find(const std::string& conversation) const {
    const auto found = truths_.find(conversation);
    return found == truths_.end() ? nullptr : &found->second;
  }
  /// Conversations that are not closed.
  [[nodiscard]] const std::vector<std::string>& live() const { return live_; }
  [[nodiscard]] std::uint64_t visits(State state, handoff::Trigger trigger) const;
  /// Whether some move out of `state` was seen too rarely yet.
  [[nodiscard]] bool rare(State state) const;
  [[nodiscard]] bool quiet(std::int64_t for_micros) const;
  /// Whether it waits longest of several with the same needs.
  [[nodiscard]] bool first_in_line(const std::string& conversation) const;
  [[nodiscard]] int held(const std::string& agent, bool with_pulled) const;

  std::optional<Failure> failure;
  int only = 0;  ///< the one invariant that counts; 0: all
  std::map<std::pair<State, handoff::Trigger>, std::uint64_t> visited;
  std::uint64_t commits = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t sent_again = 0;  ///< messages the provider got more than once
  std::map<std::string, AgentFacts> agents;

 private:
  struct Change;
  void check_numbers(const Change& change);
  void check_owner(const Change& change);
  void check_speakers(const Change& change);
  void check_durable(const Change& change);
  void check_answered(const Change& change);
  void check_deadline(const Change& change);
  void check_offer(const Change& change);
  void check_age(const Change& change);
  void check_no_ping_pong(const Change& change);
  void check_boundary(const Change& change);
  void check_notices(const Change& change);
  void check_patience(const Change& change);
  void check_clocks(const Change& change);
  void check_audit(const Change& change);
  void learn(const Change& change, Truth& truth);
  void note_passed(const Change& change);
  void look_at_passed();
  void look_at_dispatch(const std::map<std::string, AgentFacts>& agents);

  /// A waiting conversation that another one, which came later, was offered before.
  struct Passed {
    std::string conversation;
    std::uint64_t epoch = 0;
    std::string by;
    std::int64_t at = 0;
  };
  struct Row {
    int got = 0;
  };

  const Timeline& timeline_;
  const bot::Bot& bot_;
  const Weather& weather_;
  std::unordered_map<std::string, Truth> truths_;
  std::vector<std::string> live_;
  std::unordered_map<std::string, std::size_t> live_at_;
  std::unordered_map<std::string, std::uint64_t> keys_;  ///< scope and key, to seq
  struct Failures {
    int now = 0;   ///< in a row
    int most = 0;  ///< since a person was last called for it
  };
  std::unordered_map<std::string, Failures> failures_;        ///< in a row, by URL
  std::unordered_map<std::string, std::vector<Row>> outbox_;  ///< by conversation
  std::unordered_map<std::string, std::pair<std::string, std::size_t>> by_request_;
  std::vector<Passed> passed_;
  std::map<std::pair<std::string, std::string>, std::int64_t> could_be_offered_;
  std::int64_t quiet_since_ = 0;
};

/// Whether the simulated desk is open, worked out apart from the product.
[[nodiscard]] bool open_at(Time at);

}  // namespace wasl::simulation
