#include "wasl/channels/telegram.hpp"

#include <gtest/gtest.h>

namespace wasl::channels::telegram {
namespace {

/// What parse_update() read, in one line.
std::string read(const std::string& body) {
  const auto update = parse_update(body);
  if (!update) return "error";
  if (!*update) return "nothing";
  const Inbound& in = **update;
  return in.update_id + '|' + in.chat + '|' + in.name + '|' + in.text + '|' + in.button + '|' +
         in.callback_id + '|' + in.language;
}

std::string message(const std::string& content) {
  return R"({"update_id":9,"message":{"message_id":1,"date":1,"chat":{"id":42,"type":"private"},)"
         R"("from":{"id":42,"first_name":"Noor","last_name":"Ali","language_code":"ar"},)" +
         content + "}}";
}

std::string tap(const std::string& data, const std::string& markup = "") {
  return R"({"update_id":9,"callback_query":{"id":"77","from":{"first_name":"Noor"},"message":)"
         R"({"message_id":1,"chat":{"id":42,"type":"private"})" +
         markup + R"(},"data":")" + data + "\"}}";
}

struct Case {
  const char* name;
  std::string body;
  std::string want;
};

/// Keys are kept in order and so compared one by one: many of them once cost a minute.
const std::string kManyKeys = [] {
  std::string body = R"({"update_id":9)";
  for (int i = 0; i < 50'000; ++i) body += ",\"k" + std::to_string(i) + "\":0";
  return body + '}';
}();

const Case kCases[] = {
    {"text", message(R"("text":"أين طلبي؟")"), "9|42|Noor Ali|أين طلبي؟|||ar"},
    {"photo", message(R"("photo":[{"file_id":"f"}])"), "9|42|Noor Ali|[photo]|||ar"},
    {"photo with caption", message(R"("photo":[{"file_id":"f"}],"caption":"broken")"),
     "9|42|Noor Ali|[photo] broken|||ar"},
    {"voice", message(R"("voice":{"file_id":"f"})"), "9|42|Noor Ali|[voice message]|||ar"},
    {"location", message(R"("location":{"latitude":24.5,"longitude":46.25})"),
     "9|42|Noor Ali|[location: 24.5, 46.25]|||ar"},
    {"venue before location",
     message(
         R"("location":{"latitude":24.5,"longitude":46.25},"venue":{"title":"Shop","address":"St 1"})"),
     "9|42|Noor Ali|[place: Shop, St 1]|||ar"},
    {"contact", message(R"("contact":{"first_name":"Omar","phone_number":"+9665"})"),
     "9|42|Noor Ali|[contact: Omar, +9665]|||ar"},
    {"document", message(R"("document":{"file_name":"bill.pdf"})"),
     "9|42|Noor Ali|[document: bill.pdf]|||ar"},
    {"animation is no document", message(R"("animation":{},"document":{"file_name":"a.gif"})"),
     "9|42|Noor Ali|[animation]|||ar"},
    {"sticker", message(R"("sticker":{"emoji":"👍"})"), "9|42|Noor Ali|[sticker: 👍]|||ar"},
    {"something new", message(R"("hologram":{})"), "9|42|Noor Ali|[unsupported message]|||ar"},
    {"service message", message(R"("pinned_message":{})"), "nothing"},
    {"tap", tap("intent:track"), "9|42|Noor||intent:track|77|"},
    {"tap on a long id",
     tap("#1",
         R"(,"reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"x"}],[{"text":"الرياض","callback_data":"#1"}]]})"),
     "9|42|Noor|الرياض||77|"},
    {"tap on a long id, keyboard gone", tap("#1"), "9|42|Noor||#1|77|"},
    {"tap without a message", R"({"update_id":9,"callback_query":{"id":"7","data":"x"}})",
     "nothing"},
    {"edited", R"({"update_id":9,"edited_message":{"chat":{"id":42},"text":"x"}})", "nothing"},
    {"group", R"({"update_id":9,"message":{"chat":{"id":-4,"type":"group"},"text":"x"}})",
     "nothing"},
    {"channel post", R"({"update_id":9,"channel_post":{"chat":{"id":42},"text":"x"}})", "nothing"},
    {"large ids", R"({"update_id":9,"message":{"chat":{"id":5000000000},"text":"x"}})",
     "9|5000000000||x|||"},
    {"no chat", R"({"update_id":9,"message":{"text":"x"}})", "nothing"},
    {"chat of a wrong kind", R"({"update_id":9,"message":{"chat":[1],"text":"x"}})", "nothing"},
    {"message of a wrong kind", R"({"update_id":9,"message":"x"})", "nothing"},
    {"no update_id", R"({"message":{"chat":{"id":42},"text":"x"}})", "error"},
    {"garbage", "garbage", "error"},
    {"empty", "", "error"},
    {"array", "[]", "error"},
    {"invalid UTF-8", "{\"update_id\":9,\"message\":{\"text\":\"\xFF\"}}", "error"},
    {"a NUL is no end", std::string(R"({"update_id":9})") + '\0' + "x", "error"},
    {"too many keys", kManyKeys, "error"},
    {"too deep", R"({"update_id":9,"message":)" + std::string(200'000, '['), "error"},
    {"too deep, closed",
     R"({"update_id":9,"message":)" + std::string(200'000, '[') + std::string(200'000, ']') + "}",
     "error"},
};

TEST(Telegram, ReadsUpdates) {
  for (const Case& c : kCases) EXPECT_EQ(read(c.body), c.want) << c.name;
}

TEST(Telegram, KnowsItsSecret) {
  const Config config{"tg", "T", "s3cret", "http://x"};
  EXPECT_TRUE(secret_matches(config, "s3cret"));
  for (const char* wrong : {"", "s3cre", "s3crets", "S3cret", "s3crets3cret"}) {
    EXPECT_FALSE(secret_matches(config, wrong)) << wrong;
  }
  EXPECT_FALSE(secret_matches(Config{}, "")) << "no secret is no key";
}

MessageSaid said(std::string text, std::vector<Button> buttons = {}) {
  MessageSaid message;
  message.from = Party::bot;
  message.text = std::move(text);
  message.buttons = std::move(buttons);
  return message;
}

TEST(Telegram, WritesMessages) {
  EXPECT_EQ(
      message_payloads("42", said("hi")),
      std::vector<std::string>{R"({"method":"sendMessage","body":{"chat_id":42,"text":"hi"}})"});
  const std::string long_id = "value:city=" + std::string(60, 'x');
  const auto with_buttons =
      message_payloads("42", said("hi", {{"intent:a", "A"}, {long_id, "الرياض"}}));
  EXPECT_EQ(with_buttons,
            std::vector<std::string>{
                R"({"method":"sendMessage","body":{"chat_id":42,"text":"hi","reply_markup":)"
                R"({"inline_keyboard":[[{"text":"A","callback_data":"intent:a"}],)"
                R"([{"text":"الرياض","callback_data":"#1"}]]}}})"});
  EXPECT_TRUE(message_payloads("42", said(" \n")).empty());
  EXPECT_EQ(message_payloads("42", said("", {{"a", "A"}})).size(), 1U) << "buttons need some text";
  EXPECT_EQ(answer_callback_payload("77"),
            R"({"method":"answerCallbackQuery","body":{"callback_query_id":"77"}})");
}

TEST(Telegram, SplitsLongTexts) {
  std::string words;
  for (int i = 0; i < 2000; ++i) words += "كلمة ";  // 10,000 characters
  std::string emoji;
  for (int i = 0; i < 3000; ++i) emoji += "😀";  // 6,000 units of UTF-16, no place to break
  for (const auto& [text, parts] :
       {std::pair{words, 3U}, std::pair{emoji, 2U}, std::pair{std::string(4096, 'x'), 1U},
        std::pair{std::string(4097, 'x'), 2U}}) {
    const auto payloads = message_payloads("42", said(text, {{"a", "A"}}));
    ASSERT_EQ(payloads.size(), parts);
    for (const std::string& payload : payloads) {
      EXPECT_EQ(payload.find("\xEF\xBF\xBD"), std::string::npos) << "no character is cut";
      EXPECT_EQ(payload.find("reply_markup") != std::string::npos, &payload == &payloads.back());
    }
  }
}

TEST(Telegram, MakesRequestsWithTheTokenOfNow) {
  const Config config{"tg", "123:ABC", "s", "http://127.0.0.1:9"};
  const OutgoingRequest request = to_request(config, message_payloads("42", said("hi")).front());
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "http://127.0.0.1:9/bot123:ABC/sendMessage");
  EXPECT_EQ(request.body, R"({"chat_id":42,"text":"hi"})");
  EXPECT_EQ(to_request(config, "rubbish").url, "");
}

struct AnswerCase {
  const char* name;
  OutgoingResponse response;
  Delivery::Kind kind;
  long long retry_after_ms;
};

OutgoingResponse answer(int status, std::string body,
                        std::vector<std::pair<std::string, std::string>> headers = {}) {
  OutgoingResponse response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

OutgoingResponse silence() {
  OutgoingResponse response;
  response.error = "Timeout was reached";
  response.timed_out = true;
  return response;
}

const AnswerCase kAnswers[] = {
    {"sent", answer(200, R"({"ok":true})"), Delivery::Kind::sent, 0},
    {"too fast",
     answer(
         429,
         R"({"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":7}})"),
     Delivery::Kind::retry, 7000},
    {"too fast, a proxy says", answer(429, "<html>", {{"retry-after", "3"}}), Delivery::Kind::retry,
     3000},
    {"too fast, nobody says how long", answer(429, ""), Delivery::Kind::retry, 1000},
    {"too fast, nonsense", answer(429, R"({"parameters":{"retry_after":-5}})"),
     Delivery::Kind::retry, 1000},
    {"blocked",
     answer(403, R"({"ok":false,"description":"Forbidden: bot was blocked by the user"})"),
     Delivery::Kind::dead, 0},
    {"bad request", answer(400, R"({"ok":false,"description":"Bad Request: chat not found"})"),
     Delivery::Kind::dead, 0},
    {"token revoked", answer(401, R"({"ok":false,"description":"Unauthorized"})"),
     Delivery::Kind::retry, 60'000},
    {"down", answer(500, ""), Delivery::Kind::retry, 0},
    {"bad gateway", answer(502, "<html>"), Delivery::Kind::retry, 0},
    {"time-out", silence(), Delivery::Kind::retry, 0},
};

TEST(Telegram, KnowsWhatAnAnswerMeans) {
  for (const AnswerCase& c : kAnswers) {
    const Delivery delivery = read_answer(c.response);
    EXPECT_EQ(delivery.kind, c.kind) << c.name;
    EXPECT_EQ(delivery.retry_after.count(), c.retry_after_ms) << c.name;
    EXPECT_EQ(delivery.why.empty(), c.kind == Delivery::Kind::sent) << c.name;
  }
  EXPECT_EQ(read_answer(kAnswers[5].response).why, "403 Forbidden: bot was blocked by the user");
}

}  // namespace
}  // namespace wasl::channels::telegram
