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

/// fastText widens hashes of words with their sign.
std::uint64_t widen(std::int32_t hash) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(hash));
}

/// Hash of a run of words and the next one.
std::uint64_t run(std::uint64_t hash, std::int32_t next) {
  return hash * 116049371U + widen(next);
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
  index();
}

void Scorer::index() {
  for (std::size_t id = 0; id < names_.size(); ++id) ids_.emplace(names_[id], id);
  end_ = word_id(kLineEnd);
}

std::size_t Scorer::word_id(std::string_view word) const {
  const auto known = ids_.find(word);
  return known == ids_.end() ? kUnknown : known->second;
}

void Scorer::add_row(std::size_t row, LineSums& sums) const {
  add(sums.fast, &input_[row * shape_.width], shape_.width);
  ++sums.rows;
}

void Scorer::add_letters(std::string_view word, LineSums& sums) const {
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
        add_row(shape_.known + hash % shape_.buckets, sums);
      }
    }
  }
}

std::int32_t Scorer::token_hash(std::string_view token) {
  return static_cast<std::int32_t>(hash_of(token));
}

bool Scorer::counts(std::string_view token) {
  return token != "0" && token != kLineEnd;
}

bool Scorer::add_word(std::string_view token, LineSums& sums) const {
  const std::size_t id = word_id(token);
  if (id != kUnknown) add_row(id, sums);
  if (token != kLineEnd) add_letters(token, sums);
  return id != kUnknown;
}

void Scorer::add_end(LineSums& sums) const {
  if (end_ != kUnknown) add_row(end_, sums);
}

void Scorer::add_pair(std::int32_t first, std::int32_t second, LineSums& sums) const {
  if (shape_.buckets == 0 || shape_.words_max < 2) return;
  add_row(shape_.known + static_cast<std::size_t>(run(widen(first), second) % shape_.buckets),
          sums);
}

void Scorer::add_runs(std::span<const std::int32_t> hashes, std::span<const char> summed,
                      LineSums& sums) const {
  if (shape_.buckets == 0) return;
  std::vector<std::size_t> rows;
  rows.reserve(hashes.size() + 1);
  for (std::size_t first = 0; first < hashes.size(); ++first) {
    std::uint64_t hash = widen(hashes[first]);
    const std::size_t end = std::min(hashes.size() + 1, first + shape_.words_max);
    for (std::size_t next = first + 1; next < end; ++next) {
      hash = run(hash, next < hashes.size() ? hashes[next] : token_hash(kLineEnd));
      if (next == first + 1 && first < summed.size() && summed[first] != 0) continue;
      rows.push_back(shape_.known + static_cast<std::size_t>(hash % shape_.buckets));
      __builtin_prefetch(&input_[rows.back() * shape_.width]);
    }
  }
  for (const std::size_t row : rows) add_row(row, sums);
}

void Scorer::finish(const LineSums& sums, std::vector<float>& labels) const {
  const std::size_t width = shape_.width;
  const float share = sums.rows == 0 ? 0.0F : 1.0F / static_cast<float>(sums.rows);
  labels.resize(output_.size() / width);
  for (std::size_t label = 0; label < labels.size(); ++label) {
    const float* const row = &output_[label * width];
    std::array<float, 4> parts{};  // four sums at a time: no order is promised anyway
    std::size_t i = 0;
    for (; i + 4 <= width; i += 4) {
      for (std::size_t k = 0; k < 4; ++k) parts[k] += row[i + k] * sums.fast[i + k];
    }
    for (; i < width; ++i) parts[0] += row[i] * sums.fast[i];
    const float score = (parts[0] + parts[1] + parts[2] + parts[3]) * share;
    labels[label] = std::isfinite(score) ? std::clamp(score, -kScoreMax, kScoreMax) : -kScoreMax;
  }
}

Scorer::Scores Scorer::score(std::string_view line) const {
  Scores scores;
  std::vector<float> row(shape_.width, 0.0F);
  LineSums sums;
  sums.fast = row.data();
  std::vector<std::int32_t> hashes;
  each_word(line, [&](std::string_view token) {
    hashes.push_back(token_hash(token));
    if (add_word(token, sums) && counts(token)) ++scores.known_words;
  });
  add_end(sums);
  add_runs(hashes, {}, sums);
  finish(sums, scores.labels);
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
  scorer.index();
  return scorer;
}

}  // namespace wasl::intents
