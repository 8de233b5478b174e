#include "intents/parts.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

// The file: a magic word, then sections, each behind its size: labels (a line each), their rarity,
// the linear model, fastText's weights, frequent pairs (two numbers of words each), the
// examples (empty: none are kept).  To fastText labels are numbers, so a name may hold anything but
// a line's end.

namespace wasl::intents {
namespace {

constexpr std::string_view kMagic = "WASL-PARTS-5\n";

void put_section(std::string& file, std::string_view bytes) {
  const std::uint64_t size = bytes.size();
  file.append(reinterpret_cast<const char*>(&size), sizeof size);
  file.append(bytes);
}

bool take_section(std::string_view& file, std::string_view& bytes) {
  std::uint64_t size = 0;
  if (file.size() < sizeof size) return false;
  std::memcpy(&size, file.data(), sizeof size);
  file.remove_prefix(sizeof size);
  if (size > file.size()) return false;
  bytes = file.substr(0, size);
  file.remove_prefix(size);
  return true;
}

Error damaged(const char* what) {
  return Error{Error::Code::invalid_input, std::string("classifier.bin: ") + what};
}

}  // namespace

std::string Parts::write() const {
  std::string names;
  for (const std::string& label : labels_) names.append(label).append("\n");
  std::string file(kMagic);
  put_section(file, names);
  put_section(file,
              {reinterpret_cast<const char*>(rarity_.data()), rarity_.size() * sizeof(float)});
  put_section(file, linear_.write());
  put_section(file, fast_.write());
  std::string pairs;
  for (const auto& [first, second] : pairs_) {
    pairs.append(reinterpret_cast<const char*>(&first), sizeof first);
    pairs.append(reinterpret_cast<const char*>(&second), sizeof second);
  }
  put_section(file, pairs);
  put_section(file, near_.write());
  return file;
}

std::optional<std::vector<Parts::Pair>> Parts::read_pairs(std::string_view bytes,
                                                          std::size_t words) {
  constexpr std::size_t kBytes = 2 * sizeof(std::uint32_t);
  if (bytes.size() % kBytes != 0 || bytes.size() / kBytes > kPairsMax) return std::nullopt;
  std::vector<Pair> pairs;
  for (std::size_t at = 0; at < bytes.size(); at += kBytes) {
    Pair pair;
    std::memcpy(&pair.first, bytes.data() + at, sizeof pair.first);
    std::memcpy(&pair.second, bytes.data() + at + sizeof pair.first, sizeof pair.second);
    if (pair.first >= words || pair.second >= words) return std::nullopt;
    pairs.push_back(pair);
  }
  return pairs;
}

Result<Parts> Parts::read(std::string_view file) {
  std::string_view names;
  std::string_view rare;
  std::string_view linear;
  std::string_view fast;
  std::string_view numbers;
  std::string_view near;
  if (!file.starts_with(kMagic)) return damaged("not of this version");
  file.remove_prefix(kMagic.size());
  if (!take_section(file, names) || !take_section(file, rare) || !take_section(file, linear) ||
      !take_section(file, fast) || !take_section(file, numbers) || !take_section(file, near) ||
      !file.empty()) {
    return damaged("its sections do not fit");
  }
  std::vector<std::string> labels;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find('\n'), names.size() - 1);
    labels.emplace_back(names.substr(0, end));
    names.remove_prefix(end + 1);
  }
  std::vector<float> rarity(rare.size() / sizeof(float));
  std::memcpy(rarity.data(), rare.data(), rarity.size() * sizeof(float));
  const bool sane = std::all_of(rarity.begin(), rarity.end(),
                                [](float value) { return value >= -50.0F && value <= 50.0F; });
  auto linear_model = LinearModel::read(linear);
  if (!linear_model) return linear_model.error();
  auto scorer = Scorer::read(fast);
  if (!scorer) return scorer.error();
  auto pairs = read_pairs(numbers, scorer->words().size());
  if (!pairs) return damaged("its pairs are of no words");
  auto neighbours = Neighbours::read(near, labels.size());
  if (!neighbours) return neighbours.error();
  Parts parts(std::move(labels), std::move(rarity), std::move(*scorer), std::move(*linear_model),
              std::move(*pairs), std::move(*neighbours));
  if (!sane || !parts.join_labels()) return damaged("its parts do not belong together");
  return parts;
}

}  // namespace wasl::intents
