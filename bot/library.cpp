// Joins what must not know one another: articles (knowledge/), words as they are compared
// (intents/search_words.hpp) and the index (store/article_index.hpp).
//
// In a chat a wrong answer is worse than none, so finding is not enough: the passage must have most
// of what the question tells, rare words counting more, and must be about it, which is what titles
// and headings say.  In the help centre people judge for themselves; there any word will do.
#include "bot/library.hpp"

#include "wasl/core/text.hpp"
#include "wasl/intents/search_words.hpp"
#include "wasl/store/article_index.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

using intents::SearchWord;
using knowledge::Article;
using knowledge::Passage;
using store::ArticleIndex;

constexpr std::size_t kQuestionWordsMax = 24;
constexpr std::size_t kPassageWordsMax = 400;
constexpr std::size_t kCandidatesMax = 12;

constexpr double kLooseWorth = 0.7;  // of a word found by its consonants only
constexpr double kShareMin = 0.5;    // of the question's weight, when a title or heading has a word
constexpr double kShareUnnamed = 0.75;  // when only the text has them
constexpr int kWordsUnnamed = 2;

std::string indexed(std::string_view text) {
  std::string words;
  const auto add = [&](const std::string& form) {
    if (form.empty()) return;
    if (!words.empty()) words += ' ';
    words += form;
  };
  for (const SearchWord& word : intents::search_words(text, kPassageWordsMax)) {
    add(word.stem);
    if (word.bare != word.stem) add(word.bare);
    add(word.bones);  // marked with ~, so that none is taken for a word
  }
  return words;
}

std::vector<ArticleIndex::Word> asked(std::string_view text) {
  std::vector<ArticleIndex::Word> words;
  for (const SearchWord& word : intents::search_words(text, kQuestionWordsMax)) {
    ArticleIndex::Word one;
    one.forms.push_back(word.stem);
    if (!word.bare.empty()) one.forms.push_back(word.bare);
    if (!word.bones.empty()) one.loose.push_back(word.bones);
    words.push_back(std::move(one));
  }
  return words;
}

/// A passage, and how many telling words the names have that it goes by.
struct Place {
  Library::Result found;
  std::size_t title_words = 0;
  std::size_t heading_words = 0;
};

/// How much of the question a passage has, and whether that is enough to say so.
struct Judgement {
  double share = 0.0;
  bool enough = false;
};

/// A question of one telling word is about a passage only if that is all its name says: "cookies?"
/// is about Cookies, "what is the price?" not about Times and prices of the delivery.
bool names_only(const ArticleIndex::Match& match, const Place& place) {
  return (match.place == ArticleIndex::Place::title && place.title_words == 1) ||
         (match.place == ArticleIndex::Place::heading && place.heading_words == 1);
}

Judgement judge(const ArticleIndex::Hit& hit, const std::vector<double>& weights,
                const Place& place) {
  double all = 0.0;
  double told = 0.0;
  bool named = false;
  int sure = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    all += weights[i];
    const ArticleIndex::Match& match = hit.matches[i];
    if (match.place == ArticleIndex::Place::nowhere) continue;
    told += weights[i] * (match.loose ? kLooseWorth : 1.0);
    named = named || match.place != ArticleIndex::Place::body;
    if (!match.loose) ++sure;
  }
  Judgement judgement;
  judgement.share = all > 0.0 ? told / all : 0.0;
  if (hit.matches.size() == 1 && !names_only(hit.matches.front(), place)) return judgement;
  judgement.enough = named ? sure > 0 && judgement.share >= kShareMin
                           : sure >= kWordsUnnamed && judgement.share >= kShareUnnamed;
  return judgement;
}

class IndexedLibrary final : public Library {
 public:
  explicit IndexedLibrary(std::vector<Article> articles) : articles_(std::move(articles)) {
    for (const Language language : {Language::ar, Language::en}) {
      Shelf& shelf = language == Language::ar ? arabic_ : english_;
      std::vector<ArticleIndex::Row> rows;
      for (const Article& article : articles_) {
        if (article.language != language) continue;
        for (const Passage& passage : article.passages) {
          shelf.places.push_back(
              {{&article, &passage}, asked(article.title).size(), asked(passage.heading).size()});
          rows.push_back({indexed(article.title), indexed(passage.heading), indexed(passage.text)});
        }
      }
      shelf.index = ArticleIndex::build(rows);
    }
  }

  [[nodiscard]] std::optional<KnownAnswer> find(std::string_view question,
                                                Language language) const override {
    const Shelf& shelf = shelf_of(language);
    const auto found = shelf.index->find(asked(question), kCandidatesMax);
    const ArticleIndex::Hit* best = nullptr;
    double best_score = 0.0;
    for (const ArticleIndex::Hit& hit : found.hits) {
      const Judgement judgement = judge(hit, found.weights, shelf.places[hit.row]);
      const double score = hit.score * judgement.share;
      if (!judgement.enough || (best != nullptr && score <= best_score)) continue;
      best = &hit;
      best_score = score;
    }
    if (best == nullptr) return std::nullopt;
    const Result& place = shelf.places[best->row].found;
    const std::string& heading = place.passage->heading;
    return KnownAnswer{place.article->id, place.article->title,
                       heading.empty() ? place.passage->text : heading + "\n" + place.passage->text,
                       help_path(*place.article)};
  }

  [[nodiscard]] std::vector<Result> search(std::string_view words, Language language,
                                           std::size_t results_max) const override {
    constexpr std::size_t kHitsMax = 100;
    const Shelf& shelf = shelf_of(language);
    std::vector<Result> results;
    for (const ArticleIndex::Hit& hit : shelf.index->find(asked(words), kHitsMax).hits) {
      const Result& place = shelf.places[hit.row].found;
      const bool known = std::any_of(results.begin(), results.end(), [&](const Result& result) {
        return result.article == place.article;
      });
      if (!known && results.size() < results_max) results.push_back(place);
    }
    return results;
  }

  [[nodiscard]] const std::vector<Article>& articles() const override { return articles_; }

  [[nodiscard]] const Article* find_article(std::string_view id, Language language) const override {
    const auto found = std::find_if(
        articles_.begin(), articles_.end(),
        [&](const Article& article) { return article.id == id && article.language == language; });
    return found == articles_.end() ? nullptr : &*found;
  }

 private:
  /// The passages of one language; a row of the index is a place.
  struct Shelf {
    std::shared_ptr<const ArticleIndex> index;
    std::vector<Place> places;
  };

  [[nodiscard]] const Shelf& shelf_of(Language language) const {
    return language == Language::ar ? arabic_ : english_;
  }

  std::vector<Article> articles_;
  Shelf arabic_;
  Shelf english_;
};

}  // namespace

std::shared_ptr<const Library> Library::open(std::vector<Article> articles) {
  return std::make_shared<IndexedLibrary>(std::move(articles));
}

std::string help_path(const Article& article) {
  return "/help/" + std::string(name(article.language)) + "/" + article.id;
}

}  // namespace wasl::bot
