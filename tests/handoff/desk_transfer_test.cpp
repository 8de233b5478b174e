// The desk and what the state table asks of it: who is named, who is gone, who waits for long.
#include "tests/handoff/office.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

Policy with_teams() {
  Policy policy;
  policy.teams["orders"] = {{"orders"}, "general"};
  policy.teams["general"] = {};
  return policy;
}

Signal transfer(const std::string& from, const std::string& agent, const std::string& team = "") {
  Signal signal = signal_of(Trigger::transfer, from);
  signal.to_agent = agent;
  signal.to_team = team;
  return signal;
}

/// "c1" is served by amal, basil and chadi are free or busy as told.
class Served : public Office {
 public:
  explicit Served(bool basil_busy) : Office(with_teams()) {
    agents({agent("amal")});
    waits("c1");
    EXPECT_TRUE(send("c1", Trigger::accept, "amal"));
    agents({agent("amal"), agent("basil")});
    if (basil_busy) {
      waits("c2");
      EXPECT_TRUE(send("c2", Trigger::accept, "basil"));
    }
    agents({agent("amal"), agent("basil"), agent("chadi")});
  }
};

TEST(DeskTransfer, ANamedAgentIsAskedFirst) {
  Served office(false);
  office.waits("older", kHour);
  const std::string took = office.offered("older");
  const std::string named = took == "basil" ? "chadi" : "basil";
  ASSERT_TRUE(office.send("c1", transfer("amal", named)));
  EXPECT_EQ(office.offered("c1"), named);
}

TEST(DeskTransfer, ABusyOneIsWaitedForAndNoLonger) {
  Served office(true);
  ASSERT_TRUE(office.send("c1", transfer("amal", "basil")));
  EXPECT_EQ(office.state("c1"), State::queued) << "chadi is free, but basil was named";
  office.pass(59 * kSecond);
  EXPECT_EQ(office.state("c1"), State::queued);
  office.pass(kSecond);
  EXPECT_EQ(office.offered("c1"), "chadi");
}

TEST(DeskTransfer, WhoIsKeptGoesToTheNamedOneAsSoonAsTheyAreFree) {
  Served office(true);
  ASSERT_TRUE(office.send("c1", transfer("amal", "basil")));
  office.waits("older", kHour);
  ASSERT_NE(office.offered("older"), "basil");
  office.waits("oldest", 2 * kHour);
  ASSERT_TRUE(office.send("c2", Trigger::return_to_bot, "basil"));
  EXPECT_EQ(office.offered("c1"), "basil");
}

TEST(DeskTransfer, ANamedOneWhoLeavesIsNotWaitedFor) {
  Served office(true);
  ASSERT_TRUE(office.send("c1", transfer("amal", "basil")));
  office.carry_out(office.desk.set_presence("basil", Presence::away, office.now));
  EXPECT_EQ(office.offered("c1"), "chadi");
}

TEST(DeskTransfer, DoesNotComeStraightBack) {
  Office office(with_teams());
  office.agents({agent("amal", 1, {"orders"})});
  office.waits("c1");
  ASSERT_TRUE(office.send("c1", Trigger::accept, "amal"));
  ASSERT_TRUE(office.send("c1", transfer("amal", "", "orders")));
  EXPECT_EQ(office.state("c1"), State::queued) << "amal has just passed it on";
  office.agents({agent("amal", 1, {"orders"}), agent("basil", 1, {"orders"})});
  EXPECT_EQ(office.offered("c1"), "basil");
}

TEST(DeskTransfer, WhatIsForSupervisorsWaitsForOne) {
  Office office;
  DeskAgent sara = agent("sara");
  sara.role = "supervisor";
  (void)office.desk.set_agents({agent("amal"), sara}, office.now);
  office.waits("c1");
  office.records["c1"].supervised = true;
  ++office.seqs["c1"];
  (void)office.desk.update(office.card("c1"), office.now);
  office.carry_out(office.desk.connected("amal", office.now));
  office.carry_out(office.desk.set_presence("amal", Presence::online, office.now));
  EXPECT_EQ(office.state("c1"), State::queued);
  EXPECT_FALSE(office.desk.suits("amal", "c1"));
  office.carry_out(office.desk.connected("sara", office.now));
  office.carry_out(office.desk.set_presence("sara", Presence::online, office.now));
  EXPECT_EQ(office.offered("c1"), "sara");
}

TEST(DeskTransfer, WithNoSupervisorThereTheOthersHelpWhenRelaxed) {
  Office office;
  DeskAgent sara = agent("sara");
  sara.role = "supervisor";
  office.agents({agent("amal"), sara});
  office.carry_out(office.desk.set_presence("sara", Presence::offline, office.now));
  office.carry_out(office.desk.set_presence("amal", Presence::away, office.now));
  office.waits("c1");
  office.records["c1"].supervised = true;
  ++office.seqs["c1"];
  (void)office.desk.update(office.card("c1"), office.now);
  office.carry_out(office.desk.set_presence("amal", Presence::online, office.now));
  EXPECT_EQ(office.state("c1"), State::queued);
  office.now += kMinute;
  ASSERT_TRUE(office.send("c1", Trigger::deadline));
  EXPECT_EQ(office.offered("c1"), "amal");
}

TEST(Desk, KnowsColleaguesByTheirTeam) {
  Office office(with_teams());
  DeskAgent off = agent("off");
  off.enabled = false;
  office.agents({agent("amal", 1, {"orders"}), agent("basil"), off});
  office.waits("c1", Millis{0}, "general");
  ASSERT_TRUE(office.desk.colleague("amal", "c1"));
  EXPECT_EQ(office.desk.colleague("amal", "c1")->team, "general") << "serves it as it is";
  EXPECT_EQ(office.desk.colleague("amal", "void")->team, "orders") << "what asks most of them";
  EXPECT_EQ(office.desk.colleague("basil", "c1")->who, agent_owner("basil"));
  EXPECT_FALSE(office.desk.colleague("void", "c1"));
  EXPECT_FALSE(office.desk.colleague("off", "c1"));
  const std::string busy = office.offered("c1");
  EXPECT_TRUE(office.desk.colleague(busy, "c1")->has_room) << "it is theirs already";
  EXPECT_FALSE(office.desk.colleague(busy, "other")->has_room);
}

TEST(Desk, DoesNotRingForWhoIsGone) {
  Office office;
  (void)office.desk.set_agents({agent("amal")}, office.now);
  office.waits("c1");
  ASSERT_TRUE(office.send("c1", Trigger::customer_gone));
  office.agents({agent("amal")});
  EXPECT_EQ(office.state("c1"), State::queued);
  EXPECT_EQ(office.desk.place("c1")->position, 1U) << "keeps the place meanwhile";
  ASSERT_TRUE(office.send("c1", Trigger::customer_back));
  EXPECT_EQ(office.offered("c1"), "amal");
}

TEST(Desk, AnOrderUnderWayToWhoLeavesKeepsItsSlot) {
  Office office;
  (void)office.desk.set_agents({agent("amal")}, office.now);
  office.waits("c1");
  (void)office.desk.connected("amal", office.now);
  const auto orders = office.desk.set_presence("amal", Presence::online, office.now);
  ASSERT_EQ(orders.size(), 1U);
  ASSERT_TRUE(office.send("c1", Trigger::customer_gone));
  EXPECT_EQ(office.desk.load("amal"), 1);
  EXPECT_TRUE(office.desk.refused(orders[0], office.now).empty());
  EXPECT_EQ(office.desk.load("amal"), 0);
}

TEST(Desk, TellsSupervisorsOfALongWaitOnce) {
  Office office;
  (void)office.desk.set_agents({agent("amal")}, office.now);
  office.waits("c1");
  for (int i = 0; i < 6; ++i) {
    office.now = *office.records["c1"].deadline;
    ASSERT_TRUE(office.send("c1", Trigger::deadline));
  }
  const auto alerts = office.desk.take_alerts();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0], (Alert{"c1", "waiting_long", Timers{}.alternatives}));
  EXPECT_TRUE(office.desk.take_alerts().empty());

  Desk restarted(office.policy);
  (void)restarted.update(office.card("c1"), office.now);
  EXPECT_TRUE(restarted.take_alerts().empty()) << "said before the restart";

  ASSERT_TRUE(office.send("c1", Trigger::choose_cancel));
  ASSERT_TRUE(office.send("c1", Trigger::handoff));
  for (int i = 0; i < 3; ++i) {
    office.now = *office.records["c1"].deadline;
    ASSERT_TRUE(office.send("c1", Trigger::deadline));
  }
  EXPECT_EQ(office.desk.take_alerts().size(), 1U) << "another queueing";
}

TEST(Desk, AChannelMayHaveABoundOfItsOwn) {
  Policy policy;
  policy.channel_capacity["web"] = 1;
  Office office(policy);
  office.agents({agent("amal", 3)});
  for (const char* id : {"w1", "w2", "t1", "t2"}) {
    office.extra[id].channel = id[0] == 'w' ? "web" : "telegram";
    office.waits(id);
  }
  EXPECT_EQ(office.offered("w1"), "amal");
  EXPECT_EQ(office.state("w2"), State::queued) << "one of the web is enough";
  EXPECT_EQ(office.offered("t1"), "amal");
  EXPECT_EQ(office.offered("t2"), "amal");
  ASSERT_TRUE(office.send("w1", Trigger::choose_cancel));
  EXPECT_EQ(office.offered("w2"), "amal");
}

TEST(Desk, AReservedOrPutAsideConversationTakesTheRightRoom) {
  Office office;
  office.agents({agent("amal")});
  office.waits("c1");
  ASSERT_TRUE(office.send("c1", Trigger::accept, "amal"));
  EXPECT_FALSE(office.desk.agents_free().contains("amal"));
  Signal snooze = signal_of(Trigger::snooze, "amal");
  snooze.until = office.now + kHour;
  ASSERT_TRUE(office.send("c1", snooze));
  EXPECT_TRUE(office.desk.agents_free().contains("amal")) << "put aside: the slot is free";
  EXPECT_TRUE(office.desk.has_room_for("amal", "c1"));
}

TEST(Desk, NamesOnlyThePresencesThatChanged) {
  Office office;
  office.agents({agent("amal"), agent("basil")});
  EXPECT_EQ(office.desk.take_presence_changes(), (std::vector<std::string>{"amal", "basil"}));
  EXPECT_TRUE(office.desk.take_presence_changes().empty());
  const std::uint64_t version = office.desk.roster_version();
  office.carry_out(office.desk.set_presence("basil", Presence::away, office.now));
  EXPECT_EQ(office.desk.take_presence_changes(), std::vector<std::string>{"basil"});
  EXPECT_GT(office.desk.roster_version(), version);
}

TEST(Desk, GivesTheQueueInSlices) {
  Office office;
  (void)office.desk.set_agents({agent("amal")}, office.now);
  for (int i = 0; i < 500; ++i) office.waits("c" + std::to_string(i), i * kSecond);
  const auto all = office.desk.queue();
  ASSERT_EQ(all.size(), 500U);
  ASSERT_EQ(office.desk.queue_size(), 500U);
  std::vector<std::string> together;
  for (std::size_t from = 0; from < 510; from += 7) {
    const auto some = office.desk.queue_slice(from, 7);
    together.insert(together.end(), some.begin(), some.end());
  }
  EXPECT_EQ(together, all);
  EXPECT_EQ(office.desk.place_at(3).position, 3U);
}

TEST(Desk, TellsEverybodyOfTheClosingHoweverManyTheyAre) {
  Policy policy;
  policy.hours.always = false;
  for (auto& day : policy.hours.week) day = {{9 * 60, 17 * 60}};
  Office office(policy);
  (void)office.desk.set_agents({agent("amal")}, office.now);
  for (int i = 0; i < 1'200; ++i) office.waits("c" + std::to_string(i));
  office.now = kNoon + 5 * kHour;
  std::size_t told = 0;
  for (int i = 0; i < 4; ++i) {
    const auto orders = office.desk.tick(office.now);
    told += orders.size();
    for (const Order& order : orders) {
      EXPECT_EQ(order.kind, Order::Kind::hours_close);
      EXPECT_TRUE(office.desk.refused(order, office.now).empty());
    }
    EXPECT_LE(orders.size(), 512U);
  }
  EXPECT_EQ(told, 1'200U);
  EXPECT_TRUE(office.desk.tick(office.now + 9 * kSecond).empty());
  EXPECT_EQ(office.desk.tick(office.now + 10 * kSecond).size(), 512U) << "refused: asked again";
}

}  // namespace
}  // namespace wasl::handoff
