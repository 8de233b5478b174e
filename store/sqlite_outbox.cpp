#include "store/sqlite_outbox.hpp"

#include "store/decision.hpp"
#include "store/seal.hpp"

#include <fmt/format.h>

namespace wasl::store::sqlite {
namespace {

// The columns of a row as read_row() takes them.
#define WASL_OUTBOX_COLUMNS \
  "id, channel, conversation, seq, payload, status, attempts, next_at, last_error, checksum"

OutboxRow read_row(Rows& rows) {
  OutboxRow row;
  row.id = rows.whole();
  row.channel = rows.text();
  row.conversation = rows.text();
  row.seq = rows.count();
  row.payload = rows.text();
  row.status = rows.text();
  row.attempts = static_cast<int>(rows.whole());
  row.next_at = rows.time();
  row.last_error = rows.text();
  if (rows.whole() != seal_of(row)) {
    throw damaged(fmt::format("outbox row {} has a wrong checksum", row.id));
  }
  return row;
}

}  // namespace

// Of each conversation's pending rows the first is marked `head`, and the index outbox_due holds
// only those: what waits behind them costs nothing.
Outbox::Outbox(const Connection& connection)
    : connection_(connection),
      due_(connection, "SELECT " WASL_OUTBOX_COLUMNS
                       " FROM outbox WHERE head = 1 AND next_at <= ?1"
                       " ORDER BY next_at, id LIMIT ?2"),
      find_(connection, "SELECT " WASL_OUTBOX_COLUMNS " FROM outbox WHERE id = ?1"),
      count_pending_(connection, "SELECT count(*) FROM outbox WHERE status = 'pending'"),
      count_dead_(connection, "SELECT count(*) FROM outbox WHERE status = 'dead'"),
      count_(connection, "SELECT count(*) FROM outbox WHERE status = ?1"),
      update_(connection,
              "UPDATE outbox SET status = ?2, attempts = ?3, next_at = ?4, last_error = ?5,"
              " checksum = ?6, head = head AND ?2 = 'pending' WHERE id = ?1"),
      unmark_(connection,
              "UPDATE outbox SET head = 0 WHERE id = (SELECT min(first.id) FROM outbox AS first"
              " WHERE first.conversation = ?1 AND first.status = 'pending')"),
      mark_(connection,
            "UPDATE outbox SET head = 1 WHERE id = (SELECT min(first.id) FROM outbox AS first"
            " WHERE first.conversation = ?1 AND first.status = 'pending')"),
      remove_(connection,
              "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE status = 'sent' AND"
              " next_at < ?1 ORDER BY next_at, id LIMIT ?2)") {}

std::vector<OutboxRow> Outbox::due(Time now, std::size_t count_max) {
  std::vector<OutboxRow> all;
  Rows rows = due_.rows(now, clamped(count_max));
  while (rows.next()) all.push_back(read_row(rows));
  return all;
}

std::uint64_t Outbox::count(std::string_view status) {
  // Only a constant lets SQLite use the partial indexes.
  Rows rows = status == "pending" ? count_pending_.rows()
              : status == "dead"  ? count_dead_.rows()
                                  : count_.rows(status);
  return rows.next() ? rows.count() : 0;
}

Outbox::Updated Outbox::update(const OutboxRow& read, const OutboxRow& row) {
  std::optional<OutboxRow> stored;
  {
    Rows rows = find_.rows(row.id);
    if (!rows.next()) return Updated::missing;
    stored = read_row(rows);
  }
  if (!may_become(*stored, read, row)) return Updated::conflict;
  const bool moves = (stored->status == "pending") != (row.status == "pending");
  if (moves) unmark_.run(stored->conversation);
  stored->status = row.status;
  stored->attempts = row.attempts;
  stored->next_at = row.next_at;
  stored->last_error = row.last_error;
  update_.run(row.id, row.status, row.attempts, row.next_at, row.last_error, seal_of(*stored));
  if (moves) mark_.run(stored->conversation);
  return Updated::done;
}

std::uint64_t Outbox::remove_sent(Time before, std::size_t count_max) {
  remove_.run(before, clamped(count_max));
  return static_cast<std::uint64_t>(connection_.changed());
}

}  // namespace wasl::store::sqlite
