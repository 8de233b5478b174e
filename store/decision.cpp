#include "store/decision.hpp"

#include "wasl/core/check.hpp"

#include <fmt/format.h>

#include <limits>
#include <set>
#include <utility>

namespace wasl::store {
namespace {

/// A quarter of what SQL can hold: room to count rows by seq.
constexpr auto kWholeMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 4;

}  // namespace

void check_decision(const Commit& decision) {
  WASL_CHECK(!decision.after.id.empty());
  WASL_CHECK(decision.after.last_seq >= 1);
  WASL_CHECK(decision.after.last_seq <= kWholeMax);
  WASL_CHECK(decision.after.last_seq == decision.expected_last_seq + decision.events.size());
  WASL_CHECK(decision.after.epoch >= decision.expected_epoch);
  WASL_CHECK(decision.after.epoch <= kWholeMax);
  std::uint64_t seq = decision.expected_last_seq;
  for (const EventRow& event : decision.events) WASL_CHECK(event.seq == ++seq);
  for (const OutboxRow& row : decision.outbox) {
    WASL_CHECK(row.status.empty() || valid_outbox_status(row.status));
  }
}

std::optional<CommitOutcome> conflict_of(const Commit& decision,
                                         const std::optional<Position>& stored) {
  const bool is_new = decision.expected_last_seq == 0;
  if (is_new && !stored) return std::nullopt;
  if (!is_new && stored && stored->last_seq == decision.expected_last_seq &&
      stored->epoch == decision.expected_epoch) {
    return std::nullopt;
  }

  CommitOutcome outcome;
  outcome.kind = CommitOutcome::Kind::conflict;
  outcome.conversation = decision.after.id;
  if (!stored) {
    outcome.what = fmt::format("conversation {} does not exist", decision.after.id);
    return outcome;
  }
  outcome.seq = stored->last_seq;
  outcome.what =
      fmt::format("conversation {} is at event {} and epoch {}; the decision was made at {} and {}",
                  decision.after.id, stored->last_seq, stored->epoch, decision.expected_last_seq,
                  decision.expected_epoch);
  return outcome;
}

std::optional<CommitOutcome> repeats_key(const Commit& decision) {
  if (decision.dedupe.size() < 2) return std::nullopt;
  std::set<std::pair<std::string_view, std::string_view>> keys;
  for (const DedupeRow& row : decision.dedupe) {
    if (!keys.emplace(row.scope, row.key).second) {
      return unavailable(
          decision,
          fmt::format("one decision brings the dedupe key '{}' of '{}' twice", row.key, row.scope));
    }
  }
  return std::nullopt;
}

CommitOutcome committed(const Commit& decision) {
  return {CommitOutcome::Kind::committed, decision.after.id, decision.after.last_seq, {}};
}

CommitOutcome duplicate(const Seen& seen) {
  return {CommitOutcome::Kind::duplicate, seen.conversation, seen.seq,
          fmt::format("already event {} of conversation {}", seen.seq, seen.conversation)};
}

CommitOutcome unavailable(const Commit& decision, std::string what) {
  return {CommitOutcome::Kind::unavailable, decision.after.id, 0, std::move(what)};
}

OutboxRow outbox_row(const Commit& decision, OutboxRow row) {
  if (row.conversation.empty()) row.conversation = decision.after.id;
  if (row.status.empty()) row.status = "pending";
  return row;
}

bool may_become(const OutboxRow& stored, const OutboxRow& read, const OutboxRow& row) {
  WASL_CHECK(read.id == row.id);
  if (row.status == "sent" && stored.status == "pending") return true;
  return stored.status == read.status && stored.attempts == read.attempts &&
         stored.next_at == read.next_at;
}

bool valid_outbox_status(std::string_view status) {
  return status == "pending" || status == "sent" || status == "dead";
}

}  // namespace wasl::store
