// bench_understand BOT MIX COUNT: the time of understand() for one message beside that of the
// packaged fastText's own predict on the same model and the same features, message by message;
// prints one line of JSON.

#include "wasl/intents/clean.hpp"
#include "wasl/intents/understander.hpp"

#include "bench/load/histogram.hpp"
#include "bench/load/messages.hpp"
#include "intents/features.hpp"

#include <fasttext/fasttext.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <stdexcept>

namespace {

using namespace wasl;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kWarmUp = 500;

nlohmann::json quantiles(const bench::Histogram& times) {
  return {{"p50_us", times.quantile_us(0.5)}, {"p99_us", times.quantile_us(0.99)}};
}

int run(const std::filesystem::path& bot, const std::filesystem::path& mix, std::uint64_t count) {
  yaml::Mistakes mistakes;
  const auto loaded = intents::Understander::load(bot, true, mistakes);
  if (!mistakes.empty()) throw std::runtime_error(yaml::to_string(mistakes.sorted().front()));
  if (!loaded.warning.empty()) throw std::runtime_error(loaded.warning);
  fasttext::FastText model;
  model.loadModel((bot / "models" / "intents" / "classifier.bin").string());

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
