#include "bot/random.hpp"

#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"

#include <sodium.h>

#include <array>

namespace wasl::bot {
namespace {

void start_sodium() {
  static const int kStarted = sodium_init();
  WASL_CHECK(kStarted >= 0);
}

}  // namespace

std::string random_hex(std::size_t bytes) {
  start_sodium();
  std::string raw(bytes, '\0');
  randombytes_buf(raw.data(), raw.size());
  return to_hex(raw);
}

std::uint64_t random_seed() {
  start_sodium();
  std::uint64_t seed = 0;
  randombytes_buf(&seed, sizeof seed);
  return seed;
}

std::string random_ticket() {
  start_sodium();
  constexpr std::string_view kLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";  // none that look alike
  std::string ticket = "W-";
  for (int i = 0; i < 6; ++i) {
    ticket += kLetters[randombytes_uniform(static_cast<std::uint32_t>(kLetters.size()))];
  }
  return ticket;
}

std::uint64_t Random::seed() {
  return random_seed();
}

std::string Random::hex(std::size_t bytes) {
  return random_hex(bytes);
}

std::string Random::ticket() {
  return random_ticket();
}

std::string token_hash(std::string_view token) {
  start_sodium();
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()),
                     token.size(), nullptr, 0);
  return to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::string hash_password(std::string_view password) {
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  const int failed = crypto_pwhash_str_alg(
      hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
      crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
  WASL_CHECK(failed == 0);
  return hash.data();
}

bool password_matches(const std::string& hash, std::string_view password) {
  start_sodium();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace wasl::bot
