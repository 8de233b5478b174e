// What any backend must do.  A new backend adds a block to in_every_backend() (every_backend.hpp),
// and nothing else.

#include "wasl/store/store.hpp"

#include "tests/store/every_backend.hpp"
#include "tests/store/samples.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace wasl::store {
namespace {

using Kind = CommitOutcome::Kind;

std::vector<std::string> ids_of(const Result<std::vector<ConversationRow>>& rows) {
  EXPECT_TRUE(rows);
  std::vector<std::string> ids;
  for (const ConversationRow& row : *rows) ids.push_back(row.id);
  return ids;
}

TEST(Store, GivesBackWhatWasCommitted) {
  in_every_backend([](Store& store) {
    EXPECT_FALSE(*store.conversation("c1")) << "unknown";
    EXPECT_TRUE(store.events("c1", 0, 10)->empty()) << "unknown";

    Commit first = decision("c1", 0, 2);
    first.after.epoch = 3;
    const CommitOutcome outcome = commit_one(store, first);
    EXPECT_EQ(outcome.kind, Kind::committed) << outcome.what;
    EXPECT_EQ(outcome.conversation, "c1");
    EXPECT_EQ(outcome.seq, 2U);
    EXPECT_EQ(**store.conversation("c1"), first.after);
    EXPECT_EQ(*store.events("c1", 0, 10), first.events);

    Commit second = decision("c1", 2, 1);
    second.expected_epoch = 3;
    second.after.epoch = 4;
    second.after.deadline.reset();
    second.after.state = "closed";
    second.after.snapshot = std::string("any\0bytes", 9);
    second.events[0].json = "";
    EXPECT_EQ(commit_one(store, second).kind, Kind::committed);
    EXPECT_EQ(**store.conversation("c1"), second.after);
    EXPECT_EQ(*store.events("c1", 2, 10), second.events);
  });
}

TEST(Store, ChangesAConversationWithoutAnEvent) {
  in_every_backend([](Store& store) {
    commit_one(store, decision("c1", 0, 2));
    Commit quiet = decision("c1", 2, 0);
    quiet.after.visitor = "another";
    quiet.after.deadline = at(5);
    EXPECT_EQ(commit_one(store, quiet).kind, Kind::committed);
    EXPECT_EQ(**store.conversation("c1"), quiet.after);
    EXPECT_EQ(store.history("another", 9)->size(), 1U);
    EXPECT_TRUE(store.history("visitor of c1", 9)->empty());
  });
}

TEST(Store, GivesEventsInOrderAndAtMostSoMany) {
  in_every_backend([](Store& store) {
    commit_one(store, decision("c1", 0, 5));
    const struct {
      std::uint64_t after;
      std::size_t count_max;
      std::vector<std::uint64_t> want;
    } cases[] = {
        {0, 10, {1, 2, 3, 4, 5}},
        {0, 2, {1, 2}},
        {2, 2, {3, 4}},
        {4, 10, {5}},
        {5, 10, {}},
        {0, 0, {}},
        {99, 10, {}},
        {std::numeric_limits<std::uint64_t>::max(), 10, {}},
        {3, std::numeric_limits<std::size_t>::max(), {4, 5}},
    };
    for (const auto& c : cases) {
      std::vector<std::uint64_t> seqs;
      const auto events = store.events("c1", c.after, c.count_max);
      ASSERT_TRUE(events) << events.error().what;
      for (const EventRow& row : *events) seqs.push_back(row.seq);
      EXPECT_EQ(seqs, c.want) << "after " << c.after << ", at most " << c.count_max;
    }
  });
}

TEST(Store, RefusesADecisionMadeOnAnOldState) {
  in_every_backend([](Store& store) {
    Commit first = decision("c1", 0, 2);
    first.after.epoch = 7;
    ASSERT_EQ(commit_one(store, first).kind, Kind::committed);

    const struct {
      const char* name;
      const char* conversation;
      std::uint64_t last_seq;
      std::uint64_t epoch;
    } cases[] = {
        {"must not exist yet, but does", "c1", 0, 7},
        {"seq behind", "c1", 1, 7},
        {"seq ahead", "c1", 3, 7},
        {"epoch behind", "c1", 2, 6},
        {"epoch ahead", "c1", 2, 8},
        {"unknown conversation", "c2", 2, 7},
    };
    for (const auto& c : cases) {
      Commit late = decision(c.conversation, c.last_seq);
      late.expected_epoch = c.epoch;
      late.after.epoch = c.epoch;
      late.dedupe = {{"visitor:1", "late", c.last_seq + 1}};
      const CommitOutcome outcome = commit_one(store, late);
      EXPECT_EQ(outcome.kind, Kind::conflict) << c.name;
      EXPECT_FALSE(outcome.what.empty()) << c.name;
    }
    EXPECT_EQ(**store.conversation("c1"), first.after) << "a refused decision leaves no trace";
    EXPECT_EQ(store.events("c1", 0, 10)->size(), 2U);
    EXPECT_FALSE(*store.conversation("c2"));
    EXPECT_FALSE(*store.seen("visitor:1", "late"));
  });
}

TEST(Store, KnowsAMessageThatWasSentAgain) {
  in_every_backend([](Store& store) {
    Commit first = decision("c1", 0, 2);
    first.dedupe = {{"visitor:1", "m1", 1}, {"visitor:1", "m2", 2}};
    ASSERT_EQ(commit_one(store, first).kind, Kind::committed);
    EXPECT_EQ(**store.seen("visitor:1", "m2"), (Seen{"c1", 2}));
    EXPECT_FALSE(*store.seen("visitor:2", "m2")) << "another scope";

    const struct {
      const char* name;
      const char* conversation;
      std::uint64_t last_seq;
    } cases[] = {
        {"resent at once", "c1", 2},
        {"resent with an outdated state: duplicate, not conflict", "c1", 0},
        {"resent with a state that never was", "c1", 9},
        {"resent into another conversation", "c2", 0},
    };
    for (const auto& c : cases) {
      Commit again = decision(c.conversation, c.last_seq, 2);
      again.dedupe = {{"visitor:1", "new", c.last_seq + 1}, {"visitor:1", "m2", c.last_seq + 2}};
      const CommitOutcome outcome = commit_one(store, again);
      EXPECT_EQ(outcome.kind, Kind::duplicate) << c.name;
      EXPECT_EQ(outcome.conversation, "c1") << c.name;
      EXPECT_EQ(outcome.seq, 2U) << c.name;
    }
    EXPECT_FALSE(*store.seen("visitor:1", "new")) << "nothing written";
    EXPECT_FALSE(*store.conversation("c2"));

    Commit other = decision("c2", 0);
    other.dedupe = {{"visitor:2", "m1", 1}};
    EXPECT_EQ(commit_one(store, other).kind, Kind::committed) << "same key, another scope";
  });
}

TEST(Store, RefusesADecisionThatBringsTheSameKeyTwice) {
  in_every_backend([](Store& store) {
    Commit twice = decision("c1", 0, 2);
    twice.dedupe = {{"visitor:1", "m1", 1}, {"visitor:1", "m1", 2}};
    EXPECT_EQ(commit_one(store, twice).kind, Kind::unavailable);
    EXPECT_FALSE(*store.conversation("c1"));
    EXPECT_EQ(store.trouble(), "") << "the disk is not to blame";
  });
}

TEST(Store, CommitsAGroupButForTheRefusedOnes) {
  in_every_backend([](Store& store) {
    std::vector<Commit> group = {decision("c1", 0), decision("c1", 5), decision("c2", 0),
                                 decision("c1", 1, 3), decision("c3", 0)};
    group[0].dedupe = {{"visitor:1", "m1", 1}};
    group[4].dedupe = {{"visitor:1", "m1", 1}};  // taken within the same group
    group[1].outbox = {outgoing("tg", 6, "never")};

    const auto outcomes = store.commit(group);
    std::vector<Kind> kinds;
    for (const CommitOutcome& outcome : outcomes) kinds.push_back(outcome.kind);
    EXPECT_EQ(kinds, (std::vector{Kind::committed, Kind::conflict, Kind::committed, Kind::committed,
                                  Kind::duplicate}));
    EXPECT_EQ(outcomes[4].conversation, "c1");
    EXPECT_EQ(store.events("c1", 0, 10)->size(), 4U);
    EXPECT_EQ(store.events("c2", 0, 10)->size(), 1U);
    EXPECT_FALSE(*store.conversation("c3"));
    EXPECT_EQ(*store.count_outbox("pending"), 0U);
    EXPECT_TRUE(store.commit({}).empty());
  });
}

TEST(Store, ListsTheConversationsThatHaveADeadline) {
  in_every_backend([](Store& store) {
    for (const char* id : {"c1", "c2", "c3"}) commit_one(store, decision(id, 0));
    Commit close = decision("c2", 1);
    close.after.deadline.reset();
    commit_one(store, close);
    EXPECT_EQ(ids_of(live_conversations(store)), (std::vector<std::string>{"c1", "c3"}));

    commit_one(store, decision("c2", 2));  // reopened
    EXPECT_EQ(live_conversations(store)->size(), 3U);
  });
}

TEST(Store, GivesHistoryNewestFirst) {
  in_every_backend([](Store& store) {
    int created = 0;
    for (const char* id : {"b", "c", "a"}) {
      Commit commit = decision(id, 0);
      commit.after.visitor = "v1";
      commit.after.created_at = at(++created < 3 ? created : 2);  // "a" in the same moment as "c"
      commit_one(store, commit);
    }
    commit_one(store, decision("d", 0));  // of another visitor
    EXPECT_EQ(ids_of(store.history("v1", 10)), (std::vector<std::string>{"a", "c", "b"}));
    EXPECT_EQ(store.history("v1", 2)->size(), 2U);
    EXPECT_TRUE(store.history("nobody", 2)->empty());
  });
}

TEST(Store, KeepsVisitorsApart) {
  in_every_backend([](Store& store) {
    VisitorRow web = web_visitor("v1", "t1");
    web.created_at = at(1);
    VisitorRow chat = chat_visitor("v2", "tg", "77");
    chat.name = "ليلى";
    ASSERT_TRUE(store.put_visitor(web));
    ASSERT_TRUE(store.put_visitor(chat));
    EXPECT_EQ(**store.visitor("v1"), web);
    EXPECT_EQ(**store.visitor_by_token("t1"), web);
    EXPECT_EQ(**store.visitor_by_external("tg", "77"), chat);
    EXPECT_FALSE(*store.visitor("v9"));
    EXPECT_FALSE(*store.visitor_by_token("t9"));
    EXPECT_FALSE(*store.visitor_by_token("")) << "no token is nobody's token";
    EXPECT_FALSE(*store.visitor_by_external("web", ""));
    EXPECT_FALSE(*store.visitor_by_external("wa", "77")) << "another channel";

    chat.conversation = "c9";
    ASSERT_TRUE(store.put_visitor(chat)) << "replaces by id";
    EXPECT_EQ(**store.visitor("v2"), chat);

    VisitorRow both = chat_visitor("v2", "tg", "77");
    both.token_hash = "t1";
    for (const VisitorRow& thief :
         {web_visitor("v3", "t1"), chat_visitor("v3", "tg", "77"), both}) {
      const auto refused = store.put_visitor(thief);
      ASSERT_FALSE(refused) << thief.id;
      EXPECT_EQ(refused.error().code, Error::Code::conflict);
    }
    EXPECT_EQ(**store.visitor("v2"), chat) << "a refused row leaves no trace";
    EXPECT_FALSE(*store.visitor("v3"));
    EXPECT_TRUE(store.put_visitor(chat_visitor("v4", "wa", "77")));
    EXPECT_TRUE(store.put_visitor(web_visitor("v5", ""))) << "empty keys never collide";
  });
}

TEST(Store, SendsTheOutboxInOrderPerConversation) {
  in_every_backend([](Store& store) {
    const auto send = [&](const char* conversation, std::uint64_t expected,
                          std::vector<OutboxRow> rows) {
      Commit commit = decision(conversation, expected);
      commit.outbox = std::move(rows);
      ASSERT_EQ(commit_one(store, commit).kind, Kind::committed);
    };
    send("c1", 0, {outgoing("tg", 1, "one", at(10)), outgoing("tg", 1, "two", at(10))});
    send("c2", 0, {outgoing("tg", 1, "three", at(50))});
    send("c1", 1, {outgoing("tg", 2, "four", at(10))});
    send("c3", 0, {outgoing("wa", 1, "five", at(5))});

    const auto due = [&](std::int64_t now, std::size_t count_max = 10) {
      const auto rows = store.due_outbox(at(now), count_max);
      EXPECT_TRUE(rows);
      std::vector<std::string> payloads;
      for (const OutboxRow& row : *rows) payloads.push_back(row.payload);
      return payloads;
    };
    using Payloads = std::vector<std::string>;
    EXPECT_EQ(due(4), (Payloads{}));
    EXPECT_EQ(due(5), (Payloads{"five"})) << "due at its very moment";
    EXPECT_EQ(due(10), (Payloads{"five", "one"})) << "longest due first, one per conversation";
    EXPECT_EQ(due(50), (Payloads{"five", "one", "three"}));
    EXPECT_EQ(due(50, 2), (Payloads{"five", "one"}));
    EXPECT_EQ(*store.count_outbox("pending"), 5U);

    OutboxRow row = store.due_outbox(at(10), 2)->at(1);
    EXPECT_EQ(row.conversation, "c1");
    EXPECT_EQ(row.channel, "tg");
    EXPECT_EQ(row.seq, 1U);
    EXPECT_EQ(row.status, "pending");

    OutboxRow read = row;
    row.attempts = 1;
    row.next_at = at(100);
    row.last_error = "429";
    ASSERT_TRUE(store.update_outbox(read, row));
    EXPECT_EQ(due(50), (Payloads{"five", "three"})) << "the rest of c1 waits for its first";
    EXPECT_EQ(store.due_outbox(at(100), 9)->at(2), row);

    read = row;
    row.status = "sent";
    ASSERT_TRUE(store.update_outbox(read, row));
    EXPECT_EQ(due(100), (Payloads{"five", "two", "three"}));

    read = row = store.due_outbox(at(100), 2)->at(1);
    row.status = "dead";
    ASSERT_TRUE(store.update_outbox(read, row));
    EXPECT_EQ(due(100), (Payloads{"five", "four", "three"})) << "a dead one blocks nobody";
    EXPECT_EQ(*store.count_outbox("sent"), 1U);
    EXPECT_EQ(*store.count_outbox("dead"), 1U);
    EXPECT_EQ(*store.count_outbox("pending"), 3U);

    row.status = "lost";
    EXPECT_EQ(store.update_outbox(read, row).error().code, Error::Code::invalid_input);
    row.status = "sent";
    read.id = row.id = 999;
    EXPECT_EQ(store.update_outbox(read, row).error().code, Error::Code::not_found);
  });
}

TEST(Store, LeavesAnOutboxRowToWhoeverWasFirst) {
  in_every_backend([](Store& store) {
    Commit commit = decision("c1", 0);
    commit.outbox = {outgoing("tg", 1, "payload", at(10))};
    ASSERT_EQ(commit_one(store, commit).kind, Kind::committed);
    const OutboxRow read = store.due_outbox(at(10), 1)->at(0);

    // One node claims it; another has read it before that.
    OutboxRow claimed = read;
    claimed.next_at = at(500);
    ASSERT_TRUE(store.update_outbox(read, claimed));
    OutboxRow late = read;
    late.next_at = at(600);
    EXPECT_EQ(store.update_outbox(read, late).error().code, Error::Code::conflict);
    OutboxRow failed = read;
    failed.attempts = 1;
    EXPECT_EQ(store.update_outbox(read, failed).error().code, Error::Code::conflict);
    failed.status = "dead";
    EXPECT_EQ(store.update_outbox(read, failed).error().code, Error::Code::conflict);
    EXPECT_EQ(store.due_outbox(at(500), 1)->at(0), claimed) << "as the first left it";

    // What the provider has is sent, whoever sent it, and stays so.
    OutboxRow sent = read;
    sent.status = "sent";
    ASSERT_TRUE(store.update_outbox(read, sent));
    claimed.attempts = 1;
    OutboxRow again = claimed;
    again.next_at = at(900);
    EXPECT_EQ(store.update_outbox(claimed, again).error().code, Error::Code::conflict);
    EXPECT_EQ(*store.count_outbox("sent"), 1U);
    EXPECT_EQ(*store.count_outbox("pending"), 0U);
  });
}

TEST(Store, RemovesOnlyWhatWasSentLongAgo) {
  in_every_backend([](Store& store) {
    Commit commit = decision("c1", 0, 6);
    for (int i = 1; i <= 6; ++i) commit.outbox.push_back(outgoing("tg", 1, "p", at(i)));
    ASSERT_EQ(commit_one(store, commit).kind, Kind::committed);
    for (int i = 1; i <= 5; ++i) {
      const OutboxRow read = store.due_outbox(at(9), 1)->at(0);
      OutboxRow row = read;
      row.status = i == 2 ? "dead" : "sent";
      ASSERT_TRUE(store.update_outbox(read, row));
    }
    EXPECT_EQ(*store.remove_sent(at(1), 9), 0U);
    EXPECT_EQ(*store.remove_sent(at(5), 2), 2U) << "1 and 3";
    EXPECT_EQ(*store.remove_sent(at(5), 2), 1U) << "4";
    EXPECT_EQ(*store.remove_sent(at(5), 2), 0U);
    EXPECT_EQ(*store.count_outbox("sent"), 1U);
    EXPECT_EQ(*store.count_outbox("dead"), 1U);
    EXPECT_EQ(*store.count_outbox("pending"), 1U) << "however long it has waited";
    EXPECT_FALSE((*store.reader())->remove_sent(at(9), 9));
  });
}

TEST(Store, KeepsAgentsByUniqueEmail) {
  in_every_backend([](Store& store) {
    AgentRow nour = agent("a2", "Nour@Example.com");
    nour.password_hash = "$argon2id$…";
    nour.languages = {"ar", "en"};
    nour.skills = {"billing"};
    nour.capacity = 3;
    nour.enabled = false;
    const AgentRow sami = agent("a1", "sami@example.com");
    ASSERT_TRUE(store.put_agent(nour));
    ASSERT_TRUE(store.put_agent(sami));
    nour.email = "nour@example.com";
    EXPECT_EQ(*store.agents(), (std::vector{sami, nour})) << "by id; e-mail in lower case";

    const auto refused = store.put_agent(agent("a3", "NOUR@example.com"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Error::Code::conflict);
    AgentRow unclear = agent("a3", "x@y");
    unclear.skills = {""};
    EXPECT_EQ(store.put_agent(unclear).error().code, Error::Code::invalid_input);

    nour.skills = {"billing", "returns"};
    nour.enabled = true;
    ASSERT_TRUE(store.put_agent(nour)) << "replaces by id";
    EXPECT_EQ(*store.agents(), (std::vector{sami, nour}));
  });
}

TEST(Store, SignsAgentsInAndOut) {
  in_every_backend([](Store& store) {
    for (const char* token : {"s1", "s2", "s3"}) {
      ASSERT_TRUE(store.put_session({token, token == std::string("s3") ? "a2" : "a1", at(9)}));
    }
    EXPECT_EQ(**store.session("s1"), (SessionRow{"s1", "a1", at(9)}));
    ASSERT_TRUE(store.put_session({"s1", "a1", at(20)})) << "renewed";
    EXPECT_EQ((*store.session("s1"))->expires_at, at(20));
    ASSERT_TRUE(store.remove_session("s1"));
    ASSERT_TRUE(store.remove_session("s1")) << "twice does no harm";
    EXPECT_FALSE(*store.session("s1"));
    ASSERT_TRUE(store.remove_sessions_of("a1"));
    EXPECT_FALSE(*store.session("s2"));
    EXPECT_TRUE(*store.session("s3"));
  });
}

TEST(Store, LetsReadersSeeWhatIsCommitted) {
  in_every_backend([](Store& store) {
    auto reader = store.reader();
    ASSERT_TRUE(reader) << reader.error().what;
    EXPECT_FALSE(*(*reader)->conversation("c1"));
    commit_one(store, decision("c1", 0, 3));
    EXPECT_EQ((*reader)->events("c1", 0, 10)->size(), 3U);

    EXPECT_EQ(commit_one(**reader, decision("c2", 0)).kind, Kind::unavailable);
    EXPECT_EQ((*reader)->put_session({"s", "a", at(1)}).error().code, Error::Code::invalid_input);
    EXPECT_FALSE(*store.conversation("c2")) << "a reader never writes";

    auto second = (*reader)->reader();
    ASSERT_TRUE(second) << "a reader makes readers";
    EXPECT_TRUE(*(*second)->conversation("c1"));
  });
}

TEST(OpenStore, ReadsItsUrl) {
  const TemporaryFolder folder;
  EXPECT_TRUE(open_store("memory:", folder / ""));
  EXPECT_TRUE(open_store("sqlite:data/deep/wasl.db", folder / "."));
  EXPECT_TRUE(std::filesystem::exists(folder / "data/deep/wasl.db")) << "below the base";
  EXPECT_TRUE(open_store("sqlite:" + (folder / "absolute.db").string(), "/nowhere"));
  for (const char* url : {"", "sqlite:", "sqlite", "memory", "postgres://host/db", "wasl.db"}) {
    const auto refused = open_store(url, folder / "");
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().code, Error::Code::invalid_input) << url;
  }
}

}  // namespace
}  // namespace wasl::store
