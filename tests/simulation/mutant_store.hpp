#pragma once

#include "wasl/store/store.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace wasl::simulation {

/// A store that passes everything on; a mutant overrides what it breaks.
class PassingStore : public store::Store {
 public:
  explicit PassingStore(std::unique_ptr<store::Store> store) : store_(std::move(store)) {}

  template <typename T>
  using Result = wasl::Result<T>;
  using Row = store::ConversationRow;

  std::vector<store::CommitOutcome> commit(std::span<const store::Commit> d) override {
    return store_->commit(d);
  }
  Result<std::optional<Row>> conversation(std::string_view id) override {
    return store_->conversation(id);
  }
  Result<std::vector<store::EventRow>> events(std::string_view id, std::uint64_t after,
                                              std::size_t count_max) override {
    return store_->events(id, after, count_max);
  }
  Result<store::Changes> changed(std::uint64_t after, std::size_t count_max) override {
    return store_->changed(after, count_max);
  }
  Result<Done> for_each_live(const std::function<bool(Row)>& work) override {
    return store_->for_each_live(work);
  }
  Result<std::uint64_t> position() override { return store_->position(); }
  Result<std::vector<store::Overdue>> overdue(Time before, std::size_t count_max) override {
    return store_->overdue(before, count_max);
  }
  Result<std::vector<Row>> history(std::string_view visitor, std::size_t count_max) override {
    return store_->history(visitor, count_max);
  }
  Result<std::optional<store::Seen>> seen(std::string_view scope, std::string_view key) override {
    return store_->seen(scope, key);
  }
  Result<Done> put_visitor(const store::VisitorRow& row) override {
    return store_->put_visitor(row);
  }
  Result<std::optional<store::VisitorRow>> visitor(std::string_view id) override {
    return store_->visitor(id);
  }
  Result<std::optional<store::VisitorRow>> visitor_by_token(std::string_view hash) override {
    return store_->visitor_by_token(hash);
  }
  Result<std::optional<store::VisitorRow>> visitor_by_external(std::string_view channel,
                                                               std::string_view id) override {
    return store_->visitor_by_external(channel, id);
  }
  Result<std::vector<store::OutboxRow>> due_outbox(Time now, std::size_t count_max) override {
    return store_->due_outbox(now, count_max);
  }
  Result<Done> update_outbox(const store::OutboxRow& read, const store::OutboxRow& row) override {
    return store_->update_outbox(read, row);
  }
  Result<std::uint64_t> remove_sent(Time before, std::size_t count_max) override {
    return store_->remove_sent(before, count_max);
  }
  Result<std::uint64_t> count_outbox(std::string_view status) override {
    return store_->count_outbox(status);
  }
  Result<Done> put_agent(const store::AgentRow& row) override { return store_->put_agent(row); }
  Result<std::vector<store::AgentRow>> agents() override { return store_->agents(); }
  Result<Done> put_session(const store::SessionRow& row) override {
    return store_->put_session(row);
  }
  Result<std::optional<store::SessionRow>> session(std::string_view hash) override {
    return store_->session(hash);
  }
  Result<Done> remove_session(std::string_view hash) override {
    return store_->remove_session(hash);
  }
  Result<Done> remove_sessions_of(std::string_view agent) override {
    return store_->remove_sessions_of(agent);
  }
  Result<std::unique_ptr<store::Store>> reader() override { return store_->reader(); }

 protected:
  std::unique_ptr<store::Store> store_;
};

}  // namespace wasl::simulation
