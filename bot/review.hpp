#pragma once

#include "wasl/core/time.hpp"
#include "wasl/core/understanding.hpp"
#include "wasl/intents/understander.hpp"

#include "bot/unanswered.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

/// Unanswered messages, put in order for a person to look through.
namespace wasl::bot {

/// One way of saying it; messages that clean to the same text are one.
struct Sentence {
  std::string text;   ///< as it was written last, masked
  std::string key;    ///< of its clean text; what is remembered of a reviewed sentence
  std::string group;  ///< en, ar or arabizi: the block of examples it belongs to
  std::size_t count = 0;
  Time newest{};
};

struct LikeMessages {
  std::string id;  ///< of its first sentence: the same each time
  std::vector<Sentence> sentences;
  std::size_t count = 0;  ///< of messages
  Time newest{};
  std::set<std::string> why;
  std::set<std::string> articles;
  std::vector<IntentScore> nearest;  ///< what the first sentence might mean; at most 3

  [[nodiscard]] std::set<std::string> languages() const;
};

struct Review {
  std::vector<LikeMessages> groups;  ///< the largest first
  std::size_t understood_now = 0;    ///< messages that the bot as it is would act on
  std::size_t reviewed = 0;          ///< messages seen before
  std::size_t left_out = 0;          ///< messages beyond the bound, the rarest and oldest
};

/// Groups by likeness of the clean texts.  `reviewed`: keys of sentences not to show again.
/// Deterministic; compares at most 2,000 different sentences.
[[nodiscard]] Review review_of(const std::vector<UnansweredMessage>& messages,
                               const intents::Understander& understander,
                               const std::set<std::string>& reviewed);

}  // namespace wasl::bot
