#include "wasl/handoff/moves.hpp"

#include "tests/handoff/make.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

Situation closed_at(Time now) {
  Situation situation = at(now);
  situation.hours_open = false;
  situation.next_open = now + 9 * kHour;
  return situation;
}

Transition must(const Record& before, const Signal& signal, const Situation& situation) {
  auto moved = transition(before, signal, Policy{}, situation);
  EXPECT_TRUE(moved) << name(before.state) << " on " << name(signal.trigger) << ": "
                     << (moved ? "" : moved.error().what);
  return moved ? *moved : Transition{before, {}, false, ""};
}

std::string said(const Transition& moved) {
  std::string all;
  for (const Notice& notice : moved.notices) all += (all.empty() ? "" : " ") + notice.answer;
  return all;
}

struct Row {
  const char* name;
  State from;
  Trigger on;
  State to;
  const char* notice;
  Millis deadline;  // after kNoon
};

// With hours open, everybody there, the agent "amal" acting, her deadline come.
const Row kRows[] = {
    {"idle", State::bot, Trigger::deadline, State::resolved, "", 72 * kHour},
    {"activity", State::bot, Trigger::bot_activity, State::bot, "", 30 * kMinute},
    {"soft offer", State::bot, Trigger::soft_offer, State::offering, "handoff.offer",
     120 * kSecond},
    {"offer forgotten", State::offering, Trigger::deadline, State::bot, "", 30 * kMinute},
    {"offer refused", State::offering, Trigger::offer_refused, State::bot, "", 30 * kMinute},
    {"handoff", State::bot, Trigger::handoff, State::queued, "handoff.queued", 60 * kSecond},
    {"yes", State::offering, Trigger::handoff, State::queued, "handoff.queued", 60 * kSecond},
    {"offer", State::queued, Trigger::offer, State::offered, "", 30 * kSecond},
    {"accept", State::offered, Trigger::accept, State::human, "handoff.agent_joined",
     180 * kSecond},
    {"decline", State::offered, Trigger::decline, State::queued, "", Millis{0}},
    {"offer missed", State::offered, Trigger::deadline, State::queued, "", Millis{0}},
    {"offered agent gone", State::offered, Trigger::agent_gone, State::queued, "", Millis{0}},
    {"pulled", State::queued, Trigger::take, State::human, "handoff.agent_joined", 180 * kSecond},
    {"taken from the bot", State::bot, Trigger::take, State::human, "handoff.agent_joined",
     24 * kHour},
    {"customer writes", State::human, Trigger::customer_message, State::human, "", 180 * kSecond},
    {"agent replies", State::human, Trigger::agent_reply, State::human, "", 24 * kHour},
    {"given back", State::human, Trigger::return_to_bot, State::bot, "handoff.returned",
     30 * kMinute},
    {"resolved", State::human, Trigger::resolve, State::wrap_up, "handoff.resolved", 60 * kSecond},
    {"silence", State::human, Trigger::deadline, State::wrap_up, "", 60 * kSecond},
    {"done", State::wrap_up, Trigger::done, State::resolved, "", 72 * kHour},
    {"wrapped up", State::wrap_up, Trigger::deadline, State::resolved, "", 72 * kHour},
    {"agent lost", State::human, Trigger::agent_gone, State::queued, "handoff.agent_left",
     60 * kSecond},
    {"back to the bot", State::queued, Trigger::choose_bot, State::bot, "handoff.returned",
     30 * kMinute},
    {"cancelled", State::offered, Trigger::choose_cancel, State::bot, "handoff.withdrawn",
     30 * kMinute},
    {"withdrawn", State::promised, Trigger::choose_cancel, State::bot, "handoff.withdrawn",
     30 * kMinute},
    {"callback", State::queued, Trigger::choose_callback, State::promised, "handoff.promised",
     30 * kMinute},
    {"message", State::offered, Trigger::choose_message, State::promised, "handoff.promised",
     30 * kMinute},
    {"left the queue", State::queued, Trigger::visitor_end, State::resolved, "handoff.abandoned",
     72 * kHour},
    {"left the person", State::human, Trigger::visitor_end, State::wrap_up, "", 60 * kSecond},
    {"opening", State::promised, Trigger::hours_open, State::queued, "handoff.queued",
     60 * kSecond},
    {"promise due", State::promised, Trigger::deadline, State::queued, "handoff.queued",
     60 * kSecond},
};

TEST(Transition, SaysOneThingAndSetsTheNextDeadline) {
  for (const Row& c : kRows) {
    const Transition moved = must(record_in(c.from), signal_of(c.on, "amal"), at(kNoon));
    EXPECT_EQ(moved.after.state, c.to) << c.name;
    EXPECT_EQ(said(moved), c.notice) << c.name;
    EXPECT_EQ(*moved.after.deadline, kNoon + c.deadline) << c.name;
  }
}

TEST(Transition, PromisesWhenNobodyCanCome) {
  Situation nobody = at(kNoon);
  nobody.rostered = false;
  for (const State from : {State::bot, State::offering}) {
    const Transition night = must(record_in(from), signal_of(Trigger::handoff), closed_at(kNoon));
    EXPECT_EQ(night.after.state, State::promised);
    EXPECT_EQ(night.after.ticket, "T-9");
    EXPECT_EQ(*night.after.deadline, kNoon + 9 * kHour) << "due at the next opening";
    ASSERT_EQ(said(night), "handoff.promised");
    EXPECT_EQ(night.notices[0].args[0], std::pair(std::string("ticket"), std::string("T-9")));
    EXPECT_EQ(night.notices[0].args[1].second, iso8601(kNoon + 9 * kHour));

    const Transition empty = must(record_in(from), signal_of(Trigger::handoff), nobody);
    EXPECT_EQ(empty.after.state, State::promised);
    EXPECT_EQ(empty.notices[0].args[1].second, "") << "no opening is promised that is not known";
  }
}

TEST(Transition, NeverMakesASecondTicket) {
  Record r = record_in(State::promised);
  const Transition again = must(r, signal_of(Trigger::handoff), closed_at(kNoon));
  EXPECT_EQ(again.after.ticket, "T-1");
  EXPECT_EQ(again.after.episode, r.episode);
  EXPECT_EQ(said(again), "handoff.promised");
  EXPECT_EQ(said(must(r, signal_of(Trigger::customer_message), closed_at(kNoon))), "");
  EXPECT_EQ(said(must(r, signal_of(Trigger::choose_callback), closed_at(kNoon))), "");
}

TEST(Transition, KeepsTheAgeThroughEverythingButAPerson) {
  Record r = must(record_in(State::bot), signal_of(Trigger::handoff), at(kNoon)).after;
  const Time age = *r.waiting_since;
  Time now = kNoon;
  for (int i = 0; i < 3; ++i) {
    now += kSecond;
    r = must(r, signal_of(Trigger::offer, "amal"), at(now)).after;
    r = must(r, signal_of(Trigger::decline, "amal"), at(now)).after;
  }
  r = must(r, signal_of(Trigger::hours_close), closed_at(now)).after;
  EXPECT_EQ(r.state, State::promised);
  r = must(r, signal_of(Trigger::hours_open), at(now + 9 * kHour)).after;
  EXPECT_EQ(r.waiting_since, age);
  EXPECT_EQ(r.declined_by, std::vector<std::string>{"amal"}) << "each once";
}

TEST(Transition, RestoresTheAgeOfWhoSoonAsksAgain) {
  for (const bool soon : {true, false}) {
    Record r = must(record_in(State::queued), signal_of(Trigger::choose_bot), at(kNoon)).after;
    EXPECT_FALSE(r.waiting_since);
    const Time later = kNoon + (soon ? 29 : 31) * kMinute;
    r = must(r, signal_of(Trigger::handoff), at(later)).after;
    EXPECT_EQ(*r.waiting_since, soon ? kNoon - kMinute : later);
    EXPECT_EQ(*r.deadline, later + kMinute) << "what is said is paced from now on";
  }
}

TEST(Transition, TheQueueSpeaksTwiceAndThenOnlyPolls) {
  Record r = must(record_in(State::bot), signal_of(Trigger::handoff), at(kNoon)).after;
  Transition moved = must(r, signal_of(Trigger::deadline), at(kNoon + 60 * kSecond));
  EXPECT_EQ(said(moved), "handoff.still_waiting");
  EXPECT_TRUE(moved.after.relaxed);
  EXPECT_EQ(*moved.after.deadline, kNoon + 180 * kSecond);
  moved = must(moved.after, signal_of(Trigger::deadline), at(kNoon + 180 * kSecond));
  EXPECT_EQ(said(moved), "handoff.alternatives");
  EXPECT_EQ(*moved.after.deadline, kNoon + 360 * kSecond);
  moved = must(moved.after, signal_of(Trigger::deadline), at(kNoon + 360 * kSecond));
  EXPECT_EQ(said(moved), "");
  EXPECT_EQ(*moved.after.deadline, kNoon + 540 * kSecond);
  EXPECT_EQ(moved.after.epoch, r.epoch) << "the owner has not changed";
}

TEST(Transition, WithNobodyOnlineTheAlternativesComeAtOnce) {
  Situation empty = at(kNoon);
  empty.anyone_online = false;
  Transition moved = must(record_in(State::bot), signal_of(Trigger::handoff), empty);
  EXPECT_EQ(said(moved), "handoff.queued");
  EXPECT_EQ(*moved.after.deadline, kNoon);
  moved = must(moved.after, signal_of(Trigger::deadline), empty);
  EXPECT_EQ(said(moved), "handoff.alternatives");
  EXPECT_FALSE(moved.after.relaxed);
  EXPECT_EQ(*moved.after.deadline, kNoon + kMinute);
}

TEST(Transition, OwesFromTheFirstUnansweredMessage) {
  Record r = record_in(State::human);
  r = must(r, signal_of(Trigger::customer_message), at(kNoon)).after;
  r = must(r, signal_of(Trigger::customer_message), at(kNoon + kMinute)).after;
  EXPECT_EQ(*r.owed_since, kNoon);
  EXPECT_EQ(*r.deadline, kNoon + 3 * kMinute);

  Record answered = must(r, signal_of(Trigger::agent_reply, "amal"), at(kNoon + kMinute)).after;
  EXPECT_FALSE(answered.owed_since);

  const Transition late = must(r, signal_of(Trigger::deadline), at(kNoon + 3 * kMinute));
  EXPECT_EQ(late.after.state, State::queued);
  EXPECT_EQ(said(late), "handoff.agent_left");
  EXPECT_LT(*late.after.waiting_since, kNoon) << "boosted";
  EXPECT_EQ(late.after.declined_by, std::vector<std::string>{"amal"});
  EXPECT_EQ(late.after.epoch, r.epoch + 1);

  const Transition night = must(r, signal_of(Trigger::deadline), closed_at(kNoon + 3 * kMinute));
  EXPECT_EQ(night.after.state, State::promised);
  EXPECT_EQ(said(night), "handoff.promised") << "told once";
}

TEST(Transition, AnEarlyDeadlineIsNone) {
  const auto early = transition(record_in(State::human), signal_of(Trigger::deadline), Policy{},
                                at(kNoon - Millis{1}));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().what, "not_allowed");
}

TEST(Transition, ReopensWithWhoeverResolvedIt) {
  const Signal message = signal_of(Trigger::customer_message);
  const Time next_day = kNoon + 24 * kHour;

  Record by_bot = must(record_in(State::bot), signal_of(Trigger::deadline), at(kNoon)).after;
  by_bot = must(by_bot, message, at(next_day)).after;
  EXPECT_EQ(by_bot.state, State::bot);
  EXPECT_EQ(by_bot.reopened, 1);

  Record by_person =
      must(record_in(State::wrap_up), signal_of(Trigger::done, "amal"), at(kNoon)).after;
  const Transition there = must(by_person, message, at(next_day));
  EXPECT_EQ(there.after.state, State::human) << "the same person, online with room";
  EXPECT_EQ(there.after.owner, agent_owner("amal"));
  EXPECT_EQ(there.after.epoch, by_person.epoch + 1);
  EXPECT_EQ(there.after.reopened, 1);
  EXPECT_EQ(*there.after.owed_since, next_day);
  EXPECT_EQ(said(there), "handoff.agent_joined");
  Situation full = at(next_day);
  full.owner_has_room = false;
  const Transition again = must(by_person, message, full);
  EXPECT_EQ(again.after.state, State::queued);
  EXPECT_EQ(said(again), "handoff.queued");
  EXPECT_EQ(*again.after.waiting_since, next_day) << "a new wait";
  EXPECT_EQ(again.after.last_agent, "amal") << "whom the desk asks first";
  Situation night = closed_at(next_day);
  night.owner_connected = false;
  EXPECT_EQ(must(by_person, message, night).after.state, State::promised);

  const auto too_late = transition(by_person, message, Policy{}, at(kNoon + 72 * kHour));
  ASSERT_FALSE(too_late);
  EXPECT_EQ(too_late.error().what, "bad_state");
}

TEST(Transition, AMessageWhileWrappingUpGoesBackToTheSamePerson) {
  const Record r = record_in(State::wrap_up);
  const Transition there = must(r, signal_of(Trigger::customer_message), at(kNoon));
  EXPECT_EQ(there.after.state, State::human);
  EXPECT_EQ(there.after.epoch, r.epoch);
  EXPECT_EQ(*there.after.owed_since, kNoon);
  Situation gone = at(kNoon);
  gone.owner_connected = false;
  EXPECT_EQ(must(r, signal_of(Trigger::customer_message), gone).after.state, State::queued);
}

TEST(Transition, NobodyIsSentInCircles) {
  const Record back =
      must(record_in(State::human), signal_of(Trigger::return_to_bot, "amal"), at(kNoon)).after;
  EXPECT_EQ(back.bot_returns, 1);
  const Transition moved = must(back, signal_of(Trigger::soft_offer), at(kNoon));
  EXPECT_EQ(moved.after.state, State::queued) << "not asked again whether they want a person";
}

TEST(Transition, ASupervisorTakesFromAnyLiveState) {
  for (const State from : {State::bot, State::offering, State::promised, State::queued,
                           State::offered, State::human, State::snoozed, State::wrap_up}) {
    Signal take = signal_of(Trigger::take, "sara");
    take.agent_role = "supervisor";
    const Transition moved = must(record_in(from), take, at(kNoon));
    EXPECT_EQ(moved.after.state, State::human) << name(from);
    EXPECT_EQ(moved.after.owner, agent_owner("sara")) << name(from);
    EXPECT_EQ(moved.after.epoch, 8U) << name(from);
    ASSERT_EQ(said(moved), "handoff.agent_joined") << name(from);
    EXPECT_EQ(moved.notices[0].args[0].second, "Name of sara");
  }
}

TEST(Transition, AnAgentTakesOnlyWhatSuitsThem) {
  Situation unfit = at(kNoon);
  unfit.agent_eligible = false;
  for (const State from : {State::bot, State::promised, State::queued, State::offered}) {
    EXPECT_TRUE(
        transition(record_in(from), signal_of(Trigger::take, "basil"), Policy{}, at(kNoon)));
    const auto moved =
        transition(record_in(from), signal_of(Trigger::take, "basil"), Policy{}, unfit);
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().what, "not_allowed");
  }
}

TEST(Transition, AsksForARatingOncePerGoodResolution) {
  for (const auto& [outcome, asks] :
       {std::pair("solved", true), std::pair("unsolved", false), std::pair("spam", false)}) {
    Signal resolve = signal_of(Trigger::resolve, "amal");
    resolve.reason = outcome;
    EXPECT_EQ(must(record_in(State::human), resolve, at(kNoon)).rate, asks) << outcome;
  }
  EXPECT_FALSE(must(record_in(State::queued), signal_of(Trigger::visitor_end), at(kNoon)).rate);
}

}  // namespace
}  // namespace wasl::handoff
