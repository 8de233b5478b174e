#include "bot/commands.hpp"

#include "wasl/core/text.hpp"

#include "bot/accounts.hpp"
#include "bot/assets.hpp"
#include "bot/bot.hpp"
#include "bot/control_messages.hpp"
#include "bot/conversation_tests.hpp"
#include "bot/event_json.hpp"
#include "bot/model_commands.hpp"
#include "bot/server.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <iostream>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr int kFailed = 1;
constexpr int kBadFolder = 3;
constexpr int kEnvironment = 4;

json agent_json(const store::AgentRow& agent) {
  return {{"email", agent.email},         {"name", agent.name},     {"role", agent.role},
          {"languages", agent.languages}, {"skills", agent.skills}, {"capacity", agent.capacity},
          {"enabled", agent.enabled}};
}

int show(const AccountReply& reply, const AgentOptions& agent, bool as_json) {
  if (as_json) {
    json list = json::array();
    for (const store::AgentRow& one : reply.agents) {
      json value = agent_json(one);
      if (!reply.password.empty()) value["password"] = reply.password;
      list.push_back(std::move(value));
    }
    fmt::print("{}\n", json{{"agents", std::move(list)}}.dump());
    return 0;
  }
  if (agent.action == "add") fmt::print("added {}\n", agent.email);
  if (agent.action == "disable") fmt::print("disabled {}\n", agent.email);
  if (agent.action == "list" || agent.action == "demo") {
    for (const store::AgentRow& one : reply.agents) {
      fmt::print("{:<28} {:<20} {:<11} {}{}\n", one.email, one.name, one.role,
                 one.enabled ? "" : "disabled",
                 reply.password.empty() ? "" : "password " + reply.password);
    }
  }
  return 0;
}

}  // namespace

int run_init(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    fmt::print(stderr, "wasl: {} exists and is not empty; nothing was written\n", folder.string());
    return kEnvironment;
  }
  constexpr std::string_view kPrefix = "starter/";
  for (const Asset& asset : assets_below(kPrefix)) {
    const std::filesystem::path file = folder / asset.path.substr(kPrefix.size());
    std::filesystem::create_directories(file.parent_path(), error);
    std::ofstream stream(file, std::ios::binary);
    stream.write(asset.bytes.data(), static_cast<std::streamsize>(asset.bytes.size()));
    if (!stream.flush()) {
      fmt::print(stderr, "wasl: {} cannot be written\n", file.string());
      return kEnvironment;
    }
  }
  if (!write_schemas(folder)) return kEnvironment;
  fmt::print("{0} is a bot folder now. Next: wasl train --bot {0}, wasl serve --bot {0}\n",
             folder.string());
  return 0;
}

int run_validate(const CommandOptions& options) {
  yaml::Mistakes mistakes;
  const auto bot = load_bot(options.bot, false, mistakes);
  if (mistakes.empty() && std::filesystem::is_directory(options.bot)) {
    (void)load_conversation_tests(options.bot, mistakes);
  }
  const int code =
      report_mistakes(mistakes, options.json, bot ? bot->warnings : std::vector<yaml::Mistake>{});
  if (code == 0 && !options.json) fmt::print(stderr, "{}: no mistakes\n", options.bot.string());
  return code;
}

int run_understand(const CommandOptions& options) {
  yaml::Mistakes mistakes;
  const auto bot = load_bot(options.bot, true, mistakes);
  if (!bot) return report_mistakes(mistakes, options.json);
  if (!bot->warning.empty()) fmt::print(stderr, "{}\n", bot->warning);
  const auto now = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  intents::Context context;
  context.today = handoff::date_in(now, bot->policy.hours.zone);
  std::string line;
  while (std::getline(std::cin, line)) {
    fmt::print("{}\n", to_json_line(bot->understander->understand(line, context)));
  }
  return 0;
}

int run_serve(const CommandOptions& options, const std::string& listen, const std::string& store) {
  yaml::Mistakes mistakes;
  auto bot = load_bot(options.bot, true, mistakes);
  if (!bot) {
    for (const yaml::Mistake& mistake : mistakes.sorted()) {
      fmt::print(stderr, "{}\n", yaml::to_string(mistake));
    }
    return kBadFolder;
  }
  return serve(std::move(bot), {listen, store});
}

int run_agents(const CommandOptions& options, const AgentOptions& agent) {
  yaml::Mistakes mistakes;
  const Config config = load_config(options.bot, mistakes);
  if (!mistakes.empty()) return report_mistakes(mistakes, options.json);
  const std::string url = agent.store.empty() ? config.store : agent.store;

  AccountRequest request;
  request.action = agent.action;
  request.agent.email = agent.email;
  request.agent.name = agent.name;
  request.agent.role = agent.role;
  request.agent.skills = agent.skills;
  request.agent.languages = agent.languages;
  request.agent.capacity = agent.capacity;
  if (agent.password_stdin) {
    request.password.assign(std::istreambuf_iterator<char>(std::cin), {});
    if (request.password.ends_with('\n')) request.password.pop_back();
  }

  AccountReply reply;
  const auto control = control_path(url, options.bot);
  auto answered = control ? ask_server(*control, request) : std::nullopt;
  if (answered) {
    reply = std::move(*answered);
  } else {
    auto store = store::open_store(url, options.bot);
    if (!store) {
      fmt::print(stderr, "wasl: {}\n", store.error().what);
      return kEnvironment;
    }
    reply = manage_accounts(**store, request);
  }
  if (!reply.outcome) {
    fmt::print(stderr, "wasl: {}\n", reply.outcome.error().what);
    return reply.outcome.error().code == Error::Code::unavailable ? kEnvironment : kFailed;
  }
  return show(reply, agent, options.json);
}

}  // namespace wasl::bot
