#pragma once

#include "wasl/store/store.hpp"

#include "store/log_row.hpp"
#include "store/slot_memory.hpp"
#include "store/sqlite.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::store::sqlite {

/// What is stored of a conversation, and where.
struct StoredConversation {
  ConversationRow row;
  std::int64_t key = 0;
  std::optional<Time> wake_at;
  LogRow last;               ///< its newest row; `last.snapshot` may be a delta
  std::int64_t last_id = 0;  ///< the id of that row
};

/// The checksum of a row of the table `conversation`.
[[nodiscard]] std::int64_t seal_of(std::int64_t key, const ConversationRow& row,
                                   const std::optional<Time>& wake_at);

/// Reads conversations, their events and their dedupe keys.  Throws Failure, also for a row whose
/// checksum is wrong and for rows that should be there and are not.
class Conversations {
 public:
  explicit Conversations(const Connection& connection);

  /// What of the index is not in the table yet.  Holds until the next call of either.
  void look_from(SlotView view) { view_ = std::move(view); }
  /// The same of the state a transaction that is already open sees; false: it is too old.
  [[nodiscard]] bool look_from(SlotMemory& memory);

  [[nodiscard]] std::optional<StoredConversation> find_stored(std::string_view id);
  [[nodiscard]] std::optional<ConversationRow> find(std::string_view id);
  [[nodiscard]] std::vector<EventRow> events(std::string_view id, std::uint64_t after,
                                             std::size_t count_max);
  /// `work` gives whether to go on; it may read.
  void each_live(const std::function<bool(ConversationRow)>& work);
  [[nodiscard]] std::vector<Overdue> overdue(Time before, std::size_t count_max);
  [[nodiscard]] std::vector<ConversationRow> history(std::string_view visitor,
                                                     std::size_t count_max);
  [[nodiscard]] std::optional<Seen> seen(std::string_view scope, std::string_view key);
  /// As above where the scope's number is known.
  [[nodiscard]] std::optional<Seen> seen(std::int64_t owner, std::string_view scope,
                                         std::string_view key);
  /// Whether log row `id` holds the key, and what it became.
  [[nodiscard]] std::optional<Seen> key_in_row(std::int64_t id, std::string_view scope,
                                               std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> slot_at(std::int64_t owner, std::int64_t tag);
  [[nodiscard]] std::optional<std::int64_t> scope_key(std::string_view scope);
  [[nodiscard]] Changes changed(std::uint64_t after, std::size_t count_max);
  [[nodiscard]] std::uint64_t position();
  /// The rows after `after` in their order.
  void each_row(std::int64_t after,
                const std::function<void(std::int64_t id, const LogRow& row)>& work);
  /// The whole snapshot of log row `id`.
  [[nodiscard]] std::string frame(std::int64_t id, std::int64_t conversation);

  /// Whether slots and scopes lead to every sound row and key, and to nothing else; for small
  /// databases.
  void check_index();

 private:
  /// A row of the select that starts every reading of conversations.
  StoredConversation read(Rows& rows);
  ConversationRow whole(StoredConversation stored);
  /// The newest row of a conversation and its id.
  std::pair<std::int64_t, LogRow> newest(std::int64_t key);
  /// Its row in a slot.
  LogRow row_in(const Slot& slot);
  LogRow row(std::int64_t id);
  std::string id_of(std::int64_t key);

  const Connection& connection_;
  SlotView view_;
  Statement find_;
  Statement live_;
  Statement wake_;
  Statement history_;
  Statement newest_;
  Statement rows_;
  Statement rows_after_;
  Statement row_;
  Statement id_;
  Statement scope_;
  Statement slot_;
  Statement changed_;
  Statement position_;
  Statement state_;
};

}  // namespace wasl::store::sqlite
