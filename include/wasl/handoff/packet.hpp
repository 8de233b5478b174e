#pragma once

#include "wasl/core/event.hpp"
#include "wasl/handoff/record.hpp"

#include <string>
#include <utility>
#include <vector>

namespace wasl::handoff {

/// What an agent gets besides the transcript: who this is, what they want, what was tried, why it
/// came, how they feel.
struct Packet {
  std::uint64_t handoff_seq = 0;
  std::string reason;
  std::vector<Evidence> evidence;
  std::vector<std::string> summary;  ///< two lines, in the customer's language
  Language language = Language::und;
  std::vector<std::string> intents;  ///< in order of appearance
  std::vector<std::pair<std::string, std::string>> slots;
  struct Tried {
    std::string answer;
    std::uint64_t seq = 0;
  };
  std::vector<Tried> tried;
  struct Call {
    std::string name;
    std::string outcome;
    std::uint64_t seq = 0;
    std::string why = {};
  };
  std::vector<Call> calls;
  struct Mood {
    std::uint64_t seq = 0;
    double anger = 0.0;
    double frustration = 0.0;
    double lost = 0.0;
  };
  std::vector<Mood> mood;
};

/// Builds the packet from the whole transcript.  Pure.
[[nodiscard]] Packet make_packet(const Record& record, const std::vector<Event>& events);

/// Card and identity numbers masked, for packets, logs and webhooks.
[[nodiscard]] std::string mask(std::string_view text);

}  // namespace wasl::handoff
