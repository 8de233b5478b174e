#pragma once

#include "wasl/core/result.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wasl::channels {

using Address = boost::asio::ip::address;

/// Reads `127.0.0.1:8080`, `[::1]:0` or `localhost:8080`.
[[nodiscard]] Result<boost::asio::ip::tcp::endpoint> parse_endpoint(const std::string& text);

/// An IPv4 address that came in over an IPv6 socket, as what it is.
[[nodiscard]] Address plain(const Address& address);

/// Whom a connection counts for: an IPv4 address, or the /64 network that one IPv6 customer owns.
[[nodiscard]] std::string counted_as(const Address& address);

/// The reverse proxies whose X-Forwarded-For we believe.
class TrustedProxies {
 public:
  /// Addresses (`10.0.0.7`) and networks (`10.0.0.0/8`).  Errors: invalid_input.
  static Result<TrustedProxies> parse(const std::vector<std::string>& texts);

  [[nodiscard]] bool trusts(const Address& address) const;

  /// Who speaks on a connection from `remote`: `remote` itself unless it is trusted, else the last
  /// address in `forwarded_for` that is not ours.
  [[nodiscard]] Address speaker(const Address& remote, std::string_view forwarded_for) const;

 private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace wasl::channels
