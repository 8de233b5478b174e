#include "bot/control.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <istream>

namespace wasl::bot {
namespace {

namespace net = boost::asio;
using local = net::local::stream_protocol;
using nlohmann::json;

constexpr std::size_t kLineBytesMax = 64U * 1024;

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

std::string to_line(const AccountRequest& request) {
  return json{{"action", request.action},
              {"agent", to_json(request.agent)},
              {"password", request.password}}
             .dump() +
         "\n";
}

std::string to_line(const AccountReply& reply) {
  json agents = json::array();
  for (const store::AgentRow& agent : reply.agents) agents.push_back(to_json(agent));
  json value{{"agents", std::move(agents)}, {"password", reply.password}};
  if (!reply.outcome) {
    value["error"] = {{"code", static_cast<int>(reply.outcome.error().code)},
                      {"what", reply.outcome.error().what}};
  }
  return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<AccountRequest> request_from(const std::string& line) {
  try {
    const json value = json::parse(line);
    return AccountRequest{value.at("action"), agent_from(value.at("agent")),
                          value.value("password", "")};
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

AccountReply reply_from(const std::string& line) {
  AccountReply reply;
  try {
    const json value = json::parse(line);
    for (const json& agent : value.at("agents")) reply.agents.push_back(agent_from(agent));
    reply.password = value.value("password", "");
    if (value.contains("error")) {
      reply.outcome = Error{static_cast<Error::Code>(value["error"].at("code").get<int>()),
                            value["error"].at("what")};
    }
  } catch (const json::exception&) {
    reply.outcome = Error{Error::Code::unavailable, "the server's answer cannot be read"};
  }
  return reply;
}

class Server final : public ControlServer {
 public:
  Server(net::io_context& context, std::filesystem::path path, Handler handler)
      : context_(context),
        acceptor_(context),
        path_(std::move(path)),
        handler_(std::move(handler)) {}

  ~Server() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  void open() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);  // the store is locked: a socket left here is dead
    const local::endpoint endpoint(path_.string());
    const mode_t before = umask(0177);
    acceptor_.open(endpoint.protocol());
    acceptor_.bind(endpoint);
    umask(before);
    acceptor_.listen(8);
    accept();
  }

 private:
  struct Exchange {
    explicit Exchange(local::socket accepted)
        : socket(std::move(accepted)), buffer(kLineBytesMax) {}
    local::socket socket;
    net::streambuf buffer;
    std::string reply;
  };

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, local::socket socket) {
      if (error) return;
      read(std::make_shared<Exchange>(std::move(socket)));
      accept();
    });
  }

  void read(const std::shared_ptr<Exchange>& exchange) {
    net::async_read_until(exchange->socket, exchange->buffer, '\n',
                          [this, exchange](boost::system::error_code error, std::size_t) {
                            if (error) return;
                            std::istream stream(&exchange->buffer);
                            std::string line;
                            std::getline(stream, line);
                            answer(exchange, line);
                          });
  }

  void answer(const std::shared_ptr<Exchange>& exchange, const std::string& line) {
    const auto request = request_from(line);
    if (!request) return;
    handler_(*request, [this, exchange](AccountReply reply) {
      net::post(context_, [exchange, line = to_line(reply)] {
        exchange->reply = line;
        net::async_write(exchange->socket, net::buffer(exchange->reply),
                         [exchange](boost::system::error_code, std::size_t) {});
      });
    });
  }

  net::io_context& context_;
  local::acceptor acceptor_;
  std::filesystem::path path_;
  Handler handler_;
};

}  // namespace

std::optional<std::filesystem::path> control_path(const std::string& store_url,
                                                  const std::filesystem::path& base) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!store_url.starts_with(kScheme)) return std::nullopt;
  std::filesystem::path file = base / store_url.substr(kScheme.size());
  file += ".sock";
  return file;
}

Result<std::unique_ptr<ControlServer>> ControlServer::start(net::io_context& context,
                                                            const std::filesystem::path& path,
                                                            Handler handler) {
  auto server = std::make_unique<Server>(context, path, std::move(handler));
  try {
    server->open();
  } catch (const std::exception& failed) {
    return Error{Error::Code::unavailable,
                 "the control socket " + path.string() + " cannot be made: " + failed.what()};
  }
  return std::unique_ptr<ControlServer>(std::move(server));
}

std::optional<AccountReply> ask_server(const std::filesystem::path& path,
                                       const AccountRequest& request) {
  try {
    net::io_context context;
    local::socket socket(context);
    boost::system::error_code error;
    socket.connect(local::endpoint(path.string()), error);
    if (error) return std::nullopt;
    net::write(socket, net::buffer(to_line(request)));
    net::streambuf buffer(1U << 22U);
    net::read_until(socket, buffer, '\n');
    std::istream stream(&buffer);
    std::string line;
    std::getline(stream, line);
    return reply_from(line);
  } catch (const std::exception& failed) {
    AccountReply reply;
    reply.outcome = Error{Error::Code::unavailable, failed.what()};
    return reply;
  }
}

}  // namespace wasl::bot
