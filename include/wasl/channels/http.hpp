#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::channels {

/// A request as it came; header names are lower case.
struct HttpRequest {
  std::string method;
  std::string path;   ///< without the query, percent-decoded; never contains ".." segments
  std::string query;  ///< after '?', raw
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  ///< raw bytes
  std::string peer;  ///< address, behind a trusted proxy the one it names

  /// The first header of that lower-case name, or "".
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// The value of that cookie, or "".
  [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// `{"error": {"code": …, "message": …}}`
[[nodiscard]] HttpResponse error_response(int status, std::string_view code,
                                          std::string_view message);

/// Sends the answer of one request.  Any thread; the first call counts.  A request whose Respond is
/// dropped without a call is answered 500, one that takes a minute 503.
using Respond = std::function<void(HttpResponse)>;

}  // namespace wasl::channels
