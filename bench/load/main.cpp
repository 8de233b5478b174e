// bench_load: talks to a server like many visitors at once and says what that cost.  The result is
// one line of JSON, the last line on stdout.

#include "bench/load/worker.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>

namespace {

using nlohmann::json;
using wasl::bench::Histogram;
using wasl::bench::LoadOptions;
using wasl::bench::LoadResult;
using wasl::bench::Messages;
using wasl::bench::Protocol;

json quantiles(const Histogram& times) {
  return {{"p50_us", times.quantile_us(0.5)},
          {"p90_us", times.quantile_us(0.9)},
          {"p99_us", times.quantile_us(0.99)},
          {"p999_us", times.quantile_us(0.999)},
          {"max_us", times.quantile_us(1.0)}};
}

json to_json(const LoadResult& result) {
  const double messages = static_cast<double>(std::max<std::uint64_t>(result.answered, 1));
  const double server = result.server_user_s + result.server_system_s;
  return {{"messages", result.answered},
          {"seconds", result.seconds},
          {"messages_per_s", static_cast<double>(result.answered) / std::max(result.seconds, 1e-9)},
          {"cpu_us", 1e6 * server / messages},
          {"cpu_user_us", 1e6 * result.server_user_s / messages},
          {"cpu_system_us", 1e6 * result.server_system_s / messages},
          {"generator_cpu_us", 1e6 * result.own_s / messages},
          {"left", result.left},
          {"unanswered", result.unanswered},
          {"lost", result.lost},
          {"errors", result.errors},
          {"ack", quantiles(result.ack)},
          {"answer", quantiles(result.answer)}};
}

void allow_many_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(int argc, char** argv) {
  CLI::App app{"bench_load: many visitors at once"};
  LoadOptions options;
  std::string mix;
  Messages::Only only = Messages::Only::both;
  const std::map<std::string, Protocol> protocols{{"echo", Protocol::echo},
                                                  {"chat", Protocol::chat}};
  const std::map<std::string, Messages::Only> languages{
      {"both", Messages::Only::both}, {"en", Messages::Only::en}, {"ar", Messages::Only::ar}};
  app.add_option("--protocol", options.protocol)->transform(CLI::CheckedTransformer(protocols));
  app.add_option("--language", only)->transform(CLI::CheckedTransformer(languages));
  app.add_option("--port", options.port)->required();
  app.add_option("--pid", options.process)->required();
  app.add_option("--mix", mix)->required();
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 100'000));
  app.add_option("--addresses", options.addresses)->check(CLI::Range(1, 200));
  app.add_option("--rate", options.rate)->check(CLI::Range(0.0, 1e6));
  app.add_option("--warm-up", options.warm_up_s);
  app.add_option("--seconds", options.steady_s);
  app.add_option("--hold", options.hold_s);
  app.add_option("--first", options.first);
  CLI11_PARSE(app, argc, argv);

  allow_many_descriptors();
  const Messages messages(mix, only);
  wasl::bench::Worker worker(options, &messages);
  std::printf("%s\n", to_json(worker.run()).dump().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "bench_load: %s\n", failed.what());
    return 1;
  }
}
