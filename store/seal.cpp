// Values are written one after the other, whole numbers as eight bytes, least first, texts behind
// their length; then hashed at once.

#include "store/seal.hpp"

#include <sodium.h>

#include <array>
#include <vector>

namespace wasl::store {
namespace {

constexpr std::array<unsigned char, crypto_shorthash_KEYBYTES> kKey = {
    'w', 'a', 's', 'l', ' ', 'r', 'o', 'w', ' ', 's', 'e', 'a', 'l', ' ', '0', '1'};

Seal& operator<<(Seal& seal, const std::vector<std::string>& words) {
  seal << words.size();
  for (const std::string& word : words) seal << std::string_view(word);
  return seal;
}

}  // namespace

Seal& Seal::operator<<(std::string_view text) {
  add(text.size());
  bytes_ += text;
  return *this;
}

Seal& Seal::operator<<(const std::optional<Time>& at) {
  *this << at.has_value();
  if (at) *this << *at;
  return *this;
}

std::int64_t Seal::value() const {
  return seal_of_bytes(bytes_);
}

void Seal::add(std::uint64_t whole) {
  std::array<char, 8> least_first{};
  for (char& byte : least_first) {
    byte = static_cast<char>(whole & 0xFFU);
    whole >>= 8U;
  }
  bytes_.append(least_first.data(), least_first.size());
}

std::int64_t seal_of_bytes(std::string_view bytes) {
  std::array<unsigned char, crypto_shorthash_BYTES> hash{};
  crypto_shorthash(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                   kKey.data());
  std::uint64_t whole = 0;
  for (const unsigned char byte : hash) whole = whole << 8U | byte;
  return static_cast<std::int64_t>(whole);
}

std::int64_t seal_of(const OutboxRow& row) {
  // Without the id, which SQLite gives when the row is written.
  Seal seal("outbox");
  seal << row.channel << row.conversation << row.seq << row.payload << row.status << row.attempts
       << row.next_at << row.last_error;
  return seal.value();
}

std::int64_t seal_of(const VisitorRow& row) {
  Seal seal("visitor");
  seal << row.id << row.token_hash << row.channel << row.external_id << row.name << row.conversation
       << row.created_at;
  return seal.value();
}

std::int64_t seal_of(const AgentRow& row) {
  Seal seal("agent");
  seal << row.id << row.email << row.name << row.role << row.password_hash;
  seal << row.languages << row.skills;
  seal << row.capacity << row.enabled;
  return seal.value();
}

std::int64_t seal_of(const SessionRow& row) {
  Seal seal("session");
  seal << row.token_hash << row.agent << row.expires_at;
  return seal.value();
}

}  // namespace wasl::store
