#include "wasl/store/store.hpp"

#include <fmt/format.h>

#include <string>

namespace wasl::store {

Result<std::unique_ptr<Store>> open_store(std::string_view url, const std::filesystem::path& base) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url == "memory:") return make_memory_store();
  if (url.starts_with(kSqlite) && url.size() > kSqlite.size()) {
    return open_sqlite_store(base / std::filesystem::path(url.substr(kSqlite.size())));
  }
  return Error{Error::Code::invalid_input,
               fmt::format("a store is 'memory:' or 'sqlite:PATH', not '{}'", url)};
}

}  // namespace wasl::store
