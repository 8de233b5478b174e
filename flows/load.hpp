#pragma once

#include "wasl/core/yaml.hpp"

#include "flows/model.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The stages of loading a bot folder; load.cpp puts them together.
namespace wasl::flows {

inline constexpr std::size_t kTextWithButtonsMax = 1024;  ///< characters; WhatsApp

/// A place in a flow where something is said; checked once all answers are read.
struct Said {
  struct Given {
    std::string name;
    Type type;
    yaml::Mark at;
  };
  std::string file;
  yaml::Mark at;
  std::string answer;
  bool asks = false;
  bool checks = false;      ///< the slot asked for has a check
  std::size_t buttons = 0;  ///< of the slot's values
  std::vector<Given> args;
};

/// A place where one flow does another.
struct Done {
  std::string file;
  yaml::Mark at;
  std::string flow;
  std::string subflow;
};

/// A flow whose steps are read once all flows are known by name.
struct Unread {
  std::string flow;
  std::string file;
  yaml::Mark at;
  bool starts = false;  ///< it has a `start`, right or wrong
  const yaml::Node* slots = nullptr;
  const yaml::Node* steps = nullptr;
};

struct Loading {
  CompiledProgram& program;
  const Known& known;
  yaml::Mistakes& mistakes;
  yaml::Mistakes& warnings;
  std::vector<Said> said = {};
  std::vector<Done> done = {};
  std::vector<Unread> unread = {};
  std::set<std::string, std::less<>> reminders = {};            ///< answers some step reminds of
  std::vector<Said> forgotten = {};                             ///< reminders some step cancels
  std::set<std::string, std::less<>> broken = {};               ///< flows whose paths say nothing
  std::map<std::string, std::string, std::less<>> places = {};  ///< of flows and calls: `file:line`
};

/// A file built into the program.
struct Embedded {
  const char* file;
  const char* text;
};
extern const Embedded kReserved[];
extern const std::size_t kReservedCount;

[[nodiscard]] inline bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void load_calls(const yaml::Document& document, Loading& loading);
/// The map `node` of what a call's answer gives.
void load_call_result(const yaml::Node& node, const std::string& file, CallSpec& call,
                      Loading& loading);
/// The flows of a file, without their steps.  `document` must outlive compile_flows().
void load_flows(const yaml::Document& document, Loading& loading);
/// The steps of all flows.
void compile_flows(Loading& loading);
/// The slots of one flow, read from the map `node`.
void load_slots(const yaml::Node& node, const std::string& file, Flow& flow, Loading& loading);
/// After all flows.  `reserved`: the answers every bot has, which a folder may replace.
void load_answers(const yaml::Document& document, bool reserved, Loading& loading);
/// What is said has a text, what has a text is said, and arguments fit.  After all answers.
void check_answers(const Loading& loading);
/// Slots that are used are filled, and the other way round.  After compile_flows().
void check_slots(const Loading& loading);
/// Flows that others do: each is reached, ends, and is not too long.  False when one never ends.
bool check_subflows(const Loading& loading);
/// Every step of `flow` can be reached, and no loop runs without waiting.  After check_subflows().
void check_paths(const CompiledProgram& program, const Flow& flow, yaml::Mistakes& mistakes);

/// No path leads to an irreversible call without the customer's yes.
void check_confirmed(const Flow& flow, const Loading& loading);

/// Letters, digits, `_`, `-` and `.`, beginning with a letter or digit; at most 40.
[[nodiscard]] bool is_name(std::string_view name);

/// `unknown KIND 'x' (did you mean "y"?)`
[[nodiscard]] std::string unknown(std::string_view kind, const std::string& name,
                                  const std::vector<std::string>& names);

[[nodiscard]] std::vector<std::string> slots_of(const Flow& flow);

template <typename Thing>
[[nodiscard]] std::vector<std::string> keys_of(
    const std::map<std::string, Thing, std::less<>>& map) {
  std::vector<std::string> keys;
  keys.reserve(map.size());
  for (const auto& [key, thing] : map) keys.push_back(key);
  return keys;
}

/// `text` as the title of a button; complains at `at` when it is empty or too long.
[[nodiscard]] std::string read_title(const yaml::Map& map, yaml::Mark at, std::string_view text);

/// Reads one title per language from `map`: none missing, none longer than a button.
[[nodiscard]] Titles read_titles(const yaml::Map& map, const std::string& whose,
                                 const Loading& loading);

}  // namespace wasl::flows
