#pragma once

#include "wasl/core/event.hpp"
#include "wasl/core/result.hpp"
#include "wasl/store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Messages the bot had no answer for, read from the log, for `wasl review`.
namespace wasl::bot {

struct UnansweredMessage {
  std::string conversation;
  std::uint64_t seq = 0;
  Time at{};
  std::string text;  ///< card and identity numbers masked
  Language language = Language::und;
  std::string why;      ///< not_understood, not_helped
  std::string article;  ///< the one that did not help
  bool operator==(const UnansweredMessage&) const = default;
};

/// Which part of the log to read; the same value travels through the control socket.
struct UnansweredRequest {
  std::uint64_t after = 0;    ///< a position of the log; 0: from the beginning
  std::optional<Time> since;  ///< nothing older
};
struct UnansweredPage {
  std::vector<UnansweredMessage> messages;
  std::uint64_t position = 0;  ///< where to go on
  bool done = false;
};

/// What one conversation leaves unanswered.
[[nodiscard]] std::vector<UnansweredMessage> unanswered_in(const std::string& conversation,
                                                           const std::vector<Event>& events);

/// Reads a small part of the log, so that whoever shares the thread waits only for a moment.
/// Blocking.
[[nodiscard]] Result<UnansweredPage> read_unanswered(store::Store& store,
                                                     const UnansweredRequest& request);

}  // namespace wasl::bot
