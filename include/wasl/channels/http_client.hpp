#pragma once

#include "wasl/core/time.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wasl::channels {

struct OutgoingRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Millis timeout{3000};
  bool once = false;  ///< never sent a second time, also not by libcurl
};

struct OutgoingResponse {
  int status = 0;  ///< 0: no answer; `error` says why
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string error;
  bool timed_out = false;  ///< the request may have reached the other side
  bool cancelled = false;  ///< the client is going away: send() must not be called any more
  /// Why there is no answer, for programs.
  enum class Fault {
    none,         ///< there is one
    not_allowed,  ///< never sent: not on the list, a private address, no valid request
    busy,         ///< never sent: too many are under way
    unreachable,  ///< never sent: no such name, connection refused, no agreement on TLS
    timed_out,    ///< sent, and no answer in time
    broken,       ///< sent, and the connection broke or the answer was too large
  };
  Fault fault = Fault::none;
};

struct HttpClientLimits {
  /// "host" (its usual port, 80 or 443) or "host:port"; nothing else is called.
  std::vector<std::string> hosts;
  std::size_t body_bytes_max = 1024 * 1024;
  std::size_t in_flight_max = 256;
};

/// The one way out: libcurl's multi interface on a thread of its own.
///
/// Only listed hosts; a listed *name* may not resolve to a private or loopback address (checked
/// after DNS), a literal address may be any listed one.  No redirects.  http and https only.
class HttpClient {
 public:
  static std::unique_ptr<HttpClient> start(HttpClientLimits limits);
  /// Cancels what is under way; callbacks of it run with an error before this returns.
  virtual ~HttpClient() = default;
  /// Any thread.  `done` runs once, on the client's thread, and must not block.
  virtual void send(OutgoingRequest request, std::function<void(OutgoingResponse)> done) = 0;
  /// Replaces the list of hosts; what is under way goes on.  Any thread.
  virtual void set_hosts(std::vector<std::string> hosts) = 0;
};

}  // namespace wasl::channels
