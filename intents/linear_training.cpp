#include "intents/linear_training.hpp"

#include <fmt/format.h>
#include <linear.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <thread>
#include <unordered_map>
#include <utility>

// Each label has a problem of its own: its rows against all others, by the squared hinge loss.  All
// problems share the rows' vectors.  A row's vector has, for each gram, occurrences × rarity,
// divided by the length the vector would have if every occurrence were a dimension of its own: so
// a score is a sum over occurrences, and a word's part of it can be computed once (LinearModel).

namespace wasl::intents {
namespace {

constexpr std::size_t kRowsForRatio = 400;  ///< a label; with fewer, counts are chance
constexpr double kUnseenRows = 0.5;
constexpr std::size_t kManyRows = 2'000;  ///< from here on, what occurs once teaches nothing

struct Vocabulary {
  float unseen = 0.0F;
  std::vector<Gram> grams;
  std::vector<float> rarity;
  std::unordered_map<Gram, int> index;
};

Vocabulary count(const std::vector<std::vector<Gram>>& rows, const LinearSettings& settings) {
  std::unordered_map<Gram, std::size_t> frequency;
  std::vector<Gram> once;
  for (const auto& grams : rows) {
    once = grams;
    std::sort(once.begin(), once.end());
    once.erase(std::unique(once.begin(), once.end()), once.end());
    for (const Gram gram : once) ++frequency[gram];
  }
  Vocabulary words;
  const auto take = [&](std::size_t rows_min) {
    words.grams.clear();
    for (const auto& [gram, rows_with] : frequency) {
      if (rows_with >= rows_min) words.grams.push_back(gram);
    }
  };
  std::size_t rows_min = settings.rows_min;
  for (take(rows_min); words.grams.size() > settings.grams_max; take(++rows_min)) {
  }
  std::sort(words.grams.begin(), words.grams.end());
  const auto all = static_cast<double>(rows.size());
  const auto rarity = [&](double rows_with) {
    return static_cast<float>(
        std::pow(std::log((1.0 + all) / (1.0 + rows_with)) + 1.0, settings.rarity));
  };
  words.unseen = rarity(1.0);
  for (const Gram gram : words.grams) {
    const auto rows_with = static_cast<double>(frequency[gram]);
    words.rarity.push_back(rarity(rows_with));
    words.index.emplace(gram, static_cast<int>(words.index.size()));
  }
  return words;
}

/// A row as liblinear reads it: indices from 1, the bias last, then -1.
std::vector<feature_node> vector_of(const std::vector<Gram>& grams, const Vocabulary& words) {
  std::vector<int> known;
  known.reserve(grams.size());
  double squares = 0.0;
  for (const Gram gram : grams) {
    const auto at = words.index.find(gram);
    if (at == words.index.end()) {
      squares += static_cast<double>(words.unseen) * static_cast<double>(words.unseen);
      continue;
    }
    known.push_back(at->second);
    const auto rarity = static_cast<double>(words.rarity[static_cast<std::size_t>(at->second)]);
    squares += rarity * rarity;
  }
  const double share = squares > 0.0 ? 1.0 / std::sqrt(squares) : 0.0;
  std::sort(known.begin(), known.end());
  std::vector<feature_node> nodes;
  nodes.reserve(known.size() + 2);
  for (std::size_t i = 0; i < known.size();) {
    std::size_t end = i;
    while (end < known.size() && known[end] == known[i]) ++end;
    const auto rarity = static_cast<double>(words.rarity[static_cast<std::size_t>(known[i])]);
    nodes.push_back({known[i] + 1, static_cast<double>(end - i) * rarity * share});
    i = end;
  }
  nodes.push_back({static_cast<int>(words.grams.size()) + 1, 1.0});
  nodes.push_back({-1, 0.0});
  return nodes;
}

/// The problems of all labels; solve() may be called for different labels at once.
class Problems {
 public:
  Problems(const std::vector<LinearRow>& rows, std::size_t labels, const LinearSettings& settings)
      : rows_(rows), labels_(labels), settings_(settings), counts_(labels, 0) {
    std::vector<std::vector<Gram>> grams;
    grams.reserve(rows.size());
    for (const LinearRow& row : rows) {
      grams.push_back(line_grams(row.line));
      ++counts_[row.label];
    }
    words_ = count(grams, settings);
    vectors_.reserve(rows.size());
    for (auto& row : grams) {
      vectors_.push_back(vector_of(row, words_));
      row = {};
    }
    for (auto& row : vectors_) pointers_.push_back(row.data());
    result_.labels = labels;
    result_.weights.resize(words_.grams.size() * labels);
    result_.bias.resize(labels);
  }

  void solve(std::size_t label) {
    if (counts_[label] == 0) {
      result_.bias[label] = kNeverSeen;
      return;
    }
    std::vector<double> targets;
    targets.reserve(rows_.size());
    for (const LinearRow& row : rows_) targets.push_back(row.label == label ? 1.0 : -1.0);
    problem task{};
    task.l = static_cast<int>(rows_.size());
    task.n = static_cast<int>(words_.grams.size()) + 1;
    task.y = targets.data();
    task.x = const_cast<feature_node**>(pointers_.data());  // NOLINT: only read
    task.bias = 1.0;
    int signs[] = {1, -1};
    double costs[] = {cost_of(label), 1.0};
    parameter how{};
    how.solver_type = L2R_L2LOSS_SVC;
    how.eps = settings_.tolerance;
    how.C = settings_.cost;
    how.nr_weight = 2;
    how.weight_label = signs;
    how.weight = costs;
    const std::vector<double> factors = factors_of(label);
    std::vector<std::vector<feature_node>> scaled;
    std::vector<feature_node*> rows;
    if (!factors.empty()) {
      scaled = vectors_;
      for (auto& row : scaled) {
        for (feature_node& node : row) {
          const auto at = static_cast<std::size_t>(node.index) - 1;
          if (node.index > 0 && at < factors.size()) node.value *= factors[at];
        }
        rows.push_back(row.data());
      }
      task.x = rows.data();
    }
    model* solved = ::train(&task, &how);
    const double sign = solved->label[0] == 1 ? 1.0 : -1.0;
    for (std::size_t i = 0; i < words_.grams.size(); ++i) {
      const double factor = factors.empty() ? 1.0 : factors[i];
      result_.weights[i * labels_ + label] = static_cast<float>(sign * factor * solved->w[i]);
    }
    result_.bias[label] = static_cast<float>(sign * solved->w[words_.grams.size()]);
    free_and_destroy_model(&solved);
  }

  LinearWeights take() {
    result_.unseen = words_.unseen;
    result_.grams = std::move(words_.grams);
    result_.rarity = std::move(words_.rarity);
    return std::move(result_);
  }

 private:
  /// Rows of a rare label cost more when misread.
  [[nodiscard]] double cost_of(std::size_t label) const {
    if (counts_[label] == 0) return 1.0;
    const double fair = static_cast<double>(rows_.size()) / static_cast<double>(labels_);
    return std::pow(fair / static_cast<double>(counts_[label]), settings_.balance);
  }

  /// How much more often each gram stands in rows of the label than in others, as a factor of its
  /// value: grams that divide well cost the solver less.  Empty: no factors.
  [[nodiscard]] std::vector<double> factors_of(std::size_t label) const {
    if (settings_.ratio <= 0.0) return {};
    const std::size_t size = words_.grams.size();
    std::vector<double> own(size, kUnseenRows);
    std::vector<double> others(size, kUnseenRows);
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
      auto& counts = rows_[i].label == label ? own : others;
      for (const feature_node& node : vectors_[i]) {
        const auto at = static_cast<std::size_t>(node.index) - 1;
        if (node.index > 0 && at < size) counts[at] += 1.0;
      }
    }
    const double own_all = std::accumulate(own.begin(), own.end(), 0.0);
    const double others_all = std::accumulate(others.begin(), others.end(), 0.0);
    std::vector<double> factors(size);
    for (std::size_t i = 0; i < size; ++i) {
      const double ratio = std::abs(std::log((own[i] / own_all) / (others[i] / others_all)));
      factors[i] = 1.0 - settings_.ratio + settings_.ratio * ratio;
    }
    return factors;
  }

  const std::vector<LinearRow>& rows_;
  std::size_t labels_;
  LinearSettings settings_;
  std::vector<std::size_t> counts_;
  Vocabulary words_;
  std::vector<std::vector<feature_node>> vectors_;
  std::vector<feature_node*> pointers_;
  LinearWeights result_;
};

}  // namespace

LinearSettings linear_settings_for(std::size_t examples, std::size_t labels) {
  LinearSettings settings;
  if (examples >= kManyRows) settings.rows_min = 2;
  if (examples >= kRowsForRatio * labels) settings.ratio = 0.5;
  return settings;
}

std::string to_string(const LinearSettings& s) {
  return fmt::format(
      "squared hinge cost={:.2f} rarity={:.2f} balance={:.2f} ratio={:.2f} tolerance={:.3f} "
      "rows_min={} words=1-2 letters={}-{}",
      s.cost, s.rarity, s.balance, s.ratio, s.tolerance, s.rows_min, kLettersMin, kLettersMax);
}

std::vector<float> LinearWeights::score(std::string_view line) const {
  std::vector<double> sums(labels, 0.0);
  double squares = 0.0;
  for (const Gram gram : line_grams(line)) {
    const auto at = std::lower_bound(grams.begin(), grams.end(), gram);
    if (at == grams.end() || *at != gram) {
      squares += static_cast<double>(unseen) * static_cast<double>(unseen);
      continue;
    }
    const auto row = static_cast<std::size_t>(at - grams.begin());
    const auto weight = static_cast<double>(rarity[row]);
    squares += weight * weight;
    for (std::size_t k = 0; k < labels; ++k) {
      sums[k] += weight * static_cast<double>(weights[row * labels + k]);
    }
  }
  const double share = squares > 0.0 ? 1.0 / std::sqrt(squares) : 0.0;
  std::vector<float> scores(labels);
  for (std::size_t k = 0; k < labels; ++k) {
    scores[k] = static_cast<float>(sums[k] * share + static_cast<double>(bias[k]));
  }
  return scores;
}

LinearWeights train_linear(const std::vector<LinearRow>& rows, std::size_t labels,
                           const LinearSettings& settings) {
  set_print_string_function([](const char*) {});
  Problems problems(rows, labels, settings);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t label = next++; label < labels; label = next++) problems.solve(label);
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < settings.threads; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return problems.take();
}

}  // namespace wasl::intents
