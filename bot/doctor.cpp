#include "bot/doctor.hpp"

#include "bot/commands.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr int kNeedsAttention = 1;
constexpr int kBadFolder = 3;

}  // namespace

Patient admit(const std::filesystem::path& folder, std::string store, Time now) {
  Patient patient;
  patient.folder = folder;
  patient.now = now;
  yaml::Mistakes mistakes;
  patient.bot = load_bot(folder, true, mistakes);
  patient.mistakes = mistakes.sorted();
  patient.store = std::move(store);
  if (patient.store.empty() && patient.bot) patient.store = patient.bot->config.store;
  return patient;
}

int run_doctor(const CommandOptions& options, const std::string& store) {
  if (!std::filesystem::is_directory(options.bot)) {
    fmt::print(stderr, "{}: no such bot folder\n", options.bot.string());
    return kBadFolder;
  }
  const auto now = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  const Patient patient = admit(options.bot, store, now);
  std::size_t count = 0;
  json checks = json::array();
  for (const Check& check : doctor_checks()) {
    json findings = json::array();
    for (const Finding& finding : check.examine(patient)) {
      ++count;
      findings.push_back({{"place", finding.place}, {"what", finding.what}});
      if (options.json) continue;
      fmt::print("{}: {}{}{}\n", check.name, finding.place, finding.place.empty() ? "" : ": ",
                 finding.what);
    }
    checks.push_back({{"check", check.name}, {"findings", std::move(findings)}});
  }
  if (options.json) {
    const json report{{"ok", count == 0}, {"checks", std::move(checks)}};
    fmt::print("{}\n", report.dump(-1, ' ', false, json::error_handler_t::replace));
  } else if (count == 0) {
    fmt::print("{}: all is well\n", options.bot.string());
  } else {
    fmt::print("{} {} attention\n", count, count == 1 ? "thing needs" : "things need");
  }
  return count == 0 ? 0 : kNeedsAttention;
}

}  // namespace wasl::bot
