#include "intents/parts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <random>
#include <thread>
#include <utility>

// The file: a magic word, then three sections, each behind its size: labels (a line each), the
// linear model, fastText's file.  To fastText labels are numbers, so a name may hold anything but a
// line's end.

namespace wasl::intents {
namespace {

constexpr std::string_view kMagic = "WASL-PARTS-3\n";
constexpr float kNever = -15.0F;
constexpr int kTries = 3;  ///< with ever smaller steps, should fastText's numbers explode

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

PartSettings part_settings_for(std::size_t examples, std::size_t labels) {
  return {settings_for(examples, labels), linear_settings_for(examples, labels)};
}

std::string to_string(const PartSettings& settings) {
  return "fastText " + to_string(settings.fast) + "; linear " + to_string(settings.linear);
}

Parts::Parts(std::vector<std::string> labels, std::vector<float> rarity, Scorer fast,
             LinearModel linear)
    : labels_(std::move(labels)),
      rarity_(std::move(rarity)),
      fast_(std::move(fast)),
      linear_(std::move(linear)) {
  linear_.remember(fast_.words());
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
  Parts parts(std::move(labels), std::move(rarity), std::move(*fast), std::move(linear));
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

std::string Parts::write() const {
  std::string names;
  for (const std::string& label : labels_) names.append(label).append("\n");
  std::string file(kMagic);
  put_section(file, names);
  put_section(file,
              {reinterpret_cast<const char*>(rarity_.data()), rarity_.size() * sizeof(float)});
  put_section(file, linear_.write());
  put_section(file, fast_.write());
  return file;
}

Result<Parts> Parts::read(std::string_view file) {
  std::string_view names;
  std::string_view rare;
  std::string_view linear;
  std::string_view fast;
  if (!file.starts_with(kMagic)) return damaged("not of this version");
  file.remove_prefix(kMagic.size());
  if (!take_section(file, names) || !take_section(file, rare) || !take_section(file, linear) ||
      !take_section(file, fast) || !file.empty()) {
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
  Parts parts(std::move(labels), std::move(rarity), std::move(*scorer), std::move(*linear_model));
  if (!sane || !parts.join_labels()) return damaged("its parts do not belong together");
  return parts;
}

PartScores Parts::score(std::string_view features) const {
  std::vector<std::string_view> words;
  std::vector<std::size_t> ids;
  words.reserve(32);
  ids.reserve(32);
  each_word(features, [&](std::string_view word) {
    words.push_back(word);
    ids.push_back(fast_.word_id(word));
  });
  PartScores scores;
  const auto fast = fast_.score(words, ids);
  auto linear = linear_.score(words, ids);
  scores.fast.assign(labels_.size(), kNever);
  for (std::size_t i = 0; i < fast_at_.size(); ++i) scores.fast[fast_at_[i]] = fast.labels[i];
  scores.linear = std::move(linear.labels);
  scores.known = linear.grams == 0
                     ? 0.0
                     : static_cast<double>(linear.known) / static_cast<double>(linear.grams);
  scores.known_words = fast.known_words;
  return scores;
}

}  // namespace wasl::intents
