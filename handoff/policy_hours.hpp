#pragma once

#include "wasl/core/yaml.hpp"
#include "wasl/handoff/hours.hpp"

#include <filesystem>

namespace wasl::handoff {

inline constexpr const char* kPolicyFile = "handoff.yml";

/// Reads `hours` of handoff.yml and the calendar it names.
void read_hours(const std::filesystem::path& folder, const yaml::Map& root,
                yaml::Mistakes& mistakes, Hours& out);

}  // namespace wasl::handoff
