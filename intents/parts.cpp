#include "intents/parts.hpp"

#include "intents/model_files.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <random>
#include <thread>
#include <utility>

// The file: a magic word, then three sections, each behind its size: labels (a line each), the
// linear model, fastText's file.  To fastText labels are numbers, so a name may hold anything but a
// line's end.

namespace wasl::intents {
namespace {

constexpr std::string_view kMagic = "WASL-PARTS-2\n";
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

PartSettings part_settings_for(std::size_t examples) {
  return {settings_for(examples), linear_settings_for(examples)};
}

std::string to_string(const PartSettings& settings) {
  return "fastText " + to_string(settings.fast) + "; linear " + to_string(settings.linear);
}

Result<Parts> Parts::train(std::vector<Lesson> lessons, std::vector<std::string> labels,
                           PartSettings settings, std::uint64_t seed,
                           const std::filesystem::path& scratch) {
  std::mt19937_64 random(seed);
  for (std::size_t i = lessons.size(); i > 1; --i) {
    std::swap(lessons[i - 1], lessons[random() % i]);
  }
  std::vector<Classifier::Line> lines;
  std::vector<LinearRow> rows;
  lines.reserve(lessons.size());
  rows.reserve(lessons.size());
  for (const Lesson& lesson : lessons) {
    lines.push_back({std::to_string(lesson.label), std::string(lesson.features)});
    rows.push_back({lesson.features, lesson.label});
  }
  Parts parts;
  parts.labels_ = std::move(labels);
  Result<std::unique_ptr<Classifier>> fast = Error{Error::Code::unavailable, ""};
  const auto train_fast = [&] {
    for (int tries = 0; tries < kTries && !fast; ++tries, settings.fast.rate /= 2.0) {
      fast = Classifier::train(lines, settings.fast, seed, scratch);
    }
  };
  const LinearSettings linear = settings.linear;
  if (linear.threads > 1) {
    std::thread beside(train_fast);
    parts.linear_ = LinearModel(train_linear(rows, parts.labels_.size(), linear));
    beside.join();
  } else {
    train_fast();
    parts.linear_ = LinearModel(train_linear(rows, parts.labels_.size(), linear));
  }
  if (!fast) return fast.error();
  parts.fast_ = std::move(*fast);
  if (const auto joined = parts.join_labels(); !joined) return joined.error();
  return parts;
}

Result<Done> Parts::join_labels() {
  for (const std::string& label : fast_->labels()) {
    std::size_t at = labels_.size();
    std::from_chars(label.data(), label.data() + label.size(), at);
    if (at >= labels_.size()) return damaged("its parts do not belong together");
    fast_at_.push_back(at);
  }
  if (linear_.labels() != labels_.size()) return damaged("its parts do not belong together");
  return Done{};
}

Result<std::string> Parts::write(const std::filesystem::path& scratch) const {
  if (const auto saved = fast_->save(scratch); !saved) return saved.error();
  auto fast = read_file(scratch, kModelBytesMax);
  std::error_code ignored;
  std::filesystem::remove(scratch, ignored);
  if (!fast) return fast.error();
  std::string names;
  for (const std::string& label : labels_) names.append(label).append("\n");
  std::string file(kMagic);
  put_section(file, names);
  put_section(file, linear_.write());
  put_section(file, *fast);
  return file;
}

Result<Parts> Parts::read(std::string_view file) {
  std::string_view names;
  std::string_view linear;
  std::string_view fast;
  if (!file.starts_with(kMagic)) return damaged("not of this version");
  file.remove_prefix(kMagic.size());
  if (!take_section(file, names) || !take_section(file, linear) || !take_section(file, fast) ||
      !file.empty()) {
    return damaged("its sections do not fit");
  }
  Parts parts;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find('\n'), names.size() - 1);
    parts.labels_.emplace_back(names.substr(0, end));
    names.remove_prefix(end + 1);
  }
  auto model = LinearModel::read(linear);
  if (!model) return model.error();
  parts.linear_ = std::move(*model);
  auto classifier = Classifier::load(fast);
  if (!classifier) return classifier.error();
  parts.fast_ = std::move(*classifier);
  if (const auto joined = parts.join_labels(); !joined) return joined.error();
  return parts;
}

PartScores Parts::score(std::string_view features) const {
  PartScores scores;
  auto fast = fast_->score(features);
  auto linear = linear_.score(features);
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
