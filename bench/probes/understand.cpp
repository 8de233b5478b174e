// bench_understand BOT MIX COUNT: the time of understand() for one message beside that of the
// packaged fastText's own predict on the same features, message by message; prints one line of
// JSON.
//
// The fastText beside is trained here, on the bot's examples: one-versus-all, words and pairs,
// letters 2 to 5, 50 dimensions.  Few rounds, since it is not asked to be right: what a prediction
// costs is settled by these and by the labels.

#include "wasl/intents/clean.hpp"
#include "wasl/intents/understander.hpp"

#include "bench/load/histogram.hpp"
#include "bench/load/messages.hpp"
#include "intents/bot_files.hpp"
#include "intents/entities.hpp"
#include "intents/features.hpp"
#include "intents/model_files.hpp"
#include "intents/training_data.hpp"

#include <fasttext/fasttext.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace {

using namespace wasl;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kWarmUp = 500;

nlohmann::json quantiles(const bench::Histogram& times) {
  return {{"p50_us", times.quantile_us(0.5)}, {"p99_us", times.quantile_us(0.99)}};
}

void fail_on(const yaml::Mistakes& mistakes) {
  if (!mistakes.empty()) throw std::runtime_error(yaml::to_string(mistakes.sorted().front()));
}

void train_beside(const std::filesystem::path& bot, fasttext::FastText& model) {
  yaml::Mistakes mistakes;
  const intents::BotFiles files = intents::read_bot_files(bot, mistakes);
  const intents::BotPatterns patterns(files, mistakes);
  fail_on(mistakes);
  const intents::Scratch scratch(std::filesystem::temp_directory_path() /
                                 ("wasl-bench-understand-" + std::to_string(::getpid())));
  fasttext::Args args;
  args.input = (scratch.path() / "lines").string();
  {
    std::ofstream lines(args.input, std::ios::binary);
    for (const intents::Sample& sample : intents::make_training_data(files, patterns).samples) {
      lines << args.label << sample.label << ' ' << sample.features << '\n';
    }
    if (!lines.flush()) throw std::runtime_error("cannot write " + args.input);
  }
  args.model = fasttext::model_name::sup;
  args.loss = fasttext::loss_name::ova;
  args.minCount = 1;
  args.lr = 0.25;
  args.epoch = 5;
  args.dim = 50;
  args.bucket = 50'000;
  args.wordNgrams = 2;
  args.minn = 2;
  args.maxn = 5;
  args.thread = 1;
  args.verbose = 0;
  model.train(args);
}

int run(const std::filesystem::path& bot, const std::filesystem::path& mix, std::uint64_t count) {
  yaml::Mistakes mistakes;
  const auto loaded = intents::Understander::load(bot, true, mistakes);
  fail_on(mistakes);
  if (!loaded.warning.empty()) throw std::runtime_error(loaded.warning);
  fasttext::FastText model;
  train_beside(bot, model);

  const bench::Messages messages(mix);
  bench::Histogram ours;
  bench::Histogram theirs;
  std::size_t found = 0;
  for (std::uint64_t i = 0; i < count + kWarmUp; ++i) {
    const std::string text = messages.at(i % 64, i / 64, i).text;
    // The mix holds no entities, so these are the features understand() gives its classifier.
    std::istringstream line(intents::make_features(intents::clean(text), {}, false).line + '\n');

    const auto start = Clock::now();
    const Understanding read = loaded.understander->understand(text, {});
    const auto middle = Clock::now();
    std::vector<std::pair<fasttext::real, std::string>> guesses;
    model.predictLine(line, guesses, 5, 0.0F);
    const auto end = Clock::now();
    found += read.intents.size() + guesses.size();
    if (i < kWarmUp) continue;
    ours.add((middle - start).count());
    theirs.add((end - middle).count());
  }
  if (found == 0) throw std::runtime_error("nothing was understood at all");
  std::printf("%s\n",
              nlohmann::json{{"understand", quantiles(ours)}, {"predict", quantiles(theirs)}}
                  .dump()
                  .c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: bench_understand BOT MIX COUNT\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10));
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "bench_understand: %s\n", failed.what());
    return 1;
  }
}
