// A seeded random walk over decide(): whatever happens, in whatever order, some things hold.

#include "bot/event_json.hpp"
#include "tests/bot/scene.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>

namespace wasl::bot {
namespace {

using namespace test;
using handoff::Trigger;
using Kind = handoff::Order::Kind;
using Outcome = flows::CallResult::Outcome;

constexpr int kSteps = 20'000;

/// Everything that may happen, at random; sensible inputs more often than odd ones.
class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return random_() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }
  template <typename List>
  auto pick(const List& list) {
    return *(std::begin(list) + static_cast<std::ptrdiff_t>(below(std::size(list))));
  }

  void change(World& world, const Conversation& conversation) {
    world.desk.now += Millis{static_cast<Millis::rep>(below(20'000))};
    if (one_in(40)) world.desk.hours_open = !world.desk.hours_open;
    if (one_in(60)) world.desk.rostered = !world.desk.rostered;
    world.desk.anyone_online = !one_in(4);
    world.desk.owner_connected = !one_in(3);
    world.desk.owner_has_room = !one_in(3);
    const Millis ahead{static_cast<Millis::rep>(below(7'200'000))};
    world.desk.next_open = one_in(5) ? std::nullopt : std::optional(world.desk.now + ahead);
    world.position = below(4);
    world.seed = random_();
    world.ticket = "W-" + std::to_string(random_() % 100'000);
    if (one_in(6) && conversation.record.deadline) {
      world.desk.now = std::max(world.desk.now, *conversation.record.deadline);
    }
    now_ = world.desk.now;
  }

  Input input() {
    switch (below(11)) {
      case 0:
      case 1:
      case 2:
        return said();
      case 3:
        return one_in(8) ? Input(VisitorEnded{}) : Input(choose(pick(kOptions), "0500"));
      case 4: {
        const Outcome outcomes[] = {Outcome::ok, Outcome::ok, Outcome::not_found, Outcome::error};
        return back(pick(outcomes), one_in(8) ? below(5) : kPresent);
      }
      case 5:
      case 6:
      case 7:
        return agent_did();
      case 8: {
        const Kind kinds[] = {Kind::offer, Kind::offer, Kind::agent_gone, Kind::hours_open,
                              Kind::hours_close};
        const Kind kind = pick(kinds);
        return order(kind, kind == Kind::offer ? pick(kAgents) : "",
                     one_in(10) ? below(9) : kPresent);
      }
      case 9:
        return one_in(2) ? Input(VisitorLeft{}) : Input(VisitorCameBack{});
      default:
        return DeadlineCame{};
    }
  }

 private:
  Input said() {
    if (one_in(4)) return tap(pick(kTaps));
    return say(pick(kTexts));
  }

  Input agent_did() {
    const Trigger triggers[] = {Trigger::accept,        Trigger::accept,  Trigger::decline,
                                Trigger::take,          Trigger::note,    Trigger::agent_reply,
                                Trigger::agent_reply,   Trigger::resolve, Trigger::done,
                                Trigger::return_to_bot, Trigger::note,    Trigger::transfer,
                                Trigger::snooze,        Trigger::assign,  Trigger::transfer};
    AgentDid did = agent(pick(triggers), pick(kAgents), one_in(9) ? "" : "words",
                         one_in(10) ? below(9) : kPresent);
    if (one_in(6)) did.role = "supervisor";
    did.eligible = !one_in(5);
    constexpr const char* kReasons[] = {"solved", "spam", "unsolved"};
    did.reason = pick(kReasons);
    const bool to_agent = did.trigger == Trigger::assign || one_in(2);
    if (to_agent) {
      did.to_agent = pick(kAgents);
      const handoff::Colleague known{
          {OwnerKind::agent, did.to_agent, "Name of " + did.to_agent}, "agent", "parcels", true};
      if (!one_in(5)) did.colleague = known;
    } else {
      did.to_team = one_in(5) ? "nobody" : "parcels";
    }
    did.until = now_ + Millis{static_cast<Millis::rep>(below(8'000'000'000))};
    return did;
  }

  static constexpr const char* kAgents[] = {"amal", "omar", "chadi"};
  static constexpr const char* kOptions[] = {"wait", "callback", "leave_message",
                                             "bot",  "cancel",   "dance"};
  static constexpr const char* kTaps[] = {
      "intent:track", "intent:period",    "intent:gone",      "handoff:asked", "handoff:yes",
      "handoff:no",   "handoff:callback", "handoff:cancel",   "handoff:bot",   "handoff:wait",
      "value:a=b",    "made up",          "handoff:complaint"};
  static constexpr const char* kTexts[] = {"how long",
                                           "track",
                                           "track A-1032",
                                           "B-2041",
                                           "refund",
                                           "qwrtp zxcvb",
                                           "this is terrible, you are useless!!!",
                                           "you don't understand anything",
                                           "I want to talk to a human",
                                           "تتبع الطرد من فضلك",
                                           "yes",
                                           "cancel",
                                           "😀",
                                           "\xFF\xFE"};

  std::mt19937_64 random_;
  Time now_ = kNoon;
};

const std::set<std::tuple<State, std::string, State>>& legal_moves() {
  static const auto all = [] {
    std::set<std::tuple<State, std::string, State>> set;
    for (const handoff::Move& move : handoff::moves()) {
      set.emplace(move.from, std::string(handoff::name(move.on)), move.to);
    }
    return set;
  }();
  return all;
}

bool in(State state, std::initializer_list<State> states) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

bool bot_answers(State state) {
  return in(state, {State::bot, State::offering, State::promised});
}

bool of_visitor(const Input& input) {
  return std::holds_alternative<VisitorSaid>(input) || std::holds_alternative<VisitorChose>(input);
}

std::size_t count_from(const Turn& turn, Party party) {
  return static_cast<std::size_t>(
      std::count_if(turn.events.begin(), turn.events.end(), [&](const Event& event) {
        const auto* said = std::get_if<MessageSaid>(&event.body);
        return said != nullptr && said->from == party;
      }));
}

void check_events(const Conversation& before, const Turn& turn) {
  State state = before.record.state;
  Owner owner = before.record.owner;
  std::uint64_t seq = before.last_seq;
  std::uint64_t epoch = before.record.epoch;
  for (const Event& event : turn.events) {
    ASSERT_EQ(event.seq, ++seq);
    ASSERT_GE(event.epoch, epoch);
    epoch = event.epoch;
    if (const auto* changed = std::get_if<StateChanged>(&event.body)) {
      ASSERT_EQ(changed->from, state);
      ASSERT_TRUE(legal_moves().contains({changed->from, changed->trigger, changed->to}))
          << name(changed->from) << " -" << changed->trigger << "-> " << name(changed->to);
      state = changed->to;
    } else if (const auto* passed = std::get_if<OwnerChanged>(&event.body)) {
      ASSERT_FALSE(passed->owner == owner);
      owner = passed->owner;
    } else if (const auto* said = std::get_if<MessageSaid>(&event.body)) {
      ASSERT_TRUE(said->from == Party::visitor || !said->text.empty());
    }
    ASSERT_TRUE(from_row(to_row(event)));
  }
  ASSERT_EQ(turn.after.last_seq, seq);
  ASSERT_EQ(turn.after.record.state, state);
  ASSERT_EQ(turn.after.record.owner, owner);
  ASSERT_GE(turn.after.record.epoch, epoch);
}

void check_record(const Conversation& before, const Turn& turn) {
  const handoff::Record& record = turn.after.record;
  ASSERT_EQ(record.deadline.has_value(), record.state != State::closed);
  ASSERT_EQ(record.owner.kind == OwnerKind::agent,
            in(record.state, {State::human, State::snoozed, State::wrap_up}));
  if (!(record.owner == before.record.owner)) {
    ASSERT_GT(record.epoch, before.record.epoch);
  }
  if (record.episode != before.record.episode) {
    ASSERT_GT(record.handoff_seq, before.last_seq);
    ASSERT_LE(record.handoff_seq, turn.after.last_seq);
  }
  if (record.state == State::promised) {
    ASSERT_FALSE(record.ticket.empty());
    if (before.record.state == State::promised) {
      ASSERT_EQ(record.ticket, before.record.ticket);
    }
  }
}

void check_dialogue(const Turn& turn) {
  const Conversation& after = turn.after;
  ASSERT_EQ(after.open_call.has_value(), !after.flow.pending_call.empty());
  if (after.open_call) {
    ASSERT_TRUE(bot_answers(after.record.state));
  }
  if (turn.call) {
    ASSERT_TRUE(after.open_call);
    ASSERT_EQ(turn.call->call_number, after.open_call->call_number);
  }
  ASSERT_LE(after.unread.size(), 20U);
  if (!after.unread.empty()) {
    ASSERT_TRUE(after.open_call);
  }
}

/// What the visitor hears.
void check_words(const Conversation& before, const Input& input, const Turn& turn) {
  const State from = before.record.state;
  const State to = turn.after.record.state;
  if (in(from, {State::queued, State::offered, State::human, State::snoozed, State::wrap_up})) {
    ASSERT_EQ(count_from(turn, Party::bot), 0U) << "the bot spoke while " << name(from);
  }
  const bool agent_speaks = std::holds_alternative<AgentDid>(input) &&
                            std::get<AgentDid>(input).trigger == Trigger::agent_reply;
  ASSERT_EQ(count_from(turn, Party::agent), agent_speaks ? 1U : 0U);

  // One notice, not two, of each handoff.
  const std::size_t notices = count_from(turn, Party::system);
  ASSERT_LE(notices, 1U);
  const bool handed_over = turn.after.record.episode != before.record.episode;
  const bool joined =
      !in(from, {State::human, State::snoozed, State::wrap_up}) && to == State::human;
  if (handed_over || joined) {
    ASSERT_EQ(notices, 1U);
  }

  if (!of_visitor(input)) return;
  const auto& said = std::get<MessageSaid>(
      turn.events.at(static_cast<std::size_t>(turn.own_seq - before.last_seq - 1)).body);
  ASSERT_EQ(said.from, Party::visitor);
  // A visitor of the bot hears something, or is about to.
  if (bot_answers(from)) {
    ASSERT_TRUE(count_from(turn, Party::bot) + notices > 0 || turn.after.open_call);
  }
  // A visitor of a person is owed a reply.
  if (to == State::human) {
    ASSERT_TRUE(turn.after.record.owed_since);
  }
}

void check_snapshot(const Conversation& conversation) {
  const std::string text = to_snapshot(conversation);
  const auto back = from_snapshot(text);
  ASSERT_TRUE(back) << back.error().what;
  ASSERT_EQ(to_snapshot(*back), text);
}

std::string in_words(const Turn& turn) {
  std::string text = turn.refused + std::to_string(turn.own_seq);
  for (const Event& event : turn.events) text += to_row(event).json + "\n";
  return text;
}

void walk(unsigned seed) {
  Chance chance(seed);
  std::set<State> seen;
  int accepted = 0;
  int conversations = 1;
  std::optional<Scene> scene(std::in_place);
  for (int step = 0; step < kSteps; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    chance.change(scene->world, scene->conversation);
    Input input = chance.input();
    scene->resolve(input);
    const Conversation& before = scene->conversation;
    const Turn turn = decide(*scene->bot, *scene->renderer, before, input, scene->world);
    if (step % 20 == 0) {
      const Turn again = decide(*scene->bot, *scene->renderer, before, input, scene->world);
      ASSERT_EQ(in_words(turn), in_words(again));
      ASSERT_NO_FATAL_FAILURE(check_snapshot(before));
    }
    if (!turn.refused.empty()) {
      ASSERT_TRUE(turn.events.empty());
      ASSERT_FALSE(turn.call);
      // A visitor's own words are refused only when all is over.
      if (std::holds_alternative<VisitorSaid>(input)) {
        ASSERT_TRUE(in(before.record.state, {State::resolved, State::closed}));
      }
    } else {
      ++accepted;
      SCOPED_TRACE(std::string("from ") + std::string(name(before.record.state)) + " to " +
                   std::string(name(turn.after.record.state)) + " by input kind " +
                   std::to_string(input.index()));
      ASSERT_NO_FATAL_FAILURE(check_events(before, turn));
      ASSERT_NO_FATAL_FAILURE(check_record(before, turn));
      ASSERT_NO_FATAL_FAILURE(check_dialogue(turn));
      ASSERT_NO_FATAL_FAILURE(check_words(before, input, turn));
      scene->conversation = turn.after;
    }
    seen.insert(scene->state());
    if (scene->state() == State::closed && chance.one_in(3)) {
      ++conversations;
      const World world = scene->world;
      scene.emplace();
      scene->world = world;
    }
  }
  for (const State state :
       {State::bot, State::offering, State::promised, State::queued, State::offered, State::human,
        State::snoozed, State::wrap_up, State::resolved, State::closed}) {
    EXPECT_TRUE(seen.contains(state)) << name(state);
  }
  EXPECT_GT(accepted, kSteps / 4);
  EXPECT_GT(conversations, 10);
}

TEST(Walk, KeepsItsPromises) {
  for (const unsigned seed : {20'261'122U, 1U, 2U}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(walk(seed));
  }
}

}  // namespace
}  // namespace wasl::bot
