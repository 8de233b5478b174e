#include "store/sqlite_schema.hpp"

#include "store/sqlite_slot_mark.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace wasl::store::sqlite {

void check_origin(const Connection& connection) {
  if (connection.whole("PRAGMA application_id") != kApplicationId) {
    throw Failure(SQLITE_ERROR, "it is a database of some other program");
  }
  if (connection.text("PRAGMA encoding") != "UTF-8") throw damaged("its texts are not UTF-8");
  const std::int64_t version = connection.whole("PRAGMA user_version");
  const auto newest = static_cast<std::int64_t>(migrations().size());
  if (version > newest) {
    throw Failure(SQLITE_ERROR,
                  fmt::format("it was written by a newer version of Wasl (schema {}; this one "
                              "knows up to {})",
                              version, newest));
  }
}

void migrate(const Connection& connection) {
  const auto steps = migrations();
  auto version = static_cast<std::size_t>(connection.whole("PRAGMA user_version"));
  for (; version < steps.size(); ++version) {
    connection.run("BEGIN IMMEDIATE");
    connection.run(steps[version]);
    if (version + 1 == 2) carry_over_schema_1(connection);
    if (version + 1 == 3) {
      put_first_mark(connection, connection.whole("SELECT ifnull(max(id), 0) FROM log"));
    }
    connection.run(fmt::format("PRAGMA application_id = {}", kApplicationId).c_str());
    connection.run(fmt::format("PRAGMA user_version = {}", version + 1).c_str());
    connection.run("COMMIT");
  }
}

}  // namespace wasl::store::sqlite
