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

/// Brings the schema up to date, each step in a transaction of its own.  Throws Failure.
void migrate(const Connection& connection);

}  // namespace wasl::store::sqlite
