// The encoding is part of the schema: changing it needs a migration.

#include "store/log_row.hpp"

#include "store/pack.hpp"
#include "store/seal.hpp"

#include <array>
#include <span>

namespace wasl::store {
namespace {

constexpr std::uint64_t kFormat = 2;
constexpr std::uint64_t kFormatOfSchema2 = 1;
constexpr std::size_t kHeadBytes = 24;

/// What stands in columns is sealed with the body.
void pack_head(std::int64_t conversation, std::uint64_t last_seq, std::uint64_t epoch,
               std::string& bytes) {
  std::array<char, kHeadBytes> head{};
  auto byte = head.begin();
  for (std::uint64_t whole : {static_cast<std::uint64_t>(conversation), last_seq, epoch}) {
    for (int i = 0; i < 8; ++i, whole >>= 8U) *byte++ = static_cast<char>(whole & 0xFFU);
  }
  bytes.assign(head.data(), head.size());
}

struct Present {
  bool on_events;
  std::string_view state;
  const std::optional<Time>& deadline;
  Time updated_at;
  std::int64_t frame;
  std::string_view snapshot;
};

std::int64_t millis(Time at) {
  return at.time_since_epoch().count();
}

void pack_body(bool has_state, const Present& present, std::uint64_t epoch,
               std::span<const EventRow> events, std::span<const DedupeRow> keys, PackedRow& into) {
  Packer out(into.bytes);
  out.count(present.on_events ? kFormat : kFormatOfSchema2);
  out.flag(has_state);
  out.text(present.state);
  out.flag(present.deadline.has_value());
  if (present.deadline) out.whole(millis(*present.deadline));
  out.whole(millis(present.updated_at));
  out.whole(present.frame);
  out.text(present.snapshot);
  // Times and epochs of events are near those of their row.
  out.count(events.size());
  for (const EventRow& event : events) {
    out.whole(millis(event.at) - millis(present.updated_at));
    out.whole(static_cast<std::int64_t>(event.epoch - epoch));
    out.flag(event.visible);
    out.text(event.kind);
    out.text(event.json);
  }
  out.count(keys.size());
  for (const DedupeRow& key : keys) {
    out.text(key.scope);
    out.text(key.key);
    out.count(key.seq);
  }
  into.checksum = seal_of_bytes(into.bytes);
}

}  // namespace

std::string_view PackedRow::body() const {
  return std::string_view(bytes).substr(kHeadBytes);
}

void pack_decision(std::int64_t conversation, const Commit& decision, std::int64_t frame,
                   std::string_view snapshot, PackedRow& into) {
  const ConversationRow& after = decision.after;
  pack_head(conversation, after.last_seq, after.epoch, into.bytes);
  pack_body(true, {true, after.state, after.deadline, after.updated_at, frame, snapshot},
            after.epoch, decision.events, decision.dedupe, into);
}

void pack_row(const LogRow& row, PackedRow& into) {
  pack_head(row.conversation, row.last_seq, row.epoch, into.bytes);
  pack_body(row.has_state,
            {row.on_events, row.state, row.deadline, row.updated_at, row.frame, row.snapshot},
            row.epoch, row.events, row.keys, into);
}

bool unpack_row(std::string_view body, std::int64_t checksum, LogRow& row) {
  std::string sealed;
  sealed.reserve(kHeadBytes + body.size());
  pack_head(row.conversation, row.last_seq, row.epoch, sealed);
  sealed += body;
  if (seal_of_bytes(sealed) != checksum) return false;

  Unpacker in(body);
  const std::uint64_t format = in.count();
  if (format != kFormat && format != kFormatOfSchema2) return false;
  row.on_events = format == kFormat;
  row.has_state = in.flag();
  row.state = in.text();
  row.deadline.reset();
  if (in.flag()) row.deadline = Time(Millis(in.whole()));
  row.updated_at = Time(Millis(in.whole()));
  row.frame = in.whole();
  row.snapshot = in.text();

  const std::uint64_t event_count = in.count();
  if (event_count > in.left() || event_count > row.last_seq) return false;
  row.events.resize(event_count);
  std::uint64_t seq = row.last_seq - event_count;
  for (EventRow& event : row.events) {
    event.seq = ++seq;
    event.at = row.updated_at + Millis(in.whole());
    event.epoch = row.epoch + static_cast<std::uint64_t>(in.whole());
    event.visible = in.flag();
    event.kind = in.text();
    event.json = in.text();
  }
  const std::uint64_t key_count = in.count();
  if (key_count > in.left()) return false;
  row.keys.resize(key_count);
  for (DedupeRow& key : row.keys) {
    key.scope = in.text();
    key.key = in.text();
    key.seq = in.count();
  }
  return !in.broken() && in.left() == 0;
}

void add_to_base(std::span<const EventRow> events, std::string& base) {
  for (const EventRow& event : events) base += event.json;
}

std::int64_t tag_of(std::uint64_t last_seq, std::size_t event_count) {
  const std::uint64_t first_seq = last_seq - event_count + 1;
  return static_cast<std::int64_t>(first_seq * 2 + (event_count > 0 ? 1U : 0U));
}

std::int64_t tag_of_key(std::string_view key) {
  const auto hash = static_cast<std::uint64_t>(seal_of_bytes(key));
  return -1 - static_cast<std::int64_t>(hash >> 2U);
}

}  // namespace wasl::store
