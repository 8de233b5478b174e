#include "wasl/channels/web_frames.hpp"

#include <gtest/gtest.h>

namespace wasl::channels::web {
namespace {

/// What parse() read, in one line, so that a table can hold it.
std::string read(std::string_view frame, std::size_t text_chars_max = 10) {
  struct Writer {
    std::string operator()(const Hello& f) const {
      return "hello " + f.visitor_token + '|' + f.conversation + '|' + std::to_string(f.last_seq) +
             '|' + f.page + '|' + f.locale + '|' + f.timezone;
    }
    std::string operator()(const Say& f) const {
      return "say " + f.client_id + '|' + f.text + '|' + f.button;
    }
    std::string operator()(const Choose& f) const {
      return "choose " + f.client_id + '|' + f.option + '|' + f.contact;
    }
    std::string operator()(const End& f) const { return "end " + f.client_id; }
    std::string operator()(const Typing&) const { return "typing"; }
    std::string operator()(const Read& f) const { return "read " + std::to_string(f.seq); }
    std::string operator()(const Ping&) const { return "ping"; }
    std::string operator()(const Bad& f) const {
      return "bad " + f.code + (f.client_id.empty() ? "" : " " + f.client_id);
    }
  };
  return std::visit(Writer{}, parse(frame, text_chars_max));
}

struct Case {
  const char* name;
  std::string frame;
  std::string want;
};

const std::string kDeep(200'000, '[');
const std::string kDeepObjects = [] {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += R"({"a":)";
  return text;
}();

const Case kCases[] = {
    {"hello, empty", R"({"type":"hello"})", "hello ||0|||"},
    {"hello, full",
     R"({"type":"hello","visitor_token":"t","conversation":"c","last_seq":7,"page":"p","locale":"ar","timezone":"Asia/Riyadh","identity":{"user_id":"u"}})",
     "hello t|c|7|p|ar|Asia/Riyadh"},
    {"hello, nulls are absent", R"({"type":"hello","conversation":null,"last_seq":null})",
     "hello ||0|||"},
    {"hello, wrong kind", R"({"type":"hello","last_seq":"7"})", "bad bad_message"},
    {"hello, negative", R"({"type":"hello","last_seq":-1})", "bad bad_message"},
    {"hello, fraction", R"({"type":"hello","last_seq":1.5})", "bad bad_message"},
    {"hello, beyond counting", R"({"type":"hello","last_seq":18446744073709551615})",
     "bad bad_message"},
    {"text", R"({"type":"message","client_id":"1","text":"hi"})", "say 1|hi|"},
    {"order does not matter", R"({"text":"hi","client_id":"1","type":"message"})", "say 1|hi|"},
    {"unknown fields are ignored",
     R"({"type":"message","client_id":"1","text":"hi","x":[{"y":1}]})", "say 1|hi|"},
    {"a deeper text is not ours", R"({"type":"message","client_id":"1","x":{"text":"hi"}})",
     "bad bad_message 1"},
    {"button", R"({"type":"message","client_id":"1","button":"intent:a"})", "say 1||intent:a"},
    {"no client id", R"({"type":"message","text":"hi"})", "bad bad_message"},
    {"empty client id", R"({"type":"message","client_id":"","text":"hi"})", "bad bad_message"},
    {"client id no text", R"({"type":"message","client_id":5,"text":"hi"})", "bad bad_message"},
    {"client id too long",
     R"({"type":"message","text":"hi","client_id":")" + std::string(129, 'x') + "\"}",
     "bad bad_message"},
    {"no text", R"({"type":"message","client_id":"1"})", "bad bad_message 1"},
    {"only blanks", R"({"type":"message","client_id":"1","text":" \n"})", "bad bad_message 1"},
    {"text no string", R"({"type":"message","client_id":"1","text":["hi"]})", "bad bad_message 1"},
    {"attachments are not taken yet",
     R"({"type":"message","client_id":"1","attachment":{"upload":"u"}})", "bad bad_message 1"},
    {"ten emoji fit", R"({"type":"message","client_id":"1","text":"😀😀😀😀😀😀😀😀😀😀"})",
     "say 1|😀😀😀😀😀😀😀😀😀😀|"},
    {"eleven do not", R"({"type":"message","client_id":"1","text":"😀😀😀😀😀😀😀😀😀😀😀"})",
     "bad too_long 1"},
    {"escaped ones count once",
     R"({"type":"message","client_id":"1","text":"\ud83d\ude00\ud83d\ude00\ud83d\ude00"})",
     "say 1|😀😀😀|"},
    {"eleven Arabic letters", R"({"type":"message","client_id":"1","text":"ابتثجحخدذرز"})",
     "bad too_long 1"},
    {"choose", R"({"type":"choose","client_id":"1","option":"callback","contact":"05x"})",
     "choose 1|callback|05x"},
    {"choose nothing", R"({"type":"choose","client_id":"1"})", "bad bad_message 1"},
    {"choose without id", R"({"type":"choose","option":"wait"})", "bad bad_message"},
    {"end", R"({"type":"end","client_id":"1"})", "end 1"},
    {"end without id", R"({"type":"end"})", "bad bad_message"},
    {"typing", R"({"type":"typing"})", "typing"},
    {"read", R"({"type":"read","seq":3})", "read 3"},
    {"read nothing", R"({"type":"read"})", "bad bad_message"},
    {"read a word", R"({"type":"read","seq":"x"})", "bad bad_message"},
    {"ping", R"({"type":"ping"})", "ping"},
    {"unknown type", R"({"type":"dance"})", "bad unknown_type"},
    {"unknown type with an id", R"({"type":"dance","client_id":"1"})", "bad unknown_type 1"},
    {"no type", R"({"client_id":"1"})", "bad unknown_type 1"},
    {"empty object", "{}", "bad unknown_type"},
    {"the last of two counts", R"({"type":"dance","type":"ping"})", "ping"},
    {"empty", "", "bad bad_json"},
    {"blank", "  ", "bad bad_json"},
    {"half", R"({"type":"ping")", "bad bad_json"},
    {"more behind", R"({"type":"ping"} x)", "bad bad_json"},
    {"two", R"({"type":"ping"}{"type":"ping"})", "bad bad_json"},
    {"array", "[]", "bad bad_json"},
    {"string", R"("ping")", "bad bad_json"},
    {"null", "null", "bad bad_json"},
    {"number", "1", "bad bad_json"},
    {"invalid UTF-8", "{\"type\":\"message\",\"client_id\":\"1\",\"text\":\"\xC3\x28\"}",
     "bad bad_json"},
    {"overlong UTF-8", "{\"type\":\"message\",\"client_id\":\"1\",\"text\":\"\xC0\xAF\"}",
     "bad bad_json"},
    {"half a surrogate", R"({"type":"message","client_id":"1","text":"\ud83d"})", "bad bad_json"},
    {"raw control character", "{\"type\":\"pi\nng\"}", "bad bad_json"},
    {"a NUL is no end", std::string(R"({"type":"ping"})") + '\0' + "x", "bad bad_json"},
    {"200,000 nested arrays", kDeep, "bad bad_json"},
    {"200,000 nested arrays, closed", kDeep + std::string(200'000, ']'), "bad bad_json"},
    {"200,000 nested arrays in a field", R"({"type":"ping","x":)" + kDeep, "bad bad_json"},
    {"100,000 nested objects", kDeepObjects, "bad bad_json"},
    {"a bit of depth is fine", R"({"type":"ping","x":[[[[[[[[{"y":[]}]]]]]]]]})", "ping"},
};

TEST(WebFrames, ReadsWhatClientsSend) {
  for (const Case& c : kCases) EXPECT_EQ(read(c.frame), c.want) << c.name;
}

TEST(WebFrames, RefusesTooManyFields) {
  std::string frame = R"({"type":"ping")";
  for (int i = 0; i < 100; ++i) frame += ",\"f" + std::to_string(i) + "\":1";
  EXPECT_EQ(read(frame + '}'), "bad bad_json");
}

Event event_of(EventBody body) {
  Event event;
  event.seq = 5;
  event.at = *parse_iso8601("2026-11-22T10:00:00.123Z");
  event.body = std::move(body);
  return event;
}

TEST(WebFrames, WritesMessages) {
  MessageSaid bot;
  bot.from = Party::bot;
  bot.text = "أهلًا \"بك\"";
  bot.language = Language::ar;
  bot.buttons = {{"intent:a", "أين طلبي؟"}};
  bot.answer = "hello";
  EXPECT_EQ(*event_frame(event_of(bot)),
            R"({"type":"message","seq":5,"from":"bot","text":"أهلًا \"بك\"","language":"ar",)"
            R"("direction":"rtl","buttons":[{"id":"intent:a","title":"أين طلبي؟"}],)"
            R"("answer":"hello","at":"2026-11-22T10:00:00.123Z"})");

  MessageSaid visitor;
  visitor.text = "hi";
  visitor.language = Language::en;
  visitor.client_id = "c1";
  EXPECT_EQ(*event_frame(event_of(visitor)),
            R"({"type":"message","seq":5,"from":"visitor","text":"hi","language":"en",)"
            R"("direction":"ltr","client_id":"c1","at":"2026-11-22T10:00:00.123Z"})");

  MessageSaid agent;
  agent.from = Party::agent;
  agent.name = "Sara";
  agent.text = "؟؟ 😀";
  agent.client_id = "the agent's own";
  EXPECT_EQ(*event_frame(event_of(agent)),
            R"({"type":"message","seq":5,"from":"agent","name":"Sara","text":"؟؟ 😀",)"
            R"("language":"ar","direction":"rtl","at":"2026-11-22T10:00:00.123Z"})")
      << "und is shown as what it looks like";
}

TEST(WebFrames, ShowsVisitorsOnlyWhatIsTheirs) {
  EXPECT_EQ(*event_frame(event_of(StateChanged{State::bot, State::queued, "asked"})),
            R"({"type":"state","state":"waiting","seq":5})");
  EXPECT_EQ(*event_frame(event_of(OwnerChanged{{OwnerKind::agent, "a1", "Sara"}})),
            R"({"type":"owner","kind":"agent","name":"Sara","seq":5})")
      << "never the agent's id";
  EXPECT_EQ(*event_frame(event_of(OwnerChanged{{OwnerKind::bot, "", ""}})),
            R"({"type":"owner","kind":"bot","seq":5})");
  const EventBody hidden[] = {NoteWritten{}, Understood{}, SlotFilled{}, CallMade{},
                              Escalated{},   FlowEnded{},  Unanswered{}};
  for (const EventBody& body : hidden) EXPECT_FALSE(event_frame(event_of(body)));
}

TEST(WebFrames, WritesWelcome) {
  Welcome welcome;
  welcome.visitor_token = "t";
  welcome.conversation = "c";
  welcome.last_seq = 3;
  welcome.state = State::human;
  welcome.owner = {OwnerKind::agent, "a1", "Sara"};
  welcome.hours_open = false;
  welcome.next_open_at = parse_iso8601("2026-11-22T06:00:00.000Z");
  welcome.greeting = Welcome::Greeting{"Hello", Language::en, {{"intent:a", "A"}}};
  EXPECT_EQ(
      welcome_frame(welcome),
      R"({"type":"welcome","visitor_token":"t","conversation":"c","last_seq":3,)"
      R"("state":"human","owner":{"kind":"agent","name":"Sara"},)"
      R"("hours":{"open":false,"next_open_at":"2026-11-22T06:00:00.000Z"},)"
      R"("limits":{"text_chars_max":4000,"frame_bytes_max":16384,)"
      R"("attachment_bytes_max":0,"attachment_types":[]},"features":[],)"
      R"("greeting":{"text":"Hello","language":"en","buttons":[{"id":"intent:a","title":"A"}]}})");
  EXPECT_EQ(welcome_frame(Welcome{}).find("greeting"), std::string::npos);
}

TEST(WebFrames, WritesTheSmallOnes) {
  EXPECT_EQ(ack_frame("c\"1", 7), R"({"type":"ack","client_id":"c\"1","seq":7})");
  EXPECT_EQ(typing_frame(Party::agent), R"({"type":"typing","from":"agent"})");
  EXPECT_EQ(receipt_frame(4, "read"), R"({"type":"receipt","seq":4,"state":"read"})");
  EXPECT_EQ(pong_frame(), R"({"type":"pong"})");
  QueueCard card;
  card.position = 2;
  card.options = {{"wait", "Wait"}};
  EXPECT_EQ(queue_frame(card),
            R"({"type":"queue","position":2,"options":[{"id":"wait","title":"Wait"}]})");
  card.wait_minutes_min = 3;
  card.wait_minutes_max = 5;
  card.options.clear();
  EXPECT_EQ(queue_frame(card),
            R"({"type":"queue","position":2,"wait_minutes":{"min":3,"max":5},"options":[]})");
}

TEST(WebFrames, ExplainsEveryErrorInBothLanguages) {
  EXPECT_EQ(error_frame("too_fast", Language::en, "c1", Millis(1500)),
            R"({"type":"error","code":"too_fast","text":"You are writing very fast. Please wait a )"
            R"(moment.","retry_after_ms":1500,"client_id":"c1"})");
  const std::string other_en = error_frame("?", Language::en, "", {});
  const std::string other_ar = error_frame("?", Language::ar, "", {});
  EXPECT_NE(other_en, other_ar);
  const auto text = [](const std::string& frame) { return frame.substr(frame.find("\"text\"")); };
  for (const char* code :
       {"bad_json", "unknown_type", "bad_message", "already_hello", "hello_first", "bad_token",
        "too_long", "too_fast", "busy", "closed", "unavailable"}) {
    const std::string en = error_frame(code, Language::en, "", {});
    const std::string ar = error_frame(code, Language::ar, "", {});
    EXPECT_NE(text(en), text(ar)) << code;
    EXPECT_NE(text(en), text(other_en)) << code;
    EXPECT_NE(text(ar), text(other_ar)) << code;
    EXPECT_EQ(en.find("client_id"), std::string::npos);
  }
}

TEST(WebFrames, NeverWritesInvalidUtf8) {
  EXPECT_EQ(ack_frame("\xFF", 1), "{\"type\":\"ack\",\"client_id\":\"\xEF\xBF\xBD\",\"seq\":1}");
}

}  // namespace
}  // namespace wasl::channels::web
