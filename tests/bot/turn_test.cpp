#include "bot/turn.hpp"

#include "wasl/core/text.hpp"

#include "bot/event_json.hpp"
#include "tests/bot/scene.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

namespace wasl::bot {
namespace {

using namespace test;
using handoff::Trigger;
using Kind = handoff::Order::Kind;
using Outcome = flows::CallResult::Outcome;
using Told = std::vector<std::string>;

const MessageSaid& message(const Turn& turn, std::uint64_t seq) {
  const std::size_t at = static_cast<std::size_t>(seq - turn.events.front().seq);
  return std::get<MessageSaid>(turn.events.at(at).body);
}

/// The last thing said.
const MessageSaid& last_said(const Turn& turn) {
  const MessageSaid* last = nullptr;
  for (const Event& event : turn.events) {
    if (const auto* said = std::get_if<MessageSaid>(&event.body)) last = said;
  }
  EXPECT_NE(last, nullptr);
  static const MessageSaid kNothing;
  return last == nullptr ? kNothing : *last;
}

// Scripts: inputs one after the other, what the visitor hears of each, and where it stands then.

struct Due {};     ///< the deadline comes
struct Close {};   ///< the desk closes for an hour
struct Reopen {};  ///< the desk is open again
struct Leave {};   ///< the agent who had it is not online any more

AgentDid transfer(const std::string& from, std::string team) {
  AgentDid did = agent(Trigger::transfer, from);
  did.to_team = std::move(team);
  did.reason = "knows it better";
  return did;
}
AgentDid snooze(const std::string& by, Time until) {
  AgentDid did = agent(Trigger::snooze, by);
  did.until = until;
  return did;
}
AgentDid resolve(const std::string& by, std::string outcome) {
  AgentDid did = agent(Trigger::resolve, by);
  did.reason = std::move(outcome);
  return did;
}

struct Step {
  std::variant<Input, Due, Close, Reopen, Leave> input;
  Told want;
  State state = State::bot;
  const char* refused = "";
};

struct Script {
  const char* name;
  std::vector<Step> steps;
};

const Script kScripts[] = {
    {"the bot answers",
     {{say("how long"), {"bot session_start.greeting", "bot period.days"}, State::bot},
      {tap("intent:track"), {"bot track.ask_parcel"}, State::bot}}},
    {"a call is made and answered",
     {{say("track A-1032"), {"bot session_start.greeting"}, State::bot},
      {back(Outcome::ok), {"bot track.status"}, State::bot},
      {say("track B-2041"), {}, State::bot},
      {back(Outcome::not_found), {"bot track.unknown"}, State::bot}}},
    {"a failed call calls a person",
     {{say("track A-1032"), {"bot session_start.greeting"}, State::bot},
      {back(Outcome::error), {"system handoff.queued"}, State::queued}}},
    {"three misses call a person",
     {{say("qwrtp zxcvb"),
       {"bot session_start.greeting", "bot cannot_answer.rephrase"},
       State::bot},
      {say("jjkfh mmnbw"), {"bot cannot_answer.offer_person"}, State::bot},
      {say("plokij ygvtf"), {"system handoff.queued"}, State::queued}}},
    {"the bot is silent while it waits for a person",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {say("how long"), {}, State::queued},
      {tap("intent:period"), {}, State::queued},
      {order(Kind::offer, "amal"), {}, State::offered},
      {say("hello?"), {}, State::offered},
      {agent(Trigger::accept, "amal"), {"system handoff.agent_joined"}, State::human},
      {say("how long"), {}, State::human},
      {agent(Trigger::agent_reply, "amal", "three days"), {"agent three days"}, State::human},
      {say("track A-1032"), {}, State::human}}},
    {"an offer is declined and made again",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {order(Kind::offer, "amal"), {}, State::offered},
      {agent(Trigger::decline, "amal"), {}, State::queued},
      {order(Kind::offer, "omar"), {}, State::offered},
      {Due{}, {}, State::queued},
      {order(Kind::offer, "sara"), {}, State::offered},
      {order(Kind::agent_gone, "sara"), {}, State::queued}}},
    {"who waits hears of it",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {Due{}, {"system handoff.still_waiting"}, State::queued},
      {Due{}, {"system handoff.alternatives"}, State::queued},
      {Due{}, {}, State::queued}}},
    {"a promise is kept at opening",
     {{Close{}, {}},
      {say("refund"), {"bot session_start.greeting", "system handoff.promised"}, State::promised},
      {say("how long"), {"bot period.days"}, State::promised},
      {Reopen{}, {}},
      {order(Kind::hours_open), {"system handoff.queued"}, State::queued}}},
    {"a promise is kept by its deadline",
     {{Close{}, {}},
      {say("refund"), {"bot session_start.greeting", "system handoff.promised"}, State::promised},
      {Reopen{}, {}},
      {Due{}, {"system handoff.queued"}, State::queued}}},
    {"who waits at closing time is told once",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {Close{}, {}},
      {order(Kind::hours_close), {"system handoff.promised"}, State::promised},
      {order(Kind::hours_close), {}, State::promised, "bad_state"}}},
    {"the visitor chooses to wait",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {choose("wait"), {}, State::queued}}},
    {"the visitor chooses a callback",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {choose("callback", "0500000000"), {"system handoff.promised"}, State::promised}}},
    {"the visitor leaves a message",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {choose("leave_message"), {"system handoff.promised"}, State::promised}}},
    {"the visitor goes back to the bot",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {choose("bot"), {"system handoff.returned"}, State::bot},
      {say("how long"), {"bot period.days"}, State::bot}}},
    {"the visitor cancels",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {choose("cancel"), {"system handoff.withdrawn"}, State::bot}}},
    {"the same by the buttons of the alternatives",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {tap("handoff:wait"), {}, State::queued},
      {tap("handoff:callback"), {"system handoff.promised"}, State::promised},
      {tap("handoff:cancel"), {"system handoff.withdrawn"}, State::bot},
      {tap("handoff:callback"), {"bot stale_button.sorry"}, State::bot}}},
    {"a choice with nothing to choose",
     {{say("how long"), {"bot session_start.greeting", "bot period.days"}, State::bot},
      {choose("callback"), {"bot stale_button.sorry"}, State::bot},
      {choose("dance"), {}, State::bot, "bad_message"}}},
    {"a person gives it back to the bot",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {supervisor(Trigger::take, "omar"), {"system handoff.agent_joined"}, State::human},
      {agent(Trigger::return_to_bot, "omar"), {"system handoff.returned"}, State::bot},
      {say("how long"), {"bot period.days"}, State::bot}}},
    {"a person takes over from the bot",
     {{say("track"), {"bot session_start.greeting", "bot track.ask_parcel"}, State::bot},
      {agent(Trigger::take, "amal"), {"system handoff.agent_joined"}, State::human},
      {say("A-1032"), {}, State::human}}},
    {"a person resolves it and it reopens",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {agent(Trigger::take, "amal"), {"system handoff.agent_joined"}, State::human},
      {agent(Trigger::resolve, "amal"), {"system handoff.resolved"}, State::wrap_up},
      {agent(Trigger::done, "amal"), {}, State::resolved},
      {say("one more thing"), {"system handoff.agent_joined"}, State::human}}},
    {"and goes to the queue when that person is not there",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {agent(Trigger::take, "amal"), {"system handoff.agent_joined"}, State::human},
      {agent(Trigger::resolve, "amal"), {"system handoff.resolved"}, State::wrap_up},
      {agent(Trigger::done, "amal"), {}, State::resolved},
      {Leave{}, {}},
      {say("one more thing"), {"system handoff.queued"}, State::queued}}},
    {"it is passed on, put aside and ends unsolved",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {agent(Trigger::take, "amal"), {"system handoff.agent_joined"}, State::human},
      {transfer("amal", "general"), {"system handoff.transferred"}, State::queued},
      {agent(Trigger::take, "omar"), {"system handoff.agent_joined"}, State::human},
      {snooze("omar", kNoon + 60 * kMinute), {}, State::snoozed},
      {VisitorLeft{}, {}, State::snoozed, "bad_state"},
      {say("any news?"), {}, State::human},
      {resolve("omar", "unsolved"), {"system handoff.unsolved"}, State::wrap_up},
      {tap("handoff:complaint"), {"system handoff.promised"}, State::promised}}},
    {"who leaves the queue unseen is apologized to",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {VisitorCameBack{}, {}, State::queued, "nothing_to_do"},
      {VisitorLeft{}, {}, State::queued},
      {VisitorLeft{}, {}, State::queued, "nothing_to_do"},
      {VisitorCameBack{}, {}, State::queued},
      {VisitorLeft{}, {}, State::queued},
      {Due{}, {"system handoff.still_waiting"}, State::queued},
      {Due{}, {"system handoff.abandoned"}, State::resolved}}},
    {"a case of a person's that reopens at night is promised, and that is all",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {agent(Trigger::take, "amal"), {"system handoff.agent_joined"}, State::human},
      {agent(Trigger::resolve, "amal"), {"system handoff.resolved"}, State::wrap_up},
      {agent(Trigger::done, "amal"), {}, State::resolved},
      {Leave{}, {}},
      {Close{}, {}},
      {say("refund"), {"system handoff.promised"}, State::promised}}},
    {"a silent visitor's conversation ends, reopens and closes",
     {{say("how long"), {"bot session_start.greeting", "bot period.days"}, State::bot},
      {Due{}, {}, State::resolved},
      {say("track"), {"bot track.ask_parcel"}, State::bot},
      {Due{}, {}, State::resolved},
      {Due{}, {}, State::closed},
      {say("hello"), {}, State::closed, "closed"},
      {choose("callback"), {}, State::closed, "closed"},
      {VisitorEnded{}, {}, State::closed, "closed"}}},
    {"the visitor ends it",
     {{VisitorEnded{}, {}, State::bot, "bad_message"},
      {say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {VisitorEnded{}, {"system handoff.abandoned"}, State::resolved}}},
    {"a promise outlives the visit",
     {{Close{}, {}},
      {say("refund"), {"bot session_start.greeting", "system handoff.promised"}, State::promised},
      {VisitorEnded{}, {}, State::promised}}},
    {"an agent who leaves a customer waiting loses the case",
     {{say("refund"), {"bot session_start.greeting", "system handoff.queued"}, State::queued},
      {agent(Trigger::take, "amal"), {"system handoff.agent_joined"}, State::human},
      {say("hello?"), {}, State::human},
      {Due{}, {"system handoff.agent_left"}, State::queued}}},
};

TEST(Decide, FollowsItsScripts) {
  for (const Script& script : kScripts) {
    Scene scene;
    int number = 0;
    for (const Step& step : script.steps) {
      SCOPED_TRACE(std::string(script.name) + ", step " + std::to_string(++number));
      if (std::holds_alternative<Close>(step.input)) {
        scene.close_desk(scene.world.desk.now + 60 * kMinute);
        continue;
      }
      if (std::holds_alternative<Reopen>(step.input)) {
        scene.world.desk.now += 60 * kMinute;
        scene.world.desk.hours_open = true;
        scene.world.desk.next_open = scene.world.desk.now;
        continue;
      }
      if (std::holds_alternative<Leave>(step.input)) {
        scene.world.desk.owner_connected = false;
        continue;
      }
      scene.world.desk.now += kSecond;
      const std::uint64_t seq = scene.conversation.last_seq;
      const auto* input = std::get_if<Input>(&step.input);
      const Turn turn = input == nullptr ? scene.due() : scene.give(*input);
      EXPECT_EQ(turn.refused, step.refused);
      EXPECT_EQ(heard(turn.events), step.want);
      EXPECT_EQ(name(scene.state()), name(step.state));
      for (std::size_t i = 0; i < turn.events.size(); ++i) {
        EXPECT_EQ(turn.events[i].seq, seq + i + 1);
      }
      EXPECT_EQ(scene.conversation.last_seq, seq + turn.events.size());
    }
  }
}

// The first message.

TEST(Decide, StoresTheGreetingBeforeTheFirstMessage) {
  Scene scene;
  const auto shown = greeting(*scene.bot, *scene.renderer, Language::en, kNoon);
  const Turn turn = scene.give(VisitorSaid{"client-1", "how long", ""});
  EXPECT_EQ(turn.own_seq, 2U);
  EXPECT_EQ(message(turn, 1).from, Party::bot);
  EXPECT_EQ(message(turn, 1).text, shown.text);
  EXPECT_EQ(message(turn, 1).buttons, shown.buttons);
  EXPECT_EQ(message(turn, 2).from, Party::visitor);
  EXPECT_EQ(message(turn, 2).text, "how long");
  EXPECT_EQ(message(turn, 2).client_id, "client-1");
  EXPECT_EQ(turn.after.created_at, kNoon);
  EXPECT_EQ(turn.after.record.deadline, kNoon + 30 * kMinute);

  EXPECT_EQ(scene.give(say("track")).own_seq, turn.after.last_seq + 1);
}

TEST(Decide, GreetsNobodyOnAMessenger) {
  Scene scene;
  scene.conversation.channel = "support";
  const Turn turn = scene.give(say("how long"));
  EXPECT_EQ(turn.own_seq, 1U);
  EXPECT_EQ(heard(turn.events), Told{"bot period.days"});
}

TEST(Decide, GreetsWithTheSameWordsAllDay) {
  Scene scene;
  const auto morning = greeting(*scene.bot, *scene.renderer, Language::ar, kNoon - 60 * kMinute);
  const auto noon = greeting(*scene.bot, *scene.renderer, Language::ar, kNoon);
  EXPECT_EQ(morning.text, noon.text);
  EXPECT_FALSE(noon.text.empty());
}

// A tap is written down by what the visitor saw.

TEST(Decide, WritesATapDownByItsTitle) {
  Scene scene;
  const Turn first = scene.give(tap("handoff:asked"));  // of the greeting
  EXPECT_EQ(message(first, first.own_seq).text, "A person");
  EXPECT_EQ(message(first, first.own_seq).button, "handoff:asked");
  EXPECT_EQ(scene.state(), State::queued);

  while (!scene.conversation.record.alternatives_given) (void)scene.due();
  const Turn second = scene.give(tap("handoff:callback"));  // of the alternatives
  EXPECT_EQ(message(second, second.own_seq).text, "Call me back");

  const Turn third = scene.give(tap("made:up"));
  EXPECT_EQ(message(third, third.own_seq).text, "made:up");  // never shown
  EXPECT_EQ(heard(third.events), Told{"bot stale_button.sorry"});
}

// Calls.

TEST(Decide, ReadsWhatWasSaidDuringACallTogether) {
  Scene scene;
  const Turn asked = scene.give(say("track A-1032"));
  ASSERT_TRUE(asked.call);
  EXPECT_EQ(asked.call->name, "parcels.lookup");
  EXPECT_EQ(asked.call->args.at("number"), flows::Value(std::string("A-1032")));
  ASSERT_TRUE(asked.after.open_call);

  const Turn kept = scene.give(say("how"));
  EXPECT_FALSE(kept.call);
  EXPECT_EQ(heard(kept.events), Told{});
  const Turn more = scene.give(say("long"));
  EXPECT_EQ(scene.conversation.unread.size(), 2U);

  const Turn turn = scene.give(back(Outcome::ok));
  EXPECT_EQ(heard(turn.events)[0], "bot track.status");
  EXPECT_EQ(heard(turn.events).size(), 2U);
  EXPECT_TRUE(scene.conversation.unread.empty());
  EXPECT_FALSE(scene.conversation.open_call);
  int understood = 0;
  for (const Event& event : turn.events) {
    if (const auto* one = std::get_if<Understood>(&event.body)) {
      ++understood;
      EXPECT_EQ(one->message_seq, more.own_seq);
    }
  }
  EXPECT_EQ(understood, 1);
}

TEST(Decide, ReadsPiecesTogetherAfterAPause) {
  Scene scene;
  scene.world.read_after = Millis{700};
  const Turn first = scene.give(say("how"));
  EXPECT_EQ(heard(first.events), Told{"bot session_start.greeting"});
  EXPECT_EQ(scene.conversation.next_due(), kNoon + Millis{700});
  scene.world.desk.now = kNoon + Millis{600};
  const Turn second = scene.give(say("long does it take"));
  EXPECT_EQ(heard(second.events), Told{});
  EXPECT_EQ(scene.conversation.read_at, kNoon + Millis{1300}) << "the pause begins anew";

  scene.world.desk.now = kNoon + Millis{700};
  EXPECT_EQ(scene.give(DeadlineCame{}).refused, "stale");
  scene.world.desk.now = kNoon + Millis{1300};
  const auto restored = from_snapshot(to_snapshot(scene.conversation));
  ASSERT_TRUE(restored);
  scene.conversation = *restored;  // a restart in between loses nothing
  const Turn read = scene.give(DeadlineCame{});
  EXPECT_EQ(heard(read.events).size(), 1U);
  const auto* understood = std::get_if<Understood>(&read.events[0].body);
  ASSERT_NE(understood, nullptr);
  EXPECT_EQ(understood->message_seq, second.own_seq);
  EXPECT_FALSE(scene.conversation.read_at);
  EXPECT_TRUE(scene.conversation.unread.empty());
}

TEST(Decide, WhatCannotWaitEndsThePause) {
  Scene scene;
  scene.world.read_after = Millis{700};
  (void)scene.give(say("hm"));
  EXPECT_EQ(heard(scene.give(tap("handoff:asked")).events), Told{"system handoff.queued"});
  EXPECT_FALSE(scene.conversation.read_at);

  Scene taken;
  taken.world.read_after = Millis{700};
  (void)taken.give(say("how long"));
  (void)taken.give(agent(Trigger::take, "amal"));
  EXPECT_FALSE(taken.conversation.read_at) << "a person reads it";
  EXPECT_EQ(taken.conversation.record.owed_since, kNoon) << "and owes the answer";
  EXPECT_TRUE(taken.conversation.unread.empty());

  Scene patient;
  patient.world.read_after = Millis{700};
  (void)patient.give(say("how long"));
  int more = 1;
  while (more < 40 && heard(patient.give(say("how long")).events).empty()) ++more;
  EXPECT_EQ(more, 19) << "twenty are read at once";
}

TEST(Decide, KeepsABoundedNumberUnread) {
  Scene scene;
  (void)scene.give(say("track A-1032"));
  for (int i = 0; i < 50; ++i) (void)scene.give(say("hello"));
  EXPECT_LE(scene.conversation.unread.size(), 20U);
  EXPECT_FALSE(heard(scene.give(back(Outcome::ok)).events).empty());
}

TEST(Decide, RefusesALateCallResult) {
  Scene scene;
  (void)scene.give(say("track A-1032"));
  const std::uint64_t number = scene.conversation.open_call->call_number;
  EXPECT_EQ(scene.give(back(Outcome::ok, number + 1)).refused, "stale");
  (void)scene.give(agent(Trigger::take, "amal"));
  EXPECT_FALSE(scene.conversation.open_call);
  EXPECT_EQ(scene.give(back(Outcome::ok, number)).refused, "stale");
  (void)scene.give(agent(Trigger::return_to_bot, "amal"));
  EXPECT_EQ(scene.give(back(Outcome::ok, number)).refused, "stale");
}

// Former bug: a call under way while a promise became a place in the queue stayed open for ever,
// and with it whatever was said after the desk had closed again.
TEST(Decide, ForgetsACallWhenThePromiseIsKept) {
  Scene scene;
  scene.close_desk(kNoon + 60 * kMinute);
  (void)scene.give(say("refund"));
  (void)scene.give(say("track A-1032"));
  ASSERT_TRUE(scene.conversation.open_call);
  scene.world.desk.hours_open = true;
  (void)scene.give(order(Kind::hours_open));
  EXPECT_FALSE(scene.conversation.open_call);
  EXPECT_EQ(scene.give(back(Outcome::ok)).refused, "stale");
  scene.world.desk.hours_open = false;
  (void)scene.give(order(Kind::hours_close));
  ASSERT_EQ(scene.state(), State::promised);
  EXPECT_EQ(heard(scene.give(say("how long")).events), Told{"bot period.days"});
}

// Agents.

struct RefusedCase {
  const char* name;
  AgentDid did;
  const char* want;
};

TEST(Decide, RefusesAgentsWhoMayNot) {
  Scene scene;
  scene.reach_human("amal");
  const std::uint64_t epoch = scene.epoch();
  const RefusedCase cases[] = {
      {"a reply of yesterday", agent(Trigger::agent_reply, "amal", "hi", epoch - 1), "stale_epoch"},
      {"a reply of tomorrow", agent(Trigger::agent_reply, "amal", "hi", epoch + 1), "stale_epoch"},
      {"somebody else's reply", agent(Trigger::agent_reply, "omar", "hi"), "not_owner"},
      {"nobody's reply", agent(Trigger::agent_reply, "", "hi"), "not_owner"},
      {"an empty reply", agent(Trigger::agent_reply, "amal", ""), "bad_message"},
      {"an empty note", agent(Trigger::note, "amal", ""), "bad_message"},
      {"somebody else's resolve", agent(Trigger::resolve, "omar"), "not_owner"},
      {"somebody else's return", agent(Trigger::return_to_bot, "omar"), "not_owner"},
      {"taking what one has", agent(Trigger::take, "amal"), "not_allowed"},
      {"taking it from a colleague", agent(Trigger::take, "omar"), "not_allowed"},
      {"accepting twice", agent(Trigger::accept, "amal"), "bad_state"},
      {"done too early", agent(Trigger::done, "amal"), "bad_state"},
  };
  for (const RefusedCase& c : cases) {
    SCOPED_TRACE(c.name);
    const Turn turn = scene.give(c.did);
    EXPECT_EQ(turn.refused, c.want);
    EXPECT_TRUE(turn.events.empty());
    EXPECT_FALSE(turn.call);
  }
  EXPECT_EQ(scene.state(), State::human);
  EXPECT_EQ(scene.epoch(), epoch);
}

TEST(Decide, AnAgentMustSuitTheCase) {
  Scene scene;
  (void)scene.give(say("refund"));
  AgentDid did = agent(Trigger::take, "amal");
  did.eligible = false;
  EXPECT_EQ(scene.give(did).refused, "not_allowed");
  did.role = "supervisor";
  EXPECT_EQ(scene.give(did).refused, "");
}

TEST(Decide, AnAcceptForSomebodyElseIsRefused) {
  Scene scene;
  (void)scene.give(say("refund"));
  const std::uint64_t queued = scene.epoch();
  (void)scene.give(order(Kind::offer, "amal"));
  EXPECT_GT(scene.epoch(), queued);
  EXPECT_EQ(scene.give(agent(Trigger::accept, "omar")).refused, "not_owner");
  EXPECT_EQ(scene.give(agent(Trigger::accept, "amal", "", queued)).refused, "stale_epoch");
  EXPECT_EQ(scene.give(order(Kind::offer, "omar", queued)).refused, "stale_epoch");
  EXPECT_EQ(scene.give(agent(Trigger::accept, "amal")).refused, "");
}

TEST(Decide, AReplyIsTheAgents) {
  Scene scene;
  scene.reach_human("amal");
  ASSERT_TRUE(scene.conversation.record.owed_since);
  AgentDid did = agent(Trigger::agent_reply, "amal", "مرحبًا");
  did.client_id = "k7";
  const Turn turn = scene.give(did);
  const MessageSaid& said = message(turn, turn.own_seq);
  EXPECT_EQ(said.from, Party::agent);
  EXPECT_EQ(said.name, "Name of amal");
  EXPECT_EQ(said.text, "مرحبًا");
  EXPECT_EQ(said.client_id, "k7");
  EXPECT_FALSE(scene.conversation.record.owed_since);
  EXPECT_EQ(scene.conversation.last_from, Party::agent);
}

TEST(Decide, ANoteIsNotForTheVisitor) {
  Scene scene;
  (void)scene.give(say("how long"));
  const Turn turn = scene.give(agent(Trigger::note, "amal", "a regular"));
  ASSERT_EQ(turn.events.size(), 1U);
  EXPECT_FALSE(turn.events[0].visible());
  EXPECT_EQ(scene.state(), State::bot);
}

TEST(Decide, TakingOverFencesTheBot) {
  Scene scene;
  (void)scene.give(say("track A-1032"));
  const std::uint64_t before = scene.epoch();
  const Turn turn = scene.give(agent(Trigger::take, "amal"));
  EXPECT_GT(scene.epoch(), before);
  EXPECT_EQ(scene.conversation.record.owner.id, "amal");
  EXPECT_TRUE(scene.conversation.flow.stack.empty());
  EXPECT_EQ(turn.own_seq, turn.events.front().seq);
  // The agent's packet begins here.
  EXPECT_EQ(scene.conversation.record.episode, 1);
  EXPECT_GE(scene.conversation.record.handoff_seq, turn.events.front().seq);
  EXPECT_LE(scene.conversation.record.handoff_seq, turn.after.last_seq);
}

// Former bug: an old button tapped while a person owned it made the bot speak up, and the person
// was not told that a reply was owed.
TEST(Decide, AnOldButtonDoesNotWakeTheBot) {
  for (const Input& input : {Input(tap("handoff:callback")), Input(choose("callback"))}) {
    Scene scene;
    scene.reach_human("amal");
    (void)scene.give(agent(Trigger::agent_reply, "amal", "hello"));
    const Turn turn = scene.give(input);
    EXPECT_EQ(turn.refused, "");
    EXPECT_EQ(heard(turn.events), Told{});
    EXPECT_TRUE(scene.conversation.record.owed_since);
    EXPECT_EQ(scene.state(), State::human);
  }
}

// Handing over.

TEST(Decide, ThreeMissesAreLost) {
  Scene scene;
  for (const char* text : {"qwrtp zxcvb", "jjkfh mmnbw", "plokij ygvtf"}) {
    (void)scene.give(say(text));
  }
  EXPECT_EQ(scene.state(), State::queued);
  EXPECT_EQ(scene.conversation.record.reason, "lost");
  EXPECT_FALSE(scene.conversation.record.evidence.empty());
}

TEST(Decide, AFlowNamesReasonAndTeam) {
  Scene scene;
  scene.world.position = 3;
  const Turn turn = scene.give(say("refund"));
  const handoff::Record& record = scene.conversation.record;
  EXPECT_EQ(record.reason, "refund");
  EXPECT_EQ(record.team, "parcels");
  EXPECT_EQ(record.waiting_since, kNoon);
  EXPECT_EQ(record.evidence.at(0).seq, turn.own_seq);
  const auto& escalated = std::get<Escalated>(
      std::find_if(turn.events.begin(), turn.events.end(), [](const Event& event) {
        return event.kind() == "escalation";
      })->body);
  EXPECT_EQ(escalated.reason, "refund");
  EXPECT_NE(last_said(turn).text.find("number 3"), std::string::npos);
}

TEST(Decide, APromiseNamesTicketAndOpeningOnTheVisitorsClock) {
  Scene scene;
  scene.conversation.timezone = "Asia/Riyadh";
  scene.close_desk(kNoon + 18 * 60 * kMinute);  // 09:00 on Monday in Riyadh
  const Turn turn = scene.give(say("refund"));
  const MessageSaid& promise = last_said(turn);
  EXPECT_EQ(scene.conversation.record.ticket, "W-1");
  EXPECT_EQ(scene.conversation.record.deadline, kNoon + 18 * 60 * kMinute);
  EXPECT_NE(promise.text.find("W-1"), std::string::npos) << promise.text;
  EXPECT_NE(promise.text.find("Monday"), std::string::npos) << promise.text;
  EXPECT_NE(promise.text.find("09:00"), std::string::npos) << promise.text;
}

// Former bug: a callback promised while the desk was open named this very moment as its opening.
TEST(Decide, APromiseOfAnOpenDeskNamesNoOpening) {
  Scene scene;
  scene.world.desk.next_open = kNoon;
  (void)scene.give(say("refund"));
  const Turn turn = scene.give(choose("callback"));
  const std::string& text = last_said(turn).text;
  EXPECT_EQ(text.find("Sunday"), std::string::npos) << text;
  EXPECT_NE(text.find("W-1"), std::string::npos) << text;
}

TEST(Decide, AskingAgainMakesNoSecondTicket) {
  Scene scene;
  scene.close_desk(kNoon + 60 * kMinute);
  (void)scene.give(say("refund"));
  scene.world.ticket = "W-2";
  const Turn again = scene.give(say("I want to talk to a human"));
  EXPECT_EQ(heard(again.events), Told{"system handoff.promised"});
  EXPECT_NE(last_said(again).text.find("W-1"), std::string::npos);
  (void)scene.give(say("refund"));
  (void)scene.give(choose("callback"));
  EXPECT_EQ(scene.conversation.record.ticket, "W-1");
  EXPECT_EQ(scene.conversation.record.episode, 1);
  EXPECT_EQ(scene.state(), State::promised);
}

// A visitor of the bot never hears nothing.
TEST(Decide, AChoiceThatChangesNothingIsAnsweredToo) {
  Scene scene;
  scene.close_desk(kNoon + 60 * kMinute);
  (void)scene.give(say("refund"));
  for (const char* option : {"callback", "leave_message", "bot"}) {
    EXPECT_EQ(heard(scene.give(tap(std::string("handoff:") + option)).events).size(), 1U) << option;
    EXPECT_EQ(heard(scene.give(choose(option)).events).size(), 1U) << option;
    EXPECT_EQ(scene.state(), State::promised);
  }
}

TEST(Decide, KeepsTheContactThatWasLeft) {
  Scene scene;
  (void)scene.give(say("refund"));
  const Turn turn = scene.give(VisitorChose{"k", "callback", "0500000000"});
  EXPECT_EQ(message(turn, turn.own_seq).button, "choose:callback");
  EXPECT_EQ(message(turn, turn.own_seq).text, "Call me back");
  EXPECT_EQ(message(turn, turn.own_seq).client_id, "k");
  EXPECT_EQ(std::get<NoteWritten>(turn.events.at(1).body).text, "0500000000");
  EXPECT_FALSE(turn.events.at(1).visible());
}

// Only a visitor's message begins one.
TEST(Decide, NeedsAConversation) {
  Scene scene;
  EXPECT_EQ(scene.give(choose("callback")).refused, "bad_message");
  EXPECT_EQ(scene.give(VisitorEnded{}).refused, "bad_message");
  EXPECT_EQ(scene.give(agent(Trigger::note, "amal", "hm")).refused, "unknown_conversation");
  EXPECT_EQ(scene.give(agent(Trigger::take, "amal")).refused, "unknown_conversation");
  EXPECT_EQ(scene.give(order(Kind::offer, "amal")).refused, "unknown_conversation");
  EXPECT_EQ(scene.give(back(Outcome::ok)).refused, "stale");
  EXPECT_EQ(scene.give(DeadlineCame{}).refused, "stale");
  EXPECT_EQ(scene.conversation.last_seq, 0U);
}

// Offering.

/// The bot has asked: shall I bring in a person?
Scene offering() {
  Scene scene;
  (void)scene.give(say("track"));
  (void)scene.give(say("this is terrible, you are useless!!!"));
  if (scene.state() == State::bot) (void)scene.give(say("you don't understand anything"));
  EXPECT_EQ(name(scene.state()), "offering");
  return scene;
}

TEST(Offering, WaitsForTheAnswerOfACall) {
  Scene scene;
  (void)scene.give(say("track the parcel with number A-1032"));
  (void)scene.give(back(Outcome::ok));
  const Turn upset = scene.give(say("track the parcel with number A-1033 you idiots!!!"));
  EXPECT_TRUE(upset.call);
  EXPECT_EQ(heard(upset.events), Told{});
  EXPECT_EQ(scene.state(), State::bot);

  const Turn answered = scene.give(back(Outcome::ok));
  EXPECT_EQ(heard(answered.events), (Told{"bot track.status", "bot handoff.offer"}));
  EXPECT_EQ(scene.state(), State::offering);
  EXPECT_FALSE(scene.conversation.escalation.armed) << "once";
}

TEST(Offering, IsAskedOnce) {
  Scene scene;
  Told last;
  for (int i = 0; i < 6 && scene.state() == State::bot; ++i) {
    last = heard(scene.give(say("hello")).events);
  }
  EXPECT_EQ(last, Told{"bot handoff.offer"});
  EXPECT_EQ(scene.state(), State::offering);
}

TEST(Offering, YesCallsAPerson) {
  for (const char* button : {"handoff:yes", "handoff:asked"}) {
    Scene scene = offering();
    const Turn turn = scene.give(tap(button));
    EXPECT_EQ(heard(turn.events), Told{"system handoff.queued"}) << button;
    EXPECT_EQ(scene.state(), State::queued);
    EXPECT_EQ(scene.conversation.record.reason, "angry");  // what the offer was made for
    EXPECT_FALSE(scene.conversation.record.evidence.empty());
  }
}

TEST(Offering, NoRestsTheSoftSigns) {
  Scene scene = offering();
  const Turn turn = scene.give(tap("handoff:no"));
  EXPECT_EQ(heard(turn.events), Told{"bot handoff.declined"});
  EXPECT_EQ(message(turn, turn.own_seq).text, "No, thanks");
  EXPECT_EQ(scene.state(), State::bot);
  EXPECT_EQ(scene.conversation.escalation.rest_turns, 3);
}

TEST(Offering, AnotherMessageIsAnsweredAsUsual) {
  Scene scene = offering();
  const Turn turn = scene.give(say("how long"));
  EXPECT_EQ(heard(turn.events).at(0), "bot period.days");
  EXPECT_EQ(scene.state(), State::bot);
}

TEST(Offering, RunsOut) {
  Scene scene = offering();
  const Turn turn = scene.due();
  EXPECT_EQ(heard(turn.events), Told{});
  EXPECT_EQ(scene.state(), State::bot);
  EXPECT_TRUE(scene.conversation.record.deadline);
}

TEST(Offering, AHardSignHandsOver) {
  Scene scene = offering();
  EXPECT_EQ(heard(scene.give(say("I want to talk to a human")).events),
            Told{"system handoff.queued"});
}

TEST(Offering, YesAndNoMayBeTyped) {
  for (const char* text : {"yes", "Yes please", "نعم", "aywa"}) {
    Scene scene = offering();
    EXPECT_EQ(heard(scene.give(say(text)).events), Told{"system handoff.queued"}) << text;
    EXPECT_EQ(scene.conversation.record.reason, "angry");
  }
  for (const char* text : {"no", "no thanks", "لا شكرا"}) {
    Scene scene = offering();
    EXPECT_EQ(heard(scene.give(say(text)).events), Told{"bot handoff.declined"}) << text;
    EXPECT_EQ(scene.state(), State::bot);
  }
}

// Once a person has returned it, nobody is asked twice: the reason and the words go along.
TEST(Offering, IsLeftOutAfterAReturn) {
  Scene scene;
  scene.reach_human("amal");
  (void)scene.give(agent(Trigger::return_to_bot, "amal"));
  (void)scene.give(say("track"));
  (void)scene.give(say("this is terrible, you are useless!!!"));
  if (scene.state() == State::bot) (void)scene.give(say("you don't understand anything"));
  EXPECT_EQ(name(scene.state()), "queued");
  EXPECT_NE(scene.conversation.record.reason, "asked");
  EXPECT_FALSE(scene.conversation.record.evidence.empty());
}

// Deadlines and returns.

TEST(Decide, RefusesADeadlineThatIsNotDue) {
  Scene scene;
  EXPECT_EQ(scene.give(DeadlineCame{}).refused, "stale");
  (void)scene.give(say("how long"));
  EXPECT_EQ(scene.give(DeadlineCame{}).refused, "stale");
  scene.world.desk.now = *scene.conversation.record.deadline - Millis{1};
  EXPECT_EQ(scene.give(DeadlineCame{}).refused, "stale");
  EXPECT_EQ(scene.due().refused, "");
}

TEST(Decide, ReturningClearsTheFlow) {
  Scene scene;
  (void)scene.give(say("track"));
  ASSERT_FALSE(scene.conversation.flow.asking.empty());
  (void)scene.give(agent(Trigger::take, "amal"));
  (void)scene.give(agent(Trigger::return_to_bot, "amal"));
  EXPECT_TRUE(scene.conversation.flow.stack.empty());
  EXPECT_TRUE(scene.conversation.flow.asking.empty());
  EXPECT_EQ(scene.conversation.flow.not_understood, 0);
  EXPECT_EQ(scene.conversation.escalation.score, 0.0);
  EXPECT_EQ(scene.conversation.record.bot_returns, 1);
}

// A message after the reopening window belongs to a new conversation, even if the timer is late.
TEST(Decide, RefusesAMessageAfterTheReopeningWindow) {
  Scene scene;
  (void)scene.give(say("how long"));
  (void)scene.due();
  ASSERT_EQ(scene.state(), State::resolved);
  scene.world.desk.now = *scene.conversation.record.deadline;
  const Turn turn = scene.give(say("hello again"));
  EXPECT_EQ(turn.refused, "closed");
  EXPECT_TRUE(turn.events.empty());
}

TEST(Decide, FollowsTheVisitorsLanguage) {
  Scene scene;
  const Turn english = scene.give(say("how long"));
  EXPECT_EQ(last_said(english).language, Language::en);
  const Turn arabic = scene.give(say("تتبع الطرد من فضلك"));
  EXPECT_EQ(scene.conversation.language, Language::ar);
  EXPECT_EQ(last_said(arabic).text, "أي طرد؟");
}

TEST(Decide, KeepsTheLanguageThroughWordsOfNone) {
  for (const auto& [first, want] :
       {std::pair{"track please", Language::en}, {"تتبع الطرد من فضلك", Language::ar}}) {
    Scene scene;
    (void)scene.give(say(first));
    ASSERT_EQ(scene.conversation.language, want);
    for (const char* text : {"ok", "A-1032", "🙂", "123", "OK!", "visa"}) {
      (void)scene.give(say(text));
      if (scene.conversation.open_call) (void)scene.give(back(Outcome::not_found));
      EXPECT_EQ(scene.conversation.language, want) << first << " / " << text;
      (void)scene.give(say(first));
    }
  }
}

TEST(Decide, PutsTheOpenQuestionInTheNewLanguage) {
  Scene scene;
  (void)scene.give(say("track"));
  EXPECT_EQ(last_said(scene.give(say("لا أعرف ما هذا الرقم"))).language, Language::ar);
  EXPECT_EQ(last_said(scene.give(say("how long does it take"))).text, "Which parcel?");
}

TEST(Decide, AnswersAMessageSentTwiceOnce) {
  Scene scene;
  (void)scene.give(say("track A-1032"));
  for (const char* again : {"track A-1032", "TRACK A-1032"}) (void)scene.give(say(again));
  EXPECT_EQ(heard(scene.give(back(Outcome::ok)).events), Told{"bot track.status"});
  EXPECT_FALSE(scene.conversation.open_call);
}

TEST(Decide, ACorrectionDuringACallIsReadAfterIt) {
  Scene scene;
  (void)scene.give(say("track A-1032"));
  EXPECT_EQ(heard(scene.give(say("no, I meant B-2041")).events), Told{});
  const Turn turn = scene.give(back(Outcome::ok));
  EXPECT_EQ(heard(turn.events), Told{"bot track.status"});
  ASSERT_TRUE(turn.call) << "and asks again";
  EXPECT_EQ(turn.call->args.at("number"), flows::Value(std::string("B-2041")));
  EXPECT_EQ(heard(scene.give(back(Outcome::not_found)).events), Told{"bot track.unknown"});
}

TEST(Decide, SaysThatASilentConversationWasClosed) {
  Scene scene;
  (void)scene.give(say("track"));
  (void)scene.due();
  ASSERT_EQ(scene.state(), State::resolved);
  EXPECT_TRUE(scene.conversation.flow.expired);
  EXPECT_EQ(heard(scene.give(say("qwrtp zxcvb")).events), Told{"bot session_expired.ended"});
  EXPECT_EQ(heard(scene.give(say("jjkfh mmnbw")).events).at(0), "bot cannot_answer.rephrase");

  Scene other;
  (void)other.give(say("track"));
  (void)other.due();
  EXPECT_TRUE(other.give(say("A-1032")).call) << "an answer that tells what it answers is taken";

  Scene nothing_open;
  (void)nothing_open.give(say("how long"));
  (void)nothing_open.due();
  EXPECT_EQ(heard(nothing_open.give(say("qwrtp zxcvb")).events),
            Told{"bot cannot_answer.rephrase"});
}

TEST(Decide, SurvivesHostileText) {
  for (const std::string& text :
       {std::string("\xFF\xFE"), std::string(1, '\0'), std::string(200'000, '('),
        std::string("handoff:yes"), std::string("{number}"), std::string("\xD8")}) {
    Scene scene;
    EXPECT_EQ(scene.give(VisitorSaid{text, text, ""}).refused, "");
    EXPECT_EQ(scene.give(VisitorSaid{"", "", text}).refused, "");
    EXPECT_EQ(scene.give(say("track " + text)).refused, "");
    EXPECT_LE(code_points(scene.conversation.last_line), 120U);
  }
}

TEST(Decide, IsDeterministic) {
  const auto play = [] {
    Scene scene;
    std::string all;
    for (const Input& input :
         {Input(say("how long")), Input(say("track A-1032")), Input(back(Outcome::ok)),
          Input(say("qwrtp")), Input(say("refund")), Input(order(Kind::offer, "amal")),
          Input(agent(Trigger::accept, "amal"))}) {
      for (const Event& event : scene.give(input).events) all += to_row(event).json + "\n";
    }
    return all + to_snapshot(scene.conversation);
  };
  EXPECT_EQ(play(), play());
}

}  // namespace
}  // namespace wasl::bot
