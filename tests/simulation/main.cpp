// Runs the front desk in virtual time: real nodes, imagined people, mishaps, and a judge.
//
//   simulation --seed 7 --events 200000      one run; a failing seed replays exactly
//   simulation --coverage                    and each legal move must have been seen often enough
//   simulation --mutants                     every mutant must be caught by its invariant

#include "tests/bot/small_bot.hpp"
#include "tests/simulation/world.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wasl::simulation {
namespace {

constexpr std::uint64_t kPerWorld = 250'000;  ///< a longer run goes on in a fresh world
constexpr std::uint64_t kVisitsMin = 100;

struct Flags {
  Options options;
  bool mutants = false;
  bool list = false;
  bool twice = false;
  bool coverage = false;
};

// The small bot with times short enough to see all of them pass, and one messenger.
std::shared_ptr<const bot::Bot> make_bot(const std::string& mutant) {
  auto small = std::make_shared<bot::Bot>(*bot::test::small_bot());
  handoff::Timers& timers = small->policy.timers;
  timers.agent_lost = Millis{30'000};
  timers.reply_owed = Millis{60'000};
  timers.relax = Millis{20'000};
  timers.alternatives = Millis{45'000};
  timers.wrap_up = Millis{25'000};
  timers.reopen = Millis{60'000};
  timers.idle_bot = Millis{2 * 60'000};
  timers.offering = Millis{15'000};
  timers.callback = Millis{4 * 60'000};
  small->policy.hours.always = false;
  small->policy.hours.zone = mutant == "hours_in_utc" ? "UTC" : "Asia/Kathmandu";
  for (auto& day : small->policy.hours.week) {
    for (int from = 0; from < 24 * 60; from += 6) day.push_back({from, from + 4});
  }
  channels::telegram::Config chat;
  chat.id = "tg";
  chat.token = "t";
  chat.secret = "hush";
  small->config.telegram.push_back(chat);
  return small;
}

struct Sum {
  std::map<std::pair<State, handoff::Trigger>, std::uint64_t> visited;
  std::uint64_t events = 0;
  std::uint64_t commits = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t crashes = 0;
  std::uint64_t sent_again = 0;
  std::uint64_t fingerprint = 0;
};

void report(const World& world, const Options& options) {
  for (const std::string& line : world.log) std::printf("  %s\n", line.c_str());
  std::printf("seed %llu  event %llu  invariant %d: %s\n",
              static_cast<unsigned long long>(options.seed),
              static_cast<unsigned long long>(world.events), world.judge.failure->invariant,
              world.judge.failure->what.c_str());
  std::printf("replay: simulation --seed %llu --events %llu --nodes %d%s%s\n",
              static_cast<unsigned long long>(options.seed),
              static_cast<unsigned long long>(options.events), options.nodes,
              options.mutant.empty() ? "" : " --mutant ", options.mutant.c_str());
}

bool run_all(Options options, Sum& sum) {
  const auto bot = make_bot(options.mutant);
  std::uint64_t left = options.events;
  while (left > 0) {
    options.events = std::min(left, kPerWorld);
    left -= options.events;
    World world(options, bot);
    const bool well = world.run();
    if (!well) report(world, options);
    for (const auto& [pair, count] : world.judge.visited) sum.visited[pair] += count;
    sum.events += world.events;
    sum.commits += world.judge.commits;
    sum.conflicts += world.judge.conflicts;
    sum.duplicates += world.judge.duplicates;
    sum.crashes += world.crashes;
    sum.sent_again += world.judge.sent_again;
    sum.fingerprint = sum.fingerprint * 31 + world.fingerprint;
    if (!well) return false;
    ++options.seed;
  }
  return true;
}

/// Prints how often each legal (state, trigger) was seen, a row for each trigger and a column for
/// each state (`.`: not legal); false when one of them was seen too rarely.
bool print_visits(const Sum& sum) {
  constexpr State kStates[] = {State::bot,     State::offering, State::promised,
                               State::queued,  State::offered,  State::human,
                               State::snoozed, State::wrap_up,  State::resolved};
  std::map<handoff::Trigger, std::set<State>> legal;
  for (const handoff::Move& move : handoff::moves()) legal[move.on].insert(move.from);
  std::size_t pairs = 0;
  std::vector<std::string> rare;
  std::printf("\nvisits of each legal (state, trigger):\n%-16s", "");
  for (const State state : kStates) std::printf(" %9s", std::string(name(state)).c_str());
  std::printf("\n");
  for (const auto& [trigger, states] : legal) {
    const std::string on(handoff::name(trigger));
    std::printf("%-16s", on.c_str());
    for (const State state : kStates) {
      if (!states.contains(state)) {
        std::printf(" %9s", ".");
        continue;
      }
      const auto found = sum.visited.find({state, trigger});
      const std::uint64_t count = found == sum.visited.end() ? 0 : found->second;
      std::printf(" %9llu", static_cast<unsigned long long>(count));
      ++pairs;
      if (count >= kVisitsMin) continue;
      rare.push_back(std::string(name(state)) + " " + on + ": " + std::to_string(count));
    }
    std::printf("\n");
  }
  for (const std::string& one : rare) std::printf("too rare: %s\n", one.c_str());
  std::printf("%zu legal pairs, %zu of them seen fewer than %llu times\n", pairs, rare.size(),
              static_cast<unsigned long long>(kVisitsMin));
  return rare.empty();
}

/// The same run without a mutant: it must keep every invariant, or the mutant's end proves nothing.
bool passes_unmutated(const Options& options) {
  static std::map<std::pair<std::uint64_t, int>, bool> known;
  const std::pair key{options.seed, options.nodes};
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  Options plain = options;
  plain.mutant.clear();
  World world(plain, make_bot(""));
  const bool well = world.run();
  if (!well) report(world, plain);
  return known[key] = well;
}

int run_mutants(const Options& base) {
  int missed = 0;
  for (const Mutant& mutant : mutants()) {
    bool caught = false;
    int by = 0;
    std::uint64_t after = 0;
    for (std::uint64_t seed = base.seed; seed < base.seed + 3 && !caught && by == 0; ++seed) {
      Options options = base;
      options.seed = seed;
      options.mutant = mutant.name;
      options.nodes = mutant.nodes;
      World world(options, make_bot(options.mutant));
      world.judge.only = mutant.invariant;
      if (!passes_unmutated(options)) {
        std::printf("seed %llu fails without any mutant\n", static_cast<unsigned long long>(seed));
        return 1;
      }
      if (world.run()) continue;
      by = world.judge.failure->invariant;
      after = world.events;
      caught = by == mutant.invariant;
      if (!caught) report(world, options);
    }
    std::printf("%-32s invariant %2d  %s", std::string(mutant.name).c_str(), mutant.invariant,
                caught ? "caught" : "MISSED");
    if (by != 0)
      std::printf(" by %d after %llu events", by, static_cast<unsigned long long>(after));
    std::printf("\n");
    std::fflush(stdout);
    missed += caught ? 0 : 1;
  }
  std::printf("%zu mutants, %d missed\n", mutants().size(), missed);
  return missed == 0 ? 0 : 1;
}

int usage() {
  std::fprintf(
      stderr,
      "usage: simulation [--seed N] [--events N] [--nodes N] [--mutant NAME] [--coverage]\n"
      "                  [--trace] [--twice] [--mutants] [--list-mutants]\n");
  return 2;
}

bool read(int argc, char** argv, Flags& flags) {
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    const bool more = i + 1 < argc;
    if (flag == "--mutants") {
      flags.mutants = true;
    } else if (flag == "--list-mutants") {
      flags.list = true;
    } else if (flag == "--twice") {
      flags.twice = true;
    } else if (flag == "--coverage") {
      flags.coverage = true;
    } else if (flag == "--trace") {
      flags.options.trace = true;
    } else if (flag == "--seed" && more) {
      flags.options.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (flag == "--events" && more) {
      flags.options.events = std::strtoull(argv[++i], nullptr, 10);
    } else if (flag == "--nodes" && more) {
      flags.options.nodes = std::atoi(argv[++i]);
    } else if (flag == "--mutant" && more && find_mutant(argv[i + 1]) != nullptr) {
      flags.options.mutant = argv[++i];
    } else {
      return false;
    }
  }
  return flags.options.nodes >= 1 && flags.options.nodes <= 8 && flags.options.events > 0;
}

int run(int argc, char** argv) {
  Flags flags;
  if (!read(argc, argv, flags)) return usage();
  spdlog::set_level(spdlog::level::off);
  if (flags.list) {
    for (const Mutant& mutant : mutants()) {
      std::printf("%-32s %2d  %s\n", std::string(mutant.name).c_str(), mutant.invariant,
                  std::string(mutant.what).c_str());
    }
    return 0;
  }
  if (flags.mutants) return run_mutants(flags.options);

  std::printf("seed %llu, %llu events, %d nodes\n",
              static_cast<unsigned long long>(flags.options.seed),
              static_cast<unsigned long long>(flags.options.events), flags.options.nodes);
  std::fflush(stdout);
  const auto began = std::chrono::steady_clock::now();
  Sum sum;
  if (!run_all(flags.options, sum)) return 1;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - began)
                        .count();
  std::printf(
      "%llu events, %llu decisions stored, %llu conflicts, %llu duplicates, %llu crashes, %llu "
      "sent again; "
      "fingerprint %016llx; %lld ms\n",
      static_cast<unsigned long long>(sum.events), static_cast<unsigned long long>(sum.commits),
      static_cast<unsigned long long>(sum.conflicts),
      static_cast<unsigned long long>(sum.duplicates), static_cast<unsigned long long>(sum.crashes),
      static_cast<unsigned long long>(sum.sent_again),
      static_cast<unsigned long long>(sum.fingerprint), static_cast<long long>(took));
  if (flags.twice) {
    Sum again;
    if (!run_all(flags.options, again) || again.fingerprint != sum.fingerprint) {
      std::printf("the same seed did not give the same run\n");
      return 1;
    }
    std::printf("the same seed gave the same run\n");
  }
  if (flags.coverage && !print_visits(sum)) return 1;
  return 0;
}

}  // namespace
}  // namespace wasl::simulation

int main(int argc, char** argv) {
  return wasl::simulation::run(argc, argv);
}
