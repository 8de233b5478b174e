#include "bot/desk_frames.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <set>

namespace wasl::bot {
namespace {

using nlohmann::json;
using Keys = std::set<std::string>;

constexpr Time kAt{Millis{1'795'348'800'000}};  // 2026-11-22T12:00Z

Keys keys_of(const json& value) {
  Keys keys;
  for (const auto& [key, unused] : value.items()) keys.insert(key);
  return keys;
}

// Commands of agents.

TEST(ParseDeskCommand, ReadsEveryField) {
  const auto read = parse_desk_command(
      R"({"type":"say","client_id":"c","token":"t","conversation":"x","epoch":18446744073709551615,
          "last_seq":4,"text":"أهلًا","reason":"r","outcome":"solved","note":"n","state":"away",
          "unknown":[1]})");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->type, "say");
  EXPECT_EQ(read->client_id, "c");
  EXPECT_EQ(read->token, "t");
  EXPECT_EQ(read->conversation, "x");
  EXPECT_EQ(read->epoch, 18446744073709551615U);
  EXPECT_EQ(read->last_seq, 4U);
  EXPECT_EQ(read->text, "أهلًا");
  EXPECT_EQ(read->reason, "r");
  EXPECT_EQ(read->outcome, "solved");
  EXPECT_EQ(read->note, "n");
  EXPECT_EQ(read->state, "away");
}

struct BadCase {
  const char* name;
  std::string frame;
  const char* want;
};

const BadCase kBad[] = {
    {"nothing", "", "bad_json"},
    {"no JSON", "hello", "bad_json"},
    {"a list", "[]", "bad_json"},
    {"null", "null", "bad_json"},
    {"a text", "\"type\"", "bad_json"},
    {"cut off", R"({"type":"say")", "bad_json"},
    {"two objects", R"({"type":"say"}{"type":"say"})", "bad_json"},
    {"no UTF-8", "{\"type\":\"say\",\"text\":\"\xFF\"}", "bad_json"},
    {"a NUL is no end", std::string(R"({"type":"say"})") + '\0' + "x", "bad_json"},
    {"half a surrogate", R"({"type":"say","text":"\ud800"})", "bad_json"},
    {"deep", R"({"type":"say","a":)" + std::string(20, '[') + std::string(20, ']') + "}",
     "bad_json"},
    {"very deep", std::string(1'000'000, '['), "bad_json"},
    {"very deep objects",
     [] {
       std::string frame;
       for (int i = 0; i < 100'000; ++i) frame += "{\"a\":";
       return frame;
     }(),
     "bad_json"},
    {"no type", "{}", "bad_message"},
    {"an empty type", R"({"type":""})", "bad_message"},
    {"a type that is a number", R"({"type":1})", "bad_message"},
    {"a long client id", R"({"type":"say","client_id":")" + std::string(129, 'a') + "\"}",
     "bad_message"},
};

TEST(ParseDeskCommand, ReadsWhereToAndUntilWhen) {
  const auto transfer = parse_desk_command(
      R"({"type":"transfer","conversation":"c1","epoch":3,"to":{"agent":"a1"},"reason":"why"})");
  ASSERT_TRUE(transfer);
  EXPECT_EQ(transfer->to_agent, "a1");
  EXPECT_EQ(transfer->to_team, "");
  EXPECT_EQ(transfer->reason, "why");
  EXPECT_EQ(parse_desk_command(R"({"type":"transfer","to":{"team":"orders"}})")->to_team, "orders");
  EXPECT_EQ(parse_desk_command(R"({"type":"assign","agent":"a2"})")->agent, "a2");
  const auto snooze = parse_desk_command(R"({"type":"snooze","until":"2026-11-22T12:00:00.000Z"})");
  ASSERT_TRUE(snooze);
  EXPECT_EQ(snooze->until, parse_iso8601("2026-11-22T12:00Z"));
  for (const char* odd : {R"({"type":"snooze","until":"soon"})", R"({"type":"snooze","until":5})",
                          R"({"type":"snooze","to":"a1"})", R"({"type":"snooze","to":[1]})"}) {
    const auto command = parse_desk_command(odd);
    ASSERT_TRUE(command) << odd;
    EXPECT_FALSE(command->until) << odd;
    EXPECT_EQ(command->to_agent + command->to_team, "") << odd;
  }
}

TEST(DeskFrames, AnAlertHasItsFields) {
  const json frame = json::parse(alert_frame({"c1", "waiting_long", Millis{180'000}}));
  EXPECT_EQ(frame, json({{"type", "alert"},
                         {"conversation", "c1"},
                         {"kind", "waiting_long"},
                         {"waited_ms", 180'000}}));
}

TEST(ParseDeskCommand, RefusesHostileFrames) {
  for (const BadCase& c : kBad) {
    SCOPED_TRACE(c.name);
    const auto read = parse_desk_command(c.frame);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Error::Code::invalid_input);
    EXPECT_EQ(read.error().what, c.want);
  }
}

// A field of a wrong type reads as left out; an epoch of 0 fits no conversation a person owns.
TEST(ParseDeskCommand, IgnoresFieldsOfAWrongType) {
  const auto read = parse_desk_command(
      R"({"type":"say","conversation":5,"epoch":-1,"last_seq":1.5,"text":{"a":1},"note":null})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->conversation, "");
  EXPECT_EQ(read->epoch, 0U);
  EXPECT_EQ(read->last_seq, 0U);
  EXPECT_EQ(read->text, "");
  EXPECT_EQ(read->note, "");
}

TEST(ParseDeskCommand, NeverThrows) {
  std::mt19937 random(1);
  const std::string good =
      R"({"type":"say","client_id":"c","conversation":"x","epoch":3,"text":"[{\"a\"}]"})";
  for (int i = 0; i < 20'000; ++i) {
    std::string frame = good;
    for (int changes = 0; changes < 3; ++changes) {
      frame[random() % frame.size()] = static_cast<char>(random() % 256);
    }
    frame.resize(random() % (frame.size() + 1));
    (void)parse_desk_command(frame);
  }
}

// What the server sends; the fields are those of the interface's table.

handoff::Card full_card() {
  handoff::Card card;
  card.conversation = "c1";
  card.state = State::offered;
  card.owner = {OwnerKind::queue, "", ""};
  card.epoch = 4;
  card.last_seq = 17;
  card.channel = "web";
  card.customer = "ليلى";
  card.language = Language::ar;
  card.waiting_since = kAt - Millis{90'000};
  card.owed_since = kAt;
  card.deadline = kAt + Millis{30'000};
  card.offered_to = "a1";
  card.reason = "angry";
  card.evidence = {{"profanity", 0.5, 12, "my card 4111 1111 1111 1111"}};
  card.last_line = "it is 4111111111111111";
  card.last_from = Party::visitor;
  card.updated_at = kAt;
  return card;
}

const Keys kCardKeys{"conversation",  "state",      "owner",     "epoch",
                     "last_seq",      "channel",    "customer",  "language",
                     "waiting_since", "owed_since", "sla",       "reason",
                     "unread",        "last_line",  "last_from", "updated_at"};

TEST(DeskFrames, AConversationHasItsFields) {
  const json frame = json::parse(conversation_frame(full_card()));
  Keys want = kCardKeys;
  want.insert("type");
  EXPECT_EQ(keys_of(frame), want);
  EXPECT_EQ(frame["type"], "conversation");
  EXPECT_EQ(frame["conversation"], "c1");
  EXPECT_EQ(frame["state"], "offered");
  EXPECT_EQ(frame["owner"], (json{{"kind", "queue"}, {"id", ""}, {"name", ""}}));
  EXPECT_EQ(frame["epoch"], 4);
  EXPECT_EQ(frame["last_seq"], 17);
  EXPECT_EQ(frame["language"], "ar");
  EXPECT_EQ(frame["waiting_since"], "2026-11-22T11:58:30.000Z");
  EXPECT_EQ(frame["unread"], true);
  EXPECT_EQ(frame["last_line"].get<std::string>().find("4111111111111111"), std::string::npos);

  const json bare = json::parse(conversation_frame(handoff::Card{}));
  for (const char* optional : {"waiting_since", "owed_since", "reason"}) {
    EXPECT_FALSE(bare.contains(optional)) << optional;
  }
}

TEST(DeskFrames, ASnapshotHasItsFields) {
  handoff::Desk desk{handoff::Policy{}};
  handoff::DeskAgent agent;
  agent.id = "a1";
  agent.name = "Omar";
  agent.languages = {"ar"};
  agent.skills = {"orders"};
  (void)desk.set_agents({agent}, kAt);
  (void)desk.connected("a1", kAt);
  (void)desk.set_presence("a1", handoff::Presence::online, kAt);
  handoff::Card card = full_card();
  card.state = State::human;
  card.owner = {OwnerKind::agent, "a1", "Omar"};
  (void)desk.update(card, kAt);
  DeskView view;
  view.hours_open = false;
  view.next_open = kAt;

  const json frame = json::parse(snapshot_frame(desk, "a1", view));
  EXPECT_EQ(keys_of(frame),
            (Keys{"type", "agent", "presence", "conversations", "counts", "hours"}));
  EXPECT_EQ(frame["type"], "snapshot");
  EXPECT_EQ(frame["agent"]["id"], "a1");
  EXPECT_EQ(frame["presence"], "online");
  ASSERT_EQ(frame["conversations"].size(), 1U);
  EXPECT_EQ(keys_of(frame["conversations"][0]), kCardKeys);
  EXPECT_EQ(frame["counts"], (json{{"states", {{"human", 1}}}, {"agents_online", 1}}));
  EXPECT_EQ(frame["hours"], (json{{"open", false}, {"next_open_at", "2026-11-22T12:00:00.000Z"}}));

  const json counts = json::parse(counts_frame(desk));
  EXPECT_EQ(counts["type"], "counts");
  EXPECT_EQ(counts["states"]["human"], 1);
}

TEST(DeskFrames, AnOfferHasItsFields) {
  handoff::Packet packet;
  packet.summary = {"one", "two"};
  const json frame = json::parse(offer_frame(full_card(), packet, kAt));
  EXPECT_EQ(keys_of(frame), (Keys{"type", "conversation", "epoch", "reason", "evidence", "summary",
                                  "language", "waited_ms", "deadline_at"}));
  EXPECT_EQ(frame["waited_ms"], 90'000);
  EXPECT_EQ(frame["deadline_at"], "2026-11-22T12:00:30.000Z");
  EXPECT_EQ(frame["summary"], (json{"one", "two"}));
  EXPECT_EQ(keys_of(frame["evidence"][0]), (Keys{"signal", "weight", "seq", "text"}));
  EXPECT_EQ(frame.dump().find("4111 1111 1111 1111"), std::string::npos);
}

TEST(DeskFrames, APacketHasItsFields) {
  handoff::Packet packet;
  packet.handoff_seq = 9;
  packet.reason = "lost";
  packet.evidence = {{"fallback", 0.5, 3, "what"}};
  packet.summary = {"one", "two"};
  packet.language = Language::en;
  packet.intents = {"track"};
  packet.slots = {{"card", "4111111111111111"}, {"parcel", "A-1032"}};
  packet.tried = {{"track.status", 4}};
  packet.calls = {{"parcels.lookup", "ok", 5}};
  packet.mood = {{3, 0.1, 0.2, 0.3}};
  Conversation conversation;
  conversation.id = "c1";
  conversation.customer = "\xFF";
  conversation.page = "/cart";
  conversation.record.waiting_since = kAt - Millis{5'000};
  store::ConversationRow self;
  self.id = "c1";
  store::ConversationRow earlier;
  earlier.id = "c0";
  earlier.state = "closed";
  earlier.created_at = kAt;

  const json frame = json::parse(packet_frame(conversation, packet, {self, earlier}, kAt));
  EXPECT_EQ(keys_of(frame), (Keys{"type", "conversation", "handoff_seq", "reason", "evidence",
                                  "summary", "language", "intents", "slots", "tried", "calls",
                                  "mood", "customer", "history", "page", "waited_ms"}));
  EXPECT_EQ(frame["slots"]["parcel"], "A-1032");
  EXPECT_NE(frame["slots"]["card"], "4111111111111111");
  EXPECT_EQ(frame["tried"], (json::array({{{"answer", "track.status"}, {"seq", 4}}})));
  EXPECT_EQ(frame["calls"][0], (json{{"name", "parcels.lookup"}, {"outcome", "ok"}, {"seq", 5}}));
  EXPECT_EQ(keys_of(frame["mood"][0]), (Keys{"seq", "anger", "frustration", "lost"}));
  ASSERT_EQ(frame["history"].size(), 1U);
  EXPECT_EQ(frame["history"][0]["conversation"], "c0");
  EXPECT_EQ(frame["waited_ms"], 5'000);
}

struct EventCase {
  EventBody body;
  const char* kind;
  const char* from;
  Keys body_keys;
};

const EventCase kEvents[] = {
    {MessageSaid{Party::agent, "Omar", "hi", Language::en, {{"a", "A"}}, "t.a", "c", "b"},
     "message",
     "agent",
     {"text", "language", "answer", "button", "buttons", "name"}},
    {MessageSaid{}, "message", "visitor", {"text", "language"}},
    {NoteWritten{"Omar", "call back"}, "note", "agent", {"text", "name"}},
    {StateChanged{State::bot, State::queued, "handoff"},
     "state",
     "system",
     {"from", "to", "trigger"}},
    {OwnerChanged{{OwnerKind::agent, "a1", "Omar"}}, "owner", "system", {"kind", "id", "name"}},
    {SlotFilled{"parcel", "A-1"}, "slot", "system", {"name", "value"}},
    {CallMade{"parcels.lookup", "ok"}, "call", "system", {"name", "outcome"}},
    {Escalated{"angry", {{"profanity", 0.5, 3, "x"}}, 1.5},
     "escalation",
     "system",
     {"reason", "evidence"}},
    {FlowEnded{"track", "resolved"}, "flow", "system", {"name", "outcome"}},
    {Unanswered{4, "not_understood", ""}, "unanswered", "system", {"seq", "why"}},
    {Unanswered{4, "not_helped", "returns"}, "unanswered", "system", {"seq", "why", "article"}},
};

TEST(DeskFrames, EventsHaveTheirFields) {
  for (const EventCase& c : kEvents) {
    SCOPED_TRACE(c.kind);
    const auto text = desk_event_frame("c1", {5, kAt, 2, c.body});
    ASSERT_TRUE(text);
    json frame = json::parse(*text);
    EXPECT_EQ(keys_of(frame["body"]), c.body_keys);
    EXPECT_EQ(keys_of(frame), (Keys{"type", "conversation", "seq", "kind", "from", "body", "at"}));
    EXPECT_EQ(frame["type"], "event");
    EXPECT_EQ(frame["seq"], 5);
    EXPECT_EQ(frame["kind"], c.kind);
    EXPECT_EQ(frame["from"], c.from);
    EXPECT_EQ(frame["at"], "2026-11-22T12:00:00.000Z");
  }
}

TEST(DeskFrames, WhatTheBotUnderstoodIsNotForPeople) {
  EXPECT_FALSE(desk_event_frame("c1", {5, kAt, 2, Understood{}}));
}

TEST(DeskFrames, AcksAndErrorsHaveTheirFields) {
  EXPECT_EQ(json::parse(desk_ack_frame("c", 4, 2)),
            (json{{"type", "ack"}, {"client_id", "c"}, {"seq", 4}, {"epoch", 2}}));
  EXPECT_EQ(json::parse(desk_ack_frame("c", 0, 0)), (json{{"type", "ack"}, {"client_id", "c"}}));
  for (const char* code : {"stale_epoch", "not_owner", "not_allowed", "unknown_conversation",
                           "bad_message", "bad_state", "made_up"}) {
    const json frame = json::parse(desk_error_frame(code, "c", "x"));
    EXPECT_EQ(keys_of(frame), (Keys{"type", "code", "text", "client_id", "conversation"}));
    EXPECT_EQ(frame["code"], code);
    EXPECT_FALSE(frame["text"].get<std::string>().empty());
  }
  EXPECT_EQ(keys_of(json::parse(desk_error_frame("busy", "", ""))), (Keys{"type", "code", "text"}));
}

TEST(DeskFrames, SmallOnesHaveTheirFields) {
  EXPECT_EQ(json::parse(offer_withdrawn_frame("c1", 3)),
            (json{{"type", "offer_withdrawn"}, {"conversation", "c1"}, {"epoch", 3}}));
  EXPECT_EQ(json::parse(presence_frame("a1", handoff::Presence::away)),
            (json{{"type", "presence"}, {"agent", "a1"}, {"state", "away"}}));
  EXPECT_EQ(json::parse(desk_typing_frame("c1", "visitor")),
            (json{{"type", "typing"}, {"conversation", "c1"}, {"from", "visitor"}}));
}

}  // namespace
}  // namespace wasl::bot
