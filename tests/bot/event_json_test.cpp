#include "bot/event_json.hpp"

#include "wasl/core/text.hpp"

#include "bot/conversation.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr Time kAt{Millis{1'795'348'800'123}};

Event event_of(EventBody body) {
  Event event;
  event.seq = 7;
  event.at = kAt;
  event.epoch = 3;
  event.body = std::move(body);
  return event;
}

MessageSaid full_message() {
  return {
      Party::agent,   "سارة",     "Hello\n\"you\"", Language::en, {{"intent:a", "A"}, {"b", "ب"}},
      "topic.answer", "client-1", "intent:a"};
}

Understanding full_understanding() {
  Understanding u;
  u.language = Language::ar;
  u.arabizi = true;
  u.dialect = Dialect::gulf;
  u.intents = {{"track", 0.75F, "pattern"}, {"refund", 0.25F, "classifier"}};
  u.out_of_scope = true;
  u.oos_score = 0.5F;
  u.decision = Decision::ask_which;
  u.entities = {{"parcel", "A-1032", "a 1032", 4, 10}};
  u.mood = {{"negative", 0.5F, "سيئ", 1, 7}};
  u.why = "a pattern";
  return u;
}

struct KindCase {
  std::string kind;
  EventBody body;
  bool visible;
};

const KindCase kKinds[] = {
    {"message", full_message(), true},
    {"message", MessageSaid{}, true},
    {"note", NoteWritten{"Omar", "calls back"}, false},
    {"state", StateChanged{State::queued, State::offered, "offer"}, true},
    {"state",
     StateChanged{State::human, State::queued, "transfer", "knows the carrier", "team:parcels", {}},
     true},
    {"state", StateChanged{State::human, State::snoozed, "snooze", "", "", kAt}, true},
    {"owner", OwnerChanged{{OwnerKind::agent, "a1", "Omar"}}, true},
    {"understood", Understood{6, full_understanding()}, false},
    {"slot", SlotFilled{"parcel", "A-1032"}, false},
    {"call", CallMade{"parcels.lookup", "not_found"}, false},
    {"escalation", Escalated{"angry", {{"profanity", 0.5, 4, "words"}}, 1.25}, false},
    {"flow", FlowEnded{"track", "resolved"}, false},
    {"unanswered", Unanswered{4, "not_understood", ""}, false},
    {"unanswered", Unanswered{4, "not_helped", "returns"}, false},
};

TEST(EventJson, EveryKindIsInTheTable) {
  std::vector<bool> seen(std::variant_size_v<EventBody>);
  for (const KindCase& c : kKinds) seen[c.body.index()] = true;
  EXPECT_EQ(seen, std::vector<bool>(seen.size(), true));
}

TEST(EventJson, RoundTripsEveryKind) {
  for (const KindCase& c : kKinds) {
    SCOPED_TRACE(c.kind);
    const store::EventRow row = to_row(event_of(c.body));
    EXPECT_EQ(row.seq, 7U);
    EXPECT_EQ(row.at, kAt);
    EXPECT_EQ(row.epoch, 3U);
    EXPECT_EQ(row.kind, c.kind);
    EXPECT_EQ(row.visible, c.visible);
    EXPECT_EQ(json::parse(row.json).at("v"), 1);
    const auto back = from_row(row);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(back->body.index(), c.body.index());
    EXPECT_EQ(to_row(*back), row);
  }
}

TEST(EventJson, KeepsEveryFieldOfAMessage) {
  const auto back = from_row(to_row(event_of(full_message())));
  ASSERT_TRUE(back);
  const auto& said = std::get<MessageSaid>(back->body);
  const MessageSaid want = full_message();
  EXPECT_EQ(said.from, want.from);
  EXPECT_EQ(said.name, want.name);
  EXPECT_EQ(said.text, want.text);
  EXPECT_EQ(said.language, want.language);
  EXPECT_EQ(said.buttons, want.buttons);
  EXPECT_EQ(said.answer, want.answer);
  EXPECT_EQ(said.client_id, want.client_id);
  EXPECT_EQ(said.button, want.button);
}

TEST(EventJson, KeepsWhereATransferWentAndUntilWhenASnoozeLasts) {
  const auto moved = from_row(to_row(
      event_of(StateChanged{State::human, State::queued, "transfer", "why", "agent:a1", {}})));
  ASSERT_TRUE(moved);
  EXPECT_EQ(std::get<StateChanged>(moved->body).reason, "why");
  EXPECT_EQ(std::get<StateChanged>(moved->body).target, "agent:a1");
  EXPECT_FALSE(std::get<StateChanged>(moved->body).until);
  const auto aside =
      from_row(to_row(event_of(StateChanged{State::human, State::snoozed, "snooze", "", "", kAt})));
  ASSERT_TRUE(aside);
  EXPECT_EQ(std::get<StateChanged>(aside->body).until, kAt);
}

TEST(EventJson, ReadsStatesStoredBeforeThereWereTransfers) {
  const auto old = from_row(
      {1, kAt, 0, true, "state", R"({"v":1,"from":"bot","to":"queued","trigger":"handoff"})"});
  ASSERT_TRUE(old);
  EXPECT_EQ(std::get<StateChanged>(old->body).to, State::queued);
  EXPECT_EQ(std::get<StateChanged>(old->body).target, "");
  EXPECT_FALSE(std::get<StateChanged>(old->body).until);
}

TEST(EventJson, KeepsWhatWasUnderstood) {
  const auto back = from_row(to_row(event_of(Understood{6, full_understanding()})));
  ASSERT_TRUE(back);
  const auto& understood = std::get<Understood>(back->body);
  const Understanding& u = understood.understanding;
  EXPECT_EQ(understood.message_seq, 6U);
  EXPECT_EQ(u.language, Language::ar);
  EXPECT_TRUE(u.arabizi);
  EXPECT_EQ(u.dialect, Dialect::gulf);
  ASSERT_EQ(u.intents.size(), 2U);
  EXPECT_EQ(u.intents[1].intent, "refund");
  EXPECT_EQ(u.intents[1].confidence, 0.25F);
  EXPECT_EQ(u.intents[1].source, "classifier");
  EXPECT_EQ(u.decision, Decision::ask_which);
  EXPECT_TRUE(u.out_of_scope);
  EXPECT_EQ(u.oos_score, 0.5F);
  ASSERT_EQ(u.entities.size(), 1U);
  EXPECT_EQ(u.entities[0].value, "A-1032");
  EXPECT_EQ(u.entities[0].text, "a 1032");
  EXPECT_EQ(u.entities[0].start, 4U);
  EXPECT_EQ(u.entities[0].end, 10U);
  ASSERT_EQ(u.mood.size(), 1U);
  EXPECT_EQ(u.mood[0].signal, "negative");
  EXPECT_EQ(u.mood[0].strength, 0.5F);
  EXPECT_EQ(u.why, "a pattern");
}

TEST(EventJson, KeepsEveryNameOfStatesOwnersAndParties) {
  for (int i = 0; i <= static_cast<int>(State::closed); ++i) {
    const auto state = static_cast<State>(i);
    const auto back = from_row(to_row(event_of(StateChanged{state, state, "x"})));
    ASSERT_TRUE(back);
    EXPECT_EQ(std::get<StateChanged>(back->body).from, state);
    EXPECT_EQ(std::get<StateChanged>(back->body).to, state);
  }
  for (int i = 0; i <= static_cast<int>(OwnerKind::none); ++i) {
    const Owner owner{static_cast<OwnerKind>(i), "id", "name"};
    const auto back = from_row(to_row(event_of(OwnerChanged{owner})));
    ASSERT_TRUE(back);
    EXPECT_EQ(std::get<OwnerChanged>(back->body).owner, owner);
  }
  for (int i = 0; i <= static_cast<int>(Party::system); ++i) {
    MessageSaid said;
    said.from = static_cast<Party>(i);
    const auto back = from_row(to_row(event_of(said)));
    ASSERT_TRUE(back);
    EXPECT_EQ(std::get<MessageSaid>(back->body).from, said.from);
  }
}

struct RefusedCase {
  const char* name;
  const char* kind;
  const char* json;
};

const RefusedCase kRefused[] = {
    {"a newer version", "note", R"({"v":2,"name":"a","text":"b"})"},
    {"no version", "note", R"({"name":"a","text":"b"})"},
    {"an unknown kind", "rating", R"({"v":1})"},
    {"no JSON", "note", "garbage"},
    {"nothing", "note", ""},
    {"not UTF-8", "note", "{\"v\":1,\"name\":\"\xFF\",\"text\":\"b\"}"},
    {"a list", "note", "[1]"},
    {"null", "note", "null"},
    {"a missing field", "note", R"({"v":1,"name":"a"})"},
    {"a wrong type", "message", R"({"v":1,"from":"bot","text":5,"language":"en"})"},
    {"a version that is a text", "note", R"({"v":"1","name":"a","text":"b"})"},
    {"evidence that is no list", "escalation", R"({"v":1,"reason":"a","evidence":3})"},
    {"cut off", "call", R"({"v":1,"name":"a","outc)"},
};

TEST(EventJson, RefusesWhatItCannotRead) {
  for (const RefusedCase& c : kRefused) {
    SCOPED_TRACE(c.name);
    const auto read = from_row({1, kAt, 0, true, c.kind, c.json});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Error::Code::invalid_input);
    EXPECT_FALSE(read.error().what.empty());
  }
}

TEST(EventJson, SurvivesHostileText) {
  const std::string texts[] = {std::string("a\0b", 3),   "\xFF\xFE",     "half \xD9",
                               "\xED\xA0\x80 surrogate", "\"}],\\u0000", std::string(100'000, '{')};
  for (const std::string& text : texts) {
    MessageSaid said;
    said.text = text;
    said.client_id = text;
    said.buttons = {{text, text}};
    const store::EventRow row = to_row(event_of(said));
    EXPECT_TRUE(valid_utf8(row.json));
    const auto back = from_row(row);
    ASSERT_TRUE(back) << back.error().what;
    if (valid_utf8(text)) {
      EXPECT_EQ(std::get<MessageSaid>(back->body).text, text);
    }
  }
}

/// A conversation in which no field has its default value.
Conversation full_conversation() {
  Conversation c;
  c.id = "c1";
  c.visitor = "v1";
  c.channel = "telegram";
  c.address = "12345";
  c.customer = "ليلى";
  c.contact = "layla@example.org";
  c.page = "https://shop.example/cart";
  c.locale = "ar-SA";
  c.timezone = "Asia/Riyadh";
  c.language = Language::ar;
  c.created_at = kAt;
  c.last_seq = 41;

  handoff::Record& r = c.record;
  r.state = State::offered;
  r.owner = {OwnerKind::queue, "q", "queue"};
  r.epoch = 5;
  r.waiting_since = kAt + Millis{1};
  r.owed_since = kAt + Millis{2};
  r.deadline = kAt + Millis{3};
  r.offered_to = "a1";
  r.declined_by = {"a2", "a3"};
  r.reason = "angry";
  r.team = "parcels";
  r.evidence = {{"profanity", 0.5, 12, "words"}};
  r.handoff_seq = 30;
  r.episode = 2;
  r.bot_returns = 1;
  r.reopened = 3;
  r.relaxed = true;
  r.alternatives_given = true;
  r.last_agent = "a9";
  r.ticket = "W-1";
  r.queued_at = kAt + Millis{4};
  r.left_queue_at = kAt + Millis{5};
  r.left_waiting_since = kAt + Millis{6};
  r.alerted = true;
  r.last_agent_name = "Omar";
  r.age_since = kAt + Millis{7};
  r.offered_until = kAt + Millis{8};
  r.gone_since = kAt + Millis{9};
  r.transfer_path = {"agent:a1", "team:parcels"};
  r.transfers = 2;
  r.supervised = true;
  r.wanted_agent = "a7";
  r.wanted_until = kAt + Millis{10};

  handoff::Escalation& e = c.escalation;
  e.score = 1.1;
  e.evidence = {{"negative", 0.3, 14, "bad"}, {"fallback", 0.5, 16, "what"}};
  e.last_clean = "clean words";
  e.visitor_turns = 8;
  e.answerless = 2;
  e.rest_turns = 1;
  e.armed = false;
  e.last_negative = 0.25;

  flows::FlowState& f = c.flow;
  f.program = "print";
  f.stack = {{"track", 4, {{"parcel", std::string("A-1")}}}, {"period", 1, {}}};
  f.slots = {{"text", std::string("A-1032")},
             {"number", 2.5},
             {"flag", true},
             {"nothing", std::monostate{}}};
  f.asking = "parcel";
  f.tries = 1;
  f.pending_call = "parcels.lookup";
  f.call_number = 6;
  f.not_understood = 2;
  f.choices = {"track", "refund"};
  f.last_answer = "track.status";
  f.last_args = {{"number", std::string("A-1032")}};
  f.last_variant = 3;
  f.repeats = 1;
  f.last_flow = "track";
  f.kept = {{"city", std::string("riyadh")}};

  c.open_call = flows::StartCall{6, "parcels.lookup", {{"number", 7.0}}};
  c.unread = {{39, "hello?", ""}, {40, "", "intent:period"}};
  c.shown_buttons = {{"intent:period", "How long"}};
  c.last_line = "hello?";
  c.last_from = Party::agent;
  c.last_trigger = "offer";
  return c;
}

TEST(Snapshot, KeepsEveryField) {
  const Conversation want = full_conversation();
  const auto back = from_snapshot(to_snapshot(want));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->id, want.id);
  EXPECT_EQ(back->visitor, want.visitor);
  EXPECT_EQ(back->channel, want.channel);
  EXPECT_EQ(back->address, want.address);
  EXPECT_EQ(back->customer, want.customer);
  EXPECT_EQ(back->contact, want.contact);
  EXPECT_EQ(back->page, want.page);
  EXPECT_EQ(back->locale, want.locale);
  EXPECT_EQ(back->timezone, want.timezone);
  EXPECT_EQ(back->language, want.language);
  EXPECT_EQ(back->created_at, want.created_at);
  EXPECT_EQ(back->last_seq, want.last_seq);
  EXPECT_TRUE(back->record == want.record);
  EXPECT_TRUE(back->escalation == want.escalation);
  EXPECT_TRUE(back->flow == want.flow);
  ASSERT_TRUE(back->open_call);
  EXPECT_EQ(back->open_call->call_number, want.open_call->call_number);
  EXPECT_EQ(back->open_call->name, want.open_call->name);
  EXPECT_EQ(back->open_call->args, want.open_call->args);
  ASSERT_EQ(back->unread.size(), 2U);
  EXPECT_EQ(back->unread[0].seq, 39U);
  EXPECT_EQ(back->unread[0].text, "hello?");
  EXPECT_EQ(back->unread[1].button, "intent:period");
  EXPECT_EQ(back->shown_buttons, want.shown_buttons);
  EXPECT_EQ(back->last_line, want.last_line);
  EXPECT_EQ(back->last_from, want.last_from);
  EXPECT_EQ(back->last_trigger, want.last_trigger);
  EXPECT_EQ(to_snapshot(*back), to_snapshot(want));
}

// A default in the sample would let a forgotten field pass: each leaf must differ from the JSON of
// an empty conversation.
TEST(Snapshot, TheSampleLeavesNoDefault) {
  const json full = json::parse(to_snapshot(full_conversation()));
  const json empty = json::parse(to_snapshot(Conversation{}));
  const json leaves = empty.flatten();
  for (const auto& [path, value] : leaves.items()) {
    if (path == "/v") continue;
    const json::json_pointer at(path);
    EXPECT_NE(full.at(at), value) << path;
  }
}

TEST(Snapshot, KeepsAnEmptyConversation) {
  const auto back = from_snapshot(to_snapshot(Conversation{}));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_TRUE(back->record == handoff::Record{});
  EXPECT_FALSE(back->open_call);
  EXPECT_TRUE(back->unread.empty());
}

// As the first version wrote it: every field, defaults too.
TEST(Snapshot, ReadsTheFirstVersion) {
  const auto read = from_snapshot(R"({"v":1,"id":"c1","visitor":"v1","channel":"web","address":"",
    "customer":"","page":"/","locale":"ar","timezone":"Asia/Riyadh","language":"ar",
    "created_at":1795348800000,"last_seq":7,
    "record":{"state":"queued","owner":{"kind":"queue","id":"","name":""},"epoch":3,
      "waiting_since":1795348801000,"owed_since":null,"deadline":1795348861000,"offered_to":"",
      "declined_by":["a1"],"reason":"asked","team":"","evidence":[{"signal":"asks_person",
      "weight":1.0,"seq":6,"text":"موظف"}],"handoff_seq":7,"episode":1,"bot_returns":0,
      "reopened":0,"relaxed":false,"alternatives_given":true,"last_agent":"","ticket":"",
      "queued_at":1795348801000,"left_queue_at":null,"left_waiting_since":null},
    "escalation":{"score":0.5,"evidence":[],"last_clean":"موظف","visitor_turns":2,"answerless":0,
      "rest_turns":0,"armed":true,"last_negative":0.0},
    "flow":{"program":"p","stack":[["f",2,{"x":null}]],"slots":{"n":2.0},"asking":"n","tries":1,
      "pending_call":"","call_number":0,"not_understood":0,"choices":[],"last_answer":"a.b",
      "last_args":{},"last_variant":0,"repeats":0,"last_flow":"f","kept":{}},
    "shown_buttons":[],"last_line":"موظف","last_from":"visitor","last_trigger":"handoff"})");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->record.state, State::queued);
  EXPECT_EQ(read->record.waiting_since, Time{Millis{1795348801000}});
  EXPECT_EQ(read->record.owed_since, std::nullopt);
  EXPECT_EQ(read->record.declined_by, std::vector<std::string>{"a1"});
  EXPECT_TRUE(read->record.alternatives_given);
  ASSERT_EQ(read->flow.stack.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(read->flow.stack[0].held.at("x")));
  EXPECT_EQ(read->escalation.score, 0.5);
}

TEST(Snapshot, RefusesNewerVersionsAndGarbage) {
  json newer = json::parse(to_snapshot(full_conversation()));
  newer["v"] = 3;
  json without = json::parse(to_snapshot(full_conversation()));
  without.erase("record");
  json mistyped = json::parse(to_snapshot(full_conversation()));
  mistyped["flow"]["stack"] = "deep";
  const std::string bad[] = {newer.dump(), without.dump(), mistyped.dump(),
                             "",           "null",         "[]",
                             "{\"v\":1}",  "\xFF",         std::string(1 << 16, '[')};
  for (const std::string& text : bad) {
    const auto read = from_snapshot(text);
    ASSERT_FALSE(read) << text.substr(0, 80);
    EXPECT_EQ(read.error().code, Error::Code::invalid_input);
  }
}

TEST(Snapshot, ReadsThoseStoredBeforeThereWereTransfers) {
  json old = json::parse(to_snapshot(full_conversation()));
  old.erase("contact");
  for (const char* key :
       {"alerted", "last_agent_name", "age_since", "offered_until", "gone_since", "transfer_path",
        "transfers", "supervised", "wanted_agent", "wanted_until"}) {
    ASSERT_EQ(old["record"].erase(key), 1U) << key;
  }
  const auto back = from_snapshot(old.dump());
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->record.ticket, "W-1");
  EXPECT_EQ(back->contact, "");
  EXPECT_TRUE(back->record.transfer_path.empty());
  EXPECT_EQ(back->record.transfers, 0);
  EXPECT_FALSE(back->record.gone_since);
  EXPECT_FALSE(back->record.supervised);
}

TEST(Snapshot, SurvivesHostileText) {
  Conversation c = full_conversation();
  c.customer = "\xFF";
  c.last_line = "\xD9";
  c.flow.slots["\xC0"] = std::string("\x80");
  c.flow.slots["endless"] = std::numeric_limits<double>::infinity();
  c.unread[0].text = "\xED\xA0\x80";
  const std::string text = to_snapshot(c);
  EXPECT_TRUE(valid_utf8(text));
  EXPECT_TRUE(from_snapshot(text));
}

TEST(Card, SaysWhatTheDeskMustKnow) {
  const Conversation c = full_conversation();
  const handoff::Card card = make_card(c, kAt);
  EXPECT_EQ(card.conversation, "c1");
  EXPECT_EQ(card.state, State::offered);
  EXPECT_EQ(card.owner, c.record.owner);
  EXPECT_EQ(card.epoch, 5U);
  EXPECT_EQ(card.last_seq, 41U);
  EXPECT_EQ(card.waiting_since, c.record.waiting_since);
  EXPECT_EQ(card.owed_since, c.record.owed_since);
  EXPECT_EQ(card.deadline, c.record.deadline);
  EXPECT_EQ(card.offered_to, "a1");
  EXPECT_EQ(card.declined_by, c.record.declined_by);
  EXPECT_EQ(card.team, "parcels");
  EXPECT_EQ(card.reason, "angry");
  EXPECT_TRUE(card.relaxed);
  EXPECT_EQ(card.last_agent, "a9");
  EXPECT_EQ(card.last_from, Party::agent);
  EXPECT_EQ(card.updated_at, kAt);
}

}  // namespace
}  // namespace wasl::bot
