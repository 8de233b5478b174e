#pragma once

// What the parts of the desk ask of one card or one agent.

#include "wasl/handoff/desk.hpp"

#include <algorithm>

namespace wasl::handoff {

inline bool online(const DeskAgent& agent) {
  return agent.enabled && agent.presence == Presence::online && agent.connections > 0;
}

inline Rank rank_of(const Card& card) {
  return make_rank(card.priority, card.waiting_since.value_or(card.updated_at), card.conversation);
}

/// Whose slot the conversation takes; wrapping up frees it only when done.
inline const std::string* holder(const Card& card) {
  if (card.state == State::offered) return &card.offered_to;
  const bool served = card.state == State::human || card.state == State::wrap_up;
  return served ? &card.owner.id : nullptr;
}

/// Who is asked first, even past others.
inline const std::string& known_agent(const Card& card) {
  return card.wanted_agent.empty() ? card.last_agent : card.wanted_agent;
}

inline bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

inline bool declined(const Card& card, std::string_view agent) {
  return has(card.declined_by, agent);
}

/// Nobody's languages are listed: then all are spoken.
inline bool speaks(const DeskAgent& agent, Language language) {
  return language == Language::und || agent.languages.empty() ||
         has(agent.languages, name(language));
}

}  // namespace wasl::handoff
