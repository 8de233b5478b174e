#include "bot/reminders.hpp"

#include "wasl/handoff/hours.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr Millis kAheadMax{730LL * 24 * 3600 * 1000};
constexpr std::size_t kDayBytes = 10;

}  // namespace

std::optional<Time> due_at(const flows::Remind& wanted, Time now, const std::string& zone) {
  Time at = now + wanted.after.value_or(Millis{0});
  if (!wanted.after) {
    // A date that came with a time of its own counts as the day it names.
    const auto wall = parse_iso8601(wanted.date.substr(0, kDayBytes) + "T" + wanted.time + "Z");
    if (!wall) return std::nullopt;
    at = handoff::moment_in(*wall, zone) - wanted.before;
  }
  if (at <= now || at > now + kAheadMax) return std::nullopt;
  return at;
}

void keep(std::vector<Reminder>& reminders, Reminder reminder) {
  forget(reminders, reminder.answer);
  const auto later = std::upper_bound(reminders.begin(), reminders.end(), reminder.at,
                                      [](Time at, const Reminder& other) { return at < other.at; });
  reminders.insert(later, std::move(reminder));
  if (reminders.size() > kRemindersMax) reminders.pop_back();
}

void forget(std::vector<Reminder>& reminders, const std::string& answer) {
  std::erase_if(reminders, [&](const Reminder& one) { return one.answer == answer; });
}

std::vector<Reminder> take_due(std::vector<Reminder>& reminders, Time now) {
  const auto later = std::find_if(reminders.begin(), reminders.end(),
                                  [&](const Reminder& one) { return one.at > now; });
  std::vector<Reminder> due(std::make_move_iterator(reminders.begin()),
                            std::make_move_iterator(later));
  reminders.erase(reminders.begin(), later);
  return due;
}

}  // namespace wasl::bot
