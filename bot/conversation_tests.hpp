#pragma once

#include "wasl/core/yaml.hpp"
#include "wasl/flows/step.hpp"

#include "bot/bot.hpp"
#include "bot/call_fixture.hpp"

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
};

[[nodiscard]] std::vector<ConversationTest> load_conversation_tests(
    const std::filesystem::path& folder, yaml::Mistakes& mistakes);

/// Runs one; gives what came out otherwise, each as `file:line:column: …`, nothing when all is as
/// written.
[[nodiscard]] std::vector<std::string> run_conversation_test(const std::shared_ptr<const Bot>& bot,
                                                             const ConversationTest& test);

}  // namespace wasl::bot
