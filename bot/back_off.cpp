#include "bot/back_off.hpp"

#include <algorithm>
#include <ctime>

namespace wasl::bot {
namespace {

constexpr BackOff kBetweenAttempts{Millis{200}, Millis{5'000}};
constexpr std::size_t kDigitsMax = 9;

bool all_digits(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7; nobody sends the obsolete forms).
std::optional<Time> parse_http_date(const std::string& text) {
  std::tm parts{};
  const char* const end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return Time{std::chrono::seconds{::timegm(&parts)}};
}

}  // namespace

Millis back_off(const BackOff& pace, int failures, std::uint64_t random) {
  const int doublings = std::clamp(failures - 1, 0, 30);
  const Millis base = std::min<Millis>(pace.most, pace.first * (1LL << doublings));
  const auto jitter = random % static_cast<std::uint64_t>(base.count() / 2 + 1);
  return base + Millis{static_cast<Millis::rep>(jitter)};
}

std::optional<Millis> retry_after(const channels::OutgoingResponse& response, Time now) {
  for (const auto& [name, value] : response.headers) {
    if (name != "retry-after") continue;
    if (all_digits(value)) {
      const std::string digits = value.substr(0, kDigitsMax);
      return std::chrono::seconds{value.size() > kDigitsMax ? 999'999'999 : std::stol(digits)};
    }
    const auto at = parse_http_date(value);
    if (!at) return std::nullopt;
    return std::max(Millis{0}, *at - now);
  }
  return std::nullopt;
}

std::optional<Millis> next_wait(const RetryPlan& plan, int attempts, Millis elapsed,
                                std::optional<Millis> asked, std::uint64_t random) {
  if (attempts > plan.retries) return std::nullopt;
  const Millis wait =
      std::max(back_off(kBetweenAttempts, attempts, random), asked.value_or(Millis{0}));
  if (wait + kAttemptMin > plan.within - elapsed) return std::nullopt;
  return wait;
}

}  // namespace wasl::bot
