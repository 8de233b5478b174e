#include "channels/private_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace wasl::channels {
namespace {

struct Network {
  std::uint32_t address;
  int prefix;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

constexpr Network kPrivate[] = {
    {v4(0, 0, 0, 0), 8},     {v4(10, 0, 0, 0), 8},      {v4(100, 64, 0, 0), 10},
    {v4(127, 0, 0, 0), 8},   {v4(169, 254, 0, 0), 16},  {v4(172, 16, 0, 0), 12},
    {v4(192, 0, 0, 0), 24},  {v4(192, 0, 2, 0), 24},    {v4(192, 168, 0, 0), 16},
    {v4(198, 18, 0, 0), 15}, {v4(198, 51, 100, 0), 24}, {v4(203, 0, 113, 0), 24},
    {v4(224, 0, 0, 0), 4},   {v4(240, 0, 0, 0), 4},
};

bool is_private_v4(std::uint32_t address) {
  return std::any_of(std::begin(kPrivate), std::end(kPrivate), [&](const Network& network) {
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - network.prefix);
    return (address & mask) == network.address;
  });
}

using Bytes = std::array<std::uint8_t, 16>;

std::uint32_t v4_at(const Bytes& bytes, std::size_t at) {
  return v4(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool is_private_v6(const Bytes& bytes) {
  const bool zero_80 = std::all_of(bytes.begin(), bytes.begin() + 10, [](int b) { return b == 0; });
  if (zero_80 && bytes[10] == 0xFF && bytes[11] == 0xFF) return is_private_v4(v4_at(bytes, 12));
  if (zero_80) return true;  // unspecified, loopback, the old IPv4-compatible
  constexpr std::array<std::uint8_t, 12> kNat64 = {0, 0x64, 0xFF, 0x9B};
  if (std::equal(kNat64.begin(), kNat64.end(), bytes.begin())) {
    return is_private_v4(v4_at(bytes, 12));
  }
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_private_v4(v4_at(bytes, 2));  // 6to4
  return (bytes[0] & 0xE0) != 0x20;  // only 2000::/3 is public
}

}  // namespace

bool is_private_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4_address{};
    std::memcpy(&v4_address, &address, sizeof v4_address);
    return is_private_v4(ntohl(v4_address.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6_address{};
    std::memcpy(&v6_address, &address, sizeof v6_address);
    Bytes bytes{};
    std::memcpy(bytes.data(), &v6_address.sin6_addr, bytes.size());
    return is_private_v6(bytes);
  }
  return true;
}

}  // namespace wasl::channels
