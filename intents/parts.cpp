#include "intents/parts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <random>
#include <thread>
#include <unordered_map>
#include <utility>

// A score goes over the words in waves, since what it reads lies scattered in memory: each wave
// begins to fetch what the next will read.

namespace wasl::intents {
namespace {

constexpr float kNever = -15.0F;
constexpr std::size_t kWordsUsual = 32;     ///< with skeletons and concepts
constexpr std::size_t kPairLessonsMin = 2;  ///< a pair seen once is not worth its place
constexpr int kTries = 3;  ///< with ever smaller steps, should fastText's numbers explode

/// A word of a line, and where to look for what it brings.
struct Token {
  std::string_view word;
  WordSums::Key key = 0;
  WordSums::Key pair = 0;  ///< with the word before
};

/// The first wave: words and their keys.
std::vector<Token> begin(std::string_view features, const WordSums& sums) {
  std::vector<Token> tokens;
  tokens.reserve(kWordsUsual);
  each_word(features, [&](std::string_view word) {
    Token token{word, WordSums::word_key(word), 0};
    sums.fetch(token.key);
    if (!tokens.empty()) {
      token.pair = WordSums::pair_key(tokens.back().key, token.key);
      sums.fetch(token.pair);
    }
    tokens.push_back(token);
  });
  return tokens;
}

Error damaged(const char* what) {
  return Error{Error::Code::invalid_input, std::string("classifier.bin: ") + what};
}

}  // namespace

std::vector<float> label_rarity(const std::vector<Lesson>& lessons, std::size_t labels) {
  std::vector<std::size_t> counts(labels, 0);
  for (const Lesson& lesson : lessons) ++counts[lesson.label];
  const double fair = static_cast<double>(lessons.size()) / static_cast<double>(labels);
  std::vector<float> rarity;
  for (const std::size_t count : counts) {
    rarity.push_back(
        static_cast<float>(count == 0 ? 0.0 : std::log(fair / static_cast<double>(count))));
  }
  return rarity;
}

PartSettings part_settings_for(std::size_t examples, std::size_t labels, bool neighbours) {
  return {settings_for(examples, labels), linear_settings_for(examples, labels), neighbours};
}

std::string to_string(const PartSettings& settings) {
  return "fastText " + to_string(settings.fast) + "; linear " + to_string(settings.linear) +
         (settings.neighbours ? "; neighbours" : "");
}

Parts::Parts(std::vector<std::string> labels, std::vector<float> rarity, Scorer fast,
             LinearModel linear, std::vector<Pair> pairs, Neighbours near)
    : labels_(std::move(labels)),
      rarity_(std::move(rarity)),
      fast_(std::move(fast)),
      linear_(std::move(linear)),
      pairs_(std::move(pairs)),
      near_(std::move(near)) {
  remember();
}

std::vector<Parts::Pair> Parts::frequent_pairs(const std::vector<Lesson>& lessons,
                                               const Scorer& fast) {
  std::unordered_map<std::uint64_t, std::size_t> counts;
  for (const Lesson& lesson : lessons) {
    std::size_t before = Scorer::kUnknown;
    each_word(lesson.features, [&](std::string_view word) {
      const std::size_t id = fast.word_id(word);
      if (before != Scorer::kUnknown && id != Scorer::kUnknown) ++counts[before << 32U | id];
      before = id;
    });
  }
  std::vector<std::pair<std::size_t, std::uint64_t>> order;
  for (const auto& [pair, count] : counts) {
    if (count >= kPairLessonsMin) order.emplace_back(count, pair);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  order.resize(std::min(order.size(), kPairsMax));
  std::vector<Pair> pairs;
  for (const auto& [count, pair] : order) {
    pairs.emplace_back(static_cast<std::uint32_t>(pair >> 32U), static_cast<std::uint32_t>(pair));
  }
  return pairs;
}

void Parts::remember() {
  const auto& words = fast_.words();
  sums_ = WordSums(linear_.labels(), fast_.width(), words.size() + pairs_.size());
  std::vector<float> rows(WordSums::padded(linear_.labels()) + WordSums::padded(fast_.width()));
  std::vector<Gram> grams;
  const auto put = [&](WordSums::Key key, auto add_fast) {
    std::fill(rows.begin(), rows.end(), 0.0F);
    LineSums sums;
    sums.linear = rows.data();
    sums.fast = rows.data() + WordSums::padded(linear_.labels());
    linear_.add(grams, sums);
    add_fast(sums);
    sums_.add(key, sums);
    grams.clear();
  };
  for (std::size_t i = 0; i < words.size() && !sums_.full(); ++i) {
    add_word_grams(words[i], grams);
    put(WordSums::word_key(words[i]), [&](LineSums& sums) { fast_.add_word(words[i], sums); });
  }
  for (std::size_t i = 0; i < pairs_.size() && !sums_.full(); ++i) {
    const std::string& first = words[pairs_[i].first];
    const std::string& second = words[pairs_[i].second];
    add_pair_grams(first, second, grams);
    put(WordSums::pair_key(WordSums::word_key(first), WordSums::word_key(second)),
        [&](LineSums& sums) {
          fast_.add_pair(Scorer::token_hash(first), Scorer::token_hash(second), sums);
        });
  }
}

Result<Parts> Parts::train(std::vector<Lesson> lessons, std::vector<std::string> labels,
                           PartSettings settings, std::uint64_t seed,
                           const std::filesystem::path& scratch) {
  std::mt19937_64 random(seed);
  for (std::size_t i = lessons.size(); i > 1; --i) {
    std::swap(lessons[i - 1], lessons[random() % i]);
  }
  std::vector<FastLine> lines;
  std::vector<LinearRow> rows;
  lines.reserve(lessons.size());
  rows.reserve(lessons.size());
  for (const Lesson& lesson : lessons) {
    lines.push_back({std::to_string(lesson.label), std::string(lesson.features)});
    rows.push_back({lesson.features, lesson.label});
  }
  Result<Scorer> fast = Error{Error::Code::unavailable, ""};
  const auto train_fast = [&] {
    for (int tries = 0; tries < kTries && !fast; ++tries, settings.fast.rate /= 2.0) {
      fast = train_fasttext(lines, settings.fast, seed, scratch);
    }
  };
  LinearModel linear;
  const LinearSettings how = settings.linear;
  if (how.threads > 1) {
    std::thread beside(train_fast);
    linear = LinearModel(train_linear(rows, labels.size(), how));
    beside.join();
  } else {
    train_fast();
    linear = LinearModel(train_linear(rows, labels.size(), how));
  }
  if (!fast) return fast.error();
  auto rarity = label_rarity(lessons, labels.size());
  auto pairs = frequent_pairs(lessons, *fast);
  Neighbours near;
  if (settings.neighbours) {
    std::vector<NeighbourRow> examples;
    examples.reserve(lessons.size());
    for (const Lesson& lesson : lessons) examples.push_back({lesson.features, lesson.label});
    near = Neighbours(examples, labels.size());
  }
  Parts parts(std::move(labels), std::move(rarity), std::move(*fast), std::move(linear),
              std::move(pairs), std::move(near));
  if (!parts.join_labels()) return damaged("its parts do not belong together");
  return parts;
}

bool Parts::join_labels() {
  for (const std::string& label : fast_.labels()) {
    std::size_t at = labels_.size();
    std::from_chars(label.data(), label.data() + label.size(), at);
    if (at >= labels_.size()) return false;
    fast_at_.push_back(at);
  }
  return linear_.labels() == labels_.size() && rarity_.size() == labels_.size();
}

PartScores Parts::join(const LineSums& sums, std::size_t known_words) const {
  PartScores scores;
  std::vector<float> fast;
  fast_.finish(sums, fast);
  scores.fast.assign(labels_.size(), kNever);
  for (std::size_t i = 0; i < fast_at_.size(); ++i) scores.fast[fast_at_[i]] = fast[i];
  linear_.finish(sums, scores.linear);
  scores.known =
      sums.grams == 0 ? 0.0 : static_cast<double>(sums.known) / static_cast<double>(sums.grams);
  scores.known_words = known_words;
  return scores;
}

PartScores Parts::score(std::string_view features) const {
  const std::vector<Token> tokens = begin(features, sums_);
  std::vector<float> rows(WordSums::padded(linear_.labels()) + WordSums::padded(fast_.width()));
  LineSums sums;
  sums.linear = rows.data();
  sums.fast = rows.data() + WordSums::padded(linear_.labels());
  std::size_t known_words = 0;
  std::vector<std::size_t> places;  // of what is remembered
  std::vector<std::int32_t> hashes;
  std::vector<char> summed(tokens.size(), 0);
  std::vector<Gram> grams;  // of the rest
  places.reserve(2 * tokens.size());
  hashes.reserve(tokens.size());
  const auto recall = [&](WordSums::Key key) {
    const std::size_t place = sums_.find(key);
    if (place == WordSums::kNone) return false;
    sums_.fetch_sums(place);
    places.push_back(place);
    return true;
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    hashes.push_back(Scorer::token_hash(token.word));
    bool known = recall(token.key);
    if (!known) {
      add_word_grams(token.word, grams);
      known = fast_.add_word(token.word, sums);
    }
    if (known && Scorer::counts(token.word)) ++known_words;
    if (i == 0) continue;
    summed[i - 1] = recall(token.pair) ? 1 : 0;
    if (summed[i - 1] == 0) add_pair_grams(tokens[i - 1].word, token.word, grams);
  }
  fast_.add_end(sums);
  fast_.add_runs(hashes, summed, sums);
  linear_.add(grams, sums);
  for (const std::size_t place : places) sums_.add_to(place, sums);
  PartScores scores = join(sums, known_words);
  scores.near = near_.score(features);
  return scores;
}

PartScores Parts::score_plainly(std::string_view features) const {
  PartScores scores;
  const auto fast = fast_.score(features);
  auto linear = linear_.score(features);
  scores.fast.assign(labels_.size(), kNever);
  for (std::size_t i = 0; i < fast_at_.size(); ++i) scores.fast[fast_at_[i]] = fast.labels[i];
  scores.linear = std::move(linear.labels);
  scores.near = near_.score(features);
  scores.known = linear.grams == 0
                     ? 0.0
                     : static_cast<double>(linear.known) / static_cast<double>(linear.grams);
  scores.known_words = fast.known_words;
  return scores;
}

}  // namespace wasl::intents
