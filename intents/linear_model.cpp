#include "intents/linear_model.hpp"

#include "intents/number_bytes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

// The file: magic, labels, rows; biases; then, column by column, keys, rarities, scales and
// weights. Numbers are little-endian, as everywhere this runs.
//
// A line touches some hundred places of tables that are larger than any cache, so a score goes over
// its n-grams in waves: each fetches what the next will read.  Rows in memory are padded to a whole
// number of blocks, which the compiler turns into vectors.

namespace wasl::intents {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint32_t kMagic = 0x324C5357;  // "WSL2"
constexpr std::uint32_t kLabelsMax = 4'096;
constexpr std::uint32_t kRowsMax = 4'000'000;
constexpr float kWeightMax = 127.0F;
constexpr std::size_t kBlock = 16;  ///< labels

void add_row(float* to, const std::int8_t* units, float scale, std::size_t stride) {
  for (std::size_t block = 0; block < stride; block += kBlock) {
    for (std::size_t k = 0; k < kBlock; ++k) {
      to[block + k] += scale * static_cast<float>(units[block + k]);
    }
  }
}

void fetch(const void* from, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += 64) {
    __builtin_prefetch(static_cast<const char*>(from) + at);
  }
}

struct Header {
  std::uint32_t magic = kMagic;
  std::uint32_t labels = 0;
  std::uint32_t rows = 0;
  float unseen = 0.0F;
};

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
  stride_ = WordSums::padded(width);
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
    rows_.resize(rows_.size() + stride_, 0);
    std::int8_t* const units = &rows_[rows_.size() - stride_];
    for (std::size_t k = 0; k < width; ++k) {
      const float unit = scale > 0.0F ? row[k] * weights.rarity[i] / scale : 0.0F;
      units[k] = static_cast<std::int8_t>(std::lround(std::clamp(unit, -kWeightMax, kWeightMax)));
    }
  }
  index();
}

void LinearModel::index() {
  const std::size_t size = std::bit_ceil(std::max<std::size_t>(keys_.size() * 2, 16));
  shift_ = 32U - static_cast<std::uint32_t>(std::countr_zero(size));
  slots_.assign(size, {});
  worth_.reserve(keys_.size());
  for (std::size_t row = 0; row < keys_.size(); ++row) {
    std::size_t at = keys_[row] >> shift_;
    while (slots_[at].row != 0) at = (at + 1) & (size - 1);
    slots_[at] = {keys_[row], static_cast<std::uint32_t>(row + 1)};
    worth_.push_back({rarity_[row], scale_[row]});
  }
}

std::size_t LinearModel::find(Key key) const {
  for (std::size_t at = key >> shift_;; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].row == 0) return keys_.size();
    if (slots_[at].key == key) return slots_[at].row - 1;
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
  for (std::size_t row = 0; row < keys_.size(); ++row) {
    bytes.append(reinterpret_cast<const char*>(&rows_[row * stride_]), bias_.size());
  }
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
  model.stride_ = WordSums::padded(header.labels);
  model.rows_.assign(std::size_t{header.rows} * model.stride_, 0);
  for (std::size_t at = 0; at < model.rows_.size(); at += model.stride_) {
    std::memcpy(&model.rows_[at], bytes.data(), header.labels);
    bytes.remove_prefix(header.labels);
  }
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

void LinearModel::add(const std::vector<Gram>& grams, LineSums& sums) const {
  sums.grams += static_cast<std::uint32_t>(grams.size());
  const auto key_of = [](Gram gram) { return static_cast<Key>(gram >> 32U); };
  for (const Gram gram : grams) fetch(&slots_[key_of(gram) >> shift_], 1);
  std::vector<std::uint32_t> rows;
  rows.reserve(grams.size());
  for (const Gram gram : grams) {
    const std::size_t row = find(key_of(gram));
    if (row == keys_.size()) {
      sums.squares += unseen_ * unseen_;
      continue;
    }
    rows.push_back(static_cast<std::uint32_t>(row));
    fetch(&worth_[row], 1);
    fetch(&rows_[row * stride_], stride_);
  }
  sums.known += static_cast<std::uint32_t>(rows.size());
  for (const std::uint32_t row : rows) {
    const Worth& worth = worth_[row];
    sums.squares += worth.rarity * worth.rarity;
    add_row(sums.linear, &rows_[row * stride_], worth.scale, stride_);
  }
}

void LinearModel::finish(const LineSums& sums, std::vector<float>& labels) const {
  const float share = sums.squares > 0.0F ? 1.0F / std::sqrt(sums.squares) : 0.0F;
  labels.resize(bias_.size());
  for (std::size_t k = 0; k < bias_.size(); ++k) labels[k] = sums.linear[k] * share + bias_[k];
}

LinearModel::Scores LinearModel::score(std::string_view line) const {
  Scores scores;
  std::vector<float> row(stride_, 0.0F);
  LineSums sums;
  sums.linear = row.data();
  add(line_grams(line), sums);
  finish(sums, scores.labels);
  scores.grams = sums.grams;
  scores.known = sums.known;
  return scores;
}

}  // namespace wasl::intents
