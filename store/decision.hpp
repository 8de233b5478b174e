#pragma once

#include "wasl/store/store.hpp"

#include <optional>
#include <string>

namespace wasl::store {

/// The words every backend answers a decision with, so that they cannot differ.

/// Aborts when `decision` breaks the contract of Store::commit() in a way only a bug of ours can:
/// seqs with gaps, no events at all for a new conversation, an epoch that falls.
void check_decision(const Commit& decision);

/// Where a stored conversation stands.
struct Position {
  std::uint64_t last_seq = 0;
  std::uint64_t epoch = 0;
};

/// Why `decision` does not fit what is stored (nothing: no such conversation), if it does not.
[[nodiscard]] std::optional<CommitOutcome> conflict_of(const Commit& decision,
                                                       const std::optional<Position>& stored);

/// Refuses a decision that brings the same key twice: neither message could be told from the other.
[[nodiscard]] std::optional<CommitOutcome> repeats_key(const Commit& decision);

[[nodiscard]] CommitOutcome committed(const Commit& decision);
[[nodiscard]] CommitOutcome duplicate(const Seen& seen);
[[nodiscard]] CommitOutcome unavailable(const Commit& decision, std::string what);

/// `row` as it is stored for `decision`: of its conversation and pending unless it says otherwise.
[[nodiscard]] OutboxRow outbox_row(const Commit& decision, OutboxRow row);

/// Whether an outbox row that was `read`, and is `stored` now, may become `row`.
[[nodiscard]] bool may_become(const OutboxRow& stored, const OutboxRow& read, const OutboxRow& row);

/// pending, sent or dead.
[[nodiscard]] bool valid_outbox_status(std::string_view status);

}  // namespace wasl::store
