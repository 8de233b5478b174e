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

constexpr std::uint32_t kMagic = 0x314C5357;  // "WSL1"
constexpr std::uint32_t kLabelsMax = 4'096;
constexpr std::uint32_t kRowsMax = 4'000'000;
constexpr float kWeightMax = 127.0F;

struct Header {
  std::uint32_t magic = kMagic;
  std::uint32_t labels = 0;
  std::uint32_t rows = 0;
  std::uint32_t none = 0;
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

LinearModel::LinearModel(const LinearWeights& weights) : bias_(weights.bias) {
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
  if (header.magic != kMagic || header.none != 0) return damaged("not one of this version");
  if (header.labels == 0 || header.labels > kLabelsMax || header.rows > kRowsMax) {
    return damaged("its size makes no sense");
  }
  const std::uint64_t row = sizeof(Key) + 2 * sizeof(float) + header.labels;
  if (bytes.size() != header.labels * sizeof(float) + header.rows * row) {
    return damaged("its size is not what it says");
  }
  LinearModel model;
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

LinearModel::Scores LinearModel::score(std::string_view line) const {
  Scores scores;
  const std::size_t width = bias_.size();
  scores.labels.assign(width, 0.0F);
  float* const sums = scores.labels.data();
  float squares = 0.0F;
  const auto grams = line_grams(line);
  scores.grams = grams.size();
  for (const Gram gram : grams) {
    const std::size_t row = find(static_cast<Key>(gram >> 32U));
    if (row == keys_.size()) continue;
    ++scores.known;
    squares += rarity_[row] * rarity_[row];
    const float scale = scale_[row];
    const std::int8_t* const units = &rows_[row * width];
    for (std::size_t k = 0; k < width; ++k) sums[k] += scale * static_cast<float>(units[k]);
  }
  const float share = squares > 0.0F ? 1.0F / std::sqrt(squares) : 0.0F;
  for (std::size_t k = 0; k < width; ++k) sums[k] = sums[k] * share + bias_[k];
  return scores;
}

}  // namespace wasl::intents
