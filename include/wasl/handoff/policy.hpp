#pragma once

#include "wasl/core/time.hpp"
#include "wasl/core/yaml.hpp"
#include "wasl/handoff/hours.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wasl::handoff {

struct Team {
  std::vector<std::string> skills;
  std::string overflow;
};

/// Every soft signal and what it adds to the score, unless `handoff.yml` says otherwise.
[[nodiscard]] std::map<std::string, double, std::less<>> default_weights();

/// How sure the signals must be before a person is offered or called.
struct EscalationPolicy {
  double offer_at = 1.0;
  double handoff_at = 1.5;
  double decay = 0.7;
  double rearm_below = 0.5;
  double first_message_max = 0.9;
  std::map<std::string, double, std::less<>> weights =
      default_weights();               ///< by signal name; see escalation.hpp
  std::vector<std::string> fallbacks;  ///< texts that recognise a bot's fallback answers in replays
};

struct Timers {
  Millis offer{30'000};
  Millis agent_lost{60'000};
  Millis reply_owed{180'000};
  Millis relax{60'000};
  Millis alternatives{180'000};
  Millis wrap_up{60'000};
  Millis reopen{72LL * 3600 * 1000};
  Millis idle_bot{30LL * 60 * 1000};
  Millis offering{120'000};
  Millis callback{30LL * 60 *
                  1000};  ///< a promise made while the desk is open comes due after this
  Millis ask_again{30LL * 60 * 1000};          ///< who left the queue gets the old age back
  Millis gone{120'000};                        ///< a waiting visitor may be away for this long
  Millis silence{24LL * 3600 * 1000};          ///< a person's conversation with nothing owed ends
  Millis boost{10LL * 60 * 1000};              ///< age given to those whose agent was lost
  Millis named_agent{60'000};                  ///< a transfer waits for the agent it names
  Millis snooze_max{90LL * 24 * 3600 * 1000};  ///< nothing is put aside for longer
};

/// What is promised by reason of the handoff.
struct Sla {
  std::optional<Millis> first_reply;
  std::optional<Millis> next_reply;
  std::optional<Millis> resolution;
};

/// `handoff.yml`, read.  A missing file gives these defaults and one team, `general`.
struct Policy {
  std::map<std::string, Team, std::less<>> teams;
  Hours hours;
  EscalationPolicy escalation;
  Timers timers;
  std::map<std::string, int, std::less<>>
      channel_capacity;  ///< conversations of one channel that an agent may have at once
  std::map<std::string, Sla, std::less<>> sla;  ///< by reason; "default" for the rest
  std::map<std::string, std::string, std::less<>>
      ratings;  ///< csat, ces, nps → when they are asked
};

/// Reads `folder/handoff.yml`.
[[nodiscard]] Policy load_policy(const std::filesystem::path& folder, yaml::Mistakes& mistakes);

}  // namespace wasl::handoff
