// Every legal move of a conversation.  A pair that is not here is refused, so this table *is* the
// protocol; transition.cpp holds the guards that choose between rows of the same pair, and aborts
// should it ever leave the table.
//
// Beyond the design's rows: a visit that ends while snoozed leaves the date standing, like a
// promise; a transfer at closing time is promised; an apology may be turned into a complaint.
#include "wasl/handoff/moves.hpp"

#include <iterator>
#include <utility>

namespace wasl::handoff {
namespace {

constexpr std::pair<Trigger, std::string_view> kTriggers[] = {
    {Trigger::customer_message, "customer_message"},
    {Trigger::bot_activity, "bot_activity"},
    {Trigger::soft_offer, "soft_offer"},
    {Trigger::offer_refused, "offer_refused"},
    {Trigger::handoff, "handoff"},
    {Trigger::offer, "offer"},
    {Trigger::accept, "accept"},
    {Trigger::decline, "decline"},
    {Trigger::agent_gone, "agent_gone"},
    {Trigger::take, "take"},
    {Trigger::assign, "assign"},
    {Trigger::transfer, "transfer"},
    {Trigger::snooze, "snooze"},
    {Trigger::agent_reply, "agent_reply"},
    {Trigger::note, "note"},
    {Trigger::return_to_bot, "return_to_bot"},
    {Trigger::resolve, "resolve"},
    {Trigger::done, "done"},
    {Trigger::choose_wait, "choose_wait"},
    {Trigger::choose_bot, "choose_bot"},
    {Trigger::choose_cancel, "choose_cancel"},
    {Trigger::choose_callback, "choose_callback"},
    {Trigger::choose_message, "choose_message"},
    {Trigger::complain, "complain"},
    {Trigger::visitor_end, "visitor_end"},
    {Trigger::customer_gone, "customer_gone"},
    {Trigger::customer_back, "customer_back"},
    {Trigger::hours_open, "hours_open"},
    {Trigger::hours_close, "hours_close"},
    {Trigger::deadline, "deadline"},
};

using enum State;

constexpr Move kMoves[] = {
    {bot, Trigger::customer_message, bot},
    {bot, Trigger::bot_activity, bot},
    {bot, Trigger::soft_offer, offering},
    {bot, Trigger::soft_offer, queued},  // once returned by a person, nobody is asked twice
    {bot, Trigger::soft_offer, promised},
    {bot, Trigger::handoff, queued},
    {bot, Trigger::handoff, promised},
    {bot, Trigger::take, human},
    {bot, Trigger::assign, human},
    {bot, Trigger::note, bot},
    {bot, Trigger::visitor_end, resolved},
    {bot, Trigger::deadline, resolved},

    {offering, Trigger::customer_message, bot},
    {offering, Trigger::offer_refused, bot},
    {offering, Trigger::handoff, queued},
    {offering, Trigger::handoff, promised},
    {offering, Trigger::take, human},
    {offering, Trigger::assign, human},
    {offering, Trigger::note, offering},
    {offering, Trigger::visitor_end, resolved},
    {offering, Trigger::deadline, bot},

    {promised, Trigger::customer_message, promised},
    {promised, Trigger::bot_activity, promised},
    {promised, Trigger::handoff, queued},    // asked again, and now the desk is open
    {promised, Trigger::handoff, promised},  // the same ticket, said again
    {promised, Trigger::take, human},
    {promised, Trigger::assign, human},
    {promised, Trigger::note, promised},
    {promised, Trigger::choose_bot, promised},  // the bot helps anyway
    {promised, Trigger::choose_callback, promised},
    {promised, Trigger::choose_message, promised},
    {promised, Trigger::choose_cancel, bot},
    {promised, Trigger::visitor_end, promised},  // a promise outlives the visit
    {promised, Trigger::hours_open, queued},
    {promised, Trigger::deadline, queued},
    {promised, Trigger::deadline, promised},  // still closed, or still nobody rostered

    {queued, Trigger::customer_message, queued},
    {queued, Trigger::offer, offered},
    {queued, Trigger::take, human},
    {queued, Trigger::assign, human},
    {queued, Trigger::note, queued},
    {queued, Trigger::choose_wait, queued},
    {queued, Trigger::choose_bot, bot},
    {queued, Trigger::choose_cancel, bot},
    {queued, Trigger::choose_callback, promised},
    {queued, Trigger::choose_message, promised},
    {queued, Trigger::visitor_end, resolved},
    {queued, Trigger::hours_close, promised},
    {queued, Trigger::customer_gone, queued},
    {queued, Trigger::customer_back, queued},
    {queued, Trigger::deadline, queued},
    {queued, Trigger::deadline, promised},  // gone for too long, but can be reached
    {queued, Trigger::deadline, resolved},  // gone for too long

    {offered, Trigger::customer_message, offered},
    {offered, Trigger::accept, human},
    {offered, Trigger::decline, queued},
    {offered, Trigger::agent_gone, queued},
    {offered, Trigger::take, human},
    {offered, Trigger::assign, human},
    {offered, Trigger::note, offered},
    {offered, Trigger::choose_wait, offered},
    {offered, Trigger::choose_bot, bot},
    {offered, Trigger::choose_cancel, bot},
    {offered, Trigger::choose_callback, promised},
    {offered, Trigger::choose_message, promised},
    {offered, Trigger::visitor_end, resolved},
    {offered, Trigger::customer_gone, offered},
    {offered, Trigger::customer_back, offered},
    {offered, Trigger::deadline, queued},
    {offered, Trigger::deadline, promised},
    {offered, Trigger::deadline, resolved},

    {human, Trigger::customer_message, human},
    {human, Trigger::agent_reply, human},
    {human, Trigger::take, human},
    {human, Trigger::assign, human},
    {human, Trigger::note, human},
    {human, Trigger::agent_gone, queued},
    {human, Trigger::agent_gone, promised},
    {human, Trigger::transfer, queued},
    {human, Trigger::transfer, promised},
    {human, Trigger::snooze, snoozed},
    {human, Trigger::return_to_bot, bot},
    {human, Trigger::resolve, wrap_up},
    {human, Trigger::visitor_end, wrap_up},
    {human, Trigger::deadline, queued},    // a reply is owed too long
    {human, Trigger::deadline, promised},  // the same, and the desk has closed
    {human, Trigger::deadline, wrap_up},   // nothing owed, a day of silence

    {snoozed, Trigger::customer_message, human},
    {snoozed, Trigger::customer_message, queued},
    {snoozed, Trigger::customer_message, promised},
    {snoozed, Trigger::take, human},
    {snoozed, Trigger::assign, human},
    {snoozed, Trigger::note, snoozed},
    {snoozed, Trigger::transfer, queued},
    {snoozed, Trigger::transfer, promised},
    {snoozed, Trigger::return_to_bot, bot},
    {snoozed, Trigger::resolve, wrap_up},
    {snoozed, Trigger::visitor_end, snoozed},  // the date stands
    {snoozed, Trigger::deadline, human},
    {snoozed, Trigger::deadline, queued},
    {snoozed, Trigger::deadline, promised},

    {wrap_up, Trigger::customer_message, human},
    {wrap_up, Trigger::customer_message, queued},
    {wrap_up, Trigger::customer_message, promised},
    {wrap_up, Trigger::take, human},
    {wrap_up, Trigger::note, wrap_up},
    {wrap_up, Trigger::done, resolved},
    {wrap_up, Trigger::complain, promised},
    {wrap_up, Trigger::visitor_end, wrap_up},
    {wrap_up, Trigger::deadline, resolved},

    {resolved, Trigger::customer_message, bot},
    {resolved, Trigger::customer_message, human},
    {resolved, Trigger::customer_message, queued},
    {resolved, Trigger::customer_message, promised},
    {resolved, Trigger::note, resolved},
    {resolved, Trigger::complain, promised},
    {resolved, Trigger::visitor_end, resolved},
    {resolved, Trigger::deadline, closed},
};

}  // namespace

std::string_view name(Trigger trigger) {
  for (const auto& [value, word] : kTriggers) {
    if (value == trigger) return word;
  }
  return "";
}

std::optional<Trigger> trigger_of(std::string_view name) {
  for (const auto& [value, word] : kTriggers) {
    if (word == name) return value;
  }
  return std::nullopt;
}

const std::vector<Move>& moves() {
  static const std::vector<Move> all(std::begin(kMoves), std::end(kMoves));
  return all;
}

}  // namespace wasl::handoff
