// What no flow answers, an article may; and what nobody answers is written down for people.
#include "wasl/core/text.hpp"

#include "flows/dialogue.hpp"

#include <utility>

namespace wasl::flows {
namespace {

constexpr std::size_t kSaidCharsMax = 500;
constexpr std::size_t kVerdictWordsMax = 4;  // "no, not at all" judges an article; more is a wish
constexpr const char* kFoundAnswer = "knowledge.found";

}  // namespace

void Dialogue::note_unanswered() {
  if (fold(words_said()).empty()) return;  // a tap, an emoji
  const std::uint64_t seq = turn_ != nullptr ? turn_->seq : state().said_seq;
  result_.effects.push_back(LeftUnanswered{seq, "not_understood", ""});
}

std::string_view Dialogue::words_said() {
  return turn_ != nullptr ? std::string_view(turn_->text) : std::string_view(state().said);
}

void Dialogue::keep_words_for_search() {
  if (turn_ == nullptr || top_flow().searches.empty()) return;
  state().said = first_code_points(turn_->text, kSaidCharsMax);
  state().said_seq = turn_->seq;
}

std::optional<KnownAnswer> Dialogue::look_up(std::string_view words) {
  if (around_.knowledge == nullptr) return std::nullopt;
  auto found = around_.knowledge->find(words, around_.language);
  if (found) {
    state().article = found->article;
    state().article_seq = turn_ != nullptr ? turn_->seq : state().said_seq;
  }
  return found;
}

bool Dialogue::answer_from_articles() {
  if (turn_->understanding.decision == Decision::ask_which && !suggestions().empty()) return false;
  auto found = look_up(turn_->text);
  if (!found) return false;
  understood();
  Reply reply;
  reply.answer = kFoundAnswer;
  reply.args["title"] = std::move(found->title);
  reply.args["passage"] = std::move(found->passage);
  reply.args["url"] = around_.site + found->path;
  const bool again = is_last(reply);
  say(std::move(reply));
  if (again) return true;  // and said so: no use asking once more
  Reply question;
  question.answer = "knowledge.did_it_help";
  result_.replies.push_back(std::move(question));  // the passage stays the last answer
  return true;
}

bool Dialogue::asks_something() const {
  return is_question(program_.words, turn_->text, plain_);
}

std::optional<bool> Dialogue::verdict() {
  if (state().article.empty() || state().last_answer != kFoundAnswer) return std::nullopt;
  if (!turn_->understanding.entities.empty()) return std::nullopt;  // "no, A-1033" corrects
  if (split(plain_, ' ').size() > kVerdictWordsMax) return std::nullopt;
  return program_.yes_or_no(turn_->text);
}

void Dialogue::judge_article(bool helped) {
  understood();
  std::string article = std::exchange(state().article, "");
  const std::uint64_t seq = std::exchange(state().article_seq, 0);
  if (helped) return say("knowledge.helped");
  result_.effects.push_back(LeftUnanswered{seq, "not_helped", std::move(article)});
  result_.fallback = true;
  Reply reply;
  reply.answer = "knowledge.not_helped";
  reply.args["url"] = around_.site + "/help/";
  say(std::move(reply));
}

void Dialogue::run_search(const SearchStep& search, std::uint32_t next) {
  const std::string words =
      search.words ? to_text(evaluate(*search.words, facts())) : std::string(words_said());
  auto& slots = state().slots;
  for (const std::string_view value : kArticleValues) {
    slots.erase(search.save + "." + std::string(value));
  }
  auto found = look_up(words);
  if (!found) {
    note_unanswered();
    return go(search.on_not_found);
  }
  slots[search.save + ".title"] = std::move(found->title);
  slots[search.save + ".passage"] = std::move(found->passage);
  slots[search.save + ".url"] = around_.site + found->path;
  go(next);
}

}  // namespace wasl::flows
