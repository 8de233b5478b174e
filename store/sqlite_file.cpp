// Opening a database, so that damage shows now and not after the first answer.
//
// A new database is made complete under another name and then renamed, so a file that is empty or
// cut short is never half of ours: it has lost something and is refused.  Checks on opening are
// cheap: header and length; while the file is small also that indexes and tables agree and that
// every row of the log and every key in it is found, since what is not found is not read and so not
// missed.  The checksum of each row does the rest when it is read.

#include "store/sqlite_file.hpp"

#include "wasl/core/kill_point.hpp"

#include "store/sqlite_conversations.hpp"
#include "store/sqlite_schema.hpp"
#include "store/sqlite_slots.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace wasl::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kHeaderBytes = 100;
constexpr std::uintmax_t kCheckBytesMax = 8U << 20U;

std::string error_text(int error) {
  return std::generic_category().message(error);
}

fs::path beside(const fs::path& file, const char* suffix) {
  return file.string() + suffix;
}

/// 0 when it does not exist.
std::uintmax_t size_of(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  return error ? 0 : size;
}

/// Makes a name in `folder` survive a power cut.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw Failure(SQLITE_IOERR, error_text(errno));
  const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (failed != 0) throw Failure(SQLITE_IOERR, error_text(failed));
}

/// How every connection behaves.  Waiting for locks of strangers is bounded.
void configure(const Connection& connection) {
  wait_for_locks(connection, kLockWait);
  sqlite3_db_config(connection.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  connection.run(
      "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
      "PRAGMA cache_size = -4096; PRAGMA mmap_size = 0");
}

/// Writing is durable when COMMIT returns; checkpoints are made when we say so.
void configure_writer(const Connection& connection) {
  configure(connection);
  if (connection.text("PRAGMA journal_mode = WAL") != "wal") {
    throw Failure(SQLITE_IOERR, "its file system does not allow a write-ahead log");
  }
  connection.run(
      "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA journal_size_limit = 16777216");
}

/// Only the owner may read it: it holds what customers said.
void create(const fs::path& file) {
  const fs::path draft = beside(file, ".new");
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    fs::remove(beside(draft, suffix), ignored);
  }
  const int descriptor = ::open(draft.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) throw Failure(SQLITE_CANTOPEN, error_text(errno));
  ::close(descriptor);
  {
    const Connection connection(draft, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    configure_writer(connection);
    migrate(connection);
  }  // closing moves the log into the file
  if (::rename(draft.c_str(), file.c_str()) != 0) throw Failure(SQLITE_IOERR, error_text(errno));
  sync_folder(file.parent_path());
}

void check_length(const Connection& connection, const fs::path& file) {
  const auto want = static_cast<std::uintmax_t>(connection.whole("PRAGMA page_count") *
                                                connection.whole("PRAGMA page_size"));
  const std::uintmax_t have = size_of(file);
  if (have < want) {
    throw damaged(fmt::format("it was cut short: {} of {} bytes are there", have, want));
  }
}

void check_content(const Connection& connection, SlotMemory& memory) {
  const std::string verdict = connection.text("PRAGMA integrity_check(1)");
  if (verdict != "ok") throw damaged(verdict);
  Conversations conversations(connection);
  if (!conversations.look_from(memory)) throw damaged("its index is not what it was");
  conversations.check_index();
  const std::int64_t misplaced = connection.whole(
      "SELECT count(*) FROM outbox WHERE head <> (id IN (SELECT min(id) FROM outbox"
      " WHERE status = 'pending' GROUP BY conversation))");
  if (misplaced != 0) throw damaged("the outbox does not know what comes first");
}

}  // namespace

Result<FileLock> FileLock::take(const fs::path& database) {
  const fs::path name = beside(database, ".lock");
  const int descriptor = ::open(name.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Error{Error::Code::unavailable,
                 fmt::format("cannot open {}: {}", name.string(), error_text(errno))};
  }
  FileLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) {
    return Error{Error::Code::busy,
                 fmt::format("another program is using the database {}", database.string())};
  }
  return Error{Error::Code::unavailable,
               fmt::format("cannot lock {}: {}", name.string(), error_text(errno))};
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void wait_for_locks(const Connection& connection, std::chrono::milliseconds wait) {
  sqlite3_busy_timeout(connection.get(), static_cast<int>(wait.count()));
}

Connection open_writer(const fs::path& file, SlotMemory& memory) {
  // SQLite would silently drop a log whose database is gone or empty.
  if (size_of(file) == 0 && size_of(beside(file, "-wal")) > 0) {
    throw damaged("it is missing or empty although its log (-wal) is not");
  }
  std::error_code error;
  if (!fs::exists(file, error)) create(file);
  const std::uintmax_t size = size_of(file);
  if (size == 0) throw damaged("it is empty (remove the file to start a new one)");
  if (size < kHeaderBytes) throw damaged(fmt::format("only {} bytes of it are left", size));

  Connection connection(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
  wait_for_locks(connection, kLockWait);
  check_origin(connection);
  configure_writer(connection);
  kill_point("start.opening");
  connection.run("PRAGMA wal_checkpoint(TRUNCATE)");
  check_length(connection, file);
  migrate(connection);
  load_slots(connection, memory);
  if (size_of(file) <= kCheckBytesMax) check_content(connection, memory);
  return connection;
}

Connection open_reader(const fs::path& file) {
  Connection connection(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
  configure(connection);
  // Exactly one connection, the writer's, may ever make a checkpoint.
  sqlite3_db_config(connection.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  connection.run("PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON");
  return connection;
}

}  // namespace wasl::store::sqlite
