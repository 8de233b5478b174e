// handoff.yml: what is read without a mistake is a policy that can be followed.
#include "wasl/handoff/policy.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using namespace wasl::handoff;
using fuzz::require;

constexpr Millis kYear{365LL * 24 * 3600 * 1000};

void check(const Policy& policy) {
  require(!policy.teams.empty(), "there is a team");
  for (const auto& [name, team] : policy.teams) {
    require(team.overflow.empty() || policy.teams.contains(team.overflow), "an overflow is a team");
  }
  require(policy.escalation.offer_at <= policy.escalation.handoff_at, "an offer comes first");
  for (const auto& [signal, weight] : policy.escalation.weights) {
    require(weight >= 0.0 && weight <= 5.0, "a weight is within its limits");
  }
  for (const Millis timer : {policy.timers.offer, policy.timers.relax, policy.timers.reopen}) {
    require(timer > Millis{0} && timer <= kYear, "a timer is within its limits");
  }
  for (const auto& spans : policy.hours.week) {
    for (const Hours::Span& span : spans) {
      require(span.from_minute >= 0 && span.from_minute < span.to_minute && span.to_minute <= 2880,
              "hours are within two days");
    }
  }
  const Time now{Millis{1'800'000'000'000}};
  const bool open = policy.hours.open(now);
  const auto next = policy.hours.next_open(now);
  require(!policy.hours.always || open, "always is now");
  require(!next || *next >= now, "the next opening is not past");
  require(!next || policy.hours.open(*next), "the next opening is open");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  folder.write("handoff.yml", {reinterpret_cast<const char*>(data), size});
  yaml::Mistakes mistakes;
  const Policy policy = load_policy(folder.path(), mistakes);
  if (mistakes.empty()) check(policy);
  return 0;
}
