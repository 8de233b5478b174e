#include "channels/http_session.hpp"

#include "wasl/core/text.hpp"

#include "channels/target.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <string_view>
#include <utility>

// One request after another: read, hand over, wait for the answer, write it.  A pipelined request
// waits in the buffer, so answers keep their order.  Every wait has a deadline, from the outside
// (header, body, a reader who does not read) and from the inside (an answer that never comes).

namespace wasl::channels {
namespace {

constexpr std::chrono::seconds kBodyMax{60};
constexpr std::chrono::seconds kWriteMax{60};
constexpr std::chrono::seconds kAnswerMax{60};
constexpr std::chrono::seconds kLingerMax{2};

/// Where the answer to one request arrives.  Touched on the connection's thread.
struct Mailbox {
  explicit Mailbox(const Executor& executor) : bell(executor) {}
  Timer bell;
  std::optional<HttpResponse> answer;
};

/// Behind every copy of a Respond: brings one answer to the mailbox, from any thread, and says
/// "internal" when all copies are gone without one.
class Messenger {
 public:
  Messenger(Executor executor, std::weak_ptr<Mailbox> mailbox)
      : executor_(std::move(executor)), mailbox_(std::move(mailbox)) {}
  Messenger(const Messenger&) = delete;
  Messenger& operator=(const Messenger&) = delete;
  ~Messenger() {
    if (!used_) deliver(error_response(500, "internal", "The request was not answered."));
  }

  void deliver(HttpResponse answer) {
    if (used_.exchange(true) || mailbox_.expired()) return;
    if (executor_.running_in_this_thread()) {
      put(mailbox_, std::move(answer));
    } else {
      net::post(executor_, [weak = mailbox_, answer = std::move(answer)]() mutable {
        put(weak, std::move(answer));
      });
    }
  }

 private:
  static void put(const std::weak_ptr<Mailbox>& weak, HttpResponse answer) {
    const auto mailbox = weak.lock();
    if (!mailbox || mailbox->answer) return;
    mailbox->answer = std::move(answer);
    mailbox->bell.cancel();
  }

  const Executor executor_;
  const std::weak_ptr<Mailbox> mailbox_;
  std::atomic<bool> used_{false};
};

/// A header line, without what could start another one.
void add_header(std::string& head, std::string_view name, std::string_view value) {
  const auto add = [&](std::string_view text) {
    for (const char c : text) {
      if (c != '\r' && c != '\n' && c != '\0') head += c;
    }
  };
  add(name);
  head += ": ";
  add(value);
  head += "\r\n";
}

std::string response_head(const HttpResponse& response, bool keep_alive) {
  const bool bodiless = response.status == 204 || response.status == 304;
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
  head.append(reason.data(), reason.size());
  head += "\r\n";
  if (!bodiless) {
    if (!response.content_type.empty()) add_header(head, "Content-Type", response.content_type);
    add_header(head, "Content-Length", std::to_string(response.body.size()));
  }
  for (const auto& [name, value] : response.headers) add_header(head, name, value);
  if (!keep_alive) head += "Connection: close\r\n";
  head += "\r\n";
  return head;
}

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

HttpResponse refusal(const ErrorCode& error) {
  if (error == http::error::body_limit) {
    return error_response(413, "too_large", "The body is too large.");
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return error_response(431, "header_too_large", "The header is too large.");
  }
  return error_response(400, "bad_request", "This is not a valid HTTP request.");
}

/// Whether reading failed because of what was sent, so that an answer makes sense.
bool is_senders_fault(const ErrorCode& error) {
  return error.category() == make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

/// Whether every proxy would find the same end of the body: one coding at most, and that one
/// chunked, of a version that knows it (RFC 9112, sections 6.1 and 6.3).
bool plain_coding(const BeastRequest& request) {
  const auto count = request.count(http::field::transfer_encoding);
  if (count == 0) return true;
  return count == 1 && request.version() >= 11 &&
         beast::iequals(request[http::field::transfer_encoding], "chunked");
}

/// RFC 6455, section 4.2.1: one key, 16 bytes in base64.
bool has_key(const BeastRequest& request) {
  constexpr std::size_t kKeyChars = 22;  // and "=="
  if (request.count(http::field::sec_websocket_key) != 1) return false;
  const std::string_view key = view(request[http::field::sec_websocket_key]);
  return key.size() == kKeyChars + 2 && key.ends_with("==") &&
         std::all_of(key.begin(), key.begin() + kKeyChars,
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; });
}

class HttpSession final : public Drainable {
 public:
  HttpSession(std::shared_ptr<Server> server, Shard& shard, TcpSocket socket, Address remote)
      : server_(std::move(server)),
        limits_(server_->limits),
        shard_(shard),
        stream_(std::move(socket)),
        remote_(std::move(remote)),
        buffer_(limits_.header_bytes_max + 4096),
        registered_(shard, this) {}

  Task<std::unique_ptr<Upgrade>> run();

  void drain(std::uint16_t) override {
    if (idle_) stream_.cancel();
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  Task<bool> first_bytes(bool first);
  Task<ErrorCode> read_body(Parser& parser);
  Task<HttpResponse> ask(HttpRequest request);
  Task<bool> write(const HttpResponse& response, bool keep_alive, bool head_only);
  Task<void> write_and_leave(HttpResponse response);
  std::optional<HttpRequest> take(BeastRequest& request);
  std::optional<HttpResponse> offer_upgrade(const HttpRequest& request, Upgrade& upgrade);

  const std::shared_ptr<Server> server_;
  const ListenerLimits& limits_;
  Shard& shard_;
  HttpStream stream_;
  const Address remote_;
  beast::flat_buffer buffer_;
  bool idle_ = false;  ///< between two requests
  const Registered registered_;
};

Task<std::unique_ptr<Upgrade>> HttpSession::run() {
  for (bool first = true;; first = false) {
    const bool begun = co_await first_bytes(first);
    if (!begun) co_return nullptr;

    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes_max));
    parser.body_limit(limits_.body_bytes_max);
    auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, kNoThrow);
    std::optional<HttpRequest> request;
    if (!error) {
      request = take(parser.get());
      if (!request) {
        co_await write_and_leave(
            error_response(400, "bad_request", "The head of this request is not valid."));
        co_return nullptr;
      }
      error = co_await read_body(parser);
    }
    if (error) {
      if (is_senders_fault(error)) co_await write_and_leave(refusal(error));
      co_return nullptr;
    }
    request->body = std::move(parser.get().body());

    const bool keep_alive = parser.get().keep_alive();
    const bool head_only = parser.get().method() == http::verb::head;
    HttpResponse response;
    if (websocket::is_upgrade(parser.get())) {
      if (buffer_.size() > 0 || !request->body.empty()) {
        co_await write_and_leave(
            error_response(400, "bad_request", "Nothing may follow an upgrade request."));
        co_return nullptr;
      }
      if (!has_key(parser.get())) {
        co_await write_and_leave(
            error_response(400, "bad_request", "Sec-WebSocket-Key is not one key of 16 bytes."));
        co_return nullptr;
      }
      auto upgrade = std::make_unique<Upgrade>(
          Upgrade{TcpSocket(shard_.executor), nullptr,
                  std::make_shared<WebSession>(server_, shard_), Admissions::Ticket()});
      std::optional<HttpResponse> refused = offer_upgrade(*request, *upgrade);
      if (!refused) {
        upgrade->request = std::make_unique<BeastRequest>(parser.release());
        stream_.expires_never();
        upgrade->socket = stream_.release_socket();
        co_return upgrade;
      }
      response = std::move(*refused);
    } else {
      response = co_await ask(std::move(*request));
    }

    const bool stay = keep_alive && !shard_.draining;
    const bool written = co_await write(response, stay, head_only);
    if (!written) co_return nullptr;
    if (!stay) {
      ErrorCode ignored;
      stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
      co_return nullptr;
    }
  }
}

/// Waits for a request to begin, then starts the clock for its header.  A new connection has the
/// same time for both: silence is no way to hold one.
Task<bool> HttpSession::first_bytes(bool first) {
  if (first) stream_.expires_after(limits_.handshake_max);
  if (buffer_.size() == 0) {
    if (shard_.draining) co_return false;
    buffer_ = beast::flat_buffer(buffer_.max_size());  // an idle connection holds no memory
    if (!first) stream_.expires_after(limits_.silence_max);
    idle_ = true;
    const auto [error, size] =
        co_await stream_.async_read_some(buffer_.prepare(std::size_t{1024}), kNoThrow);
    idle_ = false;
    if (error) co_return false;
    buffer_.commit(size);
  }
  if (!first) stream_.expires_after(limits_.handshake_max);
  co_return true;
}

Task<ErrorCode> HttpSession::read_body(Parser& parser) {
  if (parser.is_done()) co_return ErrorCode{};
  stream_.expires_after(kBodyMax);
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [error, size] = co_await net::async_write(stream_, net::buffer(kContinue), kNoThrow);
    if (error) co_return error;
  }
  const auto [error, size] = co_await http::async_read(stream_, buffer_, parser, kNoThrow);
  co_return error;
}

/// The head of `request` in our words; nothing when its address or its body's coding makes no
/// sense.
std::optional<HttpRequest> HttpSession::take(BeastRequest& request) {
  std::optional<Target> target = parse_target(view(request.target()));
  const auto hosts = request.count(http::field::host);
  if (!target || hosts > 1 || (hosts == 0 && request.version() >= 11)) return std::nullopt;
  if (!plain_coding(request)) return std::nullopt;

  HttpRequest taken;
  taken.method = view(request.method_string());
  taken.path = std::move(target->path);
  taken.query = std::move(target->query);
  std::string forwarded_for;
  for (const auto& field : request) {
    std::string name(view(field.name_string()));
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (name == "x-forwarded-for") {
      if (!forwarded_for.empty()) forwarded_for += ',';
      forwarded_for += view(field.value());
    }
    taken.headers.emplace_back(std::move(name), view(field.value()));
  }
  taken.peer = server_->proxies.speaker(remote_, forwarded_for).to_string();
  return taken;
}

/// Asks the program whether `request` may become a WebSocket; nothing means yes.
std::optional<HttpResponse> HttpSession::offer_upgrade(const HttpRequest& request,
                                                       Upgrade& upgrade) {
  if (server_->proxies.trusts(plain(remote_))) {
    ErrorCode error;
    const Address speaker = net::ip::make_address(request.peer, error);
    auto ticket = server_->admissions->visitor(error ? std::string() : counted_as(speaker));
    if (!ticket) {
      return error_response(429, "too_many_connections", "Too many connections from this address.");
    }
    upgrade.visitor = std::move(*ticket);
  }
  try {
    SocketCallbacks& callbacks = upgrade.session->callbacks();
    auto refused =
        server_->handlers.on_upgrade(request, shard_.index, upgrade.session->handle(), callbacks);
    if (!refused && !callbacks.on_text) {
      return error_response(404, "not_found", "There is nothing here.");
    }
    return refused;
  } catch (...) {
    return error_response(500, "internal", "Something went wrong.");
  }
}

Task<HttpResponse> HttpSession::ask(HttpRequest request) {
  const auto mailbox = std::make_shared<Mailbox>(shard_.executor);
  mailbox->bell.expires_after(kAnswerMax);
  try {
    auto messenger = std::make_shared<Messenger>(shard_.executor, mailbox);
    server_->handlers.on_request(std::move(request),
                                 [messenger = std::move(messenger)](HttpResponse response) {
                                   messenger->deliver(std::move(response));
                                 });
  } catch (...) {
    mailbox->answer = error_response(500, "internal", "Something went wrong.");
  }
  // The program's copies alone keep the messenger now: letting them go is an answer too.
  if (!mailbox->answer) {
    co_await mailbox->bell.async_wait(kNoThrow);
    if (!mailbox->answer) {
      mailbox->answer = error_response(503, "unavailable", "This takes too long. Try again later.");
    }
  }
  co_return std::move(*mailbox->answer);
}

Task<bool> HttpSession::write(const HttpResponse& response, bool keep_alive, bool head_only) {
  const std::string head = response_head(response, keep_alive);
  const bool bodiless = head_only || response.status == 204 || response.status == 304;
  const std::array<net::const_buffer, 2> buffers{
      net::buffer(head), bodiless ? net::const_buffer() : net::buffer(response.body)};
  stream_.expires_after(kWriteMax);
  const auto [error, size] = co_await net::async_write(stream_, buffers, kNoThrow);
  co_return !error;
}

/// For a request we will not read to its end: closing with unread bytes would reset the connection
/// and take the answer with it, so we listen a little longer.
Task<void> HttpSession::write_and_leave(HttpResponse response) {
  const bool written = co_await write(response, false, false);
  if (!written) co_return;
  ErrorCode ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(kLingerMax);
  std::array<char, 1024> unwanted{};
  for (;;) {
    const auto [error, size] = co_await stream_.async_read_some(net::buffer(unwanted), kNoThrow);
    if (error) co_return;
  }
}

}  // namespace

Task<std::unique_ptr<Upgrade>> serve_http(std::shared_ptr<Server> server, Shard& shard,
                                          TcpSocket socket, Address remote) {
  HttpSession session(std::move(server), shard, std::move(socket), std::move(remote));
  co_return co_await session.run();
}

}  // namespace wasl::channels
