#pragma once

#include "store/sqlite.hpp"
#include "store/sqlite_conversations.hpp"
#include "store/sqlite_decisions.hpp"
#include "store/sqlite_slots.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace wasl::store::sqlite {

/// What only the writing instance has.
struct Writing {
  Writing(const Connection& connection, Conversations& conversations, SlotMemory& memory,
          std::size_t slots_max)
      : decisions(connection, conversations, memory),
        slots(connection, memory, slots_max),
        begin(connection, "BEGIN IMMEDIATE"),
        commit(connection, "COMMIT"),
        data_version(connection, "PRAGMA data_version"),
        probe(connection, "UPDATE probe SET count = count + 1 WHERE id = 1"),
        page_size(static_cast<std::uint64_t>(connection.whole("PRAGMA page_size"))) {}

  /// What we remember holds only while nobody else writes, which the lock file forbids.  True: a
  /// stranger wrote.
  bool notice_strangers() {
    Rows rows = data_version.rows();
    const std::int64_t version = rows.next() ? rows.whole() : 0;
    return std::exchange(known_version, version) != version;
  }

  DecisionWriter decisions;
  SlotKeeper slots;
  Statement begin;
  Statement commit;
  Statement data_version;
  Statement probe;
  std::uint64_t page_size;
  std::uint64_t log_pages = 0;
  std::int64_t known_version = 0;
};

}  // namespace wasl::store::sqlite
