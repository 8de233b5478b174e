#include "bot/control.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <sys/stat.h>

#include <istream>

namespace wasl::bot {
namespace {

namespace net = boost::asio;
using local = net::local::stream_protocol;

constexpr std::size_t kLineBytesMax = 64U * 1024;
constexpr std::size_t kReplyBytesMax = 64U << 20U;

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
    // The reply may come when this is gone: what waits in the store is finished after it.
    handler_(line, [&context = context_, exchange](std::string reply) {
      net::post(context, [exchange, reply = std::move(reply)]() mutable {
        exchange->reply = std::move(reply) + "\n";
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

std::optional<std::filesystem::path> sqlite_file(const std::string& store_url,
                                                 const std::filesystem::path& base) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!store_url.starts_with(kScheme)) return std::nullopt;
  return base / store_url.substr(kScheme.size());
}

std::optional<std::filesystem::path> control_path(const std::string& store_url,
                                                  const std::filesystem::path& base) {
  auto file = sqlite_file(store_url, base);
  if (file) *file += ".sock";
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

std::optional<Result<std::string>> ask_line(const std::filesystem::path& path,
                                            const std::string& line) {
  try {
    net::io_context context;
    local::socket socket(context);
    boost::system::error_code error;
    socket.connect(local::endpoint(path.string()), error);
    if (error) return std::nullopt;
    net::write(socket, net::buffer(line + "\n"));
    net::streambuf buffer(kReplyBytesMax);
    net::read_until(socket, buffer, '\n');
    std::istream stream(&buffer);
    std::string reply;
    std::getline(stream, reply);
    return Result<std::string>(std::move(reply));
  } catch (const std::exception& failed) {
    return Result<std::string>(Error{Error::Code::unavailable, failed.what()});
  }
}

}  // namespace wasl::bot
