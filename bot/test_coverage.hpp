#pragma once

#include "wasl/flows/outline.hpp"
#include "wasl/flows/step.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

/// What the conversation tests of a bot folder have tried, and what nobody has.
namespace wasl::bot {

/// What happened in conversations, as far as coverage asks.
struct Exercised {
  std::vector<flows::Ran> steps;
  std::set<std::string> intents;  ///< understood surely enough to act on
};

struct Coverage {
  struct OfFlow {
    std::string flow;
    std::size_t steps = 0;
    std::vector<flows::StepPlace> unreached;
  };
  std::vector<OfFlow> flows;
  std::vector<std::string> intents;  ///< that were exercised, of those the folder declares
  std::vector<std::string> intents_missed;

  [[nodiscard]] std::size_t steps() const;
  [[nodiscard]] std::size_t steps_reached() const;
};

[[nodiscard]] Coverage coverage_of(const std::vector<flows::StepPlace>& outline,
                                   const std::vector<std::string>& intents,
                                   const Exercised& exercised);

/// `covered: 120 of 140 steps in 38 flows (86%), 40 of 47 intents`
[[nodiscard]] std::string summary_of(const Coverage& coverage);
/// A line for each flow, each unreached step with its place, and the intents nobody met.
[[nodiscard]] std::string table_of(const Coverage& coverage);

}  // namespace wasl::bot
