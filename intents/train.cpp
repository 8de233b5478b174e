#include "wasl/intents/training.hpp"

#include "intents/bot_files.hpp"
#include "intents/card.hpp"
#include "intents/entities.hpp"
#include "intents/fitting.hpp"
#include "intents/held_out.hpp"
#include "intents/labelled_file.hpp"
#include "intents/model_files.hpp"
#include "intents/training_data.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

// Each fold is scored by parts trained without it; on these scores, and on those of the dev file if
// there is one, the blend, the out-of-scope rule and the thresholds are fitted.  The parts that are
// shipped are trained on everything.

namespace wasl::intents {
namespace {

constexpr int kFolds = 5;
constexpr std::size_t kExamplesMin = 10;
constexpr std::size_t kNegativeTimes = 6;  ///< one `not` stands against many examples of its words

using Clock = std::chrono::steady_clock;

class Training {
 public:
  Training(TrainingData data, std::vector<LabelledRow> dev, std::filesystem::path scratch,
           std::uint64_t seed, const Progress& progress)
      : data_(std::move(data)),
        dev_rows_(std::move(dev)),
        scratch_(std::move(scratch)),
        seed_(seed),
        progress_(progress) {}

  Result<Done> run() {
    auto verdicts = score_held_out(data_, {kFolds, true}, seed_, scratch_, progress_);
    if (!verdicts) return verdicts.error();
    verdicts_ = std::move(*verdicts);
    if (const auto done = train_final(); !done) return done;
    const auto dev = score_dev();
    const Fit fitted = fit(verdicts_, dev, data_.labels, model_.parts->rarity(), data_.oos);
    model_.blend = fitted.blend;
    model_.strangeness = fitted.strangeness;
    model_.thresholds = fitted.thresholds;
    judged_ = judge(verdicts_, fitted, data_.labels, data_.oos);
    judged_dev_ = judge(dev, fitted, data_.labels, data_.oos);
    return Done{};
  }

  /// Writes classifier.bin, manifest and card.md into the scratch folder.
  Result<std::size_t> write() {
    const std::string bytes = model_.parts->write();
    if (bytes.size() > kModelBytesMax) {
      return Error{Error::Code::unavailable, "the model would be larger than 64 MiB"};
    }
    const CardFacts facts{
        data_,
        model_,
        verdicts_,
        judged_,
        judged_dev_,
        to_string(part_settings_for(data_.samples.size(), data_.labels.size(), data_.neighbours)),
        seed_,
        bytes.size(),
        kFolds};
    const std::pair<const char*, std::string> files[] = {
        {"classifier.bin", bytes},
        {"manifest", format_manifest(manifest(bytes))},
        {"card.md", model_card(facts)},
    };
    for (const auto& [name, content] : files) {
      if (const auto done = write_file(scratch_ / name, content); !done) return done.error();
    }
    return bytes.size();
  }

  /// Of the folds' in-scope rows.
  [[nodiscard]] double accuracy() const {
    std::vector<Judged> rows;
    for (std::size_t i = 0; i < judged_.size(); ++i) {
      if (!verdicts_[i].stranger) rows.push_back(judged_[i]);
    }
    return figures(rows).accuracy_top1;
  }
  [[nodiscard]] const TrainingData& data() const { return data_; }

 private:
  Result<Done> train_final() {
    progress_("training the model on all examples");
    auto lessons = lessons_of(data_, [](const Sample&) { return true; });
    PartSettings settings =
        part_settings_for(data_.samples.size(), data_.labels.size(), data_.neighbours);
    settings.linear.threads = cores();
    if (data_.oos >= 0) {
      const auto oos = static_cast<std::size_t>(data_.oos);
      for (const Negative& negative : data_.negatives) {
        if (!negative.features.empty() && !claimed(negative)) {
          lessons.insert(lessons.end(), kNegativeTimes, {negative.features, oos});
        }
      }
    }
    auto parts =
        Parts::train(std::move(lessons), data_.labels, settings, seed_, scratch_ / "lines");
    if (!parts) return parts.error();
    model_.parts = std::make_unique<const Parts>(std::move(*parts));
    model_.oos = data_.oos;
    model_.marks = data_.marks;
    return Done{};
  }

  /// A sentence that one intent must not claim may be another's example; then it teaches nothing.
  [[nodiscard]] bool claimed(const Negative& negative) const {
    return std::any_of(data_.samples.begin(), data_.samples.end(),
                       [&](const Sample& sample) { return sample.features == negative.features; });
  }

  [[nodiscard]] std::vector<Verdict> score_dev() {
    std::vector<Verdict> verdicts;
    std::size_t unknown = 0;
    for (const LabelledRow& row : dev_rows_) {
      const auto at = std::lower_bound(data_.labels.begin(), data_.labels.end(), row.label);
      const bool known = at != data_.labels.end() && *at == row.label;
      if (!known && row.label != kOutOfScope) {
        ++unknown;
        continue;
      }
      Verdict verdict;
      verdict.truth = known ? static_cast<int>(at - data_.labels.begin()) : -1;
      verdict.scores = model_.parts->score(plain_features(row.text, data_.marks));
      verdicts.push_back(std::move(verdict));
    }
    if (unknown > 0) {
      progress_(
          fmt::format("{} dev rows have labels without an example and are passed over", unknown));
    }
    return verdicts;
  }

  [[nodiscard]] Manifest manifest(std::string_view bytes) const {
    Manifest result = {
        {"format", kModelFormat},
        {"bytes", std::to_string(bytes.size())},
        {"sha256", sha256(bytes)},
        {"data", data_.hash},
        {"seed", std::to_string(seed_)},
        {"settings",
         to_string(part_settings_for(data_.samples.size(), data_.labels.size(), data_.neighbours))},
        {"library", "fastText 0.9, liblinear 2.3"},
        {"examples", std::to_string(data_.samples.size())},
        {"intents", std::to_string(data_.intents.size())},
        {"accuracy", fmt::format("{:.6f}", accuracy())}};
    describe(model_, result);
    return result;
  }

  TrainingData data_;
  std::vector<LabelledRow> dev_rows_;
  std::filesystem::path scratch_;
  std::uint64_t seed_;
  const Progress& progress_;
  std::vector<Verdict> verdicts_;
  std::vector<Judged> judged_;
  std::vector<Judged> judged_dev_;
  Model model_;
};

/// Trains into a folder beside `target`, then puts it in its place.
Result<TrainReport> train_into(const std::filesystem::path& target, TrainingData data,
                               std::vector<LabelledRow> dev, std::uint64_t seed,
                               const Progress& say) {
  const auto start = Clock::now();
  say(fmt::format("{} examples of {} intents", data.samples.size(), data.intents.size()));
  const auto parent = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
  const Scratch scratch(parent / fmt::format(".{}.new-{}", target.filename().string(), ::getpid()));
  if (scratch.error()) {
    return Error{Error::Code::unavailable,
                 "cannot write into " + parent.string() + ": " + scratch.error().message()};
  }
  Training training(std::move(data), std::move(dev), scratch.path(), seed, say);
  if (const auto done = training.run(); !done) return done.error();
  const auto bytes = training.write();
  if (!bytes) return bytes.error();
  // Beyond here the model is whole and on disk, beside the old one.
  if (const auto done = replace_folder(scratch.path(), target, previous_of(target)); !done) {
    return done.error();
  }
  TrainReport report;
  report.examples = training.data().samples.size();
  report.intents = training.data().intents.size();
  report.accuracy = training.accuracy();
  report.model_bytes = *bytes;
  report.data_hash = training.data().hash;
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  say(fmt::format("trained in {:.1f} s: {:.1f} % right on held-out examples", report.seconds,
                  100.0 * report.accuracy));
  return report;
}

Progress or_silent(const Progress& progress) {
  return progress ? progress : [](std::string_view) {};
}

/// The data of a folder, or nothing when it has mistakes.
std::optional<TrainingData> data_of(const std::filesystem::path& folder, yaml::Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  const BotFiles files = read_bot_files(folder, mistakes);
  const BotPatterns patterns(files, mistakes);
  if (mistakes.size() != before) return std::nullopt;
  return make_training_data(files, patterns);
}

/// Says what is missing to train at all, or nothing.
std::optional<Error> too_little(const TrainingData& data) {
  std::size_t own = 0;
  for (const Sample& sample : data.samples) own += sample.label != kOutOfScope ? 1U : 0U;
  if (data.intents.size() >= 2 && own >= kExamplesMin) return std::nullopt;
  return Error{Error::Code::invalid_input,
               fmt::format("too few examples: {} of {} intents; at least {} of 2 intents are "
                           "needed",
                           own, data.intents.size(), kExamplesMin)};
}

}  // namespace

Result<TrainReport> train(const std::filesystem::path& folder, std::uint64_t seed,
                          const Progress& progress, yaml::Mistakes& mistakes) {
  auto data = data_of(folder, mistakes);
  if (!data) return Error{Error::Code::invalid_input, "the bot folder has mistakes"};
  if (auto missing = too_little(*data)) return *missing;
  return train_into(folder / "models" / "intents", std::move(*data), {}, seed, or_silent(progress));
}

Result<TrainReport> train(const DataPaths& paths, std::uint64_t seed, const Progress& progress,
                          yaml::Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  const auto rows = read_labelled(paths.train, mistakes);
  std::vector<LabelledRow> dev;
  if (!paths.dev.empty()) dev = read_labelled(paths.dev, mistakes);
  if (mistakes.size() != before) {
    return Error{Error::Code::invalid_input, "the data has mistakes"};
  }
  TrainingData data = make_training_data(rows);
  if (const auto missing = too_little(data)) {
    mistakes.add(paths.train.string(), {rows.empty() ? 1 : rows.back().line, 1}, missing->what);
    return *missing;
  }
  return train_into(paths.model, std::move(data), std::move(dev), seed, or_silent(progress));
}

Result<Done> roll_back(const std::filesystem::path& folder) {
  return roll_back_model(folder / "models" / "intents");
}

Result<Done> roll_back_data(const std::filesystem::path& model) {
  return roll_back_model(model);
}

bool is_trained(const std::filesystem::path& folder) {
  const auto text = read_file(folder / "models" / "intents" / "manifest", 64 * 1024);
  if (!text) return false;
  const auto manifest = parse_manifest(*text);
  if (!manifest) return false;
  const auto hash = manifest->find("data");
  yaml::Mistakes mistakes;
  const auto data = data_of(folder, mistakes);
  return data && hash != manifest->end() && hash->second == data->hash;
}

}  // namespace wasl::intents
