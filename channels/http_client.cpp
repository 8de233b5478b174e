#include "wasl/channels/http_client.hpp"

#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"

#include "channels/private_address.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>

// One thread runs all transfers.  The address of a request is parsed once, by libcurl, and the same
// parsed address is checked against the list and handed to the transfer, so that no two readings of
// it can differ.  DNS answers are checked where the socket is opened: what was resolved is what is
// connected to.

namespace wasl::channels {
namespace {

constexpr std::size_t kHeaderBytesMax = 64 * 1024;

using Done = std::function<void(OutgoingResponse)>;

struct EasyFree {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Url = std::unique_ptr<CURLU, UrlFree>;

std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_literal(std::string host) {
  if (host.starts_with('[')) return true;
  in_addr v4{};
  return inet_pton(AF_INET, host.c_str(), &v4) == 1;
}

/// A method or header name as RFC 9110 has it: no way to start a second line.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

using Fault = OutgoingResponse::Fault;

OutgoingResponse failure(std::string why, Fault fault) {
  OutgoingResponse response;
  response.error = std::move(why);
  response.fault = fault;
  return response;
}

/// One request under way; libcurl holds its address.
struct Transfer {
  OutgoingRequest request;
  Done done;
  OutgoingResponse response;
  std::size_t body_bytes_max = 0;
  std::size_t header_bytes = 0;
  bool literal = false;  ///< the host is an address, listed as such
  bool refused = false;  ///< the name resolved to an address nobody should reach
  bool too_large = false;
  Url url;
  std::unique_ptr<curl_slist, ListFree> headers;
  std::unique_ptr<CURL, EasyFree> easy;  // last: freed first, while what it points to is there
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.response.body.size() + size > transfer.body_bytes_max) {
    transfer.too_large = true;
    return 0;
  }
  transfer.response.body.append(data, size);
  return size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.header_bytes += size;
  if (transfer.header_bytes > kHeaderBytesMax) {
    transfer.too_large = true;
    return 0;
  }
  const std::string_view line = trim({data, size});
  if (line.starts_with("HTTP/")) transfer.response.headers.clear();  // after 100 Continue
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && !line.starts_with("HTTP/")) {
    transfer.response.headers.emplace_back(lower(std::string(trim(line.substr(0, colon)))),
                                           trim(line.substr(colon + 1)));
  }
  return size;
}

curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.literal && is_private_address(address->addr)) {
    transfer.refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(HttpClientLimits limits)
      : limits_(std::move(limits)), multi_(curl_multi_init()) {
    WASL_CHECK(multi_ != nullptr);
    for (std::string& host : limits_.hosts) host = lower(std::move(host));
    thread_ = std::thread([this] { run(); });
  }

  ~CurlClient() override {
    stopping_ = true;
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }

  void send(OutgoingRequest request, Done done) override {
    auto transfer = std::make_unique<Transfer>();
    transfer->done = std::move(done);
    if (under_way_.fetch_add(1) >= limits_.in_flight_max) {
      transfer->response = failure("too many requests are under way", Fault::busy);
    } else {
      transfer->request = std::move(request);
    }
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(transfer));
    }
    curl_multi_wakeup(multi_);
  }

  void set_hosts(std::vector<std::string> hosts) override {
    for (std::string& host : hosts) host = lower(std::move(host));
    const std::lock_guard lock(mutex_);
    limits_.hosts = std::move(hosts);
  }

 private:
  void run();
  void start_queued();
  void finish_ended();
  void cancel_all();
  std::string prepare(Transfer& transfer);
  std::string parse_url(Transfer& transfer);
  std::string add_headers(Transfer& transfer);
  bool is_allowed(const std::string& scheme, const std::string& host, const std::string& port);
  void finish(std::unique_ptr<Transfer> transfer);

  HttpClientLimits limits_;  // hosts: guarded by mutex_
  CURLM* const multi_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> under_way_{0};
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> queue_;                    ///< guarded by mutex_
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> transfers_;  ///< the thread's own
  std::thread thread_;
};

void CurlClient::run() {
  while (!stopping_) {
    start_queued();
    int running = 0;
    curl_multi_perform(multi_, &running);
    finish_ended();
    curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
  }
  cancel_all();
}

void CurlClient::start_queued() {
  std::vector<std::unique_ptr<Transfer>> queue;
  {
    const std::lock_guard lock(mutex_);
    queue.swap(queue_);
  }
  for (auto& transfer : queue) {
    if (transfer->response.error.empty()) {
      std::string why = prepare(*transfer);
      if (!why.empty()) transfer->response = failure(std::move(why), Fault::not_allowed);
    }
    if (!transfer->response.error.empty()) {
      finish(std::move(transfer));
      continue;
    }
    CURL* const easy = transfer->easy.get();
    transfers_.emplace(easy, std::move(transfer));
    curl_multi_add_handle(multi_, easy);
  }
}

/// libcurl notes the moment when all is ready to send; before it, nothing has left.
Fault fault_of(CURL* easy, CURLcode code) {
  curl_off_t ready_us = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
  if (ready_us == 0) return Fault::unreachable;
  return code == CURLE_OPERATION_TIMEDOUT ? Fault::timed_out : Fault::broken;
}

/// Why a transfer came to nothing, for people; sets what may have happened on the other side.
void explain(Transfer& transfer, CURLcode code) {
  OutgoingResponse& response = transfer.response;
  long sent_bytes = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_REQUEST_SIZE, &sent_bytes);
  const bool broken = code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
                      code == CURLE_PARTIAL_FILE || code == CURLE_SEND_ERROR;
  response = failure(curl_easy_strerror(code), fault_of(transfer.easy.get(), code));
  response.timed_out = code == CURLE_OPERATION_TIMEDOUT || (broken && sent_bytes > 0);
  if (transfer.refused) {
    response.error = "the host's name resolves to a private address";
    response.fault = Fault::not_allowed;
  }
  if (transfer.too_large) response.error = "the answer is too large";
}

void CurlClient::finish_ended() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message is gone after the removal
    auto node = transfers_.extract(message->easy_handle);
    Transfer& transfer = *node.mapped();
    curl_multi_remove_handle(multi_, transfer.easy.get());
    if (code == CURLE_OK) {
      long status = 0;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
      transfer.response.status = static_cast<int>(status);
    } else {
      explain(transfer, code);
    }
    finish(std::move(node.mapped()));
  }
}

void CurlClient::finish(std::unique_ptr<Transfer> transfer) {
  under_way_.fetch_sub(1);
  OutgoingResponse response = std::move(transfer->response);
  const Done done = std::move(transfer->done);
  transfer.reset();
  if (done) done(std::move(response));
}

OutgoingResponse cancelled() {
  OutgoingResponse response = failure("cancelled: the program is stopping", Fault::broken);
  response.cancelled = true;
  return response;
}

void CurlClient::cancel_all() {
  for (auto& [easy, transfer] : transfers_) {
    curl_multi_remove_handle(multi_, easy);
    transfer->response = cancelled();
    transfer->response.timed_out = true;
  }
  auto ended = std::exchange(transfers_, {});
  for (auto& [easy, transfer] : ended) finish(std::move(transfer));
  for (;;) {  // callbacks may have asked for more
    std::vector<std::unique_ptr<Transfer>> queue;
    {
      const std::lock_guard lock(mutex_);
      queue.swap(queue_);
    }
    if (queue.empty()) return;
    for (auto& transfer : queue) {
      transfer->response = cancelled();
      finish(std::move(transfer));
    }
  }
}

/// Gets a transfer ready for libcurl; gives the reason when it must not be made.
std::string CurlClient::prepare(Transfer& transfer) {
  const OutgoingRequest& request = transfer.request;
  transfer.body_bytes_max = limits_.body_bytes_max;
  if (!is_token(request.method)) return "the method is not a word";
  if (std::string why = parse_url(transfer); !why.empty()) return why;
  if (std::string why = add_headers(transfer); !why.empty()) return why;

  transfer.easy.reset(curl_easy_init());
  CURL* const easy = transfer.easy.get();
  if (easy == nullptr) return "out of memory";
  curl_easy_setopt(easy, CURLOPT_CURLU, transfer.url.get());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // not even one from the environment
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a slow name server does not delay our end
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "wasl");
  const auto timeout = std::clamp<Millis::rep>(request.timeout.count(), 1, 600'000);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  // On a reused connection that breaks before an answer, libcurl sends again by itself.
  if (request.once) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  return {};
}

std::string CurlClient::parse_url(Transfer& transfer) {
  transfer.url.reset(curl_url());
  CURLU* const url = transfer.url.get();
  if (url == nullptr || !is_one_line(transfer.request.url) ||
      curl_url_set(url, CURLUPART_URL, transfer.request.url.c_str(), 0) != CURLUE_OK) {
    return "the address is not a valid URL";
  }
  const std::string scheme = lower(url_part(url, CURLUPART_SCHEME));
  if (scheme != "http" && scheme != "https") return "only http and https are spoken";
  if (!url_part(url, CURLUPART_USER).empty() || !url_part(url, CURLUPART_PASSWORD).empty()) {
    return "an address with a user name is not called";
  }
  const std::string host = lower(url_part(url, CURLUPART_HOST));
  const std::string port = url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if (!is_allowed(scheme, host, port)) return "the host '" + host + "' is not on the list";
  transfer.literal = is_literal(host);
  return {};
}

bool CurlClient::is_allowed(const std::string& scheme, const std::string& host,
                            const std::string& port) {
  const bool usual_port = port == (scheme == "https" ? "443" : "80");
  const std::lock_guard lock(mutex_);
  return std::any_of(limits_.hosts.begin(), limits_.hosts.end(), [&](const std::string& listed) {
    return listed == host + ':' + port || (usual_port && listed == host);
  });
}

std::string CurlClient::add_headers(Transfer& transfer) {
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(transfer.headers.get(), line.c_str());
    if (longer == nullptr) return;
    static_cast<void>(transfer.headers.release());
    transfer.headers.reset(longer);
  };
  bool has_type = false;
  for (const auto& [name, value] : transfer.request.headers) {
    if (!is_token(name) || !is_one_line(value)) return "a header holds a line break";
    has_type = has_type || lower(name) == "content-type";
    add(value.empty() ? name + ';' : name + ": " + value);  // libcurl's way to send an empty one
  }
  if (!has_type) add("Content-Type:");  // no guess
  add("Expect:");
  return {};
}

}  // namespace

std::unique_ptr<HttpClient> HttpClient::start(HttpClientLimits limits) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  WASL_CHECK(ready == CURLE_OK);
  return std::make_unique<CurlClient>(std::move(limits));
}

}  // namespace wasl::channels
