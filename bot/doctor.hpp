#pragma once

#include "wasl/core/time.hpp"
#include "wasl/core/yaml.hpp"

#include "bot/bot.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// `wasl doctor`: what of a bot somebody should look after, beyond the mistakes that stop it.
namespace wasl::bot {

/// What is examined.
struct Patient {
  std::filesystem::path folder;
  std::string store;               ///< its URL
  std::shared_ptr<const Bot> bot;  ///< null when the folder has mistakes
  std::vector<yaml::Mistake> mistakes;
  Time now{};
};

struct Finding {
  std::string place;  ///< a file, or empty
  std::string what;   ///< what is the matter, and what to do
};

/// One thing to look at.  The list is in doctor_checks.cpp; a new check is a function and a row.
struct Check {
  std::string_view name;
  std::vector<Finding> (*examine)(const Patient& patient);
};
[[nodiscard]] std::span<const Check> doctor_checks();

/// Loads what is to be examined.
[[nodiscard]] Patient admit(const std::filesystem::path& folder, std::string store, Time now);

}  // namespace wasl::bot
