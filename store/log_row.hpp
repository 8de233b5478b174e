#pragma once

#include "wasl/store/store.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::store {

/// One decision as the log keeps it: what it left behind, its events, the keys it took.
///
/// The snapshot is whole, or a delta: against the snapshot of an earlier row of the same
/// conversation (its frame), which is whole, and the row's own events behind it, since what is new
/// in a snapshot was mostly said in one of them.
struct LogRow {
  std::int64_t conversation = 0;  ///< the conversation's number
  std::uint64_t last_seq = 0;
  std::uint64_t epoch = 0;

  // Packed in `body`.
  bool has_state = true;  ///< false: only events, from before the log was kept; another row follows
  std::string state;
  std::optional<Time> deadline;
  Time updated_at{};
  std::int64_t frame = 0;  ///< the id of the row whose snapshot is the base; 0: whole
  std::string snapshot;    ///< whole or a delta
  bool on_events = true;   ///< false: the delta is one against the frame alone, as in schema 2
  std::vector<EventRow> events;
  std::vector<DedupeRow> keys;
};

/// A row as bytes, with the checksum of all of it.
struct PackedRow {
  std::string bytes;  ///< a head, sealed but stored in columns, then the body
  std::int64_t checksum = 0;
  [[nodiscard]] std::string_view body() const;
};

/// Packs the row of `decision` on conversation number `conversation` into `into`, whose memory is
/// used again.
void pack_decision(std::int64_t conversation, const Commit& decision, std::int64_t frame,
                   std::string_view snapshot, PackedRow& into);
/// Packs any row.
void pack_row(const LogRow& row, PackedRow& into);

/// False: the checksum is wrong, or the body makes no sense.
[[nodiscard]] bool unpack_row(std::string_view body, std::int64_t checksum, LogRow& row);

/// Appends to the frame's snapshot what else a delta of these events is one against.
void add_to_base(std::span<const EventRow> events, std::string& base);

/// Where a row stands among those of its conversation: every other number belongs to rows without
/// events, which come before the row whose events have the same first seq.
[[nodiscard]] std::int64_t tag_of(std::uint64_t last_seq, std::size_t event_count);
/// Where the search for `key` begins; negative, unlike the tags of rows.
[[nodiscard]] std::int64_t tag_of_key(std::string_view key);

}  // namespace wasl::store
