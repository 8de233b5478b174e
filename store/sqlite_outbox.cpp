#include "store/sqlite_outbox.hpp"

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

// `due_` walks the rows that are due, by the index outbox_due, and asks of each whether it is the
// first of its conversation, by the index outbox_first.
Outbox::Outbox(const Connection& connection)
    : due_(connection, "SELECT " WASL_OUTBOX_COLUMNS
                       " FROM outbox WHERE status = 'pending' AND next_at <= ?1"
                       " AND id = (SELECT min(other.id) FROM outbox AS other"
                       " WHERE other.conversation = outbox.conversation"
                       " AND other.status = 'pending') ORDER BY id LIMIT ?2"),
      find_(connection, "SELECT " WASL_OUTBOX_COLUMNS " FROM outbox WHERE id = ?1"),
      count_pending_(connection, "SELECT count(*) FROM outbox WHERE status = 'pending'"),
      count_dead_(connection, "SELECT count(*) FROM outbox WHERE status = 'dead'"),
      count_(connection, "SELECT count(*) FROM outbox WHERE status = ?1"),
      update_(connection,
              "UPDATE outbox SET status = ?2, attempts = ?3, next_at = ?4, last_error = ?5,"
              " checksum = ?6 WHERE id = ?1") {}

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

bool Outbox::update(const OutboxRow& row) {
  std::optional<OutboxRow> stored;
  {
    Rows rows = find_.rows(row.id);
    if (!rows.next()) return false;
    stored = read_row(rows);
  }
  stored->status = row.status;
  stored->attempts = row.attempts;
  stored->next_at = row.next_at;
  stored->last_error = row.last_error;
  update_.run(row.id, row.status, row.attempts, row.next_at, row.last_error, seal_of(*stored));
  return true;
}

}  // namespace wasl::store::sqlite
