#include "tests/simulation/mutants.hpp"

#include "bot/event_json.hpp"
#include "tests/simulation/mutant_store.hpp"

#include <algorithm>

namespace wasl::simulation {
namespace {

using handoff::Trigger;

bool moved_by(const bot::Turn& turn, Trigger trigger) {
  return std::any_of(turn.moves.begin(), turn.moves.end(),
                     [&](const handoff::Move& move) { return move.on == trigger; });
}

bool is_message_of(const Event& event, Party party) {
  const auto* said = std::get_if<MessageSaid>(&event.body);
  return said != nullptr && said->from == party;
}

// Numbers the events again after some came or went.
void renumber(const bot::Conversation& before, bot::Turn& turn) {
  std::uint64_t seq = before.last_seq;
  for (Event& event : turn.events) event.seq = ++seq;
  turn.after.last_seq = seq;
  turn.own_seq = std::min(turn.own_seq, seq);
}

/// Broken writing.
class BrokenStore final : public PassingStore {
 public:
  BrokenStore(std::unique_ptr<store::Store> store, std::string mutant)
      : PassingStore(std::move(store)), mutant_(std::move(mutant)) {}

  std::vector<store::CommitOutcome> commit(std::span<const store::Commit> decisions) override {
    std::vector<store::CommitOutcome> outcomes;
    for (store::Commit decision : decisions) {
      if (mutant_ == "dedupe_forgotten") decision.dedupe.clear();
      if (mutant_ == "outbox_forgotten") decision.outbox.clear();
      if (mutant_ == "epoch_not_checked") catch_up(decision);
      outcomes.push_back(store_->commit({&decision, 1}).front());
    }
    return outcomes;
  }

  Result<std::vector<store::EventRow>> events(std::string_view id, std::uint64_t after,
                                              std::size_t count_max) override {
    auto rows = store_->events(id, after, count_max);
    if (rows && mutant_ == "page_with_a_hole") {
      std::erase_if(*rows, [](const store::EventRow& row) { return row.seq % 11 == 7; });
    }
    return rows;
  }

  Result<Done> for_each_live(const std::function<bool(Row)>& work) override {
    return store_->for_each_live([&](Row row) {
      if (mutant_ == "timers_lost_at_restart" && row.id.back() % 2 == 0) return true;
      if (mutant_ == "queue_turned_round") turn_round(row);
      return work(std::move(row));
    });
  }

  Result<store::Changes> changed(std::uint64_t after, std::size_t count_max) override {
    auto changes = store_->changed(after, count_max);
    if (changes && mutant_ == "wakeups_lost") changes->rows.clear();
    return changes;
  }

  Result<std::unique_ptr<store::Store>> reader() override {
    auto reader = store_->reader();
    if (!reader) return reader;
    return std::unique_ptr<store::Store>(
        std::make_unique<BrokenStore>(std::move(*reader), mutant_));
  }

 private:
  // Makes a stale decision fit what is stored.
  void catch_up(store::Commit& decision) {
    const auto stored = store_->conversation(decision.after.id);
    if (!stored || !*stored || decision.expected_last_seq == 0) return;
    if ((*stored)->last_seq == decision.expected_last_seq) return;
    decision.expected_last_seq = (*stored)->last_seq;
    decision.expected_epoch = (*stored)->epoch;
    std::uint64_t seq = decision.expected_last_seq;
    for (store::EventRow& event : decision.events) event.seq = ++seq;
    decision.after.last_seq = seq;
    decision.after.epoch = std::max(decision.after.epoch, decision.expected_epoch);
  }

  // Who waits longest looks like who came last.
  static void turn_round(Row& row) {
    auto conversation = bot::from_snapshot(row.snapshot);
    if (!conversation || !conversation->record.waiting_since) return;
    const Millis age = row.updated_at - *conversation->record.waiting_since;
    conversation->record.waiting_since = row.updated_at + age;
    row.snapshot = bot::to_snapshot(*conversation);
  }

  std::string mutant_;
};

}  // namespace

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {"epoch_not_checked", 1, "the store takes decisions made before somebody else's"},
      {"owner_without_epoch", 1, "the owner changes under the same epoch"},
      {"anyone_may_speak", 2, "an agent speaks in a colleague's conversation"},
      {"old_epoch_accepted", 2, "an agent's words count although the conversation moved on"},
      {"ack_before_commit", 3, "the sender hears of success before the disk does"},
      {"dedupe_forgotten", 3, "a message sent again becomes a second one"},
      {"answer_swallowed", 4, "now and then the bot says nothing"},
      {"nobody_owes", 4, "a message to a person owes no reply"},
      {"deadline_dropped", 5, "an offer to the visitor has no end"},
      {"timers_lost_at_restart", 5, "half of the deadlines are forgotten by a restart"},
      {"second_offer", 6, "a message moves the offer to another agent"},
      {"capacity_ignored", 6, "agents get more than they can carry"},
      {"age_reset_on_decline", 7, "a declined customer starts waiting anew"},
      {"queue_turned_round", 8, "after a restart the last come are the first served"},
      {"agent_overlooked", 9, "the desk never offers anything to one agent"},
      {"bot_speaks_to_persons_customer", 10, "the bot answers while a person has it"},
      {"boundary_ignored", 11, "anger from before the return still counts"},
      {"notice_twice", 12, "a handoff is announced twice"},
      {"call_given_up_at_once", 13, "one failed try calls a person"},
      {"page_with_a_hole", 14, "a reconnecting browser misses an event"},
      {"wakeups_lost", 14, "nodes never hear of one another"},
      {"wall_clock", 15, "a node's clock is set forward by an hour"},
      {"hours_in_utc", 15, "the business hours are read in another zone"},
      {"audit_row_dropped", 16, "a change of state without its event"},
      {"outbox_forgotten", 16, "replies are stored, but not to be sent"},
  };
  return all;
}

const Mutant* find_mutant(std::string_view name) {
  for (const Mutant& mutant : mutants()) {
    if (mutant.name == name) return &mutant;
  }
  return nullptr;
}

void mutate_turn(std::string_view mutant, const bot::Bot& bot, flows::Renderer& renderer,
                 const bot::Conversation& before, const bot::Input& input, const bot::World& world,
                 bot::Turn& turn, Chance& chance) {
  handoff::Record& record = turn.after.record;
  const auto* did = std::get_if<bot::AgentDid>(&input);
  const bool said = std::holds_alternative<bot::VisitorSaid>(input) && turn.refused.empty();
  if (mutant == "owner_without_epoch" && moved_by(turn, Trigger::accept)) {
    record.epoch = before.record.epoch;
    for (Event& event : turn.events) event.epoch = record.epoch;
  } else if (did != nullptr && !turn.refused.empty() &&
             (mutant == "anyone_may_speak" || mutant == "old_epoch_accepted")) {
    bot::AgentDid instead = *did;
    instead.epoch = before.record.epoch;
    if (mutant == "anyone_may_speak") instead.agent = before.record.owner;
    turn = bot::decide(bot, renderer, before, instead, world);
  } else if (mutant == "answer_swallowed" && said && chance.one_in(10)) {
    std::erase_if(turn.events, [](const Event& event) { return is_message_of(event, Party::bot); });
    renumber(before, turn);
  } else if (mutant == "nobody_owes" && said) {
    record.owed_since.reset();
  } else if (mutant == "deadline_dropped" && record.state == State::offering) {
    record.deadline.reset();
  } else if (mutant == "second_offer" && said && record.state == State::offered) {
    record.offered_to = record.offered_to == "amal" ? "omar" : "amal";
    ++record.epoch;
  } else if (mutant == "age_reset_on_decline" && moved_by(turn, Trigger::decline)) {
    record.waiting_since = world.desk.now;
  } else if (mutant == "bot_speaks_to_persons_customer" && said && record.state == State::human) {
    Event event = turn.events.front();
    MessageSaid words;
    words.from = Party::bot;
    words.text = "Let me help.";
    event.body = words;
    turn.events.push_back(event);
    renumber(before, turn);
  } else if (mutant == "boundary_ignored" && moved_by(turn, Trigger::return_to_bot)) {
    turn.after.escalation = before.escalation;
  } else if (mutant == "notice_twice" && record.episode != before.record.episode) {
    const auto notice =
        std::find_if(turn.events.begin(), turn.events.end(),
                     [](const Event& event) { return is_message_of(event, Party::system); });
    if (notice == turn.events.end()) return;
    const Event again = *notice;
    turn.events.push_back(again);
    renumber(before, turn);
  } else if (mutant == "audit_row_dropped" && moved_by(turn, Trigger::resolve)) {
    std::erase_if(turn.events, [](const Event& event) {
      return std::holds_alternative<StateChanged>(event.body);
    });
    renumber(before, turn);
  }
}

std::unique_ptr<store::Store> mutate_store(std::string_view mutant,
                                           std::unique_ptr<store::Store> store) {
  constexpr std::string_view kInTheStore[] = {
      "epoch_not_checked",      "dedupe_forgotten",   "outbox_forgotten", "page_with_a_hole",
      "timers_lost_at_restart", "queue_turned_round", "wakeups_lost"};
  if (std::find(std::begin(kInTheStore), std::end(kInTheStore), mutant) == std::end(kInTheStore)) {
    return store;
  }
  return std::make_unique<BrokenStore>(std::move(store), std::string(mutant));
}

}  // namespace wasl::simulation
