#pragma once

#include "wasl/handoff/packet.hpp"

#include <string>
#include <vector>

namespace wasl::handoff {

/// What the customer wants, as far as known.
struct Wish {
  std::string words;   ///< in the customer's own words, or empty
  std::string intent;  ///< or empty
};

/// Two lines for the agent's first glance, in the packet's language: what the customer wants and
/// what was tried; why it came.
[[nodiscard]] std::vector<std::string> summarise(const Packet& packet, const Wish& wish);

}  // namespace wasl::handoff
