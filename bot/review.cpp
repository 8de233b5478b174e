// Sentences are taken from the most frequent to the rarest; each joins the group whose first
// sentence it is most like, or begins one.  Comparing with the first sentence only keeps groups
// from drifting from one meaning to another.
#include "bot/review.hpp"

#include "wasl/core/text.hpp"
#include "wasl/intents/clean.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>

namespace wasl::bot {
namespace {

constexpr std::size_t kSentencesMax = 2'000;
constexpr std::size_t kNearestMax = 3;
constexpr double kAlike = 0.35;

/// FNV-1a: stable over runs and machines, and tells nothing of the text.
std::string key_of(std::string_view clean) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : clean) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>((hash >> shift) & 0xFF);
  return to_hex(bytes);
}

/// The clean text without its marks, so that "pay?" and "pay" are one sentence; a text of marks
/// alone keeps them.
std::string key_text(std::string_view text) {
  const std::string clean = intents::clean(text).text;
  constexpr std::string_view kMarks = ".,;:!?\"'()-";
  std::string words;
  for (const std::string_view token : split(clean, ' ')) {
    const std::size_t first = token.find_first_not_of(kMarks);
    if (first == std::string_view::npos) continue;
    const std::string_view word = token.substr(first, token.find_last_not_of(kMarks) - first + 1);
    words += (words.empty() ? "" : " ") + std::string(word);
  }
  return words.empty() ? clean : words;
}

struct Candidate {
  Sentence sentence;
  std::string clean;
  std::set<std::string> why;
  std::set<std::string> articles;
};

std::string group_of(const UnansweredMessage& message, const Understanding& understood) {
  if (understood.arabizi) return "arabizi";
  const Language language =
      understood.language == Language::und ? message.language : understood.language;
  return language == Language::en ? "en" : "ar";
}

class Grouping {
 public:
  Grouping(const intents::Understander& understander, const std::set<std::string>& reviewed)
      : understander_(understander), reviewed_(reviewed) {}

  void take(const UnansweredMessage& message) {
    if (!seen_.emplace(message.conversation, message.seq).second) return;
    const std::string clean = key_text(message.text);
    if (clean.empty()) return;
    auto found = candidates_.find(clean);
    if (found == candidates_.end()) {
      found = candidates_.emplace(clean, candidate(message, clean)).first;
    }
    Sentence& sentence = found->second.sentence;
    ++sentence.count;
    if (sentence.count == 1 || message.at > sentence.newest) {
      sentence.newest = message.at;
      sentence.text = message.text;
    }
    found->second.why.insert(message.why);
    if (!message.article.empty()) found->second.articles.insert(message.article);
  }

  Review finish() {
    std::vector<Candidate> open;
    for (auto& [clean, one] : candidates_) {
      if (reviewed_.count(one.sentence.key) > 0) {
        review_.reviewed += one.sentence.count;
      } else if (one.why.count("not_helped") == 0 && acts_now(one.sentence.text)) {
        review_.understood_now += one.sentence.count;
      } else {
        open.push_back(std::move(one));
      }
    }
    std::sort(open.begin(), open.end(), [](const Candidate& a, const Candidate& b) {
      return std::tuple(b.sentence.count, b.sentence.newest, a.clean) <
             std::tuple(a.sentence.count, a.sentence.newest, b.clean);
    });
    for (std::size_t i = kSentencesMax; i < open.size(); ++i) {
      review_.left_out += open[i].sentence.count;
    }
    if (open.size() > kSentencesMax) open.resize(kSentencesMax);
    for (const Candidate& one : open) join(one);
    order();
    return std::move(review_);
  }

 private:
  [[nodiscard]] Candidate candidate(const UnansweredMessage& message,
                                    const std::string& clean) const {
    Candidate one;
    one.clean = clean;
    one.sentence.key = key_of(clean);
    one.sentence.group = group_of(message, understander_.understand(message.text, {}));
    return one;
  }

  [[nodiscard]] bool acts_now(const std::string& text) const {
    return understander_.understand(text, {}).decision == Decision::act;
  }

  void join(const Candidate& one) {
    std::size_t best = review_.groups.size();
    double likeness = kAlike;
    for (std::size_t i = 0; i < firsts_.size(); ++i) {
      const double like = intents::similarity(firsts_[i], one.clean);
      if (like < likeness || (best < firsts_.size() && like == likeness)) continue;
      likeness = like;
      best = i;
    }
    if (best == review_.groups.size()) {
      review_.groups.emplace_back();
      review_.groups.back().id = one.sentence.key.substr(0, 8);
      firsts_.push_back(one.clean);
    }
    LikeMessages& group = review_.groups[best];
    group.count += one.sentence.count;
    group.newest = std::max(group.newest, one.sentence.newest);
    group.why.insert(one.why.begin(), one.why.end());
    group.articles.insert(one.articles.begin(), one.articles.end());
    group.sentences.push_back(one.sentence);
  }

  void order() {
    std::sort(review_.groups.begin(), review_.groups.end(),
              [](const LikeMessages& a, const LikeMessages& b) {
                return std::tuple(b.count, b.newest, a.id) < std::tuple(a.count, a.newest, b.id);
              });
    for (LikeMessages& group : review_.groups) {
      group.nearest = understander_.understand(group.sentences.front().text, {}).intents;
      if (group.nearest.size() > kNearestMax) group.nearest.resize(kNearestMax);
    }
  }

  const intents::Understander& understander_;
  const std::set<std::string>& reviewed_;
  std::set<std::pair<std::string, std::uint64_t>> seen_;
  std::map<std::string, Candidate> candidates_;
  std::vector<std::string> firsts_;  ///< clean, of each group
  Review review_;
};

}  // namespace

std::set<std::string> LikeMessages::languages() const {
  std::set<std::string> languages;
  for (const Sentence& one : sentences) languages.insert(one.group);
  return languages;
}

Review review_of(const std::vector<UnansweredMessage>& messages,
                 const intents::Understander& understander, const std::set<std::string>& reviewed) {
  Grouping grouping(understander, reviewed);
  for (const UnansweredMessage& message : messages) grouping.take(message);
  return grouping.finish();
}

}  // namespace wasl::bot
