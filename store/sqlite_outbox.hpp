#pragma once

#include "wasl/store/store.hpp"

#include "store/sqlite.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace wasl::store::sqlite {

/// Messages on their way to providers.  Throws Failure, also for a wrong checksum.
class Outbox {
 public:
  explicit Outbox(const Connection& connection);

  [[nodiscard]] std::vector<OutboxRow> due(Time now, std::size_t count_max);
  [[nodiscard]] std::uint64_t count(std::string_view status);
  enum class Updated { done, missing, conflict };
  [[nodiscard]] Updated update(const OutboxRow& read, const OutboxRow& row);
  std::uint64_t remove_sent(Time before, std::size_t count_max);

 private:
  const Connection& connection_;
  Statement due_;
  Statement find_;
  Statement count_pending_;
  Statement count_dead_;
  Statement count_;
  Statement update_;
  Statement unmark_;
  Statement mark_;
  Statement remove_;
};

}  // namespace wasl::store::sqlite
