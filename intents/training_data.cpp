#include "intents/training_data.hpp"

#include "intents/features.hpp"
#include "intents/language.hpp"
#include "intents/lexicon.hpp"
#include "intents/model_files.hpp"
#include "intents/mood.hpp"
#include "intents/parts.hpp"
#include "intents/similarity.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace wasl::intents {
namespace {

constexpr double kNearDuplicate = 0.7;
constexpr std::size_t kRowsForMarks = 400;  // a label
constexpr double kLikeAnExample = 0.5;
constexpr std::size_t kClusterWindow = 500;  // beyond it, only neighbours are compared

/// Feelings that the lexicon and the small model hear, as words.  A longer word would bring more
/// n-grams than a sentence has.
constexpr std::pair<std::string_view, std::string_view> kFeelings[] = {
    {"anger", "^a"},  {"frustration", "^f"}, {"lost", "^l"},
    {"thanks", "^t"}, {"negative", "^n"},    {"profanity", "^p"}};

std::string features_of(const std::string& text, const std::string& group,
                        const BotPatterns& patterns) {
  const Clean cleaned = clean(text);
  const auto found = patterns.find(text, cleaned, mark_words(cleaned.text));
  const bool arabizi =
      group.empty() ? detect_language(cleaned, Language::und).arabizi : group == "arabizi";
  return make_features(cleaned, found.entities, arabizi).line;
}

void add_background(TrainingData& data, const BotPatterns& patterns) {
  std::vector<std::vector<std::uint64_t>> known;
  known.reserve(data.samples.size());
  for (const Sample& sample : data.samples) known.push_back(trigrams(sample.features));
  for (const BackgroundExample& example : lexicon().background) {
    const Clean cleaned = clean(example.text);
    const auto found = patterns.find(example.text, cleaned, mark_words(cleaned.text));
    const std::string features =
        make_features(cleaned, found.entities, example.group == "arabizi").line;
    const auto grams = trigrams(features);
    const bool like = std::any_of(known.begin(), known.end(), [&](const auto& other) {
      return jaccard(grams, other) >= kLikeAnExample;
    });
    // A bot about the weather keeps its weather.
    if (like || !found.intents.empty() || features.empty()) continue;
    data.samples.push_back({kOutOfScope, features, example.group, example.text});
  }
}

std::string hash_of(const TrainingData& data) {
  std::vector<std::string> lines;
  lines.reserve(data.samples.size() + data.negatives.size());
  for (const Sample& s : data.samples) {
    lines.push_back(s.label + "\t" + s.group + "\t" + s.features);
  }
  for (const Negative& n : data.negatives) lines.push_back("!" + n.intent + "\t" + n.features);
  std::string all =
      std::string(kModelFormat) + "\n" +
      to_string(part_settings_for(data.samples.size(), data.labels.size(), data.neighbours)) + "\n";
  for (const std::string& line : lines) all.append(line).append("\n");
  return sha256(all);
}

/// Labels in order, and each sample's place among them.
void number_labels(TrainingData& data) {
  std::set<std::string> names;
  for (const Sample& sample : data.samples) names.insert(sample.label);
  data.labels.assign(names.begin(), names.end());
  const auto place = [&](const std::string& name) {
    return std::lower_bound(data.labels.begin(), data.labels.end(), name) - data.labels.begin();
  };
  for (Sample& sample : data.samples) {
    sample.label_at = static_cast<std::size_t>(place(sample.label));
  }
  if (names.contains(kOutOfScope)) data.oos = static_cast<int>(place(kOutOfScope));
}

}  // namespace

TrainingData make_training_data(const BotFiles& files, const BotPatterns& patterns) {
  TrainingData data;
  std::set<std::string> seen;
  const auto add = [&](const std::string& label, const std::vector<Example>& examples) {
    for (const Example& example : examples) {
      const std::string features = features_of(example.text, example.group, patterns);
      if (features.empty() || !seen.insert(label + "\t" + features).second) continue;
      data.samples.push_back({label, features, example.group, example.text});
    }
  };
  for (const IntentSource& intent : files.intents) {
    if (!intent.examples.empty()) data.intents.push_back(intent.name);
    add(intent.name, intent.examples);
    for (const Example& sentence : intent.nots) {
      data.negatives.push_back({intent.name, features_of(sentence.text, "", patterns)});
    }
  }
  add(kOutOfScope, files.out_of_scope);
  add_background(data, patterns);
  number_labels(data);
  data.hash = hash_of(data);
  return data;
}

std::string plain_features(std::string_view text, bool marks) {
  const Clean cleaned = clean(text);
  return plain_features(text, cleaned, detect_language(cleaned, Language::und).arabizi, marks);
}

std::string plain_features(std::string_view text, const Clean& cleaned, bool arabizi, bool marks) {
  std::string line = make_features(cleaned, {}, arabizi).line;
  if (!marks) return line;
  for (const char* mark : {"!", "?"}) {
    if (cleaned.text.find(mark) != std::string::npos) line.append(" ").append(mark);
  }
  for (const MoodSignal& sign : read_mood(text, cleaned, mark_words(cleaned.text))) {
    for (const auto& [feeling, word] : kFeelings) {
      if (sign.signal == feeling) line.append(" ").append(word);
    }
  }
  return line;
}

TrainingData make_training_data(const std::vector<LabelledRow>& rows) {
  TrainingData data;
  std::set<std::string> seen;
  std::set<std::string> labels;
  for (const LabelledRow& row : rows) {
    if (labels.insert(row.label).second && row.label != kOutOfScope) {
      data.intents.push_back(row.label);
    }
  }
  data.marks = rows.size() >= kRowsForMarks * labels.size();
  for (const LabelledRow& row : rows) {
    const Clean cleaned = clean(row.text);
    const LanguageGuess guess = detect_language(cleaned, Language::und);
    std::string features = plain_features(row.text, cleaned, guess.arabizi, data.marks);
    if (!seen.insert(row.label + "\t" + features).second) continue;
    data.samples.push_back({row.label, std::move(features),
                            guess.arabizi ? "arabizi" : std::string(name(guess.language)),
                            row.text});
  }
  number_labels(data);
  data.neighbours = !data.marks && data.samples.size() <= Neighbours::kRowsMax;
  data.hash = hash_of(data);
  return data;
}

void assign_folds(TrainingData& data, int folds) {
  std::map<std::string, std::vector<std::size_t>> by_label;
  for (std::size_t i = 0; i < data.samples.size(); ++i)
    by_label[data.samples[i].label].push_back(i);
  int next = 0;
  for (auto& [label, members] : by_label) {
    std::vector<std::vector<std::uint64_t>> grams;
    grams.reserve(members.size());
    for (const std::size_t i : members) grams.push_back(trigrams(data.samples[i].features));
    std::vector<std::size_t> root(members.size());
    std::iota(root.begin(), root.end(), std::size_t{0});
    const auto find = [&](std::size_t i) {
      while (root[i] != i) i = root[i] = root[root[i]];
      return i;
    };
    for (std::size_t a = 0; a < members.size(); ++a) {
      for (std::size_t b = a + 1; b < std::min(members.size(), a + kClusterWindow); ++b) {
        if (jaccard(grams[a], grams[b]) >= kNearDuplicate) root[find(b)] = find(a);
      }
    }
    std::map<std::size_t, int> fold_of;
    for (std::size_t a = 0; a < members.size(); ++a) {
      const std::size_t cluster = find(a);
      const auto [fold, fresh] = fold_of.emplace(cluster, next % folds);
      if (fresh) ++next;
      data.samples[members[a]].cluster = cluster;
      data.samples[members[a]].fold = fold->second;
    }
  }
}

}  // namespace wasl::intents
