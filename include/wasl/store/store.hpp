#pragma once

#include "wasl/core/result.hpp"
#include "wasl/core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::store {

/// One event as stored; `json` is opaque here.
struct EventRow {
  std::uint64_t seq = 0;
  Time at{};
  std::uint64_t epoch = 0;
  bool visible = false;  ///< may be shown to the visitor
  std::string kind;      ///< "message", "state", ...
  std::string json;      ///< the body; carries its own version
  bool operator==(const EventRow&) const = default;
};

/// The present of a conversation: what is needed without replaying it.
struct ConversationRow {
  std::string id;
  std::string visitor;
  std::string channel;  ///< "web" or the channel's id in wasl.yml
  std::string state;    ///< a name of core State
  std::uint64_t epoch = 0;
  std::uint64_t last_seq = 0;
  std::optional<Time> deadline;  ///< the next moment something must happen by itself
  Time created_at{};
  Time updated_at{};
  std::string snapshot;  ///< opaque; state after event `last_seq`
  bool operator==(const ConversationRow&) const = default;
};

/// Says that `key` has been seen in `scope` and became event `seq`: unique by constraint.
struct DedupeRow {
  std::string scope;  ///< "visitor:ID" for client ids, "channel:ID" for a provider's ids
  std::string key;
  std::uint64_t seq = 0;
  bool operator==(const DedupeRow&) const = default;
};

/// A message on its way to a provider.
struct OutboxRow {
  std::int64_t id = 0;  ///< given by the store
  std::string channel;
  std::string conversation;
  std::uint64_t seq = 0;  ///< the message event it carries
  std::string payload;    ///< opaque
  std::string status;     ///< "pending", "sent" or "dead"
  int attempts = 0;
  Time next_at{};  ///< when to send it; of a row that is sent, when it was
  std::string last_error;
  bool operator==(const OutboxRow&) const = default;
};

/// All that one decision writes, in one transaction or not at all.
struct Commit {
  ConversationRow after;
  std::uint64_t expected_last_seq = 0;  ///< 0: the conversation must not exist yet
  std::uint64_t expected_epoch = 0;
  std::vector<EventRow> events;  ///< seqs expected_last_seq+1 … after.last_seq
  std::vector<DedupeRow> dedupe;
  std::vector<OutboxRow> outbox;
};

struct CommitOutcome {
  enum class Kind {
    committed,
    conflict,    ///< last_seq or epoch is not as expected: reload and decide again
    duplicate,   ///< a dedupe key is taken: `seq` and `conversation` tell by what; nothing written
    unavailable  ///< the database failed: nothing written, `what` says why
  };
  Kind kind = Kind::committed;
  std::string conversation;
  std::uint64_t seq = 0;
  std::string what;
  bool operator==(const CommitOutcome&) const = default;
};

struct Seen {
  std::string conversation;
  std::uint64_t seq = 0;
  bool operator==(const Seen&) const = default;
};

/// A customer, known by a token (web) or by a provider's id (messengers).
struct VisitorRow {
  std::string id;
  std::string token_hash;  ///< unique when not empty
  std::string channel;
  std::string external_id;  ///< unique within the channel when not empty
  std::string name;
  std::string conversation;  ///< the current one; its row exists from the first message on
  Time created_at{};
  bool operator==(const VisitorRow&) const = default;
};

struct AgentRow {
  std::string id;
  std::string email;  ///< unique, lower case
  std::string name;
  std::string role;  ///< agent, supervisor, admin
  std::string password_hash;
  std::vector<std::string> languages;
  std::vector<std::string> skills;
  int capacity = 4;
  bool enabled = true;
  bool operator==(const AgentRow&) const = default;
};

/// A signed-in browser of an agent.
struct SessionRow {
  std::string token_hash;
  std::string agent;
  Time expires_at{};
  bool operator==(const SessionRow&) const = default;
};

/// A conversation whose deadline has passed.
struct Overdue {
  std::string conversation;
  Time deadline{};
  bool operator==(const Overdue&) const = default;
};

/// What was committed after a position of the log.
struct Changes {
  struct Row {
    std::string conversation;
    std::uint64_t last_seq = 0;
    bool operator==(const Row&) const = default;
  };
  std::vector<Row> rows;       ///< in the order of their commits; a conversation may come again
  std::uint64_t position = 0;  ///< where to go on
};

/// Everything that must survive: the append-only events of every conversation and what is derived
/// from them in the same transaction.
///
/// Blocking.  Writing calls belong to the one writer thread; reading calls may run at the same
/// time on another thread through another instance (see reader()).
class Store {
 public:
  virtual ~Store() = default;

  /// Writes each decision atomically, all of them under one fsync; outcomes in the same order.
  /// One refused decision does not touch the others.  When this returns, what is `committed` is
  /// durable.
  virtual std::vector<CommitOutcome> commit(std::span<const Commit> decisions) = 0;

  virtual Result<std::optional<ConversationRow>> conversation(std::string_view id) = 0;
  /// Events with seq > `after`, in order, at most `count_max`.
  /// Errors: unavailable, also when a row's checksum is wrong.
  virtual Result<std::vector<EventRow>> events(std::string_view conversation, std::uint64_t after,
                                               std::size_t count_max) = 0;
  /// Every conversation that has a deadline, all but the closed ones, one by one in any order;
  /// `work` gives whether to go on and may not call this store.
  virtual Result<Done> for_each_live(const std::function<bool(ConversationRow)>& work) = 0;
  /// Conversations whose deadline is before `before`, the most overdue first, at most `count_max`.
  /// Cost: of those it gives, and of the few whose deadline was put off since it last passed.
  virtual Result<std::vector<Overdue>> overdue(Time before, std::size_t count_max) = 0;
  /// What was committed after position `after`, at most `count_max` rows; a decision without events
  /// counts, and may be left out once another one has followed.  Positions only grow.
  virtual Result<Changes> changed(std::uint64_t after, std::size_t count_max) = 0;
  /// The newest position; 0: nothing was ever committed.
  virtual Result<std::uint64_t> position() = 0;
  /// The visitor's conversations, newest first, at most `count_max`.
  virtual Result<std::vector<ConversationRow>> history(std::string_view visitor,
                                                       std::size_t count_max) = 0;
  virtual Result<std::optional<Seen>> seen(std::string_view scope, std::string_view key) = 0;

  /// Errors: conflict  the token or the (channel, external_id) belongs to another visitor.
  virtual Result<Done> put_visitor(const VisitorRow& visitor) = 0;
  virtual Result<std::optional<VisitorRow>> visitor(std::string_view id) = 0;
  virtual Result<std::optional<VisitorRow>> visitor_by_token(std::string_view token_hash) = 0;
  virtual Result<std::optional<VisitorRow>> visitor_by_external(std::string_view channel,
                                                                std::string_view external_id) = 0;

  /// Pending rows of the outbox whose `next_at` is at or before `now`, the longest due first; of
  /// each conversation only its first pending row, so order is kept.  Cost: of those it gives.
  virtual Result<std::vector<OutboxRow>> due_outbox(Time now, std::size_t count_max) = 0;
  /// Writes status, attempts, next_at and last_error of row `row.id`, which was `read`, provided
  /// that status, attempts and next_at are still those; `sent` is a fact and needs only that the
  /// row is still pending.
  /// Errors: conflict  somebody else has dealt with the row since: leave it to them.
  ///         not_found, invalid_input (the status).
  virtual Result<Done> update_outbox(const OutboxRow& read, const OutboxRow& row) = 0;
  /// Removes rows that are sent and whose `next_at` is before `before`, at most `count_max`, and
  /// gives how many.  Cost: of those it removes.
  virtual Result<std::uint64_t> remove_sent(Time before, std::size_t count_max) = 0;
  virtual Result<std::uint64_t> count_outbox(std::string_view status) = 0;

  /// Inserts or replaces by id.  Errors: conflict  another agent has this e-mail.
  virtual Result<Done> put_agent(const AgentRow& agent) = 0;
  virtual Result<std::vector<AgentRow>> agents() = 0;
  virtual Result<Done> put_session(const SessionRow& session) = 0;
  virtual Result<std::optional<SessionRow>> session(std::string_view token_hash) = 0;
  virtual Result<Done> remove_session(std::string_view token_hash) = 0;
  virtual Result<Done> remove_sessions_of(std::string_view agent) = 0;

  /// A second instance for reading on another thread.
  virtual Result<std::unique_ptr<Store>> reader() = 0;

  // Care of the disk; a backend without one has nothing to do.

  /// Why writing does not work at present, in one sentence; empty while it does.  Damage, whoever
  /// found it, is never forgotten; other troubles go with the next write that succeeds.
  [[nodiscard]] virtual std::string trouble() const { return {}; }
  /// A tiny durable write, to learn whether writing works again.
  virtual Result<Done> probe() { return Done{}; }
  /// Bytes of the log not yet moved into the database.
  [[nodiscard]] virtual std::uint64_t log_bytes() const { return 0; }
  /// Moves the log into the database; `all` also empties it, for which nobody may be reading.
  virtual Result<Done> checkpoint(bool all) {
    static_cast<void>(all);
    return Done{};
  }
};

/// For tests and demos: forgets everything when it (and its readers) are destroyed.
std::unique_ptr<Store> make_memory_store();

/// Opens or creates the database `file` (WAL, synchronous=FULL), brings its schema up to date and
/// holds an exclusive lock file beside it (`file` + ".lock") until destroyed.
/// Errors: busy         another program holds it.
///         unavailable  unreadable, damaged, from a newer version, or the disk failed.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file);

/// Opens `memory:` or `sqlite:PATH`; a relative path is below `base`.
/// Errors: invalid_input  another scheme; else as above.
Result<std::unique_ptr<Store>> open_store(std::string_view url, const std::filesystem::path& base);

}  // namespace wasl::store
