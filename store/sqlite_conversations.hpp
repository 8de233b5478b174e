#pragma once

#include "wasl/store/store.hpp"

#include "store/sqlite.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::store::sqlite {

/// Conversations, their events and their dedupe keys.  Throws Failure, also for a row whose
/// checksum is wrong and for events that should be there and are not.
class Conversations {
 public:
  explicit Conversations(const Connection& connection);

  [[nodiscard]] std::optional<ConversationRow> find(std::string_view id);
  [[nodiscard]] std::vector<EventRow> events(std::string_view id, std::uint64_t after,
                                             std::size_t count_max);
  [[nodiscard]] std::vector<ConversationRow> live();
  [[nodiscard]] std::vector<ConversationRow> history(std::string_view visitor,
                                                     std::size_t count_max);
  [[nodiscard]] std::optional<Seen> seen(std::string_view scope, std::string_view key);

 private:
  Statement find_;
  Statement extent_;
  Statement events_;
  Statement live_;
  Statement history_;
  Statement seen_;
};

/// Reads every dedupe key.  Throws Failure where one is not what was written.
void check_keys(const Connection& connection);

/// Writes decisions, within a transaction that is already open.
class DecisionWriter {
 public:
  explicit DecisionWriter(const Connection& connection);

  /// Writes all of `decision`, or nothing when it is refused: all refusals come before the first
  /// write.  Throws Failure; then the whole transaction must be rolled back.
  [[nodiscard]] CommitOutcome write(const Commit& decision, Conversations& conversations);

 private:
  /// What is stored of a conversation: its key, where it stands, and what seldom changes.
  struct Place {
    std::int64_t key = 0;
    std::uint64_t last_seq = 0;
    std::uint64_t epoch = 0;
    bool live = false;
    std::string visitor;
    std::string channel;
    Time created_at{};
  };
  std::optional<Place> place_of(std::string_view id);
  /// Gives its key.
  std::int64_t put(const ConversationRow& after, const std::optional<Place>& stored);

  const Connection& connection_;
  Statement place_;
  Statement insert_;
  Statement update_;
  Statement update_fixed_;
  Statement insert_event_;
  Statement insert_key_;
  Statement insert_outbox_;
};

}  // namespace wasl::store::sqlite
