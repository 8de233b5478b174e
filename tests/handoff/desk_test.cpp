#include "wasl/handoff/desk.hpp"

#include "tests/handoff/office.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace wasl::handoff {
namespace {

TEST(Desk, OffersAtOnceWhenAnAgentComesOnline) {
  Office office;
  (void)office.desk.set_agents({agent("amal")}, office.now);
  office.waits("c1");
  EXPECT_EQ(office.state("c1"), State::queued);
  office.carry_out(office.desk.connected("amal", office.now));
  EXPECT_EQ(office.state("c1"), State::queued) << "there, but not yet present";
  office.carry_out(office.desk.set_presence("amal", Presence::online, office.now));
  EXPECT_EQ(office.offered("c1"), "amal");
}

TEST(Desk, NeverOffersMoreThanThereIsRoomFor) {
  Office office;
  office.agents({agent("amal", 2), agent("basil", 1)});
  for (const char* id : {"c1", "c2", "c3", "c4"}) office.waits(id);
  EXPECT_EQ(office.desk.load("amal"), 2);
  EXPECT_EQ(office.desk.load("basil"), 1);
  EXPECT_EQ(office.state("c4"), State::queued);

  const std::string first = office.offered("c1");
  ASSERT_TRUE(office.send("c1", Trigger::accept, first));
  EXPECT_EQ(office.state("c4"), State::queued) << "accepting frees nothing";
  ASSERT_TRUE(office.send("c1", Trigger::resolve, first));
  EXPECT_EQ(office.state("c4"), State::queued) << "nor does wrapping up";
  ASSERT_TRUE(office.send("c1", Trigger::done, first));
  EXPECT_EQ(office.offered("c4"), first) << "a freed slot dispatches at once";
}

TEST(Desk, TheLeastLoadedThenTheLongestIdle) {
  Office office;
  office.agents({agent("amal", 4)});
  office.now += kSecond;
  office.agents({agent("amal", 4), agent("basil", 4), agent("chadi", 4)});
  office.waits("c1");
  EXPECT_EQ(office.offered("c1"), "amal") << "idle for longest";
  office.waits("c2");
  EXPECT_EQ(office.offered("c2"), "basil");
  office.waits("c3");
  EXPECT_EQ(office.offered("c3"), "chadi");
}

TEST(Desk, ADeclinedConversationGoesToSomebodyElse) {
  Office office;
  office.agents({agent("amal"), agent("basil")});
  office.waits("c1");
  const std::string first = office.offered("c1");
  ASSERT_TRUE(office.send("c1", Trigger::decline, first));
  const std::string second = office.offered("c1");
  EXPECT_FALSE(second.empty());
  EXPECT_NE(second, first);
  EXPECT_EQ(office.desk.find_agent(first)->presence, Presence::online);
}

TEST(Desk, WhoDeclinedIsAskedAgainOnlyWhenNobodyElseIsAndNotAtOnce) {
  Office office;
  office.agents({agent("amal")});
  office.waits("c1");
  ASSERT_TRUE(office.send("c1", Trigger::decline, "amal"));
  EXPECT_EQ(office.state("c1"), State::queued);
  office.pass(29 * kSecond);
  EXPECT_EQ(office.state("c1"), State::queued);
  office.waits("c2");
  EXPECT_EQ(office.offered("c2"), "amal") << "others do not wait behind it";
  ASSERT_TRUE(office.send("c2", Trigger::choose_cancel));
  office.pass(2 * kSecond);
  EXPECT_EQ(office.offered("c1"), "amal");
}

TEST(Desk, TwoMissesSetAnAgentToAway) {
  Office office;
  office.agents({agent("amal")});
  office.waits("c1");
  office.now += 30 * kSecond;
  ASSERT_TRUE(office.send("c1", Trigger::deadline));
  EXPECT_EQ(office.desk.find_agent("amal")->presence, Presence::online);
  office.pass(31 * kSecond);
  ASSERT_EQ(office.offered("c1"), "amal");
  office.now += 30 * kSecond;
  ASSERT_TRUE(office.send("c1", Trigger::deadline));
  EXPECT_EQ(office.desk.find_agent("amal")->presence, Presence::away);
  office.pass(120 * kSecond);
  EXPECT_EQ(office.state("c1"), State::queued);
  office.carry_out(office.desk.set_presence("amal", Presence::online, office.now));
  EXPECT_EQ(office.offered("c1"), "amal");
}

TEST(Desk, AnAnswerBetweenTwoMissesStartsAfresh) {
  Office office;
  office.agents({agent("amal")});
  for (int i = 0; i < 3; ++i) {
    const std::string id = "c" + std::to_string(i);
    office.waits(id);
    office.now += 30 * kSecond;
    ASSERT_TRUE(office.send(id, Trigger::deadline));
    ASSERT_TRUE(office.send(id, Trigger::choose_cancel));
    const std::string taken = id + "b";
    office.waits(taken);
    ASSERT_TRUE(office.send(taken, Trigger::accept, "amal"));
    ASSERT_TRUE(office.send(taken, Trigger::return_to_bot, "amal"));
  }
  EXPECT_EQ(office.desk.find_agent("amal")->presence, Presence::online);
}

TEST(Desk, ForgivesAShortDisconnectionButNotALongOne) {
  Office office;
  office.agents({agent("amal")});
  office.waits("c1");
  ASSERT_TRUE(office.send("c1", Trigger::accept, "amal"));
  (void)office.desk.disconnected("amal", office.now);
  office.pass(59 * kSecond);
  EXPECT_EQ(office.state("c1"), State::human);
  office.carry_out(office.desk.connected("amal", office.now));
  office.pass(60 * kSecond);
  EXPECT_EQ(office.state("c1"), State::human) << "came back in time";

  (void)office.desk.disconnected("amal", office.now);
  office.pass(60 * kSecond);
  EXPECT_EQ(office.state("c1"), State::queued);
  EXPECT_EQ(office.desk.find_agent("amal")->presence, Presence::offline);
}

TEST(Desk, AfterARestartTheGraceBeginsAgain) {
  Office office;
  office.agents({agent("amal")});
  office.waits("c1");
  ASSERT_TRUE(office.send("c1", Trigger::accept, "amal"));

  office.desk = Desk(office.policy);
  (void)office.desk.set_agents({agent("amal")}, office.now);
  (void)office.desk.update(office.card("c1"), office.now);
  EXPECT_EQ(office.desk.load("amal"), 1) << "counted from rows";
  office.pass(kSecond);
  office.pass(59 * kSecond);
  EXPECT_EQ(office.state("c1"), State::human);
  office.pass(kSecond);
  EXPECT_EQ(office.state("c1"), State::queued);
}

TEST(Desk, GoingOfflineGivesOffersBackAtOnce) {
  Office office;
  office.agents({agent("amal"), agent("basil")});
  office.waits("c1");
  const std::string first = office.offered("c1");
  office.carry_out(office.desk.set_presence(first, Presence::offline, office.now));
  EXPECT_FALSE(office.offered("c1").empty());
  EXPECT_NE(office.offered("c1"), first);
}

TEST(Desk, ADisabledAgentLosesEverythingAtOnce) {
  Office office;
  office.agents({agent("amal")});
  office.waits("c1");
  ASSERT_TRUE(office.send("c1", Trigger::accept, "amal"));
  DeskAgent disabled = agent("amal");
  disabled.enabled = false;
  office.carry_out(office.desk.set_agents({disabled}, office.now));
  EXPECT_EQ(office.state("c1"), State::promised) << "nobody is rostered any more";
  office.carry_out(office.desk.set_agents({agent("amal")}, office.now));
  office.pass(kSecond);
  EXPECT_NE(office.state("c1"), State::promised) << "somebody is again";
}

TEST(Desk, AnswersInTheOrderOfAgeAndPriority) {
  Office office;
  (void)office.desk.set_agents({agent("amal")}, office.now);
  office.waits("young");
  office.waits("old", 4 * kMinute);
  office.waits("vip", Millis{0}, "", Language::und, 1);
  office.waits("ancient", 10 * kMinute);
  const std::vector<std::string> order{"ancient", "vip", "old", "young"};
  EXPECT_EQ(office.desk.queue(), order);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto place = office.desk.place(order[i]);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->position, i + 1);
  }
  office.agents({agent("amal")});
  for (const std::string& id : order) {
    ASSERT_EQ(office.offered(id), "amal") << id;
    ASSERT_TRUE(office.send(id, Trigger::accept, "amal"));
    ASSERT_TRUE(office.send(id, Trigger::return_to_bot, "amal"));
  }
}

TEST(Desk, NobodyStarvesBehindAStreamOfImportantOnes) {
  Office office;
  office.agents({agent("amal")});
  office.waits("plain");
  ASSERT_TRUE(office.send("plain", Trigger::accept, "amal"));
  office.waits("patient");
  int served = 0;
  std::string current = "plain";
  for (; office.state("patient") == State::queued && served < 100; ++served) {
    office.now += kMinute;
    office.waits("vip" + std::to_string(served), Millis{0}, "", Language::und, 2);
    ASSERT_TRUE(office.send(current, Trigger::return_to_bot, "amal"));
    for (const auto& [id, card] : office.desk.cards()) {
      if (card.state == State::offered) current = id;
    }
    if (current == "patient") break;
    ASSERT_TRUE(office.send(current, Trigger::accept, "amal"));
  }
  EXPECT_LE(served, 12) << "two steps of priority are worth ten minutes";
}

Policy with_teams() {
  Policy policy;
  policy.teams["orders"] = {{"orders"}, "general"};
  policy.teams["general"] = {};
  policy.teams["legal"] = {{"law"}, "orders"};
  return policy;
}

struct Fit {
  const char* name;
  const char* team;
  Language language;
  bool relaxed;
  DeskAgent who;
  bool suits;
};

TEST(Desk, KnowsWhoSuits) {
  const Fit fits[] = {
      {"no team", "", Language::und, false, agent("a"), true},
      {"an unknown team asks for nothing", "void", Language::und, false, agent("a"), true},
      {"lacks the skill", "orders", Language::und, false, agent("a"), false},
      {"has the skill", "orders", Language::und, false, agent("a", 1, {"orders"}), true},
      {"overflow may help when relaxed", "orders", Language::und, true, agent("a"), true},
      {"the overflow's skills count", "legal", Language::und, true, agent("a"), false},
      {"one ring", "legal", Language::und, true, agent("a", 1, {"orders"}), true},
      {"speaks it", "", Language::ar, false, agent("a", 1, {}, {"ar", "en"}), true},
      {"does not speak it", "", Language::ar, false, agent("a", 1, {}, {"en"}), false},
      {"no languages listed: all", "", Language::ar, false, agent("a"), true},
      {"relaxed: better than nobody", "", Language::ar, true, agent("a", 1, {}, {"en"}), true},
  };
  for (const Fit& c : fits) {
    Office office(with_teams());
    (void)office.desk.set_agents({c.who}, office.now);
    office.waits("c1", Millis{0}, c.team, c.language);
    office.records["c1"].relaxed = c.relaxed;
    ++office.seqs["c1"];
    (void)office.desk.update(office.card("c1"), office.now);
    EXPECT_EQ(office.desk.suits("a", "c1"), c.suits) << c.name;
    office.agents({c.who});
    EXPECT_EQ(office.state("c1") == State::offered, c.suits) << c.name;
  }
}

TEST(Desk, AnUnservableHeadDoesNotBlockOthers) {
  Office office(with_teams());
  (void)office.desk.set_agents({agent("amal")}, office.now);
  office.waits("legal", kHour, "legal");
  office.waits("plain");
  office.agents({agent("amal")});
  EXPECT_EQ(office.state("legal"), State::queued);
  EXPECT_EQ(office.offered("plain"), "amal");
}

TEST(Desk, TheStickyAgentComesFirst) {
  Office office;
  (void)office.desk.set_agents({agent("basil")}, office.now);
  office.waits("older", 5 * kMinute);
  office.waits("known");
  office.records["known"].last_agent = "basil";
  ++office.seqs["known"];
  (void)office.desk.update(office.card("known"), office.now);
  office.agents({agent("basil")});
  EXPECT_EQ(office.offered("known"), "basil");
  EXPECT_EQ(office.state("older"), State::queued);
}

TEST(Desk, ARefusedOrderIsTriedAgainSoonButNotAtOnce) {
  Office office;
  (void)office.desk.set_agents({agent("amal")}, office.now);
  office.waits("c1");
  (void)office.desk.connected("amal", office.now);
  const auto orders = office.desk.set_presence("amal", Presence::online, office.now);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(office.desk.load("amal"), 1) << "reserved";
  EXPECT_TRUE(office.desk.tick(office.now).empty()) << "one live offer";
  EXPECT_TRUE(office.desk.refused(orders[0], office.now).empty());
  EXPECT_EQ(office.desk.load("amal"), 0);
  EXPECT_EQ(office.desk.tick(office.now + kSecond).size(), 1U);
}

TEST(Desk, AnOrderThatNobodyAnswersIsForgotten) {
  Office office;
  (void)office.desk.set_agents({agent("amal")}, office.now);
  office.waits("c1");
  (void)office.desk.connected("amal", office.now);
  ASSERT_EQ(office.desk.set_presence("amal", Presence::online, office.now).size(), 1U);
  EXPECT_TRUE(office.desk.tick(office.now + 9 * kSecond).empty());
  EXPECT_EQ(office.desk.tick(office.now + 10 * kSecond).size(), 1U);
}

TEST(Desk, IgnoresOldCardsAndForgetsClosedOnes) {
  Office office;
  office.waits("c1");
  Card old = office.card("c1");
  ASSERT_TRUE(office.send("c1", Trigger::choose_cancel));
  (void)office.desk.update(old, office.now);
  EXPECT_EQ(office.desk.find("c1")->state, State::bot);
  Card closed = office.card("c1");
  closed.state = State::closed;
  (void)office.desk.update(closed, office.now);
  EXPECT_EQ(office.desk.find("c1"), nullptr);
}

TEST(Desk, FollowsTheHours) {
  Policy policy;
  policy.hours.always = false;
  for (auto& day : policy.hours.week) day = {{9 * 60, 17 * 60}};
  Office office(policy);
  office.agents({agent("amal")});
  office.waits("c1");
  office.waits("c2");
  ASSERT_TRUE(office.send("c1", Trigger::accept, "amal"));
  const Time age = *office.records["c2"].waiting_since;
  office.pass(5 * kHour);  // 17:00
  EXPECT_EQ(office.state("c1"), State::human) << "a person may finish";
  EXPECT_EQ(office.state("c2"), State::promised);
  ASSERT_TRUE(office.send("c1", Trigger::return_to_bot, "amal"));
  office.pass(16 * kHour - Millis{1});
  EXPECT_EQ(office.state("c2"), State::promised);
  office.pass(Millis{1});  // 09:00
  EXPECT_EQ(office.offered("c2"), "amal");
  EXPECT_EQ(office.records["c2"].waiting_since, age);
}

TEST(Desk, ShowsNoNumberWhenNobodyIsOnline) {
  Office office;
  office.agents({agent("amal")});
  for (int i = 0; i < 3; ++i) {
    const std::string id = "done" + std::to_string(i);
    office.waits(id);
    ASSERT_TRUE(office.send(id, Trigger::accept, "amal"));
    office.now += 4 * kMinute;
    ASSERT_TRUE(office.send(id, Trigger::resolve, "amal"));
    ASSERT_TRUE(office.send(id, Trigger::done, "amal"));
  }
  office.waits("c1");
  office.waits("c2");
  auto place = office.desk.place("c2");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->position, 2U);
  EXPECT_TRUE(place->anyone_online);
  EXPECT_EQ(place->wait_minutes_min, 6);
  EXPECT_EQ(place->wait_minutes_max, 12);
  (void)office.desk.disconnected("amal", office.now);
  place = office.desk.place("c2");
  EXPECT_FALSE(place->anyone_online);
  EXPECT_FALSE(place->wait_minutes_min);
  EXPECT_FALSE(office.desk.place("done0")) << "does not wait";
}

TEST(Desk, FindsPlacesAmongMany) {
  Desk desk{Policy{}};
  constexpr int kMany = 20'000;
  for (int i = 0; i < kMany; ++i) {
    Card card;
    card.conversation = "c" + std::to_string(i);
    card.state = State::queued;
    card.waiting_since = kNoon + Millis{(i * 7919) % kMany};
    card.last_seq = 1;
    (void)desk.update(card, kNoon);
  }
  const auto started = std::chrono::steady_clock::now();
  for (int i = 0; i < kMany; ++i) {
    const auto place = desk.place("c" + std::to_string(i));
    ASSERT_EQ(place->position, static_cast<std::size_t>((i * 7919) % kMany) + 1);
  }
  const auto took = std::chrono::steady_clock::now() - started;
  EXPECT_LT(took, std::chrono::seconds(2)) << "nowhere near quadratic, even with sanitizers";
}

}  // namespace
}  // namespace wasl::handoff
