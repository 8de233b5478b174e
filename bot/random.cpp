#include "bot/random.hpp"

#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace wasl::bot {
namespace {

void start_sodium() {
  static const int kStarted = sodium_init();
  WASL_CHECK(kStarted >= 0);
}

// Each thread takes the system's random bytes by the page: a system call for each number would be
// felt on every turn.  What was given out is wiped.
void fill(void* to, std::size_t size) {
  static thread_local std::array<unsigned char, 2048> page;
  static thread_local std::size_t left = 0;
  auto* out = static_cast<unsigned char*>(to);
  while (size > 0) {
    if (left == 0) {
      start_sodium();
      randombytes_buf(page.data(), page.size());
      left = page.size();
    }
    const std::size_t count = std::min(size, left);
    unsigned char* const from = page.data() + (left - count);
    std::copy_n(from, count, out);
    sodium_memzero(from, count);
    left -= count;
    out += count;
    size -= count;
  }
}

}  // namespace

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  fill(raw.data(), raw.size());
  return to_hex(raw);
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  fill(&seed, sizeof seed);
  return seed;
}

std::string random_ticket() {
  constexpr std::string_view kLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";  // none that look alike
  std::uint64_t choice = random_seed();  // 30^6 of 2^64: the bias is of no account
  std::string ticket = "W-";
  for (int i = 0; i < 6; ++i) {
    ticket += kLetters[choice % kLetters.size()];
    choice /= kLetters.size();
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
