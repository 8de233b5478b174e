#include "wasl/core/time.hpp"

#include <charconv>

namespace wasl {
namespace {

// Reads exactly `digits` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits || value < 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// `Z`, `+03:00` or nothing: the offset from UTC.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
  if (take(text, 'Z')) return std::chrono::minutes{0};
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return east ? offset : -offset;
}

// Writes the last `digits` digits of `number` at `at`.
void put_number(std::string& text, std::size_t at, std::size_t digits, long number) {
  for (std::size_t i = digits; i > 0; --i, number /= 10) {
    text[at + i - 1] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

std::string iso8601(Time at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{at - day};
  std::string text = "0000-00-00T00:00:00.000Z";
  put_number(text, 0, 4, static_cast<int>(date.year()));
  put_number(text, 5, 2, static_cast<unsigned>(date.month()));
  put_number(text, 8, 2, static_cast<unsigned>(date.day()));
  put_number(text, 11, 2, clock.hours().count());
  put_number(text, 14, 2, clock.minutes().count());
  put_number(text, 17, 2, clock.seconds().count());
  put_number(text, 20, 3, clock.subseconds().count());
  return text;
}

std::optional<Time> parse_iso8601(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const Time midnight{std::chrono::sys_days{date}};
  if (text.empty()) return midnight;

  if (!take(text, 'T')) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 24 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  Millis clock = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
  if (take(text, ':')) {
    const auto second = take_number(text, 2);
    if (!second || *second > 60) return std::nullopt;
    clock += std::chrono::seconds{*second};
    if (take(text, '.')) {
      const auto millis = take_number(text, 3);
      if (!millis) return std::nullopt;
      clock += Millis{*millis};
    }
  }
  const auto offset = take_zone(text);
  if (!offset || !text.empty()) return std::nullopt;
  return midnight + clock - *offset;
}

std::optional<Millis> parse_duration(std::string_view text) {
  long long count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0 || count > 1'000'000) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit == "ms") return Millis{count};
  if (unit == "s") return std::chrono::seconds{count};
  if (unit == "m") return std::chrono::minutes{count};
  if (unit == "h") return std::chrono::hours{count};
  if (unit == "d") return std::chrono::days{count};
  return std::nullopt;
}

}  // namespace wasl
