#pragma once

#include "wasl/core/result.hpp"

#include "store/slot_memory.hpp"
#include "store/sqlite.hpp"

#include <chrono>
#include <filesystem>

namespace wasl::store::sqlite {

/// Holds FILE.lock for its life, so that one program at a time owns a database.  The kernel
/// releases it when the program dies; the empty lock file stays.
class FileLock {
 public:
  /// Never waits.  Errors: busy  another program holds it; unavailable  it cannot be made.
  static Result<FileLock> take(const std::filesystem::path& database);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// How long a statement waits for the lock of a stranger, and while that was in vain before.
inline constexpr std::chrono::milliseconds kLockWait{2000};
inline constexpr std::chrono::milliseconds kLockWaitInTrouble{50};
void wait_for_locks(const Connection& connection, std::chrono::milliseconds wait);

/// Opens the connection that writes and makes checkpoints; creates the database when there is none.
/// Fills `memory` with what of the index is not in the database yet.
/// Throws Failure.  REQUIRES: the lock is held.
[[nodiscard]] Connection open_writer(const std::filesystem::path& file, SlotMemory& memory);

/// Opens a connection that only reads, beside the one that writes.  Throws Failure.
[[nodiscard]] Connection open_reader(const std::filesystem::path& file);

}  // namespace wasl::store::sqlite
