// The obvious twin of the database: maps under one mutex.
//
// Readers share the maps with their store; what SQLite guards by constraint is looked up here.

#include "wasl/store/store.hpp"

#include "store/decision.hpp"
#include "store/people.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>

namespace wasl::store {
namespace {

struct Conversation {
  ConversationRow row;
  std::uint64_t number = 0;  ///< in order of creation
  std::vector<EventRow> events;
};

struct Tables {
  std::mutex mutex;
  std::map<std::string, Conversation, std::less<>> conversations;
  std::map<std::pair<std::string, std::string>, Seen> dedupe;
  std::map<std::int64_t, OutboxRow> outbox;
  std::map<std::string, VisitorRow, std::less<>> visitors;
  std::map<std::string, AgentRow, std::less<>> agents;
  std::map<std::string, SessionRow, std::less<>> sessions;
  std::vector<Changes::Row> log;  ///< position n is its n-th row
  std::uint64_t last_number = 0;
  std::int64_t last_outbox_id = 0;
};

class MemoryStore final : public Store {
 public:
  MemoryStore(std::shared_ptr<Tables> tables, bool writes)
      : tables_(std::move(tables)), writes_(writes) {}

  std::vector<CommitOutcome> commit(std::span<const Commit> decisions) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<CommitOutcome> outcomes;
    for (const Commit& decision : decisions) {
      check_decision(decision);
      outcomes.push_back(writes_ ? commit_one(decision) : unavailable(decision, only_reads().what));
    }
    return outcomes;
  }

  Result<std::optional<ConversationRow>> conversation(std::string_view id) override {
    const std::lock_guard lock(tables_->mutex);
    const auto found = tables_->conversations.find(id);
    if (found == tables_->conversations.end()) return std::optional<ConversationRow>{};
    return std::optional(found->second.row);
  }

  Result<std::vector<EventRow>> events(std::string_view conversation, std::uint64_t after,
                                       std::size_t count_max) override {
    const std::lock_guard lock(tables_->mutex);
    const auto found = tables_->conversations.find(conversation);
    std::vector<EventRow> rows;
    if (found == tables_->conversations.end()) return rows;
    for (const EventRow& event : found->second.events) {
      if (rows.size() == count_max) break;
      if (event.seq > after) rows.push_back(event);
    }
    return rows;
  }

  Result<Done> for_each_live(const std::function<bool(ConversationRow)>& work) override {
    std::vector<ConversationRow> rows;
    {
      const std::lock_guard lock(tables_->mutex);
      for (const auto& [id, conversation] : tables_->conversations) {
        if (conversation.row.deadline) rows.push_back(conversation.row);
      }
    }
    for (ConversationRow& row : rows) {
      if (!work(std::move(row))) break;
    }
    return Done{};
  }

  Result<std::vector<Overdue>> overdue(Time before, std::size_t count_max) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<Overdue> rows;
    for (const auto& [id, conversation] : tables_->conversations) {
      const auto& deadline = conversation.row.deadline;
      if (deadline && *deadline < before) rows.push_back({id, *deadline});
    }
    std::sort(rows.begin(), rows.end(), [](const Overdue& a, const Overdue& b) {
      return std::tie(a.deadline, a.conversation) < std::tie(b.deadline, b.conversation);
    });
    if (rows.size() > count_max) rows.resize(count_max);
    return rows;
  }

  Result<Changes> changed(std::uint64_t after, std::size_t count_max) override {
    const std::lock_guard lock(tables_->mutex);
    Changes changes;
    changes.position = after;
    const auto& log = tables_->log;
    while (changes.position < log.size() && changes.rows.size() < count_max) {
      changes.rows.push_back(log[changes.position++]);
    }
    return changes;
  }

  Result<std::uint64_t> position() override {
    const std::lock_guard lock(tables_->mutex);
    return static_cast<std::uint64_t>(tables_->log.size());
  }

  Result<std::vector<ConversationRow>> history(std::string_view visitor,
                                               std::size_t count_max) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<const Conversation*> found;
    for (const auto& [id, conversation] : tables_->conversations) {
      if (conversation.row.visitor == visitor) found.push_back(&conversation);
    }
    std::sort(found.begin(), found.end(), [](const Conversation* a, const Conversation* b) {
      return std::pair(a->row.created_at, a->number) > std::pair(b->row.created_at, b->number);
    });
    if (found.size() > count_max) found.resize(count_max);
    std::vector<ConversationRow> rows;
    for (const Conversation* conversation : found) rows.push_back(conversation->row);
    return rows;
  }

  Result<std::optional<Seen>> seen(std::string_view scope, std::string_view key) override {
    const std::lock_guard lock(tables_->mutex);
    const auto found = tables_->dedupe.find({std::string(scope), std::string(key)});
    if (found == tables_->dedupe.end()) return std::optional<Seen>{};
    return std::optional(found->second);
  }

  Result<Done> put_visitor(const VisitorRow& visitor) override {
    if (!writes_) return only_reads();
    const std::lock_guard lock(tables_->mutex);
    for (const auto& [id, other] : tables_->visitors) {
      if (id == visitor.id) continue;
      const bool same_token = !visitor.token_hash.empty() && other.token_hash == visitor.token_hash;
      const bool same_external = !visitor.external_id.empty() &&
                                 other.external_id == visitor.external_id &&
                                 other.channel == visitor.channel;
      if (same_token || same_external) return visitor_conflict(visitor);
    }
    tables_->visitors[visitor.id] = visitor;
    return Done{};
  }

  Result<std::optional<VisitorRow>> visitor(std::string_view id) override {
    return find_visitor([id](const VisitorRow& row) { return row.id == id; });
  }

  Result<std::optional<VisitorRow>> visitor_by_token(std::string_view token_hash) override {
    return find_visitor([token_hash](const VisitorRow& row) {
      return !token_hash.empty() && row.token_hash == token_hash;
    });
  }

  Result<std::optional<VisitorRow>> visitor_by_external(std::string_view channel,
                                                        std::string_view external_id) override {
    return find_visitor([channel, external_id](const VisitorRow& row) {
      return !external_id.empty() && row.channel == channel && row.external_id == external_id;
    });
  }

  Result<std::vector<OutboxRow>> due_outbox(Time now, std::size_t count_max) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<OutboxRow> rows;
    std::set<std::string_view> begun;  // conversations whose first pending row has been seen
    for (const auto& [id, row] : tables_->outbox) {
      if (row.status != "pending" || !begun.insert(row.conversation).second) continue;
      if (row.next_at <= now) rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), [](const OutboxRow& a, const OutboxRow& b) {
      return std::tie(a.next_at, a.id) < std::tie(b.next_at, b.id);
    });
    if (rows.size() > count_max) rows.resize(count_max);
    return rows;
  }

  Result<Done> update_outbox(const OutboxRow& read, const OutboxRow& row) override {
    if (!writes_) return only_reads();
    if (!valid_outbox_status(row.status)) return bad_outbox_status(row.status);
    const std::lock_guard lock(tables_->mutex);
    const auto found = tables_->outbox.find(row.id);
    if (found == tables_->outbox.end()) return no_outbox_row(row.id);
    if (!may_become(found->second, read, row)) return outbox_conflict(row.id);
    found->second.status = row.status;
    found->second.attempts = row.attempts;
    found->second.next_at = row.next_at;
    found->second.last_error = row.last_error;
    return Done{};
  }

  Result<std::uint64_t> remove_sent(Time before, std::size_t count_max) override {
    if (!writes_) return only_reads();
    const std::lock_guard lock(tables_->mutex);
    std::vector<std::pair<Time, std::int64_t>> sent;
    for (const auto& [id, row] : tables_->outbox) {
      if (row.status == "sent" && row.next_at < before) sent.emplace_back(row.next_at, id);
    }
    std::sort(sent.begin(), sent.end());
    if (sent.size() > count_max) sent.resize(count_max);
    for (const auto& [sent_at, id] : sent) tables_->outbox.erase(id);
    return sent.size();
  }

  Result<std::uint64_t> count_outbox(std::string_view status) override {
    const std::lock_guard lock(tables_->mutex);
    std::uint64_t count = 0;
    for (const auto& [id, row] : tables_->outbox) count += row.status == status ? 1 : 0;
    return count;
  }

  Result<Done> put_agent(const AgentRow& given) override {
    if (!writes_) return only_reads();
    const Result<AgentRow> agent = storable(given);
    if (!agent) return agent.error();
    const std::lock_guard lock(tables_->mutex);
    for (const auto& [id, other] : tables_->agents) {
      if (id != agent->id && other.email == agent->email) return email_conflict(*agent);
    }
    tables_->agents[agent->id] = *agent;
    return Done{};
  }

  Result<std::vector<AgentRow>> agents() override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<AgentRow> rows;
    for (const auto& [id, agent] : tables_->agents) rows.push_back(agent);
    return rows;
  }

  Result<Done> put_session(const SessionRow& session) override {
    if (!writes_) return only_reads();
    const std::lock_guard lock(tables_->mutex);
    tables_->sessions[session.token_hash] = session;
    return Done{};
  }

  Result<std::optional<SessionRow>> session(std::string_view token_hash) override {
    const std::lock_guard lock(tables_->mutex);
    const auto found = tables_->sessions.find(token_hash);
    if (found == tables_->sessions.end()) return std::optional<SessionRow>{};
    return std::optional(found->second);
  }

  Result<Done> remove_session(std::string_view token_hash) override {
    if (!writes_) return only_reads();
    const std::lock_guard lock(tables_->mutex);
    const auto found = tables_->sessions.find(token_hash);
    if (found != tables_->sessions.end()) tables_->sessions.erase(found);
    return Done{};
  }

  Result<Done> remove_sessions_of(std::string_view agent) override {
    if (!writes_) return only_reads();
    const std::lock_guard lock(tables_->mutex);
    std::erase_if(tables_->sessions, [agent](const auto& s) { return s.second.agent == agent; });
    return Done{};
  }

  Result<std::unique_ptr<Store>> reader() override {
    return std::unique_ptr<Store>(std::make_unique<MemoryStore>(tables_, false));
  }

 private:
  /// REQUIRES: the mutex is held.
  CommitOutcome commit_one(const Commit& decision) {
    if (auto refused = repeats_key(decision)) return *refused;
    for (const DedupeRow& row : decision.dedupe) {
      const auto taken = tables_->dedupe.find({row.scope, row.key});
      if (taken != tables_->dedupe.end()) return duplicate(taken->second);
    }
    const auto found = tables_->conversations.find(decision.after.id);
    std::optional<Position> stored;
    if (found != tables_->conversations.end()) {
      stored = Position{found->second.row.last_seq, found->second.row.epoch};
    }
    if (auto refused = conflict_of(decision, stored)) return *refused;
    // Beyond here nothing refuses.

    Conversation& conversation = tables_->conversations[decision.after.id];
    if (!stored) conversation.number = ++tables_->last_number;
    conversation.row = decision.after;
    tables_->log.push_back({decision.after.id, decision.after.last_seq});
    conversation.events.insert(conversation.events.end(), decision.events.begin(),
                               decision.events.end());
    for (const DedupeRow& row : decision.dedupe) {
      tables_->dedupe[{row.scope, row.key}] = {decision.after.id, row.seq};
    }
    for (const OutboxRow& given : decision.outbox) {
      OutboxRow row = outbox_row(decision, given);
      row.id = ++tables_->last_outbox_id;
      tables_->outbox[row.id] = std::move(row);
    }
    return committed(decision);
  }

  template <typename Match>
  Result<std::optional<VisitorRow>> find_visitor(Match match) {
    const std::lock_guard lock(tables_->mutex);
    for (const auto& [id, row] : tables_->visitors) {
      if (match(row)) return std::optional(row);
    }
    return std::optional<VisitorRow>{};
  }

  std::shared_ptr<Tables> tables_;
  bool writes_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() {
  return std::make_unique<MemoryStore>(std::make_shared<Tables>(), true);
}

}  // namespace wasl::store
