#pragma once

struct sockaddr;

namespace wasl::channels {

/// Whether `address` is one that no public name has any business with: loopback, private,
/// link-local, multicast and the like, also when it is wrapped in an IPv6 transition address.
/// What is neither IPv4 nor IPv6 is private.
/// Source: the IANA special-purpose address registries (RFC 6890 and its updates).
[[nodiscard]] bool is_private_address(const sockaddr& address);

}  // namespace wasl::channels
