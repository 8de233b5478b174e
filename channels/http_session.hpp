#pragma once

#include "channels/beast.hpp"
#include "channels/server.hpp"
#include "channels/web_socket.hpp"

#include <memory>

namespace wasl::channels {

/// A request to change to WebSocket that the program has agreed to.
struct Upgrade {
  TcpSocket socket;
  std::unique_ptr<BeastRequest> request;
  std::shared_ptr<WebSession> session;
  Admissions::Ticket visitor;  ///< of who speaks through a proxy
};

/// Serves HTTP/1.1 on `socket`, one request after another, until either side ends it (then nothing
/// is returned) or it becomes a WebSocket.  Runs wholly on the shard's thread.
Task<std::unique_ptr<Upgrade>> serve_http(std::shared_ptr<Server> server, Shard& shard,
                                          TcpSocket socket, Address remote);

}  // namespace wasl::channels
