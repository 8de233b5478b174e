// Reading what the log holds.  What leads to a row, its slot, is in memory while the row is new,
// and in the table later; memory is asked first, since there it may be newer.

#include "store/sqlite_conversations.hpp"

#include "store/decision.hpp"
#include "store/delta.hpp"
#include "store/seal.hpp"
#include "store/sqlite_slot_mark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace wasl::store::sqlite {
namespace {

// The columns of a row of the log as read_log_row() takes them.
#define WASL_LOG_COLUMNS \
  "log.id, log.conversation_key, log.last_seq, log.epoch, log.checksum, log.body"

// Conversations as read() takes them.
#define WASL_SELECT_CONVERSATION \
  "SELECT key, id, visitor, channel, created_at, wake_at, checksum FROM conversation "

constexpr std::uint64_t kSeqMax = static_cast<std::uint64_t>(1) << 61U;
constexpr std::int64_t kTagMax = std::numeric_limits<std::int64_t>::max();

/// Nothing when the checksum is wrong.
std::optional<LogRow> sound_log_row(Rows& rows) {
  rows.whole();  // its id
  LogRow row;
  row.conversation = rows.whole();
  row.last_seq = rows.count();
  row.epoch = rows.count();
  const std::int64_t checksum = rows.whole();
  if (!unpack_row(rows.bytes(), checksum, row)) return std::nullopt;
  return row;
}

LogRow read_log_row(Rows& rows) {
  if (rows.null()) throw damaged("the log has lost a row");
  const std::int64_t id = rows.peek_whole();
  auto row = sound_log_row(rows);
  if (!row) throw damaged(fmt::format("row {} of the log has a wrong checksum", id));
  return std::move(*row);
}

void check_place(const LogRow& row, std::int64_t conversation, std::int64_t tag) {
  if (row.conversation != conversation || tag_of(row.last_seq, row.events.size()) != tag) {
    throw damaged("the log and its index contradict each other");
  }
}

}  // namespace

std::int64_t seal_of(std::int64_t key, const ConversationRow& row,
                     const std::optional<Time>& wake_at) {
  Seal seal("conversation");
  seal << key << row.id << row.visitor << row.channel << row.created_at << wake_at;
  return seal.value();
}

Conversations::Conversations(const Connection& connection)
    : connection_(connection),
      find_(connection, WASL_SELECT_CONVERSATION "WHERE id = ?1"),
      live_(connection, WASL_SELECT_CONVERSATION "WHERE wake_at IS NOT NULL"),
      wake_(connection, WASL_SELECT_CONVERSATION "WHERE wake_at < ?1 ORDER BY wake_at"),
      history_(connection, WASL_SELECT_CONVERSATION
               "WHERE visitor = ?1 ORDER BY created_at DESC, key DESC LIMIT ?2"),
      newest_(connection,
              "SELECT tag, log_id FROM slot WHERE owner = ?1 AND tag > 0 ORDER BY tag DESC LIMIT"
              " 1"),
      rows_(connection,
            "SELECT slot.tag, " WASL_LOG_COLUMNS
            " FROM slot LEFT JOIN log ON log.id = slot.log_id WHERE slot.owner = ?1 AND slot.tag"
            " >= ifnull((SELECT max(tag) FROM slot WHERE owner = ?1 AND tag > 0 AND tag <= ?2), 1)"
            " AND slot.tag < ?3 ORDER BY slot.tag"),
      rows_after_(connection, "SELECT " WASL_LOG_COLUMNS " FROM log WHERE id > ?1 ORDER BY id"),
      row_(connection, "SELECT " WASL_LOG_COLUMNS " FROM log WHERE id = ?1"),
      id_(connection, "SELECT id FROM conversation WHERE key = ?1"),
      scope_(connection, "SELECT key FROM scope WHERE name = ?1"),
      slot_(connection, "SELECT log_id FROM slot WHERE owner = ?1 AND tag = ?2"),
      changed_(connection,
               "SELECT log.id, conversation.id, log.last_seq FROM log LEFT JOIN conversation"
               " ON conversation.key = log.conversation_key WHERE log.id > ?1 ORDER BY log.id"
               " LIMIT ?2"),
      position_(connection, "SELECT ifnull(max(id), 0) FROM log"),
      state_(connection, "SELECT " WASL_MARK_COLUMNS
                         ", (SELECT ifnull(max(id), 0) FROM log) FROM slot_mark WHERE id = 1") {}

bool Conversations::look_from(SlotMemory& memory) {
  Rows rows = state_.rows();
  const std::int64_t complete_to = read_mark(rows.next(), rows);
  auto view = memory.view(rows.whole(), complete_to);
  if (view) view_ = std::move(*view);
  return view.has_value();
}

StoredConversation Conversations::read(Rows& rows) {
  StoredConversation stored;
  ConversationRow& row = stored.row;
  stored.key = rows.whole();
  row.id = rows.text();
  row.visitor = rows.text();
  row.channel = rows.text();
  row.created_at = rows.time();
  stored.wake_at = rows.maybe_time();
  if (rows.whole() != seal_of(stored.key, row, stored.wake_at)) {
    throw damaged(fmt::format("the row of conversation {} has a wrong checksum", row.id));
  }
  std::tie(stored.last_id, stored.last) = newest(stored.key);
  if (!stored.last.has_state) {
    throw damaged(fmt::format("conversation {} has lost its state", row.id));
  }
  row.state = stored.last.state;
  row.epoch = stored.last.epoch;
  row.last_seq = stored.last.last_seq;
  row.deadline = stored.last.deadline;
  row.updated_at = stored.last.updated_at;
  return stored;
}

ConversationRow Conversations::whole(StoredConversation stored) {
  if (stored.last.frame == 0) {
    stored.row.snapshot = std::move(stored.last.snapshot);
    return std::move(stored.row);
  }
  std::string base = frame(stored.last.frame, stored.key);
  if (stored.last.on_events) add_to_base(stored.last.events, base);
  auto snapshot = apply_delta(base, stored.last.snapshot);
  if (!snapshot) {
    throw damaged(fmt::format("the snapshot of conversation {} makes no sense", stored.row.id));
  }
  stored.row.snapshot = std::move(*snapshot);
  return std::move(stored.row);
}

std::optional<StoredConversation> Conversations::find_stored(std::string_view id) {
  Rows rows = find_.rows(id);
  if (!rows.next()) return std::nullopt;
  return read(rows);
}

std::optional<ConversationRow> Conversations::find(std::string_view id) {
  auto stored = find_stored(id);
  if (!stored) return std::nullopt;
  return whole(std::move(*stored));
}

std::vector<EventRow> Conversations::events(std::string_view id, std::uint64_t after,
                                            std::size_t count_max) {
  const auto stored = find_stored(id);
  if (!stored || after >= stored->row.last_seq || count_max == 0) return {};

  // Events up to `last_seq` must be there, without gaps; more may have come since.
  std::vector<EventRow> events;
  std::uint64_t seq = after;
  const auto take = [&](LogRow row) {
    for (EventRow& event : row.events) {
      if (event.seq <= after || events.size() == count_max) continue;
      if (event.seq != ++seq) throw damaged(fmt::format("conversation {} has lost events", id));
      events.push_back(std::move(event));
    }
  };
  // The row that holds the first of them may lie before the place of that event.
  const std::int64_t tag = tag_of(std::min(after, kSeqMax) + 1, 1);
  const std::vector<Slot> slots = view_.rows_of(stored->key);
  auto next =
      std::upper_bound(slots.begin(), slots.end(), tag,
                       [](std::int64_t bound, const Slot& slot) { return bound < slot.tag; });
  if (next != slots.begin()) {
    --next;
  } else {
    Rows rows = rows_.rows(stored->key, tag, slots.empty() ? kTagMax : slots.front().tag);
    while (events.size() < count_max && rows.next()) {
      const std::int64_t row_tag = rows.whole();
      LogRow row = read_log_row(rows);
      check_place(row, stored->key, row_tag);
      take(std::move(row));
    }
  }
  for (; next != slots.end() && events.size() < count_max; ++next) take(row_in(*next));
  if (events.size() < count_max && seq < stored->row.last_seq) {
    throw damaged(fmt::format("conversation {} has lost events", id));
  }
  return events;
}

void Conversations::each_live(const std::function<bool(ConversationRow)>& work) {
  Rows rows = live_.rows();
  while (rows.next()) {
    if (!work(whole(read(rows)))) return;
  }
}

std::vector<Overdue> Conversations::overdue(Time before, std::size_t count_max) {
  // `wake_at` may be earlier than the deadline: the walk ends where nothing earlier can come.
  const auto earlier = [](const Overdue& a, const Overdue& b) {
    return std::tie(a.deadline, a.conversation) < std::tie(b.deadline, b.conversation);
  };
  std::vector<Overdue> heap;  // the latest first
  if (count_max == 0) return heap;
  Rows rows = wake_.rows(before);
  while (rows.next()) {
    StoredConversation stored = read(rows);
    if (!stored.wake_at || !stored.row.deadline || *stored.wake_at > *stored.row.deadline) {
      throw damaged(fmt::format("the deadline of conversation {} makes no sense", stored.row.id));
    }
    if (heap.size() == count_max && *stored.wake_at > heap.front().deadline) break;
    if (*stored.row.deadline >= before) continue;
    heap.push_back({std::move(stored.row.id), *stored.row.deadline});
    std::push_heap(heap.begin(), heap.end(), earlier);
    if (heap.size() <= count_max) continue;
    std::pop_heap(heap.begin(), heap.end(), earlier);
    heap.pop_back();
  }
  std::sort_heap(heap.begin(), heap.end(), earlier);
  return heap;
}

std::vector<ConversationRow> Conversations::history(std::string_view visitor,
                                                    std::size_t count_max) {
  std::vector<ConversationRow> all;
  Rows rows = history_.rows(visitor, clamped(count_max));
  while (rows.next()) all.push_back(whole(read(rows)));
  return all;
}

std::optional<std::int64_t> Conversations::scope_key(std::string_view scope) {
  Rows rows = scope_.rows(scope);
  if (!rows.next()) return std::nullopt;
  return rows.whole();
}

std::optional<Seen> Conversations::seen(std::string_view scope, std::string_view key) {
  const auto owner = scope_key(scope);
  if (!owner) return std::nullopt;
  return seen(*owner, scope, key);
}

std::optional<Seen> Conversations::seen(std::int64_t owner, std::string_view scope,
                                        std::string_view key) {
  // Keys of the same hash take the next free tags.
  for (std::int64_t tag = tag_of_key(key);; --tag) {
    const auto id = slot_at(owner, tag);
    if (!id) return std::nullopt;
    if (auto found = key_in_row(*id, scope, key)) return found;
  }
}

std::optional<Seen> Conversations::key_in_row(std::int64_t id, std::string_view scope,
                                              std::string_view key) {
  const LogRow found = row(id);
  for (const DedupeRow& one : found.keys) {
    if (one.scope == scope && one.key == key) return Seen{id_of(found.conversation), one.seq};
  }
  return std::nullopt;
}

Changes Conversations::changed(std::uint64_t after, std::size_t count_max) {
  Changes changes;
  changes.position = after;
  Rows rows = changed_.rows(clamped(after), clamped(count_max));
  while (rows.next()) {
    changes.position = rows.count();
    if (rows.null()) throw damaged("the log names a conversation that is not there");
    std::string id = rows.text();
    changes.rows.push_back({std::move(id), rows.count()});
  }
  return changes;
}

std::uint64_t Conversations::position() {
  Rows rows = position_.rows();
  return rows.next() ? rows.count() : 0;
}

std::string Conversations::frame(std::int64_t id, std::int64_t conversation) {
  LogRow found = row(id);
  if (found.conversation != conversation || !found.has_state || found.frame != 0) {
    throw damaged(fmt::format("row {} of the log is no frame", id));
  }
  return std::move(found.snapshot);
}

std::pair<std::int64_t, LogRow> Conversations::newest(std::int64_t key) {
  std::optional<Slot> slot = view_.newest(key);
  if (!slot) {
    Rows rows = newest_.rows(key);
    if (!rows.next()) throw damaged("the log has lost a row");
    slot = Slot{.owner = key, .tag = rows.whole()};
    slot->row = rows.whole();
  }
  return {slot->row, row_in(*slot)};
}

LogRow Conversations::row_in(const Slot& slot) {
  LogRow found = row(slot.row);
  check_place(found, slot.owner, slot.tag);
  return found;
}

void Conversations::each_row(std::int64_t after,
                             const std::function<void(std::int64_t id, const LogRow& row)>& work) {
  Rows rows = rows_after_.rows(after);
  while (rows.next()) {
    const std::int64_t id = rows.peek_whole();
    work(id, read_log_row(rows));
  }
}

std::optional<std::int64_t> Conversations::slot_at(std::int64_t owner, std::int64_t tag) {
  if (const auto row = view_.find(owner, tag)) return row;
  Rows rows = slot_.rows(owner, tag);
  if (!rows.next()) return std::nullopt;
  return rows.whole();
}

LogRow Conversations::row(std::int64_t id) {
  Rows rows = row_.rows(id);
  if (!rows.next()) throw damaged(fmt::format("the log has lost row {}", id));
  return read_log_row(rows);
}

std::string Conversations::id_of(std::int64_t key) {
  Rows rows = id_.rows(key);
  if (!rows.next()) throw damaged("the log names a conversation that is not there");
  return rows.text();
}

void Conversations::check_index() {
  Statement log(connection_, "SELECT " WASL_LOG_COLUMNS " FROM log");
  std::int64_t slots = 0;
  bool all_sound = true;
  Rows rows = log.rows();
  while (rows.next()) {
    const std::int64_t id = rows.peek_whole();
    const auto row = sound_log_row(rows);
    if (!row) {
      all_sound = false;
      continue;
    }
    const auto found = slot_at(row->conversation, tag_of(row->last_seq, row->events.size()));
    // A row without events that holds keys stays when a later one has taken its place.
    const bool replaced = row->events.empty() && found && *found > id;
    if (!replaced && found != id) throw damaged(fmt::format("the index misses row {}", id));
    slots += static_cast<std::int64_t>(row->keys.size()) + (replaced ? 0 : 1);
    if (row->keys.empty()) continue;
    const std::string conversation = id_of(row->conversation);
    for (const DedupeRow& key : row->keys) {
      if (seen(key.scope, key.key) != Seen{conversation, key.seq}) {
        throw damaged(fmt::format("the dedupe key '{}' of '{}' is lost", key.key, key.scope));
      }
    }
  }
  std::int64_t found = connection_.whole("SELECT count(*) FROM slot");
  for (const Slot& slot : view_.all()) {
    Rows stored = slot_.rows(slot.owner, slot.tag);
    found += stored.next() ? 0 : 1;
  }
  if (all_sound && found != slots) {
    throw damaged("the index of the log holds what the log does not");
  }
}

}  // namespace wasl::store::sqlite
