#include "store/sqlite.hpp"

#include "wasl/core/check.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>

namespace wasl::store::sqlite {
namespace {

constexpr auto kWholeMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

[[noreturn]] void fail(sqlite3* handle, int code) {
  throw Failure(code, handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
}

}  // namespace

bool Failure::damage() const {
  const int primary = code_ & 0xFF;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

bool Failure::constraint() const {
  return (code_ & 0xFF) == SQLITE_CONSTRAINT;
}

Failure damaged(const std::string& what) {
  return {SQLITE_CORRUPT, what};
}

Connection::Connection(const std::filesystem::path& file, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_EXRESCODE, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(handle, code);
}

void Connection::run(const char* sql) const {
  const int code = sqlite3_exec(get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(get(), code);
}

std::int64_t Connection::whole(const char* sql) const {
  Statement statement(*this, sql);
  Rows rows = statement.rows();
  return rows.next() ? rows.whole() : 0;
}

std::string Connection::text(const char* sql) const {
  Statement statement(*this, sql);
  Rows rows = statement.rows();
  return rows.next() ? rows.text() : std::string();
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(get()) == 0;
}

std::int64_t Connection::changes() const {
  return sqlite3_total_changes64(get());
}

int Connection::changed() const {
  return sqlite3_changes(get());
}

void Connection::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Rows::~Rows() {
  sqlite3_reset(statement_);
}

bool Rows::next() {
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(statement_), code);
}

std::int64_t Rows::whole() {
  return sqlite3_column_int64(statement_, column_++);
}

double Rows::real() {
  return sqlite3_column_double(statement_, column_++);
}

std::optional<Time> Rows::maybe_time() {
  if (sqlite3_column_type(statement_, column_) == SQLITE_NULL) {
    ++column_;
    return std::nullopt;
  }
  return time();
}

std::string Rows::text() {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column_));
  const int size = sqlite3_column_bytes(statement_, column_);
  ++column_;
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::string_view Rows::bytes() {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column_));
  const int size = sqlite3_column_bytes(statement_, column_);
  ++column_;
  return bytes == nullptr ? std::string_view()
                          : std::string_view(bytes, static_cast<std::size_t>(size));
}

std::int64_t Rows::peek_whole() const {
  return sqlite3_column_int64(statement_, column_);
}

bool Rows::null() const {
  return sqlite3_column_type(statement_, column_) == SQLITE_NULL;
}

Statement::Statement(const Connection& connection, const char* sql) {
  sqlite3_stmt* handle = nullptr;
  const int code =
      sqlite3_prepare_v3(connection.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(connection.get(), code);
}

void Statement::run_whole(std::span<const std::int64_t> values) {
  int index = 0;
  for (const std::int64_t whole : values) bind_whole(++index, whole);
  run();
}

void Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL, also for an empty text.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  const int code =
      sqlite3_bind_text64(handle_.get(), index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) fail(sqlite3_db_handle(handle_.get()), code);  // longer than SQLite takes
}

void Statement::bind(int index, Bytes bytes) {
  const char* first = bytes.view.data() == nullptr ? "" : bytes.view.data();
  const int code =
      sqlite3_bind_blob64(handle_.get(), index, first, bytes.view.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) fail(sqlite3_db_handle(handle_.get()), code);  // longer than SQLite takes
}

void Statement::bind(int index, const std::optional<Time>& at) {
  if (at) return bind(index, *at);
  WASL_CHECK(sqlite3_bind_null(handle_.get(), index) == SQLITE_OK);
}

void Statement::bind_whole(int index, std::int64_t whole) {
  WASL_CHECK(sqlite3_bind_int64(handle_.get(), index, whole) == SQLITE_OK);
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const {
  sqlite3_finalize(handle);
}

std::int64_t clamped(std::uint64_t count) {
  return static_cast<std::int64_t>(std::min(count, kWholeMax));
}

}  // namespace wasl::store::sqlite
