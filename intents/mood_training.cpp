#include "intents/mood_training.hpp"

#include "wasl/core/text.hpp"

#include "intents/mood.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <unordered_map>

// Logistic regression, one mood against everything else, by AdaGrad over shuffled rows with a small
// pull towards zero.  The shuffle is a counter's hash: same rows, same bytes.

namespace wasl::intents {
namespace {

constexpr std::size_t kFolds = 5;
constexpr std::size_t kRowsMin = 50;
constexpr int kEpochs = 25;
constexpr double kRate = 0.2;
constexpr double kPull = 1e-4;          ///< towards zero, at each step
constexpr std::size_t kRowsOfGram = 2;  ///< a sign of fewer rows is left out
constexpr double kFalseFires = 0.005;
constexpr float kFireMin = 0.5F;

struct Row {
  std::vector<std::uint32_t> signs;
  std::size_t mood = 0;
};

using Weights = std::vector<std::array<double, kMoods.size()>>;

struct Fit {
  Weights weights;
  std::array<double, kMoods.size()> bias{};
};

std::uint64_t shuffled(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

std::array<double, kMoods.size()> margins(const Fit& fit, const Row& row) {
  std::array<double, kMoods.size()> sums = fit.bias;
  const double share =
      row.signs.empty() ? 0.0 : 1.0 / std::sqrt(static_cast<double>(row.signs.size()));
  for (const std::uint32_t sign : row.signs) {
    if (sign >= fit.weights.size()) continue;
    for (std::size_t m = 0; m < kMoods.size(); ++m) sums[m] += share * fit.weights[sign][m];
  }
  return sums;
}

Fit fit(const std::vector<Row>& rows, const std::vector<std::size_t>& chosen, std::size_t signs) {
  Fit out;
  out.weights.assign(signs, {});
  Weights squares(signs);
  for (auto& row : squares) row.fill(1e-3);
  std::array<double, kMoods.size()> bias_squares{};
  bias_squares.fill(1e-3);
  std::vector<std::size_t> order = chosen;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const auto at = static_cast<std::uint64_t>(epoch) << 32U;
      return shuffled(at + a) < shuffled(at + b);
    });
    for (const std::size_t i : order) {
      const Row& row = rows[i];
      const auto sums = margins(out, row);
      const double share =
          row.signs.empty() ? 0.0 : 1.0 / std::sqrt(static_cast<double>(row.signs.size()));
      for (std::size_t m = 0; m < kMoods.size(); ++m) {
        const double want = row.mood == m ? 1.0 : 0.0;
        const double error = 1.0 / (1.0 + std::exp(-sums[m])) - want;
        bias_squares[m] += error * error;
        out.bias[m] -= 0.1 * kRate * error / std::sqrt(bias_squares[m]);
        for (const std::uint32_t sign : row.signs) {
          if (sign >= signs) continue;
          double& weight = out.weights[sign][m];
          const double slope = error * share + kPull * weight;
          double& square = squares[sign][m];
          square += slope * slope;
          weight -= kRate * slope / std::sqrt(square);
        }
      }
    }
  }
  return out;
}

double chance(double margin) {
  return 1.0 / (1.0 + std::exp(-margin));
}

/// The probability that at most kFalseFires of the neutral ones reach.
float threshold(std::vector<double> neutral) {
  std::sort(neutral.begin(), neutral.end(), std::greater<>());
  const auto allowed = static_cast<std::size_t>(kFalseFires * static_cast<double>(neutral.size()));
  const double least = allowed < neutral.size() ? neutral[allowed] : 0.0;
  return std::max(kFireMin, std::nextafter(static_cast<float>(least), 1.0F));
}

}  // namespace

Result<std::vector<MoodRow>> read_mood_rows(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<MoodRow> rows;
  for (const std::filesystem::path& file : files) {
    const std::string name = file.filename().string();
    const std::string mood = name.substr(0, name.find('.'));
    const auto known = std::find(kMoods.begin(), kMoods.end(), mood);
    if (known == kMoods.end() && mood != "neutral") {
      return Error{Error::Code::invalid_input, name + ": no mood is called '" + mood + "'"};
    }
    std::ifstream in(file, std::ios::binary);
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (!valid_utf8(line)) {
        return Error{Error::Code::invalid_input,
                     name + ":" + std::to_string(number) + ": not UTF-8"};
      }
      if (trim(line).empty()) continue;
      rows.push_back({std::string(trim(line)), static_cast<std::size_t>(known - kMoods.begin())});
    }
  }
  if (rows.size() < kRowsMin) {
    return Error{Error::Code::invalid_input, folder.string() + " has too few sentences"};
  }
  return rows;
}

MoodModel::Trained train_mood(const std::vector<MoodRow>& texts, MoodScores& scores) {
  std::vector<std::vector<MoodGram>> read;
  std::map<std::uint32_t, std::size_t> counts;
  for (const MoodRow& row : texts) {
    read.push_back(mood_signs(row.text));
    std::vector<std::uint32_t> once;
    for (const MoodGram& gram : read.back()) once.push_back(gram.key);
    std::sort(once.begin(), once.end());
    once.erase(std::unique(once.begin(), once.end()), once.end());
    for (const std::uint32_t key : once) ++counts[key];
  }
  std::unordered_map<std::uint32_t, std::uint32_t> numbers;
  std::vector<std::uint32_t> keys;
  for (const auto& [key, count] : counts) {
    if (count < kRowsOfGram) continue;
    numbers.emplace(key, static_cast<std::uint32_t>(keys.size()));
    keys.push_back(key);
  }
  std::vector<Row> rows;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Row row{{}, texts[i].mood};
    for (const MoodGram& gram : read[i]) {
      const auto number = numbers.find(gram.key);
      // A sign left out still counts in the length, as it does when read.
      row.signs.push_back(number == numbers.end() ? UINT32_MAX : number->second);
    }
    rows.push_back(std::move(row));
    all.push_back(i);
  }

  std::vector<std::array<double, kMoods.size()>> held_out(rows.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<std::size_t> chosen;
    for (const std::size_t i : all) {
      if (i % kFolds != fold) chosen.push_back(i);
    }
    const Fit part = fit(rows, chosen, keys.size());
    for (std::size_t i = fold; i < rows.size(); i += kFolds) held_out[i] = margins(part, rows[i]);
  }

  MoodModel::Trained trained;
  for (std::size_t m = 0; m < kMoods.size(); ++m) {
    std::vector<double> neutral;
    for (const std::size_t i : all) {
      if (rows[i].mood == kMoods.size()) neutral.push_back(chance(held_out[i][m]));
    }
    scores.neutral = neutral.size();
    trained.fire_min[m] = threshold(neutral);
    MoodScores::Of& of = scores.moods[m];
    for (const std::size_t i : all) {
      const bool fires = chance(held_out[i][m]) >= static_cast<double>(trained.fire_min[m]);
      if (rows[i].mood == m) {
        ++of.rows;
        of.fired += fires ? 1U : 0U;
      } else if (rows[i].mood == kMoods.size()) {
        of.false_fires += fires ? 1U : 0U;
      }
    }
  }
  const Fit whole = fit(rows, all, keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    MoodModel::Weight weight{keys[i], {}};
    bool says = false;
    for (std::size_t m = 0; m < kMoods.size(); ++m) {
      weight.weights[m] = static_cast<float>(whole.weights[i][m]);
      says = says || std::abs(weight.weights[m]) > 0.15F;
    }
    if (says) trained.weights.push_back(weight);
  }
  for (std::size_t m = 0; m < kMoods.size(); ++m)
    trained.bias[m] = static_cast<float>(whole.bias[m]);
  return trained;
}

}  // namespace wasl::intents
