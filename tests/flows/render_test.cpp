#include "wasl/flows/render.hpp"

#include "tests/flows/bot_folder.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

class RenderTest : public testing::Test {
 protected:
  void load(const std::string& answers, const std::string& steps, const std::string& slots = "{}") {
    test::write_shop(folder_);
    folder_.write(
        "flows/survey.yml",
        "- flow: survey\n  start: {intent: survey}\n  description: A short survey about our "
        "service\n  slots: " +
            slots + "\n  steps:\n" + steps);
    folder_.write("answers/survey.yml", "survey:\n" + answers);
    std::shared_ptr<const Program> program;
    ASSERT_EQ(test::mistakes_of(folder_, &program), std::vector<std::string>{});
    renderer_ = Renderer::make(program);
  }
  void load_shop() {
    test::write_shop(folder_);
    std::shared_ptr<const Program> program;
    ASSERT_EQ(test::mistakes_of(folder_, &program), std::vector<std::string>{});
    renderer_ = Renderer::make(program);
  }
  Rendered render(const std::string& answer, const Values& args, Voice voice = {}) {
    Reply reply;
    reply.answer = answer;
    reply.args = args;
    return renderer_->render(reply, voice);
  }

  test::BotFolder folder_;
  std::unique_ptr<Renderer> renderer_;
};

const Voice kArabic{Language::ar, false, 0};
const Voice kEnglish{Language::en, false, 0};

std::string bare(std::string text) {
  for (const char* mark : {"\u2068", "\u2069"}) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
      text.erase(at, 3);
    }
  }
  return text;
}

TEST_F(RenderTest, DatesAndNamesInBothLanguages) {
  load_shop();
  const Values args{{"number", std::string("A-1032")}, {"eta", std::string("2026-12-01")}};
  EXPECT_EQ(bare(render("track_order.shipped", args, kArabic).text),
            "طلبك A-1032 في الطريق، ويصل 1 ديسمبر.");
  EXPECT_EQ(render("track_order.shipped", args, kEnglish).text,
            "Your order A-1032 arrives on 1 December.");
  const Rendered shown = render("track_order.shipped", args, kEnglish);
  EXPECT_EQ(shown.answer, "track_order.shipped");
  EXPECT_EQ(shown.language, Language::en);
  EXPECT_EQ(shown.buttons, (std::vector<Button>{{"intent:track_order", "Another order"},
                                                {"handoff:asked", "A person"}}));
}

TEST_F(RenderTest, ADateIsShownAsWritten) {
  load_shop();
  for (const char* eta :
       {"2026-12-01", "2026-12-01T00:30+03:00", "2026-12-01T23:30-05:00", "2026-12-01T23:59:59Z"}) {
    EXPECT_EQ(render("track_order.shipped",
                     {{"number", std::string("A")}, {"eta", std::string(eta)}}, kEnglish)
                  .text,
              "Your order A arrives on 1 December.")
        << eta;
  }
}

TEST_F(RenderTest, AMissingValueNeverShowsItsName) {
  load_shop();
  for (const Values& args :
       {Values{}, Values{{"eta", Value{}}}, Values{{"eta", std::string("?")}}}) {
    const std::string text = render("track_order.shipped", args, kEnglish).text;
    EXPECT_EQ(text, "Your order – arrives on –.");
  }
}

TEST_F(RenderTest, VariantsBySeedAndByReply) {
  load_shop();
  const Values args{{"number", std::string("A")}, {"eta", std::string("2026-12-01")}};
  EXPECT_EQ(render("track_order.shipped", args, {Language::en, false, 1}).text,
            "Order A is on its way: 1 December.");
  EXPECT_EQ(render("track_order.shipped", args, {Language::en, false, 2}).text,
            render("track_order.shipped", args, kEnglish).text);
  Reply reply;
  reply.answer = "track_order.shipped";
  reply.args = args;
  reply.variant = 1;
  EXPECT_EQ(renderer_->render(reply, kEnglish).text, "Order A is on its way: 1 December.");
}

TEST_F(RenderTest, UpsetAndRetryForms) {
  load_shop();
  EXPECT_EQ(
      render("track_order.shipped", {{"number", std::string("A-1")}}, {Language::en, true, 0}).text,
      "I am sorry for the wait. Your order A-1 is on its way.");
  EXPECT_EQ(render("greet.hello", {}, {Language::en, true, 0}).text, "Hello") << "no upset form";
  Reply reply;
  reply.answer = "track_order.ask_order_number";
  reply.retry = true;
  EXPECT_EQ(renderer_->render(reply, kEnglish).text, "I could not find a number.");
}

TEST_F(RenderTest, SixArabicPluralForms) {
  load(
      "  hi:\n"
      "    ar: '{n, plural, zero {لا رسائل} one {رسالة واحدة} two {رسالتان} few {{n} رسائل} many "
      "{{n} رسالةً} other {# رسالة}}'\n"
      "    en: '{n, plural, one {# message} other {# messages}}'\n",
      "    - set: {n: 1}\n    - say: hi\n      args: {n: n}\n", "{n: {type: number}}");
  const std::pair<double, const char*> kForms[] = {{0, "لا رسائل"},  {1, "رسالة واحدة"},
                                                   {2, "رسالتان"},   {3, "3 رسائل"},
                                                   {11, "11 رسالةً"}, {100, "100 رسالة"}};
  for (const auto& [n, want] : kForms) {
    EXPECT_EQ(render("survey.hi", {{"n", n}}, kArabic).text, want);
  }
  EXPECT_EQ(render("survey.hi", {{"n", 1.0}}, kEnglish).text, "1 message");
  EXPECT_EQ(render("survey.hi", {{"n", 1200.0}}, kEnglish).text, "1,200 messages");
}

TEST_F(RenderTest, NumbersAndMoney) {
  load(
      "  hi:\n    ar: '{n, number, ::currency/SAR} {n, number, integer}'\n"
      "    en: \"It''s {n, number, ::currency/GBP}, {n, number, percent}, {n}\"\n",
      "    - set: {n: 1}\n    - say: hi\n      args: {n: n}\n", "{n: {type: number}}");
  EXPECT_EQ(render("survey.hi", {{"n", 12.5}}, kEnglish).text, "It's £12.50, 1,250%, 12.5");
  EXPECT_NE(render("survey.hi", {{"n", 12.5}}, kArabic).text.find("12.50"), std::string::npos);
}

TEST_F(RenderTest, AskedValuesBecomeButtons) {
  load_shop();
  Reply reply;
  reply.answer = "get_refund.ask_reason";
  reply.ask_slot = "reason";
  EXPECT_EQ(renderer_->render(reply, kArabic).buttons,
            (std::vector<Button>{{"value:reason=damaged", "وصل تالفًا"},
                                 {"value:reason=other", "سبب آخر"}}));
  reply.answer = "get_refund.ask_confirm";
  reply.ask_slot = "confirm";
  EXPECT_EQ(renderer_->render(reply, kEnglish).buttons,
            (std::vector<Button>{{"value:confirm=yes", "Yes"}, {"value:confirm=no", "No"}}));
}

TEST_F(RenderTest, SuggestionsAreCalledByTitleButtonOrDescription) {
  load("  hi: {ar: أهلا, en: Hi}\n", "    - say: hi\n");
  Reply reply;
  reply.answer = "clarify.which";
  reply.args["count"] = 3.0;
  reply.suggested_intents = {"track_order", "get_refund", "survey"};
  const Rendered shown = renderer_->render(reply, kEnglish);
  EXPECT_EQ(shown.text.substr(0, 14), "Which of these");
  EXPECT_EQ(shown.buttons, (std::vector<Button>{{"intent:track_order", "Where is my order"},
                                                {"intent:get_refund", "Start a refund."},
                                                {"intent:survey", "A short survey abou…"},
                                                {"clarify:none", "None of these"}}));
  reply.args["count"] = 1.0;
  EXPECT_EQ(renderer_->render(reply, kArabic).text.substr(0, 4), "هل");
}

TEST_F(RenderTest, AFlowIsCalledByItsTitle) {
  load_shop();
  Reply reply;
  reply.answer = "resume.back";
  reply.title_of = "track_order";
  EXPECT_NE(renderer_->render(reply, kEnglish).text.find("“Where is my order”"), std::string::npos);
  EXPECT_NE(renderer_->render(reply, kArabic).text.find("«أين طلبي؟»"), std::string::npos);
  reply.title_of = "gone";
  EXPECT_FALSE(renderer_->render(reply, kArabic).text.empty());
}

TEST_F(RenderTest, SlotsToChooseGoByWhatTheyHold) {
  load_shop();
  Reply reply;
  reply.answer = "correct.which";
  reply.title_of = "get_refund";
  reply.slots_to_choose = {{"order_number", std::string("A-1032 and a great deal more")},
                           {"reason", std::string("damaged")}};
  EXPECT_EQ(renderer_->render(reply, kArabic).buttons,
            (std::vector<Button>{{"correct:order_number", "A-1032 and a great …"},
                                 {"correct:reason", "وصل تالفًا"}}));
}

TEST_F(RenderTest, AnUnknownKeyApologises) {
  load_shop();
  EXPECT_FALSE(renderer_->has("nobody.home"));
  EXPECT_TRUE(renderer_->has("handoff.queued"));
  EXPECT_FALSE(render("nobody.home", {}, kArabic).text.empty());
  EXPECT_EQ(render("nobody.home", {}, kEnglish).text,
            render("backend_error.sorry", {}, kEnglish).text);
  EXPECT_FALSE(render("", {}, {Language::und, false, 7}).text.empty());
}

TEST_F(RenderTest, HandoffAnswersWithAndWithoutArguments) {
  load_shop();
  EXPECT_EQ(
      render("handoff.queued", {{"position", 2.0}}, kEnglish).text,
      "I have asked for a person. You are number 2 in line. You can add anything you like while "
      "you wait.");
  EXPECT_EQ(render("handoff.queued", {{"position", 1.0}}, kArabic).text,
            "طلبت لك موظفًا، ودورك هو التالي. يمكنك أن تضيف ما تريد أثناء الانتظار.");
  EXPECT_EQ(
      render("handoff.queued", {}, kEnglish).text,
      "I have asked for a person, who will see everything you wrote. You can add anything you "
      "like while you wait.");
  EXPECT_EQ(
      render("handoff.promised",
             {{"ticket", std::string("W-7")}, {"next_open", std::string("2026-11-22T09:00+03:00")}},
             kEnglish)
          .text,
      "Our team is not at the desk right now, but your request is saved with everything you wrote "
      "as W-7. A person will answer you when we are back on Sunday, 22 November at 09:00.");
  EXPECT_EQ(render("handoff.promised", {}, kEnglish).text,
            "Your request is saved with everything you wrote. A person will answer you as soon as "
            "possible.");
  EXPECT_EQ(render("handoff.agent_joined", {{"name", std::string("نورة")}}, kArabic).text,
            "معك الآن نورة من فريقنا، وأمامه كل ما كتبته.");
}

}  // namespace
}  // namespace wasl::flows
