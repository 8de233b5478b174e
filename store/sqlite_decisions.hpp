#pragma once

#include "wasl/store/store.hpp"

#include "store/log_row.hpp"
#include "store/recent.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_conversations.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::store::sqlite {

/// Writes decisions, within a transaction that is already open.
///
/// It remembers where recent conversations stand, since nobody else writes: at most 4,096 of them,
/// with their frames at most 32 MB; and of as many scopes the keys, at most 16 MB.
class DecisionWriter {
 public:
  /// The slots of what it writes are added to `memory`, which `conversations` must look from.
  DecisionWriter(const Connection& connection, Conversations& conversations, SlotMemory& memory);

  /// Writes all of `decision`, or nothing when it is refused: all refusals come before the first
  /// write.  Throws Failure; then the whole transaction must be rolled back and forget() called.
  [[nodiscard]] CommitOutcome write(const Commit& decision);

  /// What it remembers no longer holds: a transaction was rolled back, or a stranger wrote.
  void forget();

 private:
  /// Where a conversation stands, and what its next row rests on.
  struct Place {
    std::int64_t key = 0;
    std::uint64_t last_seq = 0;
    std::uint64_t epoch = 0;
    std::string visitor;
    std::string channel;
    Time created_at{};
    std::optional<Time> wake_at;
    std::int64_t frame = 0;  ///< the row whose snapshot is `frame_text`
    std::string frame_text;  ///< empty when too long to be remembered
    bool quiet = false;      ///< its newest row has no events
    std::int64_t spare = 0;  ///< that row, when nothing but its place needs it; else 0
  };
  Place* place_of(std::string_view id);
  [[nodiscard]] static Place place_at(const StoredConversation& stored, std::string frame_text);

  /// A scope of keys.  Of one that began while we watched, all keys are known by 32 bits of their
  /// tags: hardly a new one need be looked for.
  struct Scope {
    std::int64_t key = 0;
    bool all_known = false;
    std::vector<std::uint32_t> tags{};  ///< empty unless all are known

    [[nodiscard]] bool may_have(std::int64_t tag) const;
    void took(std::int64_t tag);
  };

  /// Takes the key for row `id`; or gives what has it already.
  std::optional<Seen> claim(const DedupeRow& row, std::int64_t id);
  /// Null: nothing of that scope is stored.  Valid as long as in Recent.
  Scope* known_scope(std::string_view name);
  Scope& scope_of(std::string_view name);
  std::int64_t next_key();
  std::int64_t next_row();

  Place& put_conversation(const Commit& decision, Place* stored);
  void put_row(const Commit& decision, Place& place, std::int64_t id);
  void put_outbox(const Commit& decision);

  const Connection& connection_;
  Conversations& conversations_;
  SlotMemory& memory_;
  Statement insert_;
  Statement update_;
  Statement insert_row_;
  Statement remove_row_;
  Statement insert_scope_;
  Statement insert_outbox_;
  Statement outbox_waits_;

  Recent<Place> places_;
  Recent<Scope> scopes_;
  std::int64_t last_key_ = 0;  ///< of conversations and scopes; 0: to be read
  std::int64_t last_row_ = 0;  ///< of the log; 0: to be read
  PackedRow packed_;
  std::string base_;
  std::string delta_;
};

}  // namespace wasl::store::sqlite
