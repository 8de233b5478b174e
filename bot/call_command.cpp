// `wasl call`: makes one call of a bot as the server would, shows what came back and what a flow
// would get of it, and records it for `wasl test`.

#include "wasl/core/text.hpp"

#include "bot/call_fixture.hpp"
#include "bot/call_request.hpp"
#include "bot/call_result.hpp"
#include "bot/commands.hpp"
#include "bot/model_commands.hpp"
#include "bot/offline_node.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <fstream>

namespace wasl::bot {
namespace {

using nlohmann::json;
using Outcome = flows::CallResult::Outcome;

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kEnvironment = 4;
constexpr std::string_view kOutcomes[] = {"ok", "not_found", "error"};

template <typename... Args>
int refuse(int code, fmt::format_string<Args...> format, Args&&... args) {
  fmt::print(stderr, "wasl: {}\n", fmt::format(format, std::forward<Args>(args)...));
  return code;
}

/// `number=A-1032` is a text, `count:=2` and `gift:=true` are what JSON says.
bool read_argument(const std::string& written, flows::Values& args) {
  const std::size_t equals = written.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  const bool typed = written[equals - 1] == ':';
  const std::string name = written.substr(0, typed ? equals - 1 : equals);
  const std::string text = written.substr(equals + 1);
  if (name.empty()) return false;
  if (!typed) {
    args[name] = text;
    return true;
  }
  const json value = json::parse(text, nullptr, false);
  if (value.is_boolean()) {
    args[name] = value.get<bool>();
  } else if (value.is_number()) {
    args[name] = value.get<double>();
  } else if (value.is_string()) {
    args[name] = value.get<std::string>();
  } else {
    return false;
  }
  return true;
}

/// What is wrong with the command, as a sentence; empty when nothing is.
std::string check(const flows::Program& program, const CallOptions& call, flows::Values& args) {
  const flows::CallSpec* spec = program.find_call(call.name);
  if (spec == nullptr) {
    const auto names = program.call_names();
    return "unknown call '" + call.name + "'" + did_you_mean(call.name, names);
  }
  for (const std::string& written : call.arguments) {
    if (!read_argument(written, args)) {
      return "'" + written + "' is no argument: write name=text, or name:=2, name:=true";
    }
  }
  const auto wanted = flows::arguments_of(*spec);
  for (const std::string& name : wanted) {
    if (!args.contains(name))
      return "call '" + call.name + "' needs '" + name + "': add " + name + "=…";
  }
  for (const auto& [name, value] : args) {
    const bool used = std::find(wanted.begin(), wanted.end(), name) != wanted.end();
    if (used || flows::sends_rest(*spec)) continue;
    return "call '" + call.name + "' does not use '" + name + "'" + did_you_mean(name, wanted);
  }
  if (spec->irreversible && !call.yes) {
    return "call '" + call.name + "' may change what cannot be undone; add --yes to make it";
  }
  return "";
}

json value_json(const flows::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return flows::to_text(value);
}

json body_json(const std::string& body) {
  json parsed = too_deep(body) ? json(json::value_t::discarded) : json::parse(body, nullptr, false);
  return parsed.is_discarded() ? json(body) : parsed;
}

void show(const CallOptions& call, const OfflineNode::Answered& answered, bool as_json) {
  const flows::CallResult& result = answered.result;
  const std::string_view outcome = kOutcomes[static_cast<std::size_t>(result.outcome)];
  const auto dump = [](const json& value, int indent) {
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
  };
  if (as_json) {
    json values = json::object();
    for (const auto& [name, value] : result.values) values[name] = value_json(value);
    json out{{"call", call.name},
             {"outcome", outcome},
             {"status", answered.last.status},
             {"attempts", result.attempts},
             {"duration_ms", result.took.count()},
             {"values", std::move(values)},
             {"body", body_json(answered.last.body)}};
    if (!result.why.empty()) out["why"] = result.why;
    fmt::print("{}\n", dump(out, -1));
    return;
  }
  fmt::print("{}: {}{}; status {}, {} attempt{}, {} ms\n", call.name, outcome,
             result.why.empty() ? "" : " (" + result.why + ")", answered.last.status,
             result.attempts, result.attempts == 1 ? "" : "s", result.took.count());
  for (const auto& [name, value] : result.values) {
    fmt::print("  {} = {}\n", name, flows::to_text(value));
  }
  const json body = body_json(answered.last.body);
  fmt::print("{}\n", body.is_string() ? answered.last.body : dump(body, 2));
}

/// The exit code: 0 when the reply is on disk.
int record(const CommandOptions& options, const CallOptions& call, const flows::CallSpec& spec,
           const channels::OutgoingResponse& last) {
  if (last.status == 0) return refuse(kFailed, "no answer came: nothing was recorded");
  const std::filesystem::path file = options.bot / call.record;
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::ofstream stream(file, std::ios::binary);
  stream << to_text(CallFixture{call.name, last.status, last.body}, secrets_of(spec));
  if (!stream.flush()) return refuse(kEnvironment, "{} cannot be written", file.string());
  fmt::print(stderr, "recorded in {}\n", file.string());
  return 0;
}

}  // namespace

int run_call(const CommandOptions& options, const CallOptions& call) {
  yaml::Mistakes mistakes;
  const auto bot = load_bot(options.bot, false, mistakes);
  if (!bot) return report_mistakes(mistakes, options.json);
  flows::StartCall asked{1, call.name, {}};
  const std::string wrong = check(*bot->program, call, asked.args);
  if (!wrong.empty()) return refuse(kUsage, "{}", wrong);

  OfflineNode node(bot);
  const auto answered = node.call(asked, "wasl-call-" + random_hex(8));
  show(call, answered, options.json);
  if (!call.record.empty()) {
    const int code = record(options, call, *bot->program->find_call(call.name), answered.last);
    if (code != 0) return code;
  }
  return answered.result.outcome == Outcome::error ? kFailed : 0;
}

}  // namespace wasl::bot
