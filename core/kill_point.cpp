// WASL_KILL_AT=name:n, read once before main(); a value that names no point ends the program at
// once, so that no test waits for a kill that cannot come.

#include "wasl/core/kill_point.hpp"

#ifdef WASL_KILL_POINTS

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace wasl::kill_points {
namespace {

struct Order {
  std::string_view name;  ///< empty: no kill is ordered
  std::uint64_t pass = 1;
};

Order read_order() {
  const char* const text = std::getenv("WASL_KILL_AT");  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr || *text == '\0') return {};
  Order order;
  order.name = text;
  const std::size_t colon = order.name.find(':');
  const std::string_view count =
      colon == std::string_view::npos ? "1" : order.name.substr(colon + 1);
  order.name = order.name.substr(0, colon);
  const char* const end = count.data() + count.size();
  const auto [stopped, failed] = std::from_chars(count.data(), end, order.pass);
  const bool known =
      std::find(kKillPoints.begin(), kKillPoints.end(), order.name) != kKillPoints.end();
  if (!known || failed != std::errc{} || stopped != end || order.pass == 0) {
    std::fprintf(stderr, "wasl: WASL_KILL_AT=%s is not NAME:COUNT of a kill point\n", text);
    std::_Exit(2);
  }
  return order;
}

const Order ordered = read_order();
std::atomic<std::uint64_t> passes{0};

}  // namespace

const std::atomic<bool> armed{!ordered.name.empty()};

void pass(std::string_view name) {
  if (name != ordered.name || passes.fetch_add(1) + 1 != ordered.pass) return;
  static_cast<void>(std::raise(SIGKILL));
}

}  // namespace wasl::kill_points

#endif
