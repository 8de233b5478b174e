#include "wasl/handoff/packet.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

/// Numbers events as a conversation does.
class Transcript {
 public:
  Transcript& add(EventBody body) {
    Event event;
    event.seq = events.size() + 1;
    event.body = std::move(body);
    events.push_back(std::move(event));
    return *this;
  }
  Transcript& visitor(const std::string& text, Language language) {
    MessageSaid said;
    said.text = text;
    said.language = language;
    return add(said);
  }
  Transcript& bot(const std::string& answer) {
    MessageSaid said;
    said.from = Party::bot;
    said.text = "…";
    said.answer = answer;
    return add(said);
  }
  /// Of the message just said.
  Transcript& understood(const std::string& intent, std::vector<MoodSignal> mood = {}) {
    Understood u;
    u.message_seq = events.size();
    u.understanding.decision = intent.empty() ? Decision::not_understood : Decision::act;
    if (!intent.empty()) u.understanding.intents = {{intent, 0.9F, "classifier"}};
    u.understanding.mood = std::move(mood);
    return add(u);
  }

  std::vector<Event> events;
};

Record handed_over(const std::string& reason, std::vector<Evidence> evidence) {
  Record record;
  record.state = State::queued;
  record.reason = reason;
  record.evidence = std::move(evidence);
  record.handoff_seq = 12;
  return record;
}

TEST(Packet, TellsWhatWasWantedAndTried) {
  Transcript t;
  t.visitor("hello", Language::en).bot("greeting.hello");
  t.visitor("where is my order", Language::en).understood("track_order");
  t.bot("track_order.ask_order_number").visitor("A-1032, card 4111111111111111", Language::en);
  t.add(SlotFilled{"order_number", "A-1030"}).add(SlotFilled{"order_number", "A-1032"});
  t.add(SlotFilled{"card", "4111111111111111"});
  t.add(CallMade{"orders.lookup", "error"}).bot("handoff.queued");

  const Packet packet = make_packet(
      handed_over("backend_error", {{"said", 1.0, 6, "card 4111111111111111"}}), t.events);
  EXPECT_EQ(packet.language, Language::en);
  EXPECT_EQ(packet.handoff_seq, 12U);
  EXPECT_EQ(packet.intents, std::vector<std::string>{"track_order"});
  ASSERT_EQ(packet.slots.size(), 2U);
  EXPECT_EQ(packet.slots[0].second, "A-1032") << "the correction counts";
  EXPECT_EQ(packet.slots[1].second, "************1111");
  ASSERT_EQ(packet.tried.size(), 2U) << "notices of the handoff itself are nothing tried";
  EXPECT_EQ(packet.tried[1].answer, "track_order.ask_order_number");
  ASSERT_EQ(packet.calls.size(), 1U);
  EXPECT_EQ(packet.calls[0].outcome, "error");
  EXPECT_EQ(packet.evidence[0].text, "card ************1111");
  ASSERT_EQ(packet.summary.size(), 2U);
  EXPECT_EQ(packet.summary[0],
            "Wants: «where is my order» (track_order, order_number: A-1032, card: "
            "************1111) – Tried: answers given: 2, orders.lookup: error");
  EXPECT_EQ(packet.summary[1], "Handed over: backend_error – «card ************1111»");
}

TEST(Packet, TellsOfEveryWishOfAMessage) {
  Transcript t;
  t.visitor("a refund for A-1032, and where is my other order", Language::en);
  Understood u;
  u.message_seq = 1;
  u.understanding.decision = Decision::act;
  u.understanding.intents = {{"get_refund", 0.9F, "classifier"}};
  for (const char* intent : {"get_refund", "track_order"}) {
    Part part;
    part.intents = {{intent, 0.9F, "classifier"}};
    u.understanding.parts.push_back(part);
  }
  t.add(u);
  EXPECT_EQ(make_packet(handed_over("refund", {}), t.events).intents,
            (std::vector<std::string>{"get_refund", "track_order"}));
}

TEST(Packet, SpeaksTheCustomersLanguage) {
  Transcript t;
  t.visitor("hi", Language::en).visitor("وين طلبي", Language::ar).understood("track_order");
  t.bot("track_order.ask_order_number").visitor("مش فاهم عليّ!!!", Language::ar);
  t.understood("",
               {{"not_understood", 1.0F, "مش فاهم عليّ", 0, 0}, {"exclamation", 1.0F, "!!!", 0, 0}});
  const Packet packet = make_packet(handed_over("lost", {{"not_understood", 0.6, 6, "مش فاهم عليّ"},
                                                         {"fallback", 0.5, 6, "مش فاهم عليّ"}}),
                                    t.events);
  EXPECT_EQ(packet.language, Language::ar);
  EXPECT_EQ(packet.summary[0], "يريد: «وين طلبي» (\u2068track_order\u2069) – جُرِّب: ردود المساعد: 1");
  EXPECT_EQ(packet.summary[1], "سبب التحويل: لم يصل إلى حل مع المساعد – «مش فاهم عليّ»");
  ASSERT_EQ(packet.mood.size(), 2U);
  EXPECT_DOUBLE_EQ(packet.mood[0].frustration, 0.0);
  EXPECT_EQ(packet.mood[1].seq, 5U);
  EXPECT_DOUBLE_EQ(packet.mood[1].anger, 0.15);
  EXPECT_DOUBLE_EQ(packet.mood[1].frustration, 0.6);
  EXPECT_DOUBLE_EQ(packet.mood[1].lost, 0.5);
}

TEST(Packet, LetsNoCustomerTurnTheSummaryAround) {
  Transcript t;
  t.visitor("refund \u202Edrow\u2066 now", Language::en);
  EXPECT_EQ(make_packet(handed_over("asked", {}), t.events).summary[0],
            "Wants: «refund drow now» – Tried: nothing yet");
}

TEST(Packet, IsHonestWhenLittleIsKnown) {
  Transcript t;
  t.visitor("موظف", Language::ar);
  const Packet asked = make_packet(handed_over("asked", {}), t.events);
  EXPECT_EQ(asked.summary[0], "يريد: «موظف» – جُرِّب: لا شيء بعد");
  EXPECT_EQ(asked.summary[1], "سبب التحويل: طلب التحدث إلى موظف");

  const Packet empty = make_packet(handed_over("asked", {}), {});
  EXPECT_EQ(empty.summary[0], "Wants: not clear yet – Tried: nothing yet");
  EXPECT_EQ(empty.summary[1], "Handed over: asked for a person");
}

TEST(Packet, LinesStayLines) {
  Transcript t;
  t.visitor("one\ntwo\r\n" + std::string(5000, 'w'), Language::en);
  for (int i = 0; i < 50; ++i) t.add(CallMade{"call" + std::to_string(i), "ok"}).bot("x.y");
  std::vector<Evidence> evidence;
  for (int i = 0; i < 16; ++i) {
    evidence.push_back({"profanity", 0.5, 1, "word\n" + std::to_string(i)});
  }
  const Packet packet = make_packet(handed_over("angry", evidence), t.events);
  for (const std::string& line : packet.summary) {
    EXPECT_LT(line.size(), 400U);
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace wasl::handoff
