#include "bot/review.hpp"

#include "wasl/core/text.hpp"

#include "bot/event_json.hpp"
#include "bot/review_dialogue.hpp"
#include "bot/review_files.hpp"
#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>

namespace wasl::bot {
namespace {

constexpr Time kStart{std::chrono::hours{480'000}};

UnansweredMessage message(std::uint64_t seq, std::string text, std::string why = "not_understood") {
  UnansweredMessage one;
  one.conversation = "c";
  one.seq = seq;
  one.at = kStart + std::chrono::minutes{seq};
  one.text = std::move(text);
  one.language = has_arabic(one.text) ? Language::ar : Language::en;
  one.why = std::move(why);
  return one;
}

std::vector<std::string> first_sentences(const Review& review) {
  std::vector<std::string> firsts;
  for (const LikeMessages& group : review.groups) firsts.push_back(group.sentences[0].text);
  return firsts;
}

TEST(Review, GroupsByLikenessTheLargestFirst) {
  const Review review =
      review_of({message(1, "do you sell gift cards"), message(2, "Can I pay with crypto?"),
                 message(3, "can i pay with crypto"), message(4, "can I pay by crypto"),
                 message(5, "هل عندكم بطاقات هدايا"), message(6, "do you sell gift card")},
                *test::small_bot()->understander, {});
  EXPECT_EQ(first_sentences(review),
            (std::vector<std::string>{"can i pay with crypto", "do you sell gift card",
                                      "هل عندكم بطاقات هدايا"}));
  EXPECT_EQ(review.groups[0].count, 3U);
  EXPECT_EQ(review.groups[0].sentences.size(), 2U) << "the same but for case and marks is one";
  EXPECT_EQ(review.groups[0].sentences[0].count, 2U);
  EXPECT_EQ(review.groups[0].newest, kStart + std::chrono::minutes{4});
  EXPECT_EQ(review.groups[0].languages(), std::set<std::string>{"en"});
  EXPECT_EQ(review.groups[2].languages(), std::set<std::string>{"ar"});
}

TEST(Review, IsTheSameWhateverTheOrder) {
  std::vector<UnansweredMessage> messages;
  for (std::uint64_t i = 1; i <= 40; ++i) {
    messages.push_back(message(i, "question about thing " + std::to_string(i % 7)));
  }
  const auto forwards = review_of(messages, *test::small_bot()->understander, {});
  std::reverse(messages.begin(), messages.end());
  const auto backwards = review_of(messages, *test::small_bot()->understander, {});
  ASSERT_EQ(forwards.groups.size(), backwards.groups.size());
  for (std::size_t i = 0; i < forwards.groups.size(); ++i) {
    EXPECT_EQ(forwards.groups[i].id, backwards.groups[i].id);
    EXPECT_EQ(forwards.groups[i].count, backwards.groups[i].count);
  }
}

TEST(Review, LeavesOutWhatIsUnderstoodByNowAndWhatWasReviewed) {
  const auto& understander = *test::small_bot()->understander;
  const std::vector<UnansweredMessage> messages{
      message(1, "track my parcel"),  // a pattern knows it by now
      message(2, "how long is the warranty", "not_helped"), message(3, "something else"),
      message(3, "something else")};
  const Review review = review_of(messages, understander, {});
  EXPECT_EQ(review.understood_now, 1U);
  EXPECT_EQ(first_sentences(review),
            (std::vector<std::string>{"something else", "how long is the warranty"}))
      << "an article that did not help stays";
  EXPECT_EQ(review.groups[0].count, 1U) << "a message read twice counts once";

  const Review second = review_of(messages, understander, {review.groups[0].sentences[0].key});
  EXPECT_EQ(second.reviewed, 1U);
  EXPECT_EQ(second.groups.size(), 1U);
}

TEST(Review, IsBounded) {
  std::vector<UnansweredMessage> messages;
  for (std::uint64_t i = 1; i <= 3'000; ++i) {
    std::string text;
    for (std::uint64_t n = i * 2'654'435'761U; text.size() < 12; n = n * 31 + 7) {
      text += static_cast<char>('a' + n % 26);
    }
    messages.push_back(message(i, text));
  }
  const Review review = review_of(messages, *test::small_bot()->understander, {});
  EXPECT_EQ(review.left_out, 1'000U);
}

TEST(Unanswered, AreTheVisitorsWordsMasked) {
  std::vector<Event> events;
  const auto add = [&](EventBody body) {
    Event event;
    event.seq = events.size() + 1;
    event.at = kStart;
    event.body = std::move(body);
    events.push_back(std::move(event));
  };
  MessageSaid said;
  said.text = "my card 4111 1111 1111 1111 was charged";
  said.language = Language::en;
  add(said);
  add(Unanswered{1, "not_understood", ""});
  MessageSaid tapped;
  tapped.button = "intent:x";
  add(tapped);
  add(Unanswered{3, "not_understood", ""});
  add(Unanswered{77, "not_helped", "returns"});
  const auto found = unanswered_in("c", events);
  ASSERT_EQ(found.size(), 1U) << "a tap has no words, and what is not there is left out";
  EXPECT_EQ(found[0].text.find("4111 1111"), std::string::npos) << found[0].text;
  EXPECT_NE(found[0].text.find("was charged"), std::string::npos);
}

TEST(Unanswered, IsToldByTheFallbackWhereNoEventSaysSo) {
  const auto rows = [](Decision decision, const char* answer) {
    std::vector<Event> events(3);
    MessageSaid said;
    said.text = "do you sell fish";
    events[0].body = said;
    Understood understood;
    understood.message_seq = 1;
    understood.understanding.decision = decision;
    events[1].body = understood;
    MessageSaid reply;
    reply.from = Party::bot;
    reply.answer = answer;
    events[2].body = reply;
    for (std::uint64_t i = 0; i < events.size(); ++i) events[i].seq = i + 1;
    return events;
  };
  auto missed = rows(Decision::not_understood, "cannot_answer.rephrase");
  EXPECT_EQ(unanswered_in("c", missed).size(), 1U);
  missed.push_back({4, kStart, 0, Unanswered{1, "not_understood", ""}});
  EXPECT_EQ(unanswered_in("c", missed).size(), 1U) << "told twice, counted once";
  EXPECT_EQ(unanswered_in("c", rows(Decision::ask_which, "clarify.which")).size(), 1U);
  EXPECT_TRUE(unanswered_in("c", rows(Decision::act, "cannot_answer.offer_person")).empty());
  EXPECT_TRUE(unanswered_in("c", rows(Decision::not_understood, "track.status")).empty())
      << "it was the answer to a question";
}

TEST(Unanswered, EachConversationIsReadOncePageByPage) {
  const auto store = store::make_memory_store();
  constexpr int kConversations = 100;
  for (int i = 0; i < kConversations; ++i) {
    store::Commit commit;
    commit.after.id = "c" + std::to_string(i);
    commit.after.state = "bot";
    commit.after.updated_at = kStart + std::chrono::hours{i};
    std::uint64_t seq = 0;
    for (int turn = 0; turn < 2; ++turn) {
      commit.expected_last_seq = seq;
      commit.events.clear();
      MessageSaid said;
      said.text = "question " + std::to_string(i) + " " + std::to_string(turn);
      for (EventBody body :
           {EventBody{said}, EventBody{Unanswered{seq + 1, "not_understood", ""}}}) {
        Event event;
        event.seq = ++seq;
        event.at = commit.after.updated_at;
        event.body = std::move(body);
        commit.events.push_back(to_row(event));
      }
      commit.after.last_seq = seq;
      ASSERT_EQ(store->commit({&commit, 1})[0].kind, store::CommitOutcome::Kind::committed);
    }
  }
  const auto read_all = [&](UnansweredRequest request) {
    std::vector<UnansweredMessage> all;
    for (int pages = 0; pages < 1'000; ++pages) {
      const auto page = read_unanswered(*store, request);
      EXPECT_TRUE(page);
      if (!page || page->done) break;
      all.insert(all.end(), page->messages.begin(), page->messages.end());
      EXPECT_GT(page->position, request.after);
      request.after = page->position;
    }
    return all;
  };
  EXPECT_EQ(read_all({}).size(), 2U * kConversations);
  EXPECT_EQ(read_all({0, kStart + std::chrono::hours{90}}).size(), 20U);
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

LikeMessages group_of(std::vector<Sentence> sentences) {
  LikeMessages group;
  group.id = "g";
  group.sentences = std::move(sentences);
  return group;
}

TEST(Reviewer, AddsExamplesAndUndoesWhatWouldBeAMistake) {
  const test::Folder folder;
  test::write_small_bot(folder);
  yaml::Mistakes mistakes;
  const auto bot = load_bot(folder.path(), false, mistakes);
  ASSERT_NE(bot, nullptr);
  const auto memory = folder.path() / "wasl.db.reviewed";
  Reviewer reviewer(*bot, memory);

  const auto added = reviewer.add(
      group_of({{"where is it {now}", "k1", "en", 1, {}}, {"وين صار", "k2", "ar", 1, {}}}),
      "track");
  ASSERT_TRUE(added) << added.error().what;
  EXPECT_EQ(added->file, "intents/small.yml");
  EXPECT_EQ(added->count, 2U);
  const std::string after = text_of(folder.path() / "intents/small.yml");
  EXPECT_NE(after.find("    en: |\n      where is it now\n"), std::string::npos) << after;
  EXPECT_NE(after.find("    ar: |\n      وين صار\n"), std::string::npos) << after;
  EXPECT_EQ(read_reviewed(memory), (std::set<std::string>{"k1", "k2"}));

  const auto twice = reviewer.add(group_of({{"where is it now", "k3", "en", 1, {}}}), "period");
  ASSERT_FALSE(twice) << "the same sentence cannot mean two things";
  EXPECT_EQ(twice.error().code, Error::Code::invalid_input);
  EXPECT_EQ(text_of(folder.path() / "intents/small.yml"), after) << "and nothing has changed";
  EXPECT_EQ(read_reviewed(memory).count("k3"), 0U);

  const auto unknown = reviewer.add(group_of({{"x", "k4", "en", 1, {}}}), "trakc");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().what, "unknown intent 'trakc' (did you mean \"track\"?)");

  const auto scope = reviewer.add(group_of({{"will it rain", "k5", "en", 1, {}}}), "oos");
  ASSERT_TRUE(scope) << scope.error().what;
  EXPECT_EQ(text_of(folder.path() / "intents/out_of_scope.yml"),
            "- intent: oos\n  examples:\n    en: |\n      will it rain\n");
}

}  // namespace
}  // namespace wasl::bot
