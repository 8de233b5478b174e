// The request says in `action` what is wanted: an action of the agents commands, or `unanswered`.
#include "bot/control_messages.hpp"

#include "bot/node.hpp"

#include <nlohmann/json.hpp>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr const char* kUnanswered = "unanswered";

json to_json(const store::AgentRow& agent) {
  return {{"id", agent.id},
          {"email", agent.email},
          {"name", agent.name},
          {"role", agent.role},
          {"languages", agent.languages},
          {"skills", agent.skills},
          {"capacity", agent.capacity},
          {"enabled", agent.enabled}};
}

store::AgentRow agent_from(const json& value) {
  store::AgentRow agent;
  agent.id = value.value("id", "");
  agent.email = value.value("email", "");
  agent.name = value.value("name", "");
  agent.role = value.value("role", "");
  agent.languages = value.value("languages", std::vector<std::string>{});
  agent.skills = value.value("skills", std::vector<std::string>{});
  agent.capacity = value.value("capacity", 4);
  agent.enabled = value.value("enabled", true);
  return agent;
}

json to_json(const Error& error) {
  return {{"code", static_cast<int>(error.code)}, {"what", error.what}};
}

Error error_from(const json& value) {
  return {static_cast<Error::Code>(value.at("code").get<int>()), value.at("what")};
}

Error unreadable() {
  return {Error::Code::unavailable, "the server's answer cannot be read"};
}

std::string to_line(const AccountRequest& request) {
  return json{
      {"action", request.action}, {"agent", to_json(request.agent)}, {"password", request.password}}
      .dump();
}

std::string to_line(const AccountReply& reply) {
  json agents = json::array();
  for (const store::AgentRow& agent : reply.agents) agents.push_back(to_json(agent));
  json value{{"agents", std::move(agents)}, {"password", reply.password}};
  if (!reply.outcome) value["error"] = to_json(reply.outcome.error());
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

AccountReply reply_from(const std::string& line) {
  AccountReply reply;
  try {
    const json value = json::parse(line);
    for (const json& agent : value.at("agents")) reply.agents.push_back(agent_from(agent));
    reply.password = value.value("password", "");
    if (value.contains("error")) reply.outcome = error_from(value["error"]);
  } catch (const json::exception&) {
    reply.outcome = unreadable();
  }
  return reply;
}

json to_json(const UnansweredMessage& message) {
  return {{"conversation", message.conversation},
          {"seq", message.seq},
          {"at", message.at.time_since_epoch().count()},
          {"text", message.text},
          {"language", name(message.language)},
          {"why", message.why},
          {"article", message.article}};
}

UnansweredMessage message_from(const json& value) {
  UnansweredMessage message;
  message.conversation = value.at("conversation");
  message.seq = value.at("seq");
  message.at = Time{Millis{value.at("at").get<Millis::rep>()}};
  message.text = value.at("text");
  message.language = language_of(value.at("language").get<std::string>());
  message.why = value.at("why");
  message.article = value.at("article");
  return message;
}

std::string to_line(const UnansweredRequest& request) {
  json value{{"action", kUnanswered}, {"after", request.after}};
  if (request.since) value["since"] = request.since->time_since_epoch().count();
  return value.dump();
}

std::string to_line(const Result<UnansweredPage>& page) {
  if (!page) {
    return json{{"error", to_json(page.error())}}.dump(-1, ' ', false,
                                                       json::error_handler_t::replace);
  }
  json messages = json::array();
  for (const UnansweredMessage& one : page->messages) messages.push_back(to_json(one));
  return json{{"messages", std::move(messages)}, {"position", page->position}, {"done", page->done}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<UnansweredPage> page_from(const std::string& line) {
  try {
    const json value = json::parse(line);
    if (value.contains("error")) return error_from(value["error"]);
    UnansweredPage page;
    for (const json& one : value.at("messages")) page.messages.push_back(message_from(one));
    page.position = value.at("position");
    page.done = value.at("done");
    return page;
  } catch (const json::exception&) {
    return unreadable();
  }
}

void answer_unanswered(Node& node, const json& value, ControlServer::Reply reply) {
  UnansweredRequest request;
  request.after = value.value("after", std::uint64_t{0});
  if (value.contains("since")) request.since = Time{Millis{value["since"].get<Millis::rep>()}};
  const bool taken = node.store->read(
      [request, reply](store::Store& store) { reply(to_line(read_unanswered(store, request))); });
  if (!taken) reply(to_line(Result<UnansweredPage>(Error{Error::Code::busy, "the store is busy"})));
}

}  // namespace

void answer_control(Node& node, const std::string& line, ControlServer::Reply reply) {
  try {
    const json value = json::parse(line);
    const std::string action = value.at("action");
    if (action == kUnanswered) return answer_unanswered(node, value, std::move(reply));
    AccountRequest request{action, agent_from(value.at("agent")), value.value("password", "")};
    node.accounts->manage(std::move(request),
                          [reply](const AccountReply& answer) { reply(to_line(answer)); });
  } catch (const json::exception&) {
    return;  // nobody of ours writes such a line
  }
}

std::optional<AccountReply> ask_server(const std::filesystem::path& path,
                                       const AccountRequest& request) {
  const auto line = ask_line(path, to_line(request));
  if (!line) return std::nullopt;
  if (*line) return reply_from(**line);
  AccountReply failed;
  failed.outcome = line->error();
  return failed;
}

std::optional<Result<UnansweredPage>> ask_server(const std::filesystem::path& path,
                                                 const UnansweredRequest& request) {
  const auto line = ask_line(path, to_line(request));
  if (!line) return std::nullopt;
  if (!*line) return Result<UnansweredPage>(line->error());
  return page_from(**line);
}

}  // namespace wasl::bot
