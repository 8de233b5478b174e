#pragma once

#include "wasl/store/store.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace wasl::store::sqlite {

/// Slots that wait in memory before they begin to move to the table: those of about 8,000
/// decisions.  More make pages that are written for more slots at once, and a longer start after a
/// crash.
inline constexpr std::size_t kSlotsMax = 16384;

/// open_sqlite_store() with another number of slots, which tests make small.
Result<std::unique_ptr<Store>> open(const std::filesystem::path& file, std::size_t slots_max);

}  // namespace wasl::store::sqlite
