#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Randomness and secrets, from libsodium.  Any thread.
namespace wasl::bot {

/// Where a node takes its ids and choices from; the simulation brings a seeded one.  Any thread.
class Random {
 public:
  virtual ~Random() = default;
  [[nodiscard]] virtual std::uint64_t seed();
  [[nodiscard]] virtual std::string hex(std::size_t bytes);
  [[nodiscard]] virtual std::string ticket();
};

/// `bytes` random bytes in hexadecimal.
[[nodiscard]] std::string random_hex(std::size_t bytes);
[[nodiscard]] std::uint64_t random_seed();
/// A reference people can read out: `W-7K3F9Q`.
[[nodiscard]] std::string random_ticket();
/// What of a token is stored: its hash, in hexadecimal.
[[nodiscard]] std::string token_hash(std::string_view token);

/// argon2id; takes about 50 ms and 64 MiB: never on a shard.
[[nodiscard]] std::string hash_password(std::string_view password);
[[nodiscard]] bool password_matches(const std::string& hash, std::string_view password);

}  // namespace wasl::bot
