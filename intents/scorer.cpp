#include "intents/scorer.hpp"

#include "intents/grams.hpp"

#include <fasttext/fasttext.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

// How fastText reads a line: each word brings its n-grams of letters (between `<` and `>`), itself
// if it is known, and each run of words up to words_max_ brings one row, by hashes modulo
// the buckets.  The line's end is a word of its own.

namespace wasl::intents {
namespace {

constexpr std::string_view kLabelMark = "__label__";
constexpr std::uint32_t kMagic = 0x31465357;  // "WSF1"
constexpr float kUnitMax = 127.0F;
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

/// Appends the scale of every row, then its weights in bytes.
void put_rows(std::string& bytes, const std::vector<float>& rows, std::size_t width) {
  std::string units;
  units.reserve(rows.size());
  for (std::size_t at = 0; at < rows.size(); at += width) {
    float most = 0.0F;
    for (std::size_t i = 0; i < width; ++i) {
      if (std::isfinite(rows[at + i])) most = std::max(most, std::abs(rows[at + i]));
    }
    const float scale = most / kUnitMax;
    bytes.append(reinterpret_cast<const char*>(&scale), sizeof scale);
    for (std::size_t i = 0; i < width; ++i) {
      const float unit = scale > 0.0F ? rows[at + i] / scale : 0.0F;
      units.push_back(static_cast<char>(
          std::isfinite(unit) ? std::lround(std::clamp(unit, -kUnitMax, kUnitMax)) : 0));
    }
  }
  bytes.append(units);
}

/// REQUIRES: as many bytes as put_rows() wrote.  Moves past them.
std::vector<float> take_rows(std::string_view& bytes, std::size_t count, std::size_t width) {
  std::vector<float> rows(count * width);
  const char* const units = bytes.data() + count * sizeof(float);
  for (std::size_t row = 0; row < count; ++row) {
    float scale = 0.0F;
    std::memcpy(&scale, bytes.data() + row * sizeof scale, sizeof scale);
    for (std::size_t i = 0; i < width; ++i) {
      rows[row * width + i] =
          scale * static_cast<float>(static_cast<signed char>(units[row * width + i]));
    }
  }
  bytes.remove_prefix(count * (sizeof(float) + width));
  return rows;
}

Error damaged(const char* what) {
  return Error{Error::Code::invalid_input, std::string("fastText's weights: ") + what};
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
    : input_(copy_of(*model.getInputMatrix())), output_(copy_of(*model.getOutputMatrix())) {
  const auto dictionary = model.getDictionary();
  const fasttext::Args args = model.getArgs();
  shape_.width = static_cast<std::uint32_t>(model.getDimension());
  shape_.known = static_cast<std::uint32_t>(dictionary->nwords());
  shape_.labels = static_cast<std::uint32_t>(dictionary->nlabels());
  shape_.letters_min = static_cast<std::uint32_t>(args.minn);
  shape_.letters_max = static_cast<std::uint32_t>(args.maxn);
  shape_.words_max = static_cast<std::uint32_t>(args.wordNgrams);
  shape_.buckets = static_cast<std::uint32_t>(args.bucket);
  for (std::int32_t id = 0; id < dictionary->nwords(); ++id) {
    names_.push_back(dictionary->getWord(id));
  }
  for (std::int32_t id = 0; id < dictionary->nlabels(); ++id) {
    labels_.push_back(dictionary->getLabel(id).substr(kLabelMark.size()));
  }
  sum_words();
}

void Scorer::sum_words() {
  const std::size_t width = shape_.width;
  words_.assign(names_.size() * width, 0.0F);
  Sum sum(width);
  for (std::size_t id = 0; id < names_.size(); ++id) {
    std::fill(sum.row.begin(), sum.row.end(), 0.0F);
    sum.count = 0;
    add_row(id, sum);
    if (names_[id] != kLineEnd) add_letters(names_[id], sum);
    std::copy(sum.row.begin(), sum.row.end(),
              words_.begin() + static_cast<std::ptrdiff_t>(id * width));
    counts_.push_back(static_cast<std::uint32_t>(sum.count));
    ids_.emplace(names_[id], id);
  }
}

std::size_t Scorer::word_id(std::string_view word) const {
  const auto known = ids_.find(word);
  return known == ids_.end() ? kUnknown : known->second;
}

void Scorer::add_row(std::size_t row, Sum& sum) const {
  add(sum.row.data(), &input_[row * shape_.width], shape_.width);
  ++sum.count;
}

void Scorer::add_letters(std::string_view word, Sum& sum) const {
  if (shape_.buckets == 0) return;
  const std::string framed = '<' + std::string(word) + '>';
  for (std::size_t from = 0; from < framed.size(); ++from) {
    if (continues(framed[from])) continue;
    std::uint32_t hash = 2166136261U;
    std::size_t to = from;
    for (std::size_t letters = 1; to < framed.size() && letters <= shape_.letters_max; ++letters) {
      do {
        hash =
            (hash ^ static_cast<std::uint32_t>(static_cast<std::int8_t>(framed[to]))) * 16777619U;
        ++to;
      } while (to < framed.size() && continues(framed[to]));
      const bool frame_alone = letters == 1 && (from == 0 || to == framed.size());
      if (letters >= shape_.letters_min && !frame_alone) {
        add_row(shape_.known + hash % shape_.buckets, sum);
      }
    }
  }
}

Scorer::Scores Scorer::score(std::string_view line) const {
  std::vector<std::string_view> tokens;
  std::vector<std::size_t> ids;
  each_word(line, [&](std::string_view word) {
    tokens.push_back(word);
    ids.push_back(word_id(word));
  });
  return score(tokens, ids);
}

Scorer::Scores Scorer::score(const std::vector<std::string_view>& tokens,
                             const std::vector<std::size_t>& ids) const {
  Scores scores;
  const std::size_t width = shape_.width;
  Sum sum(width);
  std::vector<std::int32_t> hashes;  // fastText widens them with their sign
  hashes.reserve(tokens.size() + 1);
  const auto read = [&](std::string_view token, std::size_t id) {
    hashes.push_back(static_cast<std::int32_t>(hash_of(token)));
    if (id != kUnknown) {
      add(sum.row.data(), &words_[id * width], width);
      sum.count += counts_[id];
      if (token != "0" && token != kLineEnd) ++scores.known_words;
    } else if (token != kLineEnd) {
      add_letters(token, sum);
    }
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) read(tokens[i], ids[i]);
  read(kLineEnd, word_id(kLineEnd));
  for (std::size_t first = 0; shape_.buckets > 0 && first < hashes.size(); ++first) {
    auto hash = static_cast<std::uint64_t>(static_cast<std::int64_t>(hashes[first]));
    const std::size_t end = std::min(hashes.size(), first + shape_.words_max);
    for (std::size_t next = first + 1; next < end; ++next) {
      hash =
          hash * 116049371U + static_cast<std::uint64_t>(static_cast<std::int64_t>(hashes[next]));
      add_row(shape_.known + static_cast<std::size_t>(hash % shape_.buckets), sum);
    }
  }

  const float share = sum.count == 0 ? 0.0F : 1.0F / static_cast<float>(sum.count);
  scores.labels.resize(output_.size() / width);
  for (std::size_t label = 0; label < scores.labels.size(); ++label) {
    const float* const row = &output_[label * width];
    std::array<float, 4> parts{};  // four sums at a time: no order is promised anyway
    std::size_t i = 0;
    for (; i + 4 <= width; i += 4) {
      for (std::size_t k = 0; k < 4; ++k) parts[k] += row[i + k] * sum.row[i + k];
    }
    for (; i < width; ++i) parts[0] += row[i] * sum.row[i];
    const float score = (parts[0] + parts[1] + parts[2] + parts[3]) * share;
    scores.labels[label] =
        std::isfinite(score) ? std::clamp(score, -kScoreMax, kScoreMax) : -kScoreMax;
  }
  return scores;
}

bool Scorer::sane(const Shape& s) {
  return s.width >= 1 && s.width <= 1'024 && s.known <= 1'000'000 && s.labels >= 1 &&
         s.labels <= 4'096 && s.letters_max <= 16 && s.letters_min <= s.letters_max + 1 &&
         s.words_max >= 1 && s.words_max <= 8 && s.buckets <= 4'000'000;
}

std::string Scorer::write() const {
  std::string bytes;
  bytes.append(reinterpret_cast<const char*>(&kMagic), sizeof kMagic);
  bytes.append(reinterpret_cast<const char*>(&shape_), sizeof shape_);
  std::string names;
  for (const auto* list : {&names_, &labels_}) {
    for (const std::string& name : *list) names.append(name).push_back('\n');
  }
  const auto size = static_cast<std::uint32_t>(names.size());
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes.append(names);
  put_rows(bytes, input_, shape_.width);
  bytes.append(reinterpret_cast<const char*>(output_.data()), output_.size() * sizeof(float));
  return bytes;
}

Result<Scorer> Scorer::read(std::string_view bytes) {
  const auto take = [&](void* to, std::size_t size) {
    if (bytes.size() < size) return false;
    std::memcpy(to, bytes.data(), size);
    bytes.remove_prefix(size);
    return true;
  };
  Scorer scorer;
  Shape& shape = scorer.shape_;
  std::uint32_t magic = 0;
  std::uint32_t names = 0;
  if (!take(&magic, sizeof magic) || magic != kMagic || !take(&shape, sizeof shape) ||
      !sane(shape) || !take(&names, sizeof names) || names > bytes.size()) {
    return damaged("not of this version");
  }
  std::string_view text = bytes.substr(0, names);
  bytes.remove_prefix(names);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    auto& list = scorer.names_.size() < shape.known ? scorer.names_ : scorer.labels_;
    list.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (scorer.names_.size() != shape.known || scorer.labels_.size() != shape.labels) {
    return damaged("its words do not add up");
  }
  const std::size_t rows = std::size_t{shape.known} + shape.buckets;
  const std::size_t output = std::size_t{shape.labels} * shape.width;
  if (bytes.size() != rows * (sizeof(float) + shape.width) + output * sizeof(float)) {
    return damaged("its size is not what it says");
  }
  scorer.input_ = take_rows(bytes, rows, shape.width);
  scorer.output_.resize(output);
  take(scorer.output_.data(), output * sizeof(float));
  scorer.sum_words();
  return scorer;
}

}  // namespace wasl::intents
