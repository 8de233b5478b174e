#include "bot/accounts.hpp"

#include "bot/random.hpp"

#include <gtest/gtest.h>

namespace wasl::bot {
namespace {

AccountRequest add(std::string email, std::string name, std::string role, std::string password) {
  AccountRequest request;
  request.action = "add";
  request.agent.email = std::move(email);
  request.agent.name = std::move(name);
  request.agent.role = std::move(role);
  request.agent.languages = {"ar"};
  request.agent.skills = {"orders"};
  request.agent.capacity = 3;
  request.password = std::move(password);
  return request;
}

AccountRequest ask(std::string action, std::string email = "") {
  AccountRequest request;
  request.action = std::move(action);
  request.agent.email = std::move(email);
  return request;
}

TEST(ManageAccounts, AddsAnAgent) {
  const auto store = store::make_memory_store();
  const AccountReply reply =
      manage_accounts(*store, add(" Amal@Shop.Example ", "أمل", "supervisor", "long enough"));
  ASSERT_TRUE(reply.outcome) << reply.outcome.error().what;
  ASSERT_EQ(reply.agents.size(), 1U);
  EXPECT_EQ(reply.agents[0].email, "amal@shop.example");
  EXPECT_EQ(reply.agents[0].role, "supervisor");
  EXPECT_EQ(reply.agents[0].capacity, 3);
  EXPECT_TRUE(reply.agents[0].enabled);
  EXPECT_FALSE(reply.agents[0].id.empty());
  EXPECT_EQ(reply.agents[0].password_hash, "");

  const auto stored = store->agents();
  ASSERT_TRUE(stored);
  ASSERT_EQ(stored->size(), 1U);
  EXPECT_TRUE(password_matches((*stored)[0].password_hash, "long enough"));
  EXPECT_FALSE(password_matches((*stored)[0].password_hash, "long enougH"));
}

struct RefusedCase {
  const char* name;
  AccountRequest request;
  Error::Code want;
};

const RefusedCase kRefused[] = {
    {"the same e-mail", add("amal@shop.example", "A", "agent", "12345678"), Error::Code::conflict},
    {"the same in capitals", add("AMAL@shop.example", "A", "agent", "12345678"),
     Error::Code::conflict},
    {"no e-mail", add("", "A", "agent", "12345678"), Error::Code::invalid_input},
    {"no at", add("amal.example", "A", "agent", "12345678"), Error::Code::invalid_input},
    {"nothing before", add("@shop.example", "A", "agent", "12345678"), Error::Code::invalid_input},
    {"nothing behind", add("amal@ ", "A", "agent", "12345678"), Error::Code::invalid_input},
    {"a space within", add("am al@shop.example", "A", "agent", "12345678"),
     Error::Code::invalid_input},
    {"no name", add("b@shop.example", " ", "agent", "12345678"), Error::Code::invalid_input},
    {"a short password", add("b@shop.example", "B", "agent", "1234567"),
     Error::Code::invalid_input},
    {"a short one of long letters", add("b@shop.example", "B", "agent", "سرسرسرس"),
     Error::Code::invalid_input},
    {"an unknown role", add("b@shop.example", "B", "boss", "12345678"), Error::Code::invalid_input},
    {"no role", add("b@shop.example", "B", "", "12345678"), Error::Code::invalid_input},
    {"disabling nobody", ask("disable", "b@shop.example"), Error::Code::not_found},
    {"an unknown action", ask("promote", "amal@shop.example"), Error::Code::invalid_input},
};

TEST(ManageAccounts, RefusesWhatCannotBe) {
  const auto store = store::make_memory_store();
  ASSERT_TRUE(manage_accounts(*store, add("amal@shop.example", "A", "agent", "12345678")).outcome);
  for (const RefusedCase& c : kRefused) {
    SCOPED_TRACE(c.name);
    const AccountReply reply = manage_accounts(*store, c.request);
    ASSERT_FALSE(reply.outcome);
    EXPECT_EQ(reply.outcome.error().code, c.want);
    EXPECT_FALSE(reply.outcome.error().what.empty());
    const auto stored = store->agents();
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->size(), 1U);
  }
}

TEST(ManageAccounts, ListsWithoutSecrets) {
  const auto store = store::make_memory_store();
  EXPECT_TRUE(manage_accounts(*store, ask("list")).agents.empty());
  ASSERT_TRUE(manage_accounts(*store, add("a@x.example", "A", "agent", "12345678")).outcome);
  const AccountReply reply = manage_accounts(*store, ask("list"));
  EXPECT_TRUE(reply.outcome);
  ASSERT_EQ(reply.agents.size(), 1U);
  EXPECT_EQ(reply.agents[0].password_hash, "");
  EXPECT_EQ(reply.password, "");
}

TEST(ManageAccounts, DisablingEndsSessions) {
  const auto store = store::make_memory_store();
  const AccountReply added = manage_accounts(*store, add("a@x.example", "A", "agent", "12345678"));
  ASSERT_EQ(added.agents.size(), 1U);
  ASSERT_TRUE(store->put_session({"hash", added.agents[0].id, Time{Millis{1}}}));

  const AccountReply reply = manage_accounts(*store, ask("disable", "A@x.example"));
  ASSERT_TRUE(reply.outcome);
  EXPECT_FALSE(reply.agents[0].enabled);
  const auto session = store->session("hash");
  ASSERT_TRUE(session);
  EXPECT_FALSE(*session);
  EXPECT_TRUE(manage_accounts(*store, ask("disable", "a@x.example")).outcome);
}

TEST(ManageAccounts, TheDemoMayBeResetAnyTime) {
  const auto store = store::make_memory_store();
  const AccountReply first = manage_accounts(*store, ask("demo"));
  ASSERT_TRUE(first.outcome);
  ASSERT_EQ(first.agents.size(), 2U);
  EXPECT_GE(first.password.size(), 8U);
  EXPECT_EQ(first.agents[0].role, "agent");
  EXPECT_EQ(first.agents[1].role, "supervisor");
  ASSERT_TRUE(manage_accounts(*store, ask("disable", first.agents[0].email)).outcome);
  ASSERT_TRUE(store->put_session({"hash", first.agents[1].id, Time{Millis{1}}}));

  const AccountReply second = manage_accounts(*store, ask("demo"));
  ASSERT_TRUE(second.outcome);
  ASSERT_EQ(second.agents.size(), 2U);
  EXPECT_NE(second.password, first.password);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(second.agents[i].id, first.agents[i].id);
    EXPECT_TRUE(second.agents[i].enabled);
    EXPECT_EQ(second.agents[i].password_hash, "");
  }
  const auto stored = store->agents();
  ASSERT_TRUE(stored);
  ASSERT_EQ(stored->size(), 2U);
  EXPECT_TRUE(password_matches((*stored)[0].password_hash, second.password));
  EXPECT_FALSE(password_matches((*stored)[0].password_hash, first.password));
  const auto session = store->session("hash");
  ASSERT_TRUE(session);
  EXPECT_FALSE(*session);
}

TEST(DeskAgent, TakesWhatTheDeskNeeds) {
  store::AgentRow row;
  row.id = "a1";
  row.name = "أمل";
  row.role = "admin";
  row.languages = {"ar"};
  row.skills = {"orders"};
  row.capacity = 7;
  row.enabled = false;
  const handoff::DeskAgent agent = desk_agent(row);
  EXPECT_EQ(agent.id, "a1");
  EXPECT_EQ(agent.name, "أمل");
  EXPECT_EQ(agent.role, "admin");
  EXPECT_EQ(agent.languages, row.languages);
  EXPECT_EQ(agent.skills, row.skills);
  EXPECT_EQ(agent.capacity, 7);
  EXPECT_FALSE(agent.enabled);
  EXPECT_EQ(agent.presence, handoff::Presence::offline);
}

TEST(Secrets, AreRandomAndReadable) {
  EXPECT_EQ(random_hex(8).size(), 16U);
  EXPECT_NE(random_hex(16), random_hex(16));
  EXPECT_NE(random_ticket(), random_ticket());
  EXPECT_TRUE(random_ticket().starts_with("W-"));
  EXPECT_EQ(token_hash("a"), token_hash("a"));
  EXPECT_NE(token_hash("a"), token_hash("b"));
  EXPECT_FALSE(password_matches("", "x"));
  EXPECT_FALSE(password_matches("garbage", "x"));
}

}  // namespace
}  // namespace wasl::bot
