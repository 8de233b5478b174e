#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace wasl::channels {

/// Counts who is connected, in all and per address, and says when it is enough.  Any thread.
///
/// Holds one of the few mutexes of the program: connections open on one thread and end on another,
/// and neither happens often enough for the lock to matter.
class Admissions : public std::enable_shared_from_this<Admissions> {
 public:
  Admissions(std::size_t connections_max, std::size_t per_address_max)
      : connections_max_(connections_max), per_address_max_(per_address_max) {}

  /// The right to be connected; given back when it is destroyed.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept { *this = std::move(other); }
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(from_, other.from_);
      std::swap(address_, other.address_);
      std::swap(counts_, other.counts_);
      return *this;
    }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket();

   private:
    friend class Admissions;
    std::shared_ptr<Admissions> from_;
    std::string address_;  ///< empty: counts for no address
    bool counts_ = false;  ///< as a connection
  };

  /// One more connection.  `address` may be empty: a proxy's, which speaks for many.
  [[nodiscard]] std::optional<Ticket> connection(std::string address);
  /// One more visitor behind a proxy, on a connection that is already counted.
  [[nodiscard]] std::optional<Ticket> visitor(std::string address);

  [[nodiscard]] std::size_t connections() const { return connections_.load(); }

 private:
  bool enter(const std::string& address);
  void leave(const std::string& address);

  const std::size_t connections_max_;
  const std::size_t per_address_max_;
  std::atomic<std::size_t> connections_{0};
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> per_address_;  ///< guarded by mutex_
};

}  // namespace wasl::channels
