#pragma once

#include "wasl/core/result.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace boost::asio {
class io_context;
}

/// The control socket: how the command line reaches a running server, which alone may open the
/// store.  One JSON line each way over a Unix socket beside the database, mode 600; what the lines
/// say is bot/control_messages.hpp.
namespace wasl::bot {

/// The database of a store; nothing for `memory:`.
[[nodiscard]] std::optional<std::filesystem::path> sqlite_file(const std::string& store_url,
                                                               const std::filesystem::path& base);
/// Where the control socket of a store lies; nothing for `memory:`.
[[nodiscard]] std::optional<std::filesystem::path> control_path(const std::string& store_url,
                                                                const std::filesystem::path& base);

class ControlServer {
 public:
  using Reply = std::function<void(std::string line)>;
  /// `reply` may be called from any thread, once.
  using Handler = std::function<void(const std::string& line, Reply reply)>;
  /// Serves on `context`.  Errors: unavailable  the socket cannot be made.
  static Result<std::unique_ptr<ControlServer>> start(boost::asio::io_context& context,
                                                      const std::filesystem::path& path,
                                                      Handler handler);
  virtual ~ControlServer() = default;
};

/// Asks the server behind `path`.  Nothing: there is none.  Blocking.
/// Errors: unavailable  it went away before it had answered.
[[nodiscard]] std::optional<Result<std::string>> ask_line(const std::filesystem::path& path,
                                                          const std::string& line);

}  // namespace wasl::bot
