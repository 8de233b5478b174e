#include "bot/test_coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace wasl::bot {
namespace {

/// Rounded down: 100 only when nothing is missing.
std::size_t percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 100 : part * 100 / whole;
}

}  // namespace

std::size_t Coverage::steps() const {
  std::size_t count = 0;
  for (const OfFlow& one : flows) count += one.steps;
  return count;
}

std::size_t Coverage::steps_reached() const {
  std::size_t count = steps();
  for (const OfFlow& one : flows) count -= one.unreached.size();
  return count;
}

Coverage coverage_of(const std::vector<flows::StepPlace>& outline,
                     const std::vector<std::string>& intents, const Exercised& exercised) {
  std::set<std::pair<std::string, std::uint32_t>> ran;
  for (const flows::Ran& one : exercised.steps) ran.emplace(one.flow, one.at);
  Coverage coverage;
  for (const flows::StepPlace& place : outline) {
    if (coverage.flows.empty() || coverage.flows.back().flow != place.flow) {
      coverage.flows.push_back({place.flow, 0, {}});
    }
    Coverage::OfFlow& flow = coverage.flows.back();
    ++flow.steps;
    if (ran.count({place.flow, place.at}) == 0) flow.unreached.push_back(place);
  }
  for (Coverage::OfFlow& flow : coverage.flows) {
    std::sort(flow.unreached.begin(), flow.unreached.end(), [](const auto& a, const auto& b) {
      return std::pair(a.mark.line, a.mark.column) < std::pair(b.mark.line, b.mark.column);
    });
  }
  for (const std::string& intent : intents) {
    (exercised.intents.count(intent) > 0 ? coverage.intents : coverage.intents_missed)
        .push_back(intent);
  }
  return coverage;
}

std::string summary_of(const Coverage& coverage) {
  const std::size_t reached = coverage.steps_reached();
  const std::size_t intents = coverage.intents.size();
  return fmt::format("covered: {} of {} steps in {} flows ({}%), {} of {} intents", reached,
                     coverage.steps(), coverage.flows.size(), percent(reached, coverage.steps()),
                     intents, intents + coverage.intents_missed.size());
}

std::string table_of(const Coverage& coverage) {
  std::size_t width = 4;
  for (const auto& flow : coverage.flows) width = std::max(width, flow.flow.size());
  std::string table = fmt::format("{:<{}}  {:>7}\n", "flow", width, "steps");
  for (const auto& flow : coverage.flows) {
    const std::size_t reached = flow.steps - flow.unreached.size();
    table += fmt::format("{:<{}}  {:>7}  {:>3}%\n", flow.flow, width,
                         fmt::format("{}/{}", reached, flow.steps), percent(reached, flow.steps));
    for (const flows::StepPlace& place : flow.unreached) {
      table +=
          fmt::format("  never reached: {}:{}: {}\n", place.file, place.mark.line, place.title);
    }
  }
  for (const std::string& intent : coverage.intents_missed) {
    table += fmt::format("never understood: intent {}\n", intent);
  }
  return table;
}

}  // namespace wasl::bot
