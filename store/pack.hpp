#pragma once

#include "wasl/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wasl::store {

/// Values one after the other in few bytes: whole numbers seven bits at a time, least first; texts
/// behind their length.
class Packer {
 public:
  /// Appends to `bytes`, which must outlive it.
  explicit Packer(std::string& bytes) : bytes_(bytes) {}

  void count(std::uint64_t value);
  void whole(std::int64_t value);  ///< small on either side of zero is short
  void text(std::string_view value);
  void flag(bool value) { bytes_ += value ? '\1' : '\0'; }

 private:
  std::string& bytes_;
};

/// Reads what a Packer wrote.  Past the end, or where it makes no sense, every value is empty and
/// `broken()` tells.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t count();
  std::int64_t whole();
  std::string_view text();  ///< a view into the packed bytes
  bool flag();

  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  std::string_view rest_;
  bool broken_ = false;
};

}  // namespace wasl::store
