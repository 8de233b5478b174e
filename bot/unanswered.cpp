#include "bot/unanswered.hpp"

#include "wasl/core/text.hpp"
#include "wasl/handoff/packet.hpp"

#include "bot/event_json.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace wasl::bot {
namespace {

constexpr std::size_t kCommitsMax = 64;      // of a page
constexpr std::size_t kEventsMax = 2'000;    // of a conversation; later ones are not read
constexpr std::size_t kTextCharsMax = 1000;  // of a message
constexpr std::size_t kMessagesMax = 200;    // of a conversation

/// A conversation is read when its last commit comes by, so that it is read once.
Result<bool> is_last(store::Store& store, const store::Changes::Row& row,
                     const std::optional<Time>& since) {
  auto conversation = store.conversation(row.conversation);
  if (!conversation) return conversation.error();
  if (!*conversation || (*conversation)->last_seq != row.last_seq) return false;
  return !since || (*conversation)->updated_at >= *since;
}

/// Conversations from before there was the event `unanswered` are told by what the bot said.
bool is_fallback(std::string_view answer) {
  return answer == "help.fallback" || answer == "clarify.which" ||
         answer.starts_with("cannot_answer.");
}

}  // namespace

std::vector<UnansweredMessage> unanswered_in(const std::string& conversation,
                                             const std::vector<Event>& events) {
  std::map<std::uint64_t, const Event*> said;
  std::map<std::uint64_t, Unanswered> left;  // each message once
  std::uint64_t unclear = 0;                 // the last message, if it was not understood
  for (const Event& event : events) {
    if (const auto* message = std::get_if<MessageSaid>(&event.body)) {
      if (message->from == Party::visitor) said[event.seq] = &event;
      if (message->from == Party::bot && unclear != 0 && is_fallback(message->answer)) {
        left.try_emplace(unclear, Unanswered{unclear, "not_understood", ""});
      }
    } else if (const auto* understood = std::get_if<Understood>(&event.body)) {
      const bool clear = understood->understanding.decision == Decision::act;
      unclear = clear ? 0 : understood->message_seq;
    } else if (const auto* unanswered = std::get_if<Unanswered>(&event.body)) {
      left.insert_or_assign(unanswered->seq, *unanswered);
    }
  }
  std::vector<UnansweredMessage> messages;
  for (const auto& [seq, unanswered] : left) {
    const auto found = said.find(seq);
    if (found == said.end() || messages.size() == kMessagesMax) continue;
    const auto& message = std::get<MessageSaid>(found->second->body);
    if (trim(message.text).empty()) continue;  // a tap
    messages.push_back({conversation, seq, found->second->at,
                        std::string(first_code_points(handoff::mask(message.text), kTextCharsMax)),
                        message.language, unanswered.why, unanswered.article});
  }
  return messages;
}

Result<UnansweredPage> read_unanswered(store::Store& store, const UnansweredRequest& request) {
  auto changes = store.changed(request.after, kCommitsMax);
  if (!changes) return changes.error();
  UnansweredPage page;
  page.position = changes->position;
  page.done = changes->rows.empty();
  for (const store::Changes::Row& row : changes->rows) {
    const auto wanted = is_last(store, row, request.since);
    if (!wanted) return wanted.error();
    if (!*wanted) continue;
    const auto events = from_rows(store.events(row.conversation, 0, kEventsMax));
    if (!events) return events.error();
    for (UnansweredMessage& one : unanswered_in(row.conversation, *events)) {
      if (request.since && one.at < *request.since) continue;
      page.messages.push_back(std::move(one));
    }
  }
  return page;
}

}  // namespace wasl::bot
