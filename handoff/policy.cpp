// handoff.yml → Policy.  Every mistake is told with its place; a wrong value reads as the default,
// so that reading goes on and all mistakes are reported at once.
//
// Left out: the calendar file's content; that it exists is checked, reading it comes later.
#include "wasl/handoff/policy.hpp"

#include "wasl/core/text.hpp"

#include "handoff/signal_kinds.hpp"

#include <unicode/strenum.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

namespace wasl::handoff {
namespace {

constexpr const char* kFile = "handoff.yml";
constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
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
    const bool unknown = std::find(names.begin(), names.end(), team.overflow) == names.end();
    if (!team.overflow.empty() && unknown) {
      map.complain(map.find("overflow")->at,
                   "unknown team '" + team.overflow + "'" + did_you_mean(team.overflow, names));
    } else if (team.overflow == name.scalar) {
      map.complain(map.find("overflow")->at, "a team cannot be its own overflow");
    }
    policy.teams[name.scalar] = std::move(team);
  }
  if (policy.teams.empty()) policy.teams["general"];
}

// Hours.

std::optional<int> day_of(std::string_view word) {
  const auto at = std::find(kDays.begin(), kDays.end(), word);
  if (at == kDays.end()) return std::nullopt;
  return static_cast<int>(at - kDays.begin());
}

/// `sat` or `sun-thu`; a range may pass the end of the week.
std::optional<std::vector<int>> days_of(std::string_view key) {
  const std::vector<std::string_view> ends = split(key, '-');
  const auto first = day_of(ends.front());
  const auto last = day_of(ends.back());
  if (ends.size() > 2 || !first || !last) return std::nullopt;
  std::vector<int> days{*first};
  while (days.back() != *last) days.push_back((days.back() + 1) % 7);
  return days;
}

std::optional<int> two_digits(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 2 || !digit(text[0]) || !digit(text[1])) return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

std::optional<int> minute_of(std::string_view text) {
  const std::vector<std::string_view> parts = split(trim(text), ':');
  if (parts.size() != 2) return std::nullopt;
  const auto hour = two_digits(parts[0]);
  const auto minute = two_digits(parts[1]);
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 1440) return std::nullopt;
  return *hour * 60 + *minute;
}

/// `09:00-13:00`; an end at or before the begin is on the next day; `24:00` is midnight.
std::optional<Hours::Span> span_of(std::string_view text) {
  const std::vector<std::string_view> ends = split(text, '-');
  if (ends.size() != 2) return std::nullopt;
  const auto from = minute_of(ends[0]);
  const auto to = minute_of(ends[1]);
  if (!from || !to || *from == 1440 || *from == *to) return std::nullopt;
  return Hours::Span{*from, *to > *from ? *to : *to + 1440};
}

void read_week(const yaml::Map& hours, yaml::Mistakes& mistakes, Hours& out) {
  const yaml::Node* node = hours.find("week");
  if (node == nullptr) {
    hours.complain(hours.node().at, "missing 'week'");
    return;
  }
  const std::vector<std::string> day_names(kDays.begin(), kDays.end());
  const yaml::Map week(kFile, *node, mistakes);
  std::array<bool, 7> named{};
  for (const auto& [key, value] : week.node().entries) {
    const auto days = days_of(key.scalar);
    if (!days) {
      week.complain(key.at, "'" + key.scalar + "' is no day or range like sun-thu" +
                                did_you_mean(key.scalar, day_names));
      continue;
    }
    std::vector<Hours::Span> spans;
    for (const std::string& text : week.texts(key.scalar)) {
      if (const auto span = span_of(text)) {
        spans.push_back(*span);
      } else {
        week.complain(value.at, "'" + text + "' is no span like \"09:00-13:00\"");
      }
    }
    std::sort(spans.begin(), spans.end(), [](const Hours::Span& a, const Hours::Span& b) {
      return a.from_minute < b.from_minute;
    });
    for (std::size_t i = 1; i < spans.size(); ++i) {
      if (spans[i].from_minute < spans[i - 1].to_minute) {
        week.complain(value.at, "two spans of '" + key.scalar + "' overlap");
        break;
      }
    }
    for (const int day : *days) {
      const auto at = static_cast<std::size_t>(day);
      if (named[at]) week.complain(key.at, "'" + std::string(kDays[at]) + "' is named twice");
      named[at] = true;
      out.week[at] = spans;
    }
  }
}

void read_zone(const yaml::Map& hours, Hours& out) {
  out.zone = hours.text("zone");
  if (out.zone.empty()) return;  // complained already
  const std::unique_ptr<icu::TimeZone> zone(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(out.zone)));
  if (*zone != icu::TimeZone::getUnknown()) return;
  std::vector<std::string> known;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> all(icu::TimeZone::createEnumeration(status));
  while (U_SUCCESS(status) && all) {
    const char* id = all->next(nullptr, status);
    if (id == nullptr) break;
    known.emplace_back(id);
  }
  hours.complain(hours.find("zone")->at, "unknown time zone '" + out.zone + "'" +
                                             did_you_mean(out.zone, known) +
                                             "; give an IANA name like Asia/Riyadh");
}

void read_holidays(const yaml::Map& hours, Hours& out) {
  for (const std::string& text : hours.texts("holidays")) {
    const auto at = text.size() == 10 ? parse_iso8601(text) : std::nullopt;
    if (at) {
      out.holidays.emplace_back(std::chrono::floor<std::chrono::days>(*at));
    } else {
      hours.complain(hours.find("holidays")->at, "'" + text + "' is no date like 2026-09-23");
    }
  }
}

void read_hours(const std::filesystem::path& folder, const yaml::Map& root,
                yaml::Mistakes& mistakes, Hours& out) {
  const yaml::Node* node = root.find("hours");
  if (node == nullptr) return;
  if (!node->is_map()) {
    if (node->scalar != "always") {
      root.complain(node->at, "'hours' must be `always` or a map with zone and week");
    }
    return;
  }
  out.always = false;
  const yaml::Map hours(kFile, *node, mistakes);
  hours.only({"zone", "week", "holidays", "calendar"});
  read_zone(hours, out);
  read_week(hours, mistakes, out);
  read_holidays(hours, out);
  const std::string calendar = hours.text_or("calendar", "");
  std::error_code error;
  if (!calendar.empty() && !std::filesystem::is_regular_file(folder / calendar, error)) {
    hours.complain(hours.find("calendar")->at, "no such file '" + calendar + "'");
  }
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
            "idle_bot", "offering", "callback"});
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
  if (out.alternatives < out.relax) {
    const yaml::Node* at = map.find(map.has("alternatives") ? "alternatives" : "relax");
    map.complain(at->at, "'alternatives' must not come before 'relax'");
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
  root.only({"teams", "hours", "escalation", "timers", "sla", "ratings"});
  read_teams(root, mistakes, policy);
  read_hours(folder, root, mistakes, policy.hours);
  read_escalation(root, mistakes, policy.escalation);
  read_timers(root, mistakes, policy.timers);
  read_sla(root, mistakes, policy);
  read_ratings(root, mistakes, policy);
  return policy;
}

}  // namespace wasl::handoff
