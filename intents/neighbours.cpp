#include "intents/neighbours.hpp"

#include "intents/number_bytes.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

// An inverted index: for each gram the rows it occurs in.  The file: magic and four counts; the
// rows' labels; then, column by column, the grams' keys, the ends of their lists, and the lists.
// Rarities and lengths follow from these and are not stored.

namespace wasl::intents {
namespace {

constexpr std::uint32_t kMagic = 0x314E5357;  // "WSN1"
constexpr std::size_t kLabelsMax = 65'536;
constexpr std::size_t kKeysMax = 4'000'000;
constexpr std::size_t kEntriesMax = 200'000;  ///< of lists, that one line may read

struct Header {
  std::uint32_t magic = kMagic;
  std::uint32_t rows = 0;
  std::uint32_t keys = 0;
  std::uint32_t entries = 0;
};

/// The keys of a line, each once, ascending.
std::vector<std::uint32_t> keys_of(std::string_view line) {
  std::vector<Gram> grams;
  each_word(line, [&](std::string_view word) { add_outline_grams(word, grams); });
  std::vector<std::uint32_t> keys;
  keys.reserve(grams.size());
  for (const Gram gram : grams) keys.push_back(static_cast<std::uint32_t>(gram >> 32U));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

/// Whether each value is greater than the one before.
template <typename Iterator>
bool ascends(Iterator begin, Iterator end) {
  return std::adjacent_find(begin, end, [](auto a, auto b) { return a >= b; }) == end;
}

Error damaged(const char* what) {
  return Error{Error::Code::invalid_input, std::string("neighbours: ") + what};
}

}  // namespace

Neighbours::Neighbours(const std::vector<NeighbourRow>& rows, std::size_t labels)
    : labels_(labels) {
  std::map<Key, std::vector<Row>> lists;
  for (const NeighbourRow& row : rows) {
    const auto at = static_cast<Row>(label_of_.size());
    label_of_.push_back(static_cast<std::uint16_t>(row.label));
    for (const Key key : keys_of(row.line)) lists[key].push_back(at);
  }
  starts_.push_back(0);
  for (const auto& [key, list] : lists) {
    keys_.push_back(key);
    rows_.insert(rows_.end(), list.begin(), list.end());
    starts_.push_back(static_cast<std::uint32_t>(rows_.size()));
  }
  weigh();
}

void Neighbours::weigh() {
  const double all = static_cast<double>(label_of_.size());
  const auto square = [&](double with) {
    const double rarity = std::log((1.0 + all) / (1.0 + with)) + 1.0;
    return static_cast<float>(rarity * rarity);
  };
  unseen_ = square(1.0);
  std::vector<double> lengths(label_of_.size(), 0.0);
  for (std::size_t gram = 0; gram < keys_.size(); ++gram) {
    squares_.push_back(square(static_cast<double>(rows_with(gram))));
    for (std::size_t i = starts_[gram]; i < starts_[gram + 1]; ++i) {
      lengths[rows_[i]] += static_cast<double>(squares_[gram]);
    }
  }
  for (const double length : lengths) {
    shares_.push_back(length > 0.0 ? static_cast<float>(1.0 / std::sqrt(length)) : 0.0F);
  }
}

std::vector<float> Neighbours::score(std::string_view line) const {
  std::vector<float> best(empty() ? 0 : labels_, 0.0F);
  if (empty()) return best;
  double length = 0.0;
  std::vector<std::size_t> known;
  auto from = keys_.begin();
  for (const Key key : keys_of(line)) {  // both ascend
    from = std::lower_bound(from, keys_.end(), key);
    if (from == keys_.end() || *from != key) {
      length += static_cast<double>(unseen_);
      continue;
    }
    known.push_back(static_cast<std::size_t>(from - keys_.begin()));
    length += static_cast<double>(squares_[known.back()]);
  }
  if (known.empty()) return best;
  // Rare grams first: should the line be so long that not all lists are read, they say the most.
  std::sort(known.begin(), known.end(), [&](std::size_t a, std::size_t b) {
    return rows_with(a) != rows_with(b) ? rows_with(a) < rows_with(b) : a < b;
  });
  std::vector<float> common(label_of_.size(), 0.0F);
  std::size_t entries = 0;
  for (const std::size_t gram : known) {
    if ((entries += rows_with(gram)) > kEntriesMax) break;
    for (std::size_t i = starts_[gram]; i < starts_[gram + 1]; ++i) {
      common[rows_[i]] += squares_[gram];
    }
  }
  const float share = static_cast<float>(1.0 / std::sqrt(length));
  for (std::size_t row = 0; row < common.size(); ++row) {
    float& label = best[label_of_[row]];
    label = std::max(label, std::min(common[row] * shares_[row] * share, 1.0F));
  }
  return best;
}

std::string Neighbours::write() const {
  if (empty()) return {};
  Header header;
  header.rows = static_cast<std::uint32_t>(label_of_.size());
  header.keys = static_cast<std::uint32_t>(keys_.size());
  header.entries = static_cast<std::uint32_t>(rows_.size());
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  put(bytes, label_of_);
  put(bytes, keys_);
  put(bytes, starts_);
  put(bytes, rows_);
  return bytes;
}

bool Neighbours::fits_together() const {
  if (starts_.front() != 0 || starts_.back() != rows_.size() ||
      !ascends(starts_.begin(), starts_.end()) || !ascends(keys_.begin(), keys_.end())) {
    return false;
  }
  for (std::size_t gram = 0; gram < keys_.size(); ++gram) {
    const auto begin = rows_.begin() + starts_[gram];
    const auto end = rows_.begin() + starts_[gram + 1];
    if (!ascends(begin, end) || *(end - 1) >= label_of_.size()) return false;
  }
  return std::all_of(label_of_.begin(), label_of_.end(),
                     [&](std::uint16_t label) { return label < labels_; });
}

Result<Neighbours> Neighbours::read(std::string_view bytes, std::size_t labels) {
  Neighbours result;
  if (bytes.empty()) return result;
  Header header;
  if (bytes.size() < sizeof header) return damaged("it ends early");
  std::memcpy(&header, bytes.data(), sizeof header);
  bytes.remove_prefix(sizeof header);
  if (header.magic != kMagic) return damaged("not of this version");
  if (header.rows == 0 || header.rows > kRowsMax || header.keys > kKeysMax || labels == 0 ||
      labels > kLabelsMax) {
    return damaged("its size makes no sense");
  }
  const std::uint64_t rows = std::uint64_t{header.rows} + header.entries;
  const std::uint64_t grams = 2 * std::uint64_t{header.keys} + 1;
  if (bytes.size() != rows * sizeof(Row) + grams * sizeof(Key)) {
    return damaged("its size is not what it says");
  }
  result.labels_ = labels;
  result.label_of_ = take<std::uint16_t>(bytes, header.rows);
  result.keys_ = take<Key>(bytes, header.keys);
  result.starts_ = take<std::uint32_t>(bytes, header.keys + 1U);
  result.rows_ = take<Row>(bytes, header.entries);
  if (!result.fits_together()) return damaged("its lists do not fit");
  result.weigh();
  return result;
}

}  // namespace wasl::intents
