// bench_step BOT MIX COUNT: the time of flows::step() for one message beside that of copying the
// state it begins with, message by message; prints one line of JSON.
//
// Conversations of the mix go from flow to flow, so the states are those of a customer in the
// middle of things.  Understanding happens outside the measured time.

#include "wasl/flows/step.hpp"

#include "bench/load/histogram.hpp"
#include "bench/load/messages.hpp"
#include "bot/bot.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <vector>

namespace {

using namespace wasl;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kWarmUp = 500;
constexpr std::size_t kConversations = 64;

nlohmann::json quantiles(const bench::Histogram& times) {
  return {{"p50_us", times.quantile_us(0.5)}, {"p99_us", times.quantile_us(0.99)}};
}

bool leaves_the_bot(const flows::StepResult& result) {
  return std::any_of(result.effects.begin(), result.effects.end(), [](const auto& effect) {
    return std::holds_alternative<flows::AskHandoff>(effect) ||
           std::holds_alternative<flows::StartCall>(effect);
  });
}

int run(const std::filesystem::path& folder, const std::filesystem::path& mix,
        std::uint64_t count) {
  yaml::Mistakes mistakes;
  const auto bot = bot::load_bot(folder, true, mistakes);
  if (!bot) throw std::runtime_error(yaml::to_string(mistakes.sorted().front()));
  if (!bot->warning.empty()) throw std::runtime_error(bot->warning);
  const bench::Messages messages(mix);
  const flows::Surroundings around{.now = Time{Millis{1'795'348'800'000}}};
  std::vector<flows::FlowState> states(kConversations);
  bench::Histogram steps;
  bench::Histogram copies;
  std::uint64_t said = 0;
  std::uint64_t measured = 0;
  for (std::uint64_t i = 0; i < count + kWarmUp; ++i) {
    flows::UserTurn turn;
    turn.text = messages.at(i % kConversations, i / kConversations, i).text;
    turn.understanding = bot->understander->understand(turn.text, {});
    turn.seq = i;
    flows::FlowState& state = states[i % kConversations];
    const flows::FlowInput input = std::move(turn);

    const auto start = Clock::now();
    const flows::FlowState copy = state;
    const auto middle = Clock::now();
    flows::StepResult result = flows::step(*bot->program, state, input, around);
    const auto end = Clock::now();
    if (copy != state) throw std::runtime_error("a step has changed what it was given");
    said += result.replies.size();
    // A new visitor takes the place of one who has gone to a person or waits for a call.
    const bool left = leaves_the_bot(result);
    state = left ? flows::FlowState{} : std::move(result.after);
    if (i < kWarmUp || left) continue;
    ++measured;
    copies.add((middle - start).count());
    steps.add((end - middle).count());
  }
  if (said < measured) throw std::runtime_error("the bot said nothing to some messages");
  std::printf("%s\n",
              nlohmann::json{
                  {"step", quantiles(steps)}, {"copy", quantiles(copies)}, {"messages", measured}}
                  .dump()
                  .c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: bench_step BOT MIX COUNT\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10));
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "bench_step: %s\n", failed.what());
    return 1;
  }
}
