#include "store/pack.hpp"

namespace wasl::store {

void Packer::count(std::uint64_t value) {
  while (value >= 0x80U) {
    bytes_ += static_cast<char>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  bytes_ += static_cast<char>(value);
}

void Packer::whole(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  count(value < 0 ? ~bits << 1U | 1U : bits << 1U);
}

void Packer::text(std::string_view value) {
  count(value.size());
  bytes_ += value;
}

std::uint64_t Unpacker::count() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80U) return value;
  }
  broken_ = true;
  rest_ = {};
  return 0;
}

std::int64_t Unpacker::whole() {
  const std::uint64_t bits = count();
  return static_cast<std::int64_t>((bits & 1U) != 0 ? ~(bits >> 1U) : bits >> 1U);
}

std::string_view Unpacker::text() {
  const std::uint64_t size = count();
  if (size > rest_.size()) {
    broken_ = true;
    rest_ = {};
    return {};
  }
  const std::string_view value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return value;
}

bool Unpacker::flag() {
  return count() != 0;
}

}  // namespace wasl::store
