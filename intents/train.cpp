#include "wasl/intents/understander.hpp"

#include "intents/bot_files.hpp"
#include "intents/calibration.hpp"
#include "intents/classifier.hpp"
#include "intents/entities.hpp"
#include "intents/model_files.hpp"
#include "intents/training_data.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

// Five models, each trained on four fifths, score the fifth they have not seen; three more, each
// trained without a third of the intents, score those intents as the strangers they then are.
// From both, probabilities are calibrated and thresholds chosen.  The model that is shipped is
// trained on everything.  Folds run on threads of their own; each model is trained by one.

namespace wasl::intents {
namespace {

constexpr int kStrangerParts = 3;
constexpr double kStrangerWeight = 0.15;
constexpr double kWrongActsMax = 0.06;  ///< share of acts that may be wrong
constexpr int kActPercentMin = 50;
constexpr int kActPercentMax = 80;
constexpr std::size_t kExamplesMin = 10;

using Clock = std::chrono::steady_clock;

/// A sample as a model that had not seen it scored it.
struct Verdict {
  const Sample* sample = nullptr;
  bool stranger = false;        ///< its intent was kept from the model
  std::vector<double> chances;  ///< per label of `names`
  HeldOut held_out;
};

struct Labels {
  std::vector<std::string> names;  ///< sorted; `oos` among them
  [[nodiscard]] int find(const std::string& name) const {
    const auto at = std::lower_bound(names.begin(), names.end(), name);
    return at != names.end() && *at == name ? static_cast<int>(at - names.begin()) : -1;
  }
};

/// Lines in a shuffled order, the same for the same seed everywhere.
std::vector<Classifier::Line> shuffled(std::vector<Classifier::Line> lines, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t i = lines.size(); i > 1; --i) std::swap(lines[i - 1], lines[random() % i]);
  return lines;
}

/// Scores in the order of `labels`; a label the model does not know scores as never.
std::vector<float> align(const Classifier& model, const std::vector<float>& scores,
                         const Labels& labels) {
  std::vector<float> aligned(labels.names.size(), -40.0F);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (const int at = labels.find(model.labels()[i]); at >= 0) {
      aligned[static_cast<std::size_t>(at)] = scores[i];
    }
  }
  return aligned;
}

class Training {
 public:
  Training(TrainingData data, std::filesystem::path scratch, std::uint64_t seed,
           const std::function<void(std::string_view)>& progress)
      : data_(std::move(data)),
        scratch_(std::move(scratch)),
        seed_(seed),
        progress_(progress),
        settings_(settings_for(data_.samples.size())) {
    labels_.names = data_.intents;
    labels_.names.emplace_back(kOutOfScope);
    std::sort(labels_.names.begin(), labels_.names.end());
    assign_folds(data_);
  }

  Result<Done> run() {
    if (const auto done = score_held_out(); !done) return done;
    calibrate();
    choose_thresholds();
    return train_final();
  }

  /// Writes classifier.bin, manifest and card.md into the scratch folder.
  Result<std::size_t> write() {
    const auto file = scratch_ / "classifier.bin";
    if (const auto saved = model_->save(file); !saved) return saved.error();
    const auto bytes = read_file(file, kModelBytesMax);
    if (!bytes) return bytes.error();
    if (const auto synced = write_file(file, *bytes); !synced) return synced.error();
    if (const auto w = write_file(scratch_ / "manifest", format_manifest(manifest(*bytes))); !w) {
      return w.error();
    }
    if (const auto w = write_file(scratch_ / "card.md", card(bytes->size())); !w) return w.error();
    return bytes->size();
  }

  [[nodiscard]] double accuracy() const { return accuracy_; }
  [[nodiscard]] const TrainingData& data() const { return data_; }

 private:
  struct Job {
    int fold = -1;       ///< held out, or
    int strangers = -1;  ///< the part of the intents kept back
  };

  [[nodiscard]] int part_of(const Sample& sample) const {
    return sample.label == kOutOfScope ? -1 : labels_.find(sample.label) % kStrangerParts;
  }

  [[nodiscard]] bool held_out(const Sample& sample, const Job& job) const {
    return job.fold >= 0 ? sample.fold == job.fold : part_of(sample) == job.strangers;
  }

  Result<Done> score_held_out() {
    std::vector<Job> jobs;
    for (int fold = 0; fold < kFolds; ++fold) jobs.push_back({fold, -1});
    if (data_.intents.size() > kStrangerParts) {
      for (int part = 0; part < kStrangerParts; ++part) jobs.push_back({-1, part});
    }
    std::vector<std::vector<Verdict>> verdicts(jobs.size());
    std::atomic<std::size_t> next{0};
    std::mutex said;
    std::optional<Error> wrong;
    std::size_t finished = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < jobs.size(); i = next++) {
        auto scored = score(jobs[i], i);
        const std::lock_guard lock(said);
        if (!scored) {
          wrong = scored.error();
          continue;
        }
        verdicts[i] = std::move(*scored);
        progress_(fmt::format("held-out model {} of {}", ++finished, jobs.size()));
      }
    };
    const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < cores; ++i) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
    if (wrong) return *wrong;
    for (auto& part : verdicts) {
      for (Verdict& verdict : part) verdicts_.push_back(std::move(verdict));
    }
    return Done{};
  }

  Result<std::vector<Verdict>> score(const Job& job, std::size_t number) {
    std::vector<Classifier::Line> lines;
    for (const Sample& sample : data_.samples) {
      if (!held_out(sample, job)) lines.push_back({sample.label, sample.features});
    }
    const auto model = Classifier::train(shuffled(std::move(lines), seed_), settings_, seed_,
                                         scratch_ / fmt::format("lines-{}", number));
    if (!model) return model.error();
    std::vector<Verdict> verdicts;
    for (const Sample& sample : data_.samples) {
      if (!held_out(sample, job)) continue;
      Verdict verdict;
      verdict.sample = &sample;
      verdict.stranger = job.strangers >= 0;
      verdict.held_out.scores = align(**model, (*model)->score(sample.features).labels, labels_);
      verdict.held_out.truth = verdict.stranger ? -1 : labels_.find(sample.label);
      verdict.held_out.weight = verdict.stranger ? kStrangerWeight : 1.0;
      verdicts.push_back(std::move(verdict));
    }
    return verdicts;
  }

  void calibrate() {
    std::vector<HeldOut> examples;
    examples.reserve(verdicts_.size());
    for (const Verdict& verdict : verdicts_) examples.push_back(verdict.held_out);
    calibration_ = fit_calibration(examples, labels_.find(kOutOfScope));
    std::size_t right = 0;
    std::size_t all = 0;
    for (Verdict& verdict : verdicts_) {
      verdict.chances = probabilities(verdict.held_out.scores, calibration_);
      if (verdict.stranger || verdict.sample->label == kOutOfScope) continue;
      ++all;
      right += guess(verdict).first == verdict.held_out.truth ? 1U : 0U;
    }
    accuracy_ = all == 0 ? 0.0 : static_cast<double>(right) / static_cast<double>(all);
  }

  /// The best intent of a verdict and its lead over the next; never `oos`.
  [[nodiscard]] std::pair<int, double> guess(const Verdict& verdict) const {
    const int oos = labels_.find(kOutOfScope);
    int best = -1;
    double first = 0.0;
    double second = 0.0;
    for (std::size_t i = 0; i < verdict.chances.size(); ++i) {
      if (static_cast<int>(i) == oos) continue;
      if (verdict.chances[i] > first) {
        second = first;
        first = verdict.chances[i];
        best = static_cast<int>(i);
      } else {
        second = std::max(second, verdict.chances[i]);
      }
    }
    return {best, first - second};
  }

  /// What would come of a bar; counted on held-out samples.
  struct Tally {
    std::size_t known = 0;     ///< samples whose intent the model knew
    std::size_t served = 0;    ///< of those, acted on rightly
    std::size_t wrong = 0;     ///< acts on a wrong intent, known samples and `oos`
    std::size_t strange = 0;   ///< samples of an intent that was kept back
    std::size_t deceived = 0;  ///< of those, acted on
    [[nodiscard]] double wrong_share() const {
      return served + wrong == 0 ? 0.0
                                 : static_cast<double>(wrong) / static_cast<double>(served + wrong);
    }
  };

  [[nodiscard]] Tally tally(double act_min) const {
    Tally t;
    for (const Verdict& verdict : verdicts_) {
      const auto [best, lead] = guess(verdict);
      const bool acts = best >= 0 && verdict.chances[static_cast<std::size_t>(best)] >= act_min &&
                        lead >= thresholds_.margin_min;
      const bool known = !verdict.stranger && verdict.sample->label != kOutOfScope;
      t.known += known ? 1U : 0U;
      t.strange += verdict.stranger ? 1U : 0U;
      if (!acts) continue;
      if (verdict.stranger) {
        ++t.deceived;
      } else {
        ++(known && best == verdict.held_out.truth ? t.served : t.wrong);
      }
    }
    return t;
  }

  /// The lowest bar over which few acts are wrong.
  void choose_thresholds() {
    for (int percent = kActPercentMin; percent <= kActPercentMax; percent += 5) {
      thresholds_.act_min = percent / 100.0;
      if (tally(thresholds_.act_min).wrong_share() <= kWrongActsMax) break;
    }
  }

  Result<Done> train_final() {
    progress_("training the model on all examples");
    std::vector<Classifier::Line> lines;
    for (const Sample& sample : data_.samples) lines.push_back({sample.label, sample.features});
    for (std::string& features : unclaimed_negatives()) {
      lines.push_back({kOutOfScope, std::move(features)});
    }
    auto model =
        Classifier::train(shuffled(std::move(lines), seed_), settings_, seed_, scratch_ / "lines");
    if (!model) return model.error();
    model_ = std::move(*model);
    return Done{};
  }

  /// A sentence that one intent must not claim may be another's; then it teaches nothing.
  [[nodiscard]] std::vector<std::string> unclaimed_negatives() {
    std::vector<std::string> unclaimed;
    if (data_.negatives.empty()) return unclaimed;
    std::vector<Classifier::Line> lines;
    for (const Sample& sample : data_.samples) lines.push_back({sample.label, sample.features});
    const auto judge = Classifier::train(shuffled(std::move(lines), seed_), settings_, seed_,
                                         scratch_ / "lines-judge");
    if (!judge) return unclaimed;
    for (const Negative& negative : data_.negatives) {
      const auto chances = probabilities(
          align(**judge, (*judge)->score(negative.features).labels, labels_), calibration_);
      const auto best = std::max_element(chances.begin(), chances.end()) - chances.begin();
      const std::string& label = labels_.names[static_cast<std::size_t>(best)];
      const bool claimed = label != negative.intent && label != kOutOfScope &&
                           chances[static_cast<std::size_t>(best)] >= 0.5;
      if (!claimed && !negative.features.empty()) unclaimed.push_back(negative.features);
    }
    return unclaimed;
  }

  [[nodiscard]] Manifest manifest(std::string_view bytes) const {
    const auto real = [](double value) { return fmt::format("{:.6f}", value); };
    return {{"format", kModelFormat},
            {"bytes", std::to_string(bytes.size())},
            {"sha256", sha256(bytes)},
            {"data", data_.hash},
            {"seed", std::to_string(seed_)},
            {"settings", to_string(settings_)},
            {"library", "fastText model version 12"},
            {"examples", std::to_string(data_.samples.size())},
            {"intents", std::to_string(data_.intents.size())},
            {"accuracy", real(accuracy_)},
            {"calibration_slope", real(calibration_.slope)},
            {"calibration_none", real(calibration_.none)},
            {"act_min", real(thresholds_.act_min)},
            {"margin_min", real(thresholds_.margin_min)},
            {"guess_min", real(thresholds_.guess_min)},
            {"oos_min", real(thresholds_.oos_min)}};
  }

  struct Score {
    std::size_t examples = 0;
    std::size_t right = 0;
    std::size_t claimed = 0;  ///< guesses of this intent, right or wrong
  };

  [[nodiscard]] std::string card(std::size_t model_bytes) const {
    std::map<std::string, Score> intents;
    std::map<std::string, Score> groups;
    std::vector<std::string> confusions;
    for (const Verdict& verdict : verdicts_) {
      const Sample& sample = *verdict.sample;
      if (verdict.stranger || sample.label == kOutOfScope) continue;
      const auto best = static_cast<std::size_t>(std::max(guess(verdict).first, 0));
      const std::string& guessed = labels_.names[best];
      const bool right = guessed == sample.label;
      for (Score* score : {&intents[sample.label], &groups[sample.group]}) {
        ++score->examples;
        score->right += right ? 1U : 0U;
      }
      ++intents[guessed].claimed;
      if (!right) {
        confusions.push_back(fmt::format("| {} | {} | {:.2f} | {} |", sample.label, guessed,
                                         verdict.chances[best], sample.text));
      }
    }
    const auto share = [](auto part, auto all) {
      return static_cast<double>(all) == 0.0 ? 0.0
                                             : static_cast<double>(part) / static_cast<double>(all);
    };
    std::string text = fmt::format(
        "# Intent model\n\nTrained by `wasl train` from the examples of this bot folder; do not "
        "edit.\n\n- examples: {}, intents: {}, model: {} bytes\n- settings: {}, seed {}\n- data: "
        "{}\n- calibration: slope {:.3f}, none {:.3f}\n\nMeasured on examples the measuring model "
        "had not seen ({} folds; near-duplicates share a fold):\n\n- best guess right: {:.1f} %\n- "
        "acts from a confidence of {:.2f} on\n",
        data_.samples.size(), data_.intents.size(), model_bytes, to_string(settings_), seed_,
        data_.hash, calibration_.slope, calibration_.none, kFolds, 100.0 * accuracy_,
        thresholds_.act_min);
    text +=
        "\n| bar | acted on rightly | of all acts wrong | of intents kept back, acted on |\n"
        "|---|---|---|---|\n";
    for (int percent = kActPercentMin; percent <= 90; percent += 5) {
      const Tally t = tally(percent / 100.0);
      text += fmt::format("| {:.2f} | {:.1f} % | {:.1f} % | {:.1f} % |\n", percent / 100.0,
                          100.0 * share(t.served, t.known), 100.0 * t.wrong_share(),
                          100.0 * share(t.deceived, t.strange));
    }
    text += "\n| intent | examples | recall | precision |\n|---|---|---|---|\n";
    for (const auto& [name, s] : intents) {
      text += fmt::format("| {} | {} | {:.2f} | {:.2f} |\n", name, s.examples,
                          share(s.right, s.examples), share(s.right, s.claimed));
    }
    text += "\n| language | examples | right |\n|---|---|---|\n";
    for (const auto& [name, s] : groups) {
      text += fmt::format("| {} | {} | {:.2f} |\n", name, s.examples, share(s.right, s.examples));
    }
    text +=
        "\nMistaken (at most 60):\n\n| intent | taken for | confidence | example "
        "|\n|---|---|---|---|\n";
    for (std::size_t i = 0; i < std::min<std::size_t>(confusions.size(), 60); ++i) {
      text += confusions[i] + "\n";
    }
    return text;
  }

  TrainingData data_;
  std::filesystem::path scratch_;
  std::uint64_t seed_;
  const std::function<void(std::string_view)>& progress_;
  TrainSettings settings_;
  Labels labels_;
  std::vector<Verdict> verdicts_;
  Calibration calibration_;
  Thresholds thresholds_;
  std::unique_ptr<Classifier> model_;
  double accuracy_ = 0.0;
};

/// A folder that is gone with its owner.
class Scratch {
 public:
  explicit Scratch(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    std::filesystem::create_directories(path_, error_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::error_code& error() const { return error_; }

 private:
  std::filesystem::path path_;
  std::error_code error_;
};

/// The data of a folder, or nothing when it has mistakes.
std::optional<TrainingData> data_of(const std::filesystem::path& folder, yaml::Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  const BotFiles files = read_bot_files(folder, mistakes);
  const BotPatterns patterns(files, mistakes);
  if (mistakes.size() != before) return std::nullopt;
  return make_training_data(files, patterns);
}

}  // namespace

Result<TrainReport> train(const std::filesystem::path& folder, std::uint64_t seed,
                          const std::function<void(std::string_view)>& progress,
                          yaml::Mistakes& mistakes) {
  const auto start = Clock::now();
  const std::function<void(std::string_view)> say = progress ? progress : [](std::string_view) {};
  auto data = data_of(folder, mistakes);
  if (!data) return Error{Error::Code::invalid_input, "the bot folder has mistakes"};
  std::size_t own = 0;
  for (const Sample& sample : data->samples) own += sample.label != kOutOfScope ? 1U : 0U;
  if (data->intents.size() < 2 || own < kExamplesMin) {
    return Error{Error::Code::invalid_input,
                 fmt::format("too few examples: {} of {} intents; at least {} of 2 intents are "
                             "needed",
                             own, data->intents.size(), kExamplesMin)};
  }
  say(fmt::format("{} examples of {} intents", data->samples.size(), data->intents.size()));

  const auto models = folder / "models";
  const Scratch scratch(models / fmt::format(".intents.new-{}", ::getpid()));
  if (scratch.error()) {
    return Error{Error::Code::unavailable,
                 "cannot write into " + models.string() + ": " + scratch.error().message()};
  }
  Training training(std::move(*data), scratch.path(), seed, say);
  if (const auto done = training.run(); !done) return done.error();
  const auto bytes = training.write();
  if (!bytes) return bytes.error();
  // Beyond here the model is whole and on disk, beside the old one.
  if (const auto done =
          replace_folder(scratch.path(), models / "intents", models / "intents.previous");
      !done) {
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
