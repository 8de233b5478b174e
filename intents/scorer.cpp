#include "intents/scorer.hpp"

#include <fasttext/fasttext.h>

#include <algorithm>
#include <array>
#include <cmath>

// How fastText reads a line: each word brings its n-grams of letters (between `<` and `>`), itself
// if it is known, and each run of words up to words_max_ brings one row, by hashes modulo
// the buckets.  The line's end is a word of its own.

namespace wasl::intents {
namespace {

constexpr std::string_view kLineEnd = "</s>";
constexpr float kScoreMax = 40.0F;

/// 32-bit FNV-1a over signed bytes, as fastText computes it.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) {
    hash = (hash ^ static_cast<std::uint32_t>(static_cast<std::int8_t>(c))) * 16777619U;
  }
  return hash;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

void add(float* to, const float* row, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) to[i] += row[i];
}

std::vector<float> copy_of(const fasttext::DenseMatrix& matrix) {
  const float* const first = &matrix.at(0, 0);
  return {first, first + matrix.rows() * matrix.cols()};
}

}  // namespace

struct Scorer::Sum {
  explicit Sum(std::size_t width) : row(width, 0.0F) {}
  std::vector<float> row;
  std::size_t count = 0;
};

std::size_t Scorer::Hash::operator()(std::string_view word) const {
  return hash_of(word);
}

Scorer::Scorer(const fasttext::FastText& model)
    : width_(static_cast<std::size_t>(model.getDimension())),
      known_(static_cast<std::size_t>(model.getDictionary()->nwords())),
      letters_min_(static_cast<std::size_t>(model.getArgs().minn)),
      letters_max_(static_cast<std::size_t>(model.getArgs().maxn)),
      words_max_(static_cast<std::size_t>(model.getArgs().wordNgrams)),
      buckets_(static_cast<std::size_t>(model.getArgs().bucket)),
      words_(known_ * width_, 0.0F),
      input_(copy_of(*model.getInputMatrix())),
      output_(copy_of(*model.getOutputMatrix())) {
  const auto dictionary = model.getDictionary();
  for (std::size_t id = 0; id < known_; ++id) {
    const auto& rows = dictionary->getSubwords(static_cast<std::int32_t>(id));
    Word word{id * width_, std::max<std::size_t>(rows.size(), 1)};
    for (const std::int32_t row : rows) {
      add(&words_[word.at], &input_[static_cast<std::size_t>(row) * width_], width_);
    }
    if (rows.empty()) add(&words_[word.at], &input_[id * width_], width_);
    dictionary_.emplace(dictionary->getWord(static_cast<std::int32_t>(id)), word);
  }
}

void Scorer::add_row(std::size_t row, Sum& sum) const {
  add(sum.row.data(), &input_[row * width_], width_);
  ++sum.count;
}

void Scorer::add_unknown(std::string_view word, Sum& sum) const {
  if (buckets_ == 0) return;
  const std::string framed = '<' + std::string(word) + '>';
  for (std::size_t from = 0; from < framed.size(); ++from) {
    if (continues(framed[from])) continue;
    std::uint32_t hash = 2166136261U;
    std::size_t to = from;
    for (std::size_t letters = 1; to < framed.size() && letters <= letters_max_; ++letters) {
      do {
        hash =
            (hash ^ static_cast<std::uint32_t>(static_cast<std::int8_t>(framed[to]))) * 16777619U;
        ++to;
      } while (to < framed.size() && continues(framed[to]));
      const bool frame_alone = letters == 1 && (from == 0 || to == framed.size());
      if (letters >= letters_min_ && !frame_alone) add_row(known_ + hash % buckets_, sum);
    }
  }
}

Scorer::Scores Scorer::score(std::string_view line) const {
  Scores scores;
  Sum sum(width_);
  std::vector<std::int32_t> hashes;  // fastText widens them with their sign
  hashes.reserve(64);
  const auto read = [&](std::string_view token) {
    const auto known = dictionary_.find(token);
    hashes.push_back(static_cast<std::int32_t>(hash_of(token)));
    if (known != dictionary_.end()) {
      add(sum.row.data(), &words_[known->second.at], width_);
      sum.count += known->second.count;
      if (token != "0" && token != kLineEnd) ++scores.known_words;
    } else if (token != kLineEnd) {
      add_unknown(token, sum);
    }
  };
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    if (end > at) read(line.substr(at, end - at));
    at = end + 1;
  }
  read(kLineEnd);
  for (std::size_t first = 0; buckets_ > 0 && first < hashes.size(); ++first) {
    auto hash = static_cast<std::uint64_t>(static_cast<std::int64_t>(hashes[first]));
    const std::size_t end = std::min(hashes.size(), first + words_max_);
    for (std::size_t next = first + 1; next < end; ++next) {
      hash =
          hash * 116049371U + static_cast<std::uint64_t>(static_cast<std::int64_t>(hashes[next]));
      add_row(known_ + static_cast<std::size_t>(hash % buckets_), sum);
    }
  }

  const float share = sum.count == 0 ? 0.0F : 1.0F / static_cast<float>(sum.count);
  scores.labels.resize(output_.size() / width_);
  for (std::size_t label = 0; label < scores.labels.size(); ++label) {
    const float* const row = &output_[label * width_];
    std::array<float, 4> parts{};  // four sums at a time: no order is promised anyway
    std::size_t i = 0;
    for (; i + 4 <= width_; i += 4) {
      for (std::size_t k = 0; k < 4; ++k) parts[k] += row[i + k] * sum.row[i + k];
    }
    for (; i < width_; ++i) parts[0] += row[i] * sum.row[i];
    const float score = (parts[0] + parts[1] + parts[2] + parts[3]) * share;
    scores.labels[label] =
        std::isfinite(score) ? std::clamp(score, -kScoreMax, kScoreMax) : -kScoreMax;
  }
  return scores;
}

}  // namespace wasl::intents
