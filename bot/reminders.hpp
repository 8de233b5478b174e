#pragma once

#include "wasl/flows/step.hpp"

#include <optional>
#include <string>
#include <vector>

namespace wasl::bot {

constexpr std::size_t kRemindersMax = 16;  ///< of a conversation; the soonest stay

/// An answer to be said at a time, whatever the dialogue does until then.
struct Reminder {
  std::string answer;
  flows::Values args;
  Time at{};
  bool operator==(const Reminder&) const = default;
};

/// When `wanted` is due by the clocks of `zone` (IANA); nothing for a moment that has passed, that
/// is more than two years away, or that is no date.
[[nodiscard]] std::optional<Time> due_at(const flows::Remind& wanted, Time now,
                                         const std::string& zone);

/// Adds one in order of time, instead of one of the same answer.
void keep(std::vector<Reminder>& reminders, Reminder reminder);
void forget(std::vector<Reminder>& reminders, const std::string& answer);
/// Takes out those that are due, the earliest first.
[[nodiscard]] std::vector<Reminder> take_due(std::vector<Reminder>& reminders, Time now);

}  // namespace wasl::bot
