#pragma once

#include "wasl/core/yaml.hpp"
#include "wasl/flows/step.hpp"

#include "bot/bot.hpp"
#include "bot/call_fixture.hpp"
#include "bot/test_coverage.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The conversations in a bot folder's `tests/`, which must come out as written.
namespace wasl::bot {

/// What the bot must say at one point.
struct ExpectedAnswer {
  std::string answer;  ///< its key
  std::string says;    ///< part of its text; empty: any
  yaml::Mark at;
};

struct ConversationTest {
  struct Turn {
    std::string visitor;                             ///< what is said, or
    std::string tap;                                 ///< the id of a tapped quick reply, or
    Millis after{0};                                 ///< time that passes
    std::optional<std::vector<ExpectedAnswer>> bot;  ///< nothing: any answer
    yaml::Mark at;
    yaml::Mark bot_at;  ///< of `bot`
  };
  /// What a business system answers, call after call; the last one stays.
  struct GivenCall {
    flows::CallResult::Outcome outcome = flows::CallResult::Outcome::ok;
    flows::Values values;
    std::optional<CallFixture> recorded = {};  ///< instead: mapped as a live answer is
  };

  std::string name;
  std::string file;
  yaml::Mark at;
  Time start{};
  bool closed = false;  ///< the desk, whatever its hours say
  std::map<std::string, std::vector<GivenCall>> given;
  std::vector<Turn> turns;

  std::string state;  ///< how it ends; each empty: not checked
  std::string team;
  std::string reason;
  std::map<std::string, std::string> slots;
  std::map<std::string, yaml::Mark> ends_at;  ///< where `state`, `team`, `reason`, `slot X` stand
};

/// One point at which a conversation came out otherwise than written.
struct TestFailure {
  /// What the bot said instead.
  struct Came {
    std::string answer;
    std::string text;
  };
  std::string test;
  std::string file;
  yaml::Mark at;  ///< of the expectation

  std::string visitor;  ///< what was said, the id that was tapped, or how long was waited
  bool tapped = false;
  std::optional<Understanding> understood;  ///< of what was said
  std::vector<ExpectedAnswer> expected;
  std::vector<Came> came;

  std::string end;  ///< or: how it ended otherwise, in a sentence; then only the place is set
};

struct TestResult {
  std::vector<TestFailure> failures;
  Exercised exercised;
};

[[nodiscard]] std::vector<ConversationTest> load_conversation_tests(
    const std::filesystem::path& folder, yaml::Mistakes& mistakes);

/// Runs one.  No failures: all is as written.
[[nodiscard]] TestResult run_conversation_test(const std::shared_ptr<const Bot>& bot,
                                               const ConversationTest& test);

}  // namespace wasl::bot
