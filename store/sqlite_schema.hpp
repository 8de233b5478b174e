#pragma once

#include "store/sqlite.hpp"

#include <cstdint>
#include <span>

namespace wasl::store::sqlite {

/// Marks a database as ours ("Wasl" in ASCII).
inline constexpr std::int64_t kApplicationId = 0x5761736C;

/// The SQL of store/migrations, in order; number n brings a database to schema n.
[[nodiscard]] std::span<const char* const> migrations();

/// Refuses a database that is not ours or from a newer version.  Throws Failure.
void check_origin(const Connection& connection);

/// Brings the schema up to date, each step in a transaction of its own, so that an interrupted one
/// leaves the database as it was.  Throws Failure.
void migrate(const Connection& connection);

/// The part of step 2 that SQL cannot do: carries conversations, events and dedupe keys over and
/// drops their old tables.  Throws Failure, also when a row of theirs is not what was written.
void carry_over_schema_1(const Connection& connection);

}  // namespace wasl::store::sqlite
