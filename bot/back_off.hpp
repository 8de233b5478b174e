#pragma once

#include "wasl/channels/http_client.hpp"
#include "wasl/core/time.hpp"

#include <cstdint>
#include <optional>

/// When to try again.  Pure: time and randomness are arguments.
namespace wasl::bot {

struct BackOff {
  Millis first{};  ///< after the first failure
  Millis most{};
};
/// `first`, doubled with each of `failures` after the first up to `most`, plus up to half of
/// itself, so that many who failed together do not come again together.
[[nodiscard]] Millis back_off(const BackOff& pace, int failures, std::uint64_t random);

/// What `Retry-After` asks for: seconds, or a date; nothing when it is not there or unreadable.
[[nodiscard]] std::optional<Millis> retry_after(const channels::OutgoingResponse& response,
                                                Time now);

/// The bounds of one call.
struct RetryPlan {
  int retries = 0;  ///< after the first attempt
  Millis within{};  ///< from the first attempt to the last answer
};
/// The wait before the next attempt, or nothing: then the caller gives up now.  What the other side
/// asks for is obeyed; when that takes longer than there is time, nothing is waited for.
[[nodiscard]] std::optional<Millis> next_wait(const RetryPlan& plan, int attempts, Millis elapsed,
                                              std::optional<Millis> asked, std::uint64_t random);

/// An attempt with less time than this is not worth making.
constexpr Millis kAttemptMin{100};

}  // namespace wasl::bot
