#pragma once

#include "wasl/core/time.hpp"

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite with RAII.  Throws Failure; nothing outside store/ sees it, since every method of the
/// SQLite store turns it into an Error.
namespace wasl::store::sqlite {

class Failure : public std::runtime_error {
 public:
  Failure(int code, const std::string& what) : std::runtime_error(what), code_(code) {}

  /// The stored bytes are not what was written.
  [[nodiscard]] bool damage() const;
  /// A row would have broken a constraint.
  [[nodiscard]] bool constraint() const;

 private:
  int code_;
};

/// What to throw when a row is not what was written.
[[nodiscard]] Failure damaged(const std::string& what);

/// A value to bind as a BLOB.
struct Bytes {
  std::string_view view;
};

class Connection {
 public:
  /// `flags` as for sqlite3_open_v2.
  Connection(const std::filesystem::path& file, int flags);

  /// Runs statements that give no rows we need.
  void run(const char* sql) const;
  /// The first value of the first row.
  [[nodiscard]] std::int64_t whole(const char* sql) const;
  [[nodiscard]] std::string text(const char* sql) const;
  [[nodiscard]] bool in_transaction() const;
  /// Rows the last statement inserted, updated or deleted.
  [[nodiscard]] int changed() const;
  /// Rows changed since it was opened.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] sqlite3* get() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// The rows of a statement under way; ends it when destroyed, so that no lock outlives it.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  /// Steps to the next row; false: there is none.
  bool next();

  // The values of the row, from left to right, one per call.
  std::int64_t whole();
  double real();
  std::uint64_t count() { return static_cast<std::uint64_t>(whole()); }
  bool flag() { return whole() != 0; }
  Time time() { return Time(Millis(whole())); }
  std::optional<Time> maybe_time();
  std::string text();
  /// A view of a BLOB that ends with the next call of next().
  std::string_view bytes();
  /// The next value, which the next call gives again.
  [[nodiscard]] std::int64_t peek_whole() const;
  /// Whether the next value is NULL.
  [[nodiscard]] bool null() const;

 private:
  sqlite3_stmt* statement_;
  int column_ = 0;
};

/// A prepared statement.  One use at a time.
class Statement {
 public:
  Statement(const Connection& connection, const char* sql);

  /// Starts it with these values for ?1, ?2, …; they must live until the Rows are destroyed.
  template <typename... Values>
  [[nodiscard]] Rows rows(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return Rows(handle_.get());
  }

  /// Runs it to its end.
  template <typename... Values>
  void run(const Values&... values) {
    Rows all = rows(values...);
    while (all.next()) {
    }
  }
  /// The same with as many whole numbers as it has parameters.
  void run_whole(std::span<const std::int64_t> values);

 private:
  void bind(int index, std::string_view text);
  void bind(int index, Bytes bytes);
  void bind(int index, Time at) { bind_whole(index, at.time_since_epoch().count()); }
  void bind(int index, const std::optional<Time>& at);
  template <std::integral Whole>
  void bind(int index, Whole whole) {
    bind_whole(index, static_cast<std::int64_t>(whole));
  }
  void bind_whole(int index, std::int64_t whole);

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// `count` as a LIMIT or a bound for a seq: the largest whole number SQL knows at most.
[[nodiscard]] std::int64_t clamped(std::uint64_t count);

}  // namespace wasl::store::sqlite
