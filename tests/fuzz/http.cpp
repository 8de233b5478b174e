// What is ours around Beast's HTTP: target, cookies, forwarded addresses, endpoints, JSON bodies.
// The first line is the target, the second the cookie header, the third X-Forwarded-For, the rest
// the body.
#include "wasl/channels/http.hpp"

#include "wasl/core/text.hpp"

#include "channels/addresses.hpp"
#include "channels/json.hpp"
#include "channels/target.hpp"
#include "tests/fuzz/property.hpp"

#include <cstdint>
#include <optional>

namespace {

using namespace wasl;
using namespace wasl::channels;
using fuzz::require;

std::string encoded(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (c == '/') {
      text += c;
    } else {
      text += '%' + to_hex({&c, 1});
    }
  }
  return text;
}

void read_target(std::string_view raw) {
  const std::optional<Target> target = parse_target(raw);
  if (!target) return;
  require(target->path.starts_with('/') && valid_utf8(target->path),
          "a path is UTF-8 from the root");
  for (const char c : target->path + target->query) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F,
            "a target has no control character");
  }
  for (const std::string_view part : split(target->path, '/')) {
    for (const std::string_view segment : split(part, '\\')) {
      require(segment != "..", "a path does not climb");
    }
  }
  const std::optional<Target> again = parse_target(encoded(target->path) + '?' + target->query);
  require(again && again->path == target->path && again->query == target->query,
          "a path written in another way is the same path");
}

void read_cookies(std::string_view header) {
  HttpRequest request;
  request.headers.emplace_back("cookie", std::string(header));
  const std::string_view value = request.cookie("wasl_session");
  require(value.find(';') == std::string_view::npos, "a cookie ends at the semicolon");
  require(value.size() <= header.size(), "a cookie is a part of the header");
  request.headers.emplace_back("cookie", "theirs=1");
  request.headers.emplace_back("cookie", "ours=\"2\"");
  require(header.find("ours") != std::string_view::npos || request.cookie("ours") == "2",
          "cookies of all headers are found");
}

void read_forwarded(std::string_view list) {
  static const auto proxies =
      *TrustedProxies::parse({"10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8"});
  const Address proxy = boost::asio::ip::make_address("10.1.2.3");
  const Address stranger = boost::asio::ip::make_address("203.0.113.5");
  const Address speaker = proxies.speaker(proxy, list);
  require(!counted_as(speaker).empty(), "a speaker counts for somebody");
  require(proxies.speaker(stranger, list) == stranger, "only trusted proxies are believed");
  require(proxies.speaker(proxy, std::string(list) + ", 203.0.113.5") == stranger,
          "what a customer wrote before the proxy's entry is not believed");
  const std::string text(list);
  (void)parse_endpoint(text);
  if (const auto network = TrustedProxies::parse({text})) (void)network->trusts(speaker);
}

void read_body(std::string_view body) {
  const std::optional<Json> value = parse_json(body);
  if (!value) return;
  const std::string text = to_text(*value);
  require(valid_utf8(text), "JSON is UTF-8");
  const std::optional<Json> again = parse_json(text);
  require(again && to_text(*again) == text, "JSON read again is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  read_target(input.line());
  read_cookies(input.line());
  read_forwarded(input.line());
  read_body(input.rest());
  return 0;
}
