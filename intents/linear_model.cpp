#include "intents/linear_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

// The file: magic, labels, rows; biases; then, column by column, keys, rarities, scales and
// weights. Numbers are little-endian, as everywhere this runs.

namespace wasl::intents {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint32_t kMagic = 0x324C5357;  // "WSL2"
constexpr std::uint32_t kLabelsMax = 4'096;
constexpr std::uint32_t kRowsMax = 4'000'000;
constexpr std::size_t kRememberedFloatsMax = 2U << 20;
constexpr std::size_t kWide = 32;  ///< labels; with fewer, words still cost
constexpr float kWeightMax = 127.0F;

struct Header {
  std::uint32_t magic = kMagic;
  std::uint32_t labels = 0;
  std::uint32_t rows = 0;
  float unseen = 0.0F;
};

template <typename T>
void put(std::string& bytes, const std::vector<T>& values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

template <typename T>
std::vector<T> take(std::string_view& bytes, std::size_t count) {
  std::vector<T> values(count);
  std::memcpy(values.data(), bytes.data(), count * sizeof(T));
  bytes.remove_prefix(count * sizeof(T));
  return values;
}

bool all_sane(const std::vector<float>& values, float low, float high) {
  return std::all_of(values.begin(), values.end(),
                     [&](float value) { return value >= low && value <= high; });
}

Error damaged(const char* what) {
  return Error{Error::Code::invalid_input, std::string("linear model: ") + what};
}

}  // namespace

LinearModel::LinearModel(const LinearWeights& weights)
    : unseen_(weights.unseen), bias_(weights.bias) {
  const std::size_t width = weights.labels;
  for (std::size_t i = 0; i < weights.grams.size(); ++i) {
    const Key key = static_cast<Key>(weights.grams[i] >> 32U);
    if (!keys_.empty() && keys_.back() == key) continue;  // two grams of one key: the first stays
    const float* const row = &weights.weights[i * width];
    float most = 0.0F;
    for (std::size_t k = 0; k < width; ++k) most = std::max(most, std::abs(row[k]));
    const float scale = most * weights.rarity[i] / kWeightMax;
    keys_.push_back(key);
    rarity_.push_back(weights.rarity[i]);
    scale_.push_back(scale);
    for (std::size_t k = 0; k < width; ++k) {
      const float units = scale > 0.0F ? row[k] * weights.rarity[i] / scale : 0.0F;
      rows_.push_back(
          static_cast<std::int8_t>(std::lround(std::clamp(units, -kWeightMax, kWeightMax))));
    }
  }
  index();
}

void LinearModel::index() {
  const std::size_t size = std::bit_ceil(std::max<std::size_t>(keys_.size() * 2, 16));
  shift_ = 32U - static_cast<std::uint32_t>(std::countr_zero(size));
  slots_.assign(size, 0);
  for (std::size_t row = 0; row < keys_.size(); ++row) {
    std::size_t at = keys_[row] >> shift_;
    while (slots_[at] != 0) at = (at + 1) & (size - 1);
    slots_[at] = static_cast<std::uint32_t>(row + 1);
  }
}

std::size_t LinearModel::find(Key key) const {
  for (std::size_t at = key >> shift_;; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at] == 0) return keys_.size();
    if (keys_[slots_[at] - 1] == key) return slots_[at] - 1;
  }
}

std::string LinearModel::write() const {
  Header header;
  header.labels = static_cast<std::uint32_t>(bias_.size());
  header.rows = static_cast<std::uint32_t>(keys_.size());
  header.unseen = unseen_;
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  put(bytes, bias_);
  put(bytes, keys_);
  put(bytes, rarity_);
  put(bytes, scale_);
  put(bytes, rows_);
  return bytes;
}

Result<LinearModel> LinearModel::read(std::string_view bytes) {
  Header header;
  if (bytes.size() < sizeof header) return damaged("it ends early");
  std::memcpy(&header, bytes.data(), sizeof header);
  bytes.remove_prefix(sizeof header);
  if (header.magic != kMagic) return damaged("not one of this version");
  if (header.labels == 0 || header.labels > kLabelsMax || header.rows > kRowsMax ||
      !(header.unseen >= 0.0F && header.unseen <= 1e3F)) {
    return damaged("its size makes no sense");
  }
  const std::uint64_t row = sizeof(Key) + 2 * sizeof(float) + header.labels;
  if (bytes.size() != header.labels * sizeof(float) + header.rows * row) {
    return damaged("its size is not what it says");
  }
  LinearModel model;
  model.unseen_ = header.unseen;
  model.bias_ = take<float>(bytes, header.labels);
  model.keys_ = take<Key>(bytes, header.rows);
  model.rarity_ = take<float>(bytes, header.rows);
  model.scale_ = take<float>(bytes, header.rows);
  model.rows_ = take<std::int8_t>(bytes, std::size_t{header.rows} * header.labels);
  const bool ascending =
      std::adjacent_find(model.keys_.begin(), model.keys_.end(),
                         [](Key a, Key b) { return a >= b; }) == model.keys_.end();
  if (!ascending || !all_sane(model.bias_, -1e6F, 1e6F) || !all_sane(model.rarity_, 0.0F, 1e3F) ||
      !all_sane(model.scale_, 0.0F, 1e6F)) {
    return damaged("its numbers make no sense");
  }
  model.index();
  return model;
}

void LinearModel::add(Gram gram, Sum& sum) const {
  ++sum.grams;
  const std::size_t row = find(static_cast<Key>(gram >> 32U));
  if (row == keys_.size()) {
    sum.squares += unseen_ * unseen_;
    return;
  }
  ++sum.known;
  sum.squares += rarity_[row] * rarity_[row];
  const std::size_t width = bias_.size();
  const float scale = scale_[row];
  const std::int8_t* const units = &rows_[row * width];
  for (std::size_t k = 0; k < width; ++k) sum.row[k] += scale * static_cast<float>(units[k]);
}

void LinearModel::finish(const Sum& sum, Scores& scores) const {
  scores.grams = sum.grams;
  scores.known = sum.known;
  const float share = sum.squares > 0.0F ? 1.0F / std::sqrt(sum.squares) : 0.0F;
  for (std::size_t k = 0; k < bias_.size(); ++k) sum.row[k] = sum.row[k] * share + bias_[k];
}

LinearModel::Scores LinearModel::score(std::string_view line) const {
  Scores scores;
  scores.labels.assign(bias_.size(), 0.0F);
  Sum sum{scores.labels.data()};
  for (const Gram gram : line_grams(line)) add(gram, sum);
  finish(sum, scores);
  return scores;
}

LinearModel::Scores LinearModel::score(const std::vector<std::string_view>& words,
                                       const std::vector<std::size_t>& ids) const {
  Scores scores;
  const std::size_t width = bias_.size();
  scores.labels.assign(width, 0.0F);
  Sum sum{scores.labels.data()};
  std::vector<Gram> grams;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (ids[i] < words_.size()) {
      const Word& word = words_[ids[i]];
      sum.squares += word.squares;
      sum.grams += word.grams;
      sum.known += word.known;
      const float* const row = &word_rows_[ids[i] * width];
      for (std::size_t k = 0; k < width; ++k) sum.row[k] += row[k];
    } else {
      grams.clear();
      add_word_grams(words[i], grams);
      for (const Gram gram : grams) add(gram, sum);
    }
    if (i == 0) continue;
    grams.clear();
    add_pair_grams(words[i - 1], words[i], grams);
    for (const Gram gram : grams) add(gram, sum);
  }
  finish(sum, scores);
  return scores;
}

void LinearModel::remember(const std::vector<std::string>& words) {
  const std::size_t width = bias_.size();
  const std::size_t count = std::min(words.size(), kRememberedFloatsMax / std::max(width, kWide));
  words_.assign(count, {});
  word_rows_.assign(count * width, 0.0F);
  std::vector<Gram> grams;
  for (std::size_t i = 0; i < count; ++i) {
    grams.clear();
    add_word_grams(words[i], grams);
    Sum sum{&word_rows_[i * width]};
    for (const Gram gram : grams) add(gram, sum);
    words_[i] = {sum.squares, sum.grams, sum.known};
  }
}

}  // namespace wasl::intents
