#pragma once

#include "bot/accounts.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace boost::asio {
class io_context;
}

/// The control socket: how the command line reaches a running server, which alone may write the
/// store.  One JSON line each way over a Unix socket beside the database, mode 600.
namespace wasl::bot {

/// Where the control socket of a store lies; nothing for `memory:`.
[[nodiscard]] std::optional<std::filesystem::path> control_path(const std::string& store_url,
                                                                const std::filesystem::path& base);

class ControlServer {
 public:
  using Handler = std::function<void(AccountRequest, std::function<void(AccountReply)>)>;
  /// Serves on `context`.  Errors: unavailable  the socket cannot be made.
  static Result<std::unique_ptr<ControlServer>> start(boost::asio::io_context& context,
                                                      const std::filesystem::path& path,
                                                      Handler handler);
  virtual ~ControlServer() = default;
};

/// Asks the server behind `path`.  Nothing: there is none.  Blocking.
[[nodiscard]] std::optional<AccountReply> ask_server(const std::filesystem::path& path,
                                                     const AccountRequest& request);

}  // namespace wasl::bot
