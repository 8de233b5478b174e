#pragma once

#include "bot/conversation_tests.hpp"

#include <string>
#include <vector>

/// How a conversation that came out otherwise is told.
namespace wasl::bot {

/// One line of expected beside actual; either may be missing.
struct DiffRow {
  enum class Kind { same, differs, missing, extra };
  Kind kind = Kind::same;
  const ExpectedAnswer* expected = nullptr;
  const TestFailure::Came* came = nullptr;
};

/// Whether what came is what was expected.
[[nodiscard]] bool matches(const ExpectedAnswer& expected, const TestFailure::Came& came);

/// Both lists side by side, so that as many rows as possible are the same.
[[nodiscard]] std::vector<DiffRow> aligned(const std::vector<ExpectedAnswer>& expected,
                                           const std::vector<TestFailure::Came>& came);

/// For people: place, what was said, how it was understood, expected beside actual.
[[nodiscard]] std::string to_text(const TestFailure& failure);

}  // namespace wasl::bot
