#pragma once

#include "wasl/core/event.hpp"
#include "wasl/core/result.hpp"
#include "wasl/flows/step.hpp"
#include "wasl/handoff/desk.hpp"
#include "wasl/handoff/escalation.hpp"
#include "wasl/handoff/record.hpp"

#include "bot/reminders.hpp"

#include <optional>
#include <string>
#include <vector>

namespace wasl::bot {

/// A message that the bot has not read yet.
struct Unread {
  std::uint64_t seq = 0;
  std::string text;
  std::string button;
};

/// A conversation as it stands after event `last_seq`: what a turn starts from and leaves behind.
/// Plain data; the snapshot in the store is its JSON.
struct Conversation {
  std::string id;
  std::string visitor;
  std::string channel = "web";
  std::string address;   ///< the customer's id with the provider; empty on the web
  std::string customer;  ///< a name, if known
  std::string contact;   ///< left by a visitor of the web: where they can be reached
  std::string page;      ///< where the customer was when it began
  std::string locale;
  std::string timezone;
  Language language = Language::und;
  Time created_at{};
  std::uint64_t last_seq = 0;

  handoff::Record record;
  handoff::Escalation escalation;
  flows::FlowState flow;
  std::optional<flows::StartCall> open_call;  ///< asked of a business system, not yet answered
  std::vector<Unread> unread;                 ///< said while `open_call` was under way, or just now
  std::optional<Time> read_at;                ///< when the bot reads it, if nothing comes before

  std::vector<Reminder> reminders;  ///< the soonest first

  std::vector<Button> shown_buttons;  ///< of the latest reply: a tap is written down by its title

  std::string last_line;  ///< of the latest message, shortened
  Party last_from = Party::visitor;
  std::string last_trigger;

  /// When something happens by itself: a deadline, a reminder, or the bot reads what was said.
  [[nodiscard]] std::optional<Time> next_due() const;
};

/// The customer's name, or a short pseudonym that stays the same: `#3f2a`.
[[nodiscard]] std::string shown_name(const Conversation& conversation);

/// What the desk should know of it.
[[nodiscard]] handoff::Card make_card(const Conversation& conversation, Time now);

[[nodiscard]] std::string to_snapshot(const Conversation& conversation);
/// Errors: invalid_input  not a snapshot of this program or a newer one.
[[nodiscard]] Result<Conversation> from_snapshot(std::string_view json);

}  // namespace wasl::bot
