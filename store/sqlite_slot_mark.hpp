#pragma once

#include "store/seal.hpp"
#include "store/sqlite.hpp"

#include <cstdint>

/// Up to which row of the log the table `slot` is complete.
namespace wasl::store::sqlite {

// The columns of table slot_mark as read_mark() takes them.
#define WASL_MARK_COLUMNS "complete_to, checksum"

[[nodiscard]] inline std::int64_t seal_of_mark(std::int64_t complete_to) {
  Seal seal("slot_mark");
  seal << complete_to;
  return seal.value();
}

/// From the columns of a row that was stepped to, or not (`found`).  Throws Failure.
[[nodiscard]] inline std::int64_t read_mark(bool found, Rows& rows) {
  const std::int64_t complete_to = found ? rows.whole() : 0;
  if (!found || rows.whole() != seal_of_mark(complete_to)) {
    throw damaged("how far the index of the log goes is not known");
  }
  return complete_to;
}

/// The mark of a new table.  Throws Failure.
inline void put_first_mark(const Connection& connection, std::int64_t complete_to) {
  Statement(connection, "INSERT INTO slot_mark (id, " WASL_MARK_COLUMNS ") VALUES (1, ?1, ?2)")
      .run(complete_to, seal_of_mark(complete_to));
}

}  // namespace wasl::store::sqlite
