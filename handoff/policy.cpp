// handoff.yml → Policy.  Every mistake is told with its place; a wrong value reads as the default,
// so that reading goes on and all mistakes are reported at once.
// The opening hours are policy_hours.cpp.
#include "wasl/handoff/policy.hpp"

#include "wasl/core/text.hpp"

#include "handoff/policy_hours.hpp"
#include "handoff/signal_kinds.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <system_error>

namespace wasl::handoff {
namespace {

constexpr const char* kFile = kPolicyFile;
constexpr Millis kDurationMax{365LL * 24 * 3600 * 1000};

// Teams.

void read_teams(const yaml::Map& root, yaml::Mistakes& mistakes, Policy& policy) {
  const yaml::Node* node = root.find("teams");
  if (node == nullptr) {
    policy.teams["general"];
    return;
  }
  const yaml::Map teams(kFile, *node, mistakes);
  std::vector<std::string> names;
  for (const auto& [name, value] : teams.node().entries) names.push_back(name.scalar);
  for (const auto& [name, value] : teams.node().entries) {
    const yaml::Map map(kFile, value, mistakes);
    map.only({"skills", "overflow"});
    Team team{map.texts("skills"), map.text_or("overflow", "")};
    if (name.scalar.empty()) teams.complain(name.at, "a team needs a name");
    const bool named = !team.overflow.empty();
    const bool known = std::find(names.begin(), names.end(), team.overflow) != names.end();
    if (named && !known) {
      map.complain(map.find("overflow")->at,
                   "unknown team '" + team.overflow + "'" + did_you_mean(team.overflow, names));
    } else if (named && team.overflow == name.scalar) {
      map.complain(map.find("overflow")->at, "a team cannot be its own overflow");
    }
    policy.teams[name.scalar] = std::move(team);
  }
  if (policy.teams.empty()) policy.teams["general"];
}

// Escalation, timers, promises.

void read_escalation(const yaml::Map& root, yaml::Mistakes& mistakes, EscalationPolicy& out) {
  const yaml::Node* node = root.find("escalation");
  if (node == nullptr) return;
  const yaml::Map map(kFile, *node, mistakes);
  map.only({"offer_at", "handoff_at", "decay", "rearm_below", "first_message_max", "weights",
            "fallbacks"});
  out.offer_at = map.number_or("offer_at", out.offer_at, 0.1, 10.0);
  out.handoff_at = map.number_or("handoff_at", out.handoff_at, 0.1, 10.0);
  out.decay = map.number_or("decay", out.decay, 0.0, 1.0);
  out.rearm_below = map.number_or("rearm_below", out.rearm_below, 0.0, 10.0);
  out.first_message_max = map.number_or("first_message_max", out.first_message_max, 0.0, 10.0);
  out.fallbacks = map.texts("fallbacks");
  if (out.handoff_at < out.offer_at) {
    const yaml::Node* at = map.find(map.has("handoff_at") ? "handoff_at" : "offer_at");
    map.complain(at->at, "'handoff_at' must not be below 'offer_at'");
  }
  const yaml::Node* weights_node = map.find("weights");
  if (weights_node == nullptr) return;
  const yaml::Map weights(kFile, *weights_node, mistakes);
  std::vector<std::string> names;
  for (const SignalKind& kind : kSoftSignals) names.emplace_back(kind.signal);
  for (const auto& [key, value] : weights.node().entries) {
    if (soft_signal(key.scalar) == nullptr) {
      weights.complain(key.at,
                       "unknown signal '" + key.scalar + "'" + did_you_mean(key.scalar, names));
    } else {
      out.weights[key.scalar] = weights.number_or(key.scalar, out.weights[key.scalar], 0.0, 5.0);
    }
  }
}

/// A duration above zero and within a year.
std::optional<Millis> duration(const yaml::Map& map, std::string_view key) {
  if (!map.has(key)) return std::nullopt;
  const Millis value = map.duration_or(key, Millis{0});
  if (value > Millis{0} && value <= kDurationMax) return value;
  const yaml::Node& node = *map.find(key);
  if (node.is_scalar() && parse_duration(node.scalar)) {
    map.complain(node.at, "'" + std::string(key) + "' must be above zero and within a year");
  }
  return std::nullopt;
}

void read_timers(const yaml::Map& root, yaml::Mistakes& mistakes, Timers& out) {
  const yaml::Node* node = root.find("timers");
  if (node == nullptr) return;
  const yaml::Map map(kFile, *node, mistakes);
  map.only({"offer", "agent_lost", "reply_owed", "relax", "alternatives", "wrap_up", "reopen",
            "idle_bot", "offering", "callback", "ask_again", "gone", "silence", "boost",
            "named_agent", "snooze_max"});
  const auto read = [&](std::string_view key, Millis& value) {
    value = duration(map, key).value_or(value);
  };
  read("offer", out.offer);
  read("agent_lost", out.agent_lost);
  read("reply_owed", out.reply_owed);
  read("relax", out.relax);
  read("alternatives", out.alternatives);
  read("wrap_up", out.wrap_up);
  read("reopen", out.reopen);
  read("idle_bot", out.idle_bot);
  read("offering", out.offering);
  read("callback", out.callback);
  read("ask_again", out.ask_again);
  read("gone", out.gone);
  read("silence", out.silence);
  read("boost", out.boost);
  read("named_agent", out.named_agent);
  read("snooze_max", out.snooze_max);
  if (out.alternatives < out.relax) {
    const yaml::Node* at = map.find(map.has("alternatives") ? "alternatives" : "relax");
    map.complain(at->at, "'alternatives' must not come before 'relax'");
  }
}

/// How many conversations of one channel an agent may have at once.
void read_capacity(const yaml::Map& root, yaml::Mistakes& mistakes, Policy& policy) {
  const yaml::Node* node = root.find("capacity");
  if (node == nullptr) return;
  const yaml::Map map(kFile, *node, mistakes);
  for (const auto& [channel, value] : map.node().entries) {
    policy.channel_capacity[channel.scalar] =
        static_cast<int>(map.whole_or(channel.scalar, 1, 1, 1'000));
  }
}

void read_sla(const yaml::Map& root, yaml::Mistakes& mistakes, Policy& policy) {
  const yaml::Node* node = root.find("sla");
  if (node == nullptr) return;
  const yaml::Map reasons(kFile, *node, mistakes);
  for (const auto& [reason, value] : reasons.node().entries) {
    const yaml::Map map(kFile, value, mistakes);
    map.only({"first_reply", "next_reply", "resolution"});
    policy.sla[reason.scalar] = {duration(map, "first_reply"), duration(map, "next_reply"),
                                 duration(map, "resolution")};
  }
}

void read_ratings(const yaml::Map& root, yaml::Mistakes& mistakes, Policy& policy) {
  const yaml::Node* node = root.find("ratings");
  if (node == nullptr) return;
  const yaml::Map map(kFile, *node, mistakes);
  map.only({"csat", "ces", "nps"});
  const std::vector<std::string> moments{"after_resolution", "never"};
  for (const std::string kind : {"csat", "ces", "nps"}) {
    if (!map.has(kind)) continue;
    const std::string when = map.text(kind);
    if (std::find(moments.begin(), moments.end(), when) == moments.end()) {
      map.complain(map.find(kind)->at, "'" + kind + "' must be after_resolution or never" +
                                           did_you_mean(when, moments));
    } else {
      policy.ratings[kind] = when;
    }
  }
}

}  // namespace

std::map<std::string, double, std::less<>> default_weights() {
  std::map<std::string, double, std::less<>> weights;
  for (const SignalKind& kind : kSoftSignals) weights.emplace(kind.signal, kind.weight);
  return weights;
}

Policy load_policy(const std::filesystem::path& folder, yaml::Mistakes& mistakes) {
  Policy policy;
  std::error_code error;
  if (!std::filesystem::exists(folder / kFile, error)) {
    policy.teams["general"];
    return policy;
  }
  const auto document = yaml::load(folder / kFile, kFile, mistakes);
  if (!document) return policy;

  const yaml::Map root(kFile, document->root, mistakes);
  root.only({"teams", "hours", "escalation", "timers", "capacity", "sla", "ratings"});
  read_teams(root, mistakes, policy);
  read_hours(folder, root, mistakes, policy.hours);
  read_escalation(root, mistakes, policy.escalation);
  read_timers(root, mistakes, policy.timers);
  read_capacity(root, mistakes, policy);
  read_sla(root, mistakes, policy);
  read_ratings(root, mistakes, policy);
  return policy;
}

}  // namespace wasl::handoff
