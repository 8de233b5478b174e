#include "channels/addresses.hpp"

#include "wasl/core/text.hpp"

#include <algorithm>
#include <charconv>

namespace wasl::channels {
namespace ip = boost::asio::ip;
using boost::system::error_code;

namespace {

/// An address as proxies write it: `1.2.3.4`, `1.2.3.4:5678`, `::1`, `[::1]:5678`.
Address parse_forwarded(std::string_view text, error_code& error) {
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  return ip::make_address(std::string(text), error);
}

Error bad_endpoint(const std::string& text) {
  return {Error::Code::invalid_input,
          "'" + text.substr(0, 100) +
              "' is not an address to listen on: write it like 127.0.0.1:8080 or [::1]:8080"};
}

}  // namespace

Result<ip::tcp::endpoint> parse_endpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return bad_endpoint(text);
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return bad_endpoint(text);
  }
  if (host == "localhost") host = "127.0.0.1";

  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data() + colon + 1, end, port);
  if (failed != std::errc{} || stopped != end) return bad_endpoint(text);

  error_code error;
  const Address address = ip::make_address(host, error);
  if (error) return bad_endpoint(text);
  return ip::tcp::endpoint(address, port);
}

Address plain(const Address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

std::string counted_as(const Address& address) {
  if (address.is_v4()) return address.to_string();
  return ip::network_v6(address.to_v6(), 64).canonical().to_string();
}

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& texts) {
  TrustedProxies proxies;
  for (const std::string& text : texts) {
    const bool v6 = text.find(':') != std::string::npos;
    const bool network = text.find('/') != std::string::npos;
    error_code error;
    if (v6) {
      proxies.v6_.push_back(ip::make_network_v6(network ? text : text + "/128", error));
    } else {
      proxies.v4_.push_back(ip::make_network_v4(network ? text : text + "/32", error));
    }
    if (error) {
      return Error{Error::Code::invalid_input,
                   "trusted proxy '" + text.substr(0, 100) +
                       "' is neither an address (10.0.0.7) nor a network (10.0.0.0/8)"};
    }
  }
  return proxies;
}

bool TrustedProxies::trusts(const Address& address) const {
  if (address.is_v4()) {
    const auto holds = [&](const ip::network_v4& network) {
      const auto mask = network.netmask().to_uint();
      return (address.to_v4().to_uint() & mask) == (network.address().to_uint() & mask);
    };
    return std::any_of(v4_.begin(), v4_.end(), holds);
  }
  const auto holds = [&](const ip::network_v6& network) {
    return ip::network_v6(address.to_v6(), network.prefix_length()).canonical() ==
           network.canonical();
  };
  return std::any_of(v6_.begin(), v6_.end(), holds);
}

Address TrustedProxies::speaker(const Address& remote, std::string_view forwarded_for) const {
  Address speaker = plain(remote);
  // Each proxy appends whom it saw, so the list is believed from its end, as far as trust goes.
  while (trusts(speaker) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const bool last = comma == std::string_view::npos;
    const std::string_view entry = trim(last ? forwarded_for : forwarded_for.substr(comma + 1));
    forwarded_for = last ? std::string_view{} : forwarded_for.substr(0, comma);
    error_code error;
    const Address address = parse_forwarded(entry, error);
    if (error) break;
    speaker = plain(address);
  }
  return speaker;
}

}  // namespace wasl::channels
