#include "wasl/channels/http.hpp"

#include "wasl/core/text.hpp"

#include "channels/json.hpp"

#include <nlohmann/json.hpp>

namespace wasl::channels {

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::string_view HttpRequest::cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key != "cookie") continue;
    for (const std::string_view pair : split(value, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
      std::string_view text = trim(pair.substr(equals + 1));
      if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
      }
      return text;
    }
  }
  return {};
}

HttpResponse error_response(int status, std::string_view code, std::string_view message) {
  HttpResponse response;
  response.status = status;
  response.body = to_text({{"error", {{"code", code}, {"message", message}}}});
  return response;
}

}  // namespace wasl::channels
