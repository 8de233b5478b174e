#include "bot/conversation.hpp"

#include <algorithm>

namespace wasl::bot {

std::optional<Time> Conversation::next_due() const {
  std::optional<Time> soonest = record.deadline;
  const auto take = [&](Time at) { soonest = soonest ? std::min(*soonest, at) : at; };
  if (!reminders.empty()) take(reminders.front().at);
  if (read_at) take(*read_at);
  return soonest;
}

std::string shown_name(const Conversation& conversation) {
  if (!conversation.customer.empty()) return conversation.customer;
  return "#" + conversation.visitor.substr(0, 4);
}

handoff::Card make_card(const Conversation& conversation, Time now) {
  handoff::Card card;
  card.conversation = conversation.id;
  card.state = conversation.record.state;
  card.owner = conversation.record.owner;
  card.epoch = conversation.record.epoch;
  card.last_seq = conversation.last_seq;
  card.channel = conversation.channel;
  card.customer = shown_name(conversation);
  card.language = conversation.language;
  card.waiting_since = conversation.record.waiting_since;
  card.owed_since = conversation.record.owed_since;
  card.deadline = conversation.record.deadline;
  card.offered_to = conversation.record.offered_to;
  card.declined_by = conversation.record.declined_by;
  card.reason = conversation.record.reason;
  card.team = conversation.record.team;
  card.evidence = conversation.record.evidence;
  card.relaxed = conversation.record.relaxed;
  card.supervised = conversation.record.supervised;
  card.alerted = conversation.record.alerted;
  card.gone = conversation.record.gone_since.has_value();
  card.queued_at = conversation.record.queued_at;
  card.wanted_agent = conversation.record.wanted_agent;
  card.wanted_until = conversation.record.wanted_until;
  card.last_agent = conversation.record.last_agent;
  card.last_line = conversation.last_line;
  card.last_from = conversation.last_from;
  card.last_trigger = conversation.last_trigger;
  card.updated_at = now;
  return card;
}

}  // namespace wasl::bot
