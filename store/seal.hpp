#pragma once

#include "wasl/core/time.hpp"
#include "wasl/store/store.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wasl::store {

/// The checksum of a row's values: SipHash-2-4 under a fixed, public key.
///
/// It finds damage, not malice: SQLite's own checks miss many flipped bits within a page.  The
/// encoding is part of the schema: changing it needs a migration.
class Seal {
 public:
  /// `table` keeps a row from passing for one of another table.
  explicit Seal(std::string_view table) {
    bytes_.reserve(512);
    *this << table;
  }

  Seal& operator<<(std::string_view text);
  Seal& operator<<(Time at) { return *this << at.time_since_epoch().count(); }
  Seal& operator<<(const std::optional<Time>& at);
  template <std::integral Whole>
  Seal& operator<<(Whole whole) {
    add(static_cast<std::uint64_t>(whole));
    return *this;
  }

  [[nodiscard]] std::int64_t value() const;

 private:
  void add(std::uint64_t whole);

  std::string bytes_;
};

/// Of bytes as they are, without copying them.
[[nodiscard]] std::int64_t seal_of_bytes(std::string_view bytes);

[[nodiscard]] std::int64_t seal_of(const OutboxRow& row);
[[nodiscard]] std::int64_t seal_of(const VisitorRow& row);
[[nodiscard]] std::int64_t seal_of(const AgentRow& row);
[[nodiscard]] std::int64_t seal_of(const SessionRow& row);

}  // namespace wasl::store
