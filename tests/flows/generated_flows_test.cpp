// Made-up bots that pass validation, led through random conversations: a turn always ends, with an
// answer, and the dialogue always waits for somebody or is over.
#include "tests/flows/generated_flows.hpp"

#include "flows/model.hpp"
#include "tests/flows/talk.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

namespace wasl::flows {
namespace {

constexpr unsigned kSeeds = 250;  ///< or WASL_FLOW_SEEDS
constexpr int kCleanMin = 60;     ///< of the first 250
constexpr int kTurns = 60;
constexpr std::size_t kStackMax = kWishesMax * (kSubflowsMax + 1);

class RandomVisitor {
 public:
  explicit RandomVisitor(unsigned seed) : random_(seed) {}

  UserTurn turn(const FlowState& state) {
    UserTurn said;
    if (below(8) == 0) {
      static const char* const kButtons[] = {"intent:greet", "intent:track_order", "handoff:no",
                                             "value:s0=yes", "nonsense"};
      said.button = kButtons[below(5)];
      return said;
    }
    static const char* const kTexts[] = {"1", "7",          "yes",   "no",      "cancel", "hello",
                                         "",  "2027-01-05", "17:30", "لا أعرف", "A-1032"};
    said.text = kTexts[below(11)];
    if (below(state.asking.empty() ? 2 : 6) == 0) {
      static const char* const kIntents[] = {"track_order", "get_refund", "greet", "survey"};
      said.understanding.decision = below(4) == 0 ? Decision::ask_which : Decision::act;
      for (int i = 0; i <= below(2); ++i) {
        said.understanding.intents.push_back({kIntents[below(4)], 0.9F, "classifier"});
      }
    }
    if (below(4) == 0) said.understanding.entities.push_back({"date", "2027-02-01", "", 0, 0});
    if (below(4) == 0) said.understanding.entities.push_back({"time", "10:00", "", 0, 0});
    return said;
  }

  CallResult result(std::uint64_t number) {
    CallResult back;
    back.call_number = number;
    back.outcome = static_cast<CallResult::Outcome>(below(3));
    back.values["status"] = std::string(below(2) == 0 ? "shipped" : "lost");
    return back;
  }

  int below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

 private:
  std::mt19937 random_;
};

bool answers(const StepResult& result) {
  if (!result.replies.empty()) return true;
  return std::any_of(result.effects.begin(), result.effects.end(), [](const FlowEffect& effect) {
    return std::holds_alternative<StartCall>(effect) || std::holds_alternative<AskHandoff>(effect);
  });
}

/// The bound of a turn was reached: no flow here hands over for this reason.
bool ran_on(const StepResult& result) {
  return std::any_of(result.effects.begin(), result.effects.end(), [](const FlowEffect& effect) {
    const auto* asked = std::get_if<AskHandoff>(&effect);
    return asked != nullptr && asked->reason == "backend_error";
  });
}

void talk(const Program& program, unsigned seed) {
  RandomVisitor visitor(seed);
  Surroundings around;
  around.today = "2026-11-22";
  around.clock = "12:00";
  FlowState state;
  for (int i = 0; i < kTurns; ++i) {
    around.hours_open = visitor.below(2) == 0;
    const bool calling = !state.pending_call.empty();
    const FlowInput input =
        calling ? FlowInput(visitor.result(state.call_number)) : FlowInput(visitor.turn(state));
    const StepResult result = step(program, state, input, around);
    ASSERT_EQ(step(program, state, input, around).after, result.after) << "a turn is a function";
    ASSERT_FALSE(ran_on(result)) << "turn " << i;
    ASSERT_TRUE(answers(result)) << "turn " << i << " is silent";
    ASSERT_LE(result.after.stack.size(), kStackMax);
    const FlowState& after = result.after;
    ASSERT_TRUE(after.stack.empty() || !after.asking.empty() || !after.pending_call.empty())
        << "turn " << i << " waits for nobody";
    state = after;
  }
}

TEST(GeneratedFlows, CleanOnesAlwaysAnswerAndAlwaysEnd) {
  const char* const more = std::getenv("WASL_FLOW_SEEDS");
  const unsigned seeds = more == nullptr ? kSeeds : static_cast<unsigned>(std::atoi(more));
  int clean = 0;
  std::map<std::string, int> with;
  for (unsigned seed = 1; seed <= seeds && !HasFatalFailure(); ++seed) {
    const test::GeneratedFolder generated(seed);
    const test::BotFolder folder;
    folder.write("flows/f.yml", generated.flows);
    folder.write("answers/a.yml", generated.answers);
    folder.write("calls/c.yml", test::kCalls);
    std::shared_ptr<const Program> program;
    (void)test::mistakes_of(folder, &program);
    if (program == nullptr) continue;  // unreachable steps, loops without an ask
    ++clean;
    for (const char* step : {"goto", "do", "call", "remind", "set", "handoff"}) {
      if (generated.flows.find(std::string(step) + ": ") != std::string::npos) ++with[step];
    }
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + generated.flows);
    for (unsigned i = 0; i < 10 && !HasFatalFailure(); ++i) talk(*program, seed * 1000 + i);
  }
  EXPECT_GE(clean, kCleanMin) << "too few made-up bots pass validation";
  for (const auto& [step, count] : with) EXPECT_GE(count, kCleanMin / 10) << step;
  EXPECT_EQ(with.size(), 6U);
  RecordProperty("clean", clean);
}

}  // namespace
}  // namespace wasl::flows
