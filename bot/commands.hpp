#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// What each command of the command line does.  Each returns the exit code: 0 good, 1 the check
/// failed, 3 bad bot folder or data, 4 the environment.
namespace wasl::bot {

struct CommandOptions {
  std::filesystem::path bot = ".";
  bool json = false;
};

int run_init(const std::filesystem::path& folder);
/// Prints the schema `name`; without a name the list of them; with `out` writes all into a folder.
int run_schema(const std::string& name, const std::filesystem::path& out);
/// Writes all schemas into a bot folder, with settings for editors; false and a sentence on stderr
/// when it cannot.
bool write_schemas(const std::filesystem::path& folder);
int run_validate(const CommandOptions& options);

struct TestOptions {
  std::string only;       ///< a part of the names of tests or files; empty: all
  bool coverage = false;  ///< the table, not only the line
};
int run_tests(const CommandOptions& options, const TestOptions& test);

int run_shell(const CommandOptions& options, bool explain);
int run_understand(const CommandOptions& options);
/// What of a bot needs attention: articles to review, an old model, a store that does not open.
int run_doctor(const CommandOptions& options, const std::string& store);
int run_serve(const CommandOptions& options, const std::string& listen, const std::string& store);

struct CallOptions {
  std::string name;
  std::vector<std::string> arguments;  ///< `name=text`, `name:=number`
  std::filesystem::path record;  ///< where to keep the reply, in the bot folder; empty: nowhere
  bool yes = false;              ///< also a call that cannot be undone
};
int run_call(const CommandOptions& options, const CallOptions& call);
struct GraphOptions {
  std::string flow;  ///< empty: the overview of all
  std::string format = "dot";
  std::string language;  ///< empty: the bot's default
  std::filesystem::path out;
};
int run_graph(const CommandOptions& options, const GraphOptions& graph);

struct ReviewOptions {
  std::string store;
  std::string since;                      ///< a date, or how long ago
  std::vector<std::string> add;           ///< INTENT=GROUP
  std::vector<std::string> out_of_scope;  ///< groups
  std::vector<std::string> dismiss;       ///< groups
};
int run_review(const CommandOptions& options, const ReviewOptions& review);

struct AgentOptions {
  std::string action;  ///< add, list, disable, demo
  std::string email;
  std::string name;
  std::string role = "agent";
  std::vector<std::string> skills;
  std::vector<std::string> languages{"ar", "en"};
  int capacity = 4;
  bool password_stdin = false;
  std::string store;
};
int run_agents(const CommandOptions& options, const AgentOptions& agent);

}  // namespace wasl::bot
