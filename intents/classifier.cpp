#include "intents/classifier.hpp"

#include "wasl/core/check.hpp"

#include <fasttext/fasttext.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <istream>
#include <streambuf>
#include <utility>

// fastText trains, writes and reads models; scoring is intents/scorer.cpp.

namespace wasl::intents {
namespace {

constexpr std::string_view kLabel = "__label__";
constexpr std::size_t kRounds = 100'000;  // examples × epochs that are enough
constexpr int kEpochsMin = 15;
constexpr int kEpochsMax = 60;
constexpr std::size_t kManyExamples = 5'000;

/// A stream over bytes that stay where they are.
class Bytes : public std::streambuf {
 public:
  explicit Bytes(std::string_view bytes) {
    char* begin = const_cast<char*>(bytes.data());  // NOLINT: only read
    setg(begin, begin, begin + bytes.size());
  }

 protected:
  pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode) override {
    char* const base = from == std::ios_base::beg   ? eback()
                       : from == std::ios_base::cur ? gptr()
                                                    : egptr();
    if (offset < eback() - base || offset > egptr() - base) return pos_type(off_type(-1));
    setg(eback(), base + offset, egptr());
    return pos_type(gptr() - eback());
  }
  pos_type seekpos(pos_type position, std::ios_base::openmode which) override {
    return seekoff(off_type(position), std::ios_base::beg, which);
  }
};

class FastText : public fasttext::FastText {
 public:
  using fasttext::FastText::checkModel;
};

class FastTextClassifier final : public Classifier {
 public:
  explicit FastTextClassifier(std::unique_ptr<FastText> model)
      : scorer_(*model), model_(std::move(model)) {
    const auto dictionary = model_->getDictionary();
    for (std::int32_t i = 0; i < dictionary->nlabels(); ++i) {
      labels_.push_back(dictionary->getLabel(i).substr(kLabel.size()));
    }
  }

  /// Scoring needs the library's copy no longer.
  void forget_model() { model_.reset(); }

  Result<Done> save(const std::filesystem::path& file) const override {
    WASL_CHECK(model_ != nullptr);
    try {
      model_->saveModel(file.string());
    } catch (const std::exception& failed) {
      return Error{Error::Code::unavailable, failed.what()};
    }
    return Done{};
  }

  const std::vector<std::string>& labels() const override { return labels_; }

  Scorer::Scores score(std::string_view features) const override { return scorer_.score(features); }

 private:
  Scorer scorer_;
  std::unique_ptr<FastText> model_;  ///< until it is saved
  std::vector<std::string> labels_;
};

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

TrainSettings settings_for(std::size_t examples) {
  TrainSettings settings;
  settings.epochs = std::clamp(static_cast<int>(kRounds / std::max<std::size_t>(examples, 1)),
                               kEpochsMin, kEpochsMax);
  if (examples > kManyExamples) settings.buckets *= 2;
  return settings;
}

std::string to_string(const TrainSettings& s) {
  return fmt::format("ova rate={:.3f} epochs={} dimensions={} buckets={} words={} letters={}-{}",
                     s.rate, s.epochs, s.dimensions, s.buckets, s.word_ngrams, s.letters_min,
                     s.letters_max);
}

Result<std::unique_ptr<Classifier>> Classifier::train(const std::vector<Line>& lines,
                                                      const TrainSettings& settings,
                                                      std::uint64_t seed,
                                                      const std::filesystem::path& scratch) {
  {
    std::ofstream file(scratch, std::ios::binary);
    for (const Line& line : lines) file << kLabel << line.label << ' ' << line.features << '\n';
    if (!file.flush()) {
      return Error{Error::Code::unavailable, "cannot write " + scratch.string()};
    }
  }
  Result<std::unique_ptr<Classifier>> trained = Error{Error::Code::unavailable, ""};
  try {
    auto model = std::make_unique<FastText>();
    model->train(arguments(settings, seed, scratch));
    trained = std::unique_ptr<Classifier>(std::make_unique<FastTextClassifier>(std::move(model)));
  } catch (const std::exception& failed) {
    trained = Error{Error::Code::unavailable, std::string("training failed: ") + failed.what()};
  }
  std::error_code ignored;
  std::filesystem::remove(scratch, ignored);
  return trained;
}

Result<std::unique_ptr<Classifier>> Classifier::load(std::string_view bytes) {
  try {
    auto model = std::make_unique<FastText>();
    Bytes buffer(bytes);
    std::istream stream(&buffer);
    if (!model->checkModel(stream)) {
      return Error{Error::Code::invalid_input, "not a fastText model of a known version"};
    }
    model->loadModel(stream);
    if (!stream || model->isQuant()) {
      return Error{Error::Code::invalid_input, "the fastText model ends early or is quantised"};
    }
    auto classifier = std::make_unique<FastTextClassifier>(std::move(model));
    classifier->forget_model();
    return std::unique_ptr<Classifier>(std::move(classifier));
  } catch (const std::exception& failed) {
    return Error{Error::Code::invalid_input, std::string("fastText: ") + failed.what()};
  }
}

}  // namespace wasl::intents
