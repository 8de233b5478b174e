#pragma once

#include "wasl/core/yaml.hpp"
#include "wasl/flows/program.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace wasl::flows {

/// A step an author wrote, and the instruction it became.
struct StepPlace {
  std::string flow;
  std::uint32_t at = 0;  ///< as in Ran
  std::string file;
  yaml::Mark mark;
  std::string title;  ///< `ask order_number`
};

/// Every step of every flow, in the order of names and instructions; not what the loader adds.
[[nodiscard]] std::vector<StepPlace> outline(const Program& program);

}  // namespace wasl::flows
