#include "intents/fasttext_training.hpp"

#include <fasttext/fasttext.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <fstream>

// fastText trains; reading its models, and scoring, is intents/scorer.cpp.

namespace wasl::intents {
namespace {

constexpr std::string_view kLabel = "__label__";
constexpr std::size_t kRounds = 100'000;  // examples × epochs that are enough
constexpr int kEpochsMin = 15;
constexpr int kEpochsMax = 60;
constexpr std::size_t kRowsForFewRounds = 400;  // a label; more rounds learn its rows by heart
constexpr std::size_t kManyExamples = 5'000;

fasttext::Args arguments(const TrainSettings& settings, std::uint64_t seed,
                         const std::filesystem::path& input) {
  fasttext::Args args;
  args.input = input.string();
  args.model = fasttext::model_name::sup;
  args.loss = fasttext::loss_name::ova;
  args.minCount = 1;
  args.lr = settings.rate;
  args.epoch = settings.epochs;
  args.dim = settings.dimensions;
  args.bucket = settings.buckets;
  args.wordNgrams = settings.word_ngrams;
  args.minn = settings.letters_min;
  args.maxn = settings.letters_max;
  args.thread = 1;
  args.verbose = 0;
  args.seed = static_cast<int>(seed % 2'147'483'647U);
  return args;
}

}  // namespace

TrainSettings settings_for(std::size_t examples, std::size_t labels) {
  TrainSettings settings;
  settings.epochs = std::clamp(static_cast<int>(kRounds / std::max<std::size_t>(examples, 1)),
                               kEpochsMin, kEpochsMax);
  if (examples >= kRowsForFewRounds * labels) settings.epochs /= 2;
  if (examples > kManyExamples) settings.buckets *= 2;
  return settings;
}

std::string to_string(const TrainSettings& s) {
  return fmt::format("ova rate={:.3f} epochs={} dimensions={} buckets={} words={} letters={}-{}",
                     s.rate, s.epochs, s.dimensions, s.buckets, s.word_ngrams, s.letters_min,
                     s.letters_max);
}

Result<Scorer> train_fasttext(const std::vector<FastLine>& lines, const TrainSettings& settings,
                              std::uint64_t seed, const std::filesystem::path& scratch) {
  {
    std::ofstream file(scratch, std::ios::binary);
    for (const FastLine& line : lines) file << kLabel << line.label << ' ' << line.features << '\n';
    if (!file.flush()) {
      return Error{Error::Code::unavailable, "cannot write " + scratch.string()};
    }
  }
  Result<Scorer> trained = Error{Error::Code::unavailable, ""};
  try {
    fasttext::FastText model;
    model.train(arguments(settings, seed, scratch));
    trained = Scorer(model);
  } catch (const std::exception& failed) {
    trained = Error{Error::Code::unavailable, std::string("training failed: ") + failed.what()};
  }
  std::error_code ignored;
  std::filesystem::remove(scratch, ignored);
  return trained;
}

}  // namespace wasl::intents
