// calls/*.yml: how to reach the business systems (docs/calls.md).  `${NAME}` stays as written;
// whoever makes the call knows the environment.
#include "wasl/core/text.hpp"

#include "flows/load.hpp"

#include <algorithm>
#include <array>

namespace wasl::flows {
namespace {

constexpr Millis kTimeoutMax{60'000};
constexpr std::size_t kBodyPartsMax = 500;

struct Verb {
  const char* key;
  const char* method;
};
constexpr std::array<Verb, 5> kVerbs{
    {{"get", "GET"}, {"post", "POST"}, {"put", "PUT"}, {"patch", "PATCH"}, {"delete", "DELETE"}}};

class CallReader {
 public:
  CallReader(const yaml::Node& node, const std::string& file, Loading& loading)
      : file_(file), loading_(loading), map_(file, node, loading.mistakes) {}

  CallSpec read() {
    map_.only({"call", "get", "post", "put", "patch", "delete", "timeout", "within", "retries",
               "idempotent", "irreversible", "headers", "query", "body", "result"});
    call_.name = map_.text("call");
    if (!call_.name.empty() && !is_name(call_.name)) {
      map_.complain(map_.find("call")->at,
                    "'" + call_.name + "' is no name: letters, digits, _ - .");
    }
    read_address();
    read_limits();
    call_.retries = static_cast<int>(map_.whole_or("retries", 0, 0, 5));
    const bool reads = call_.method == "GET";
    call_.idempotent = map_.flag_or("idempotent", reads);
    call_.irreversible = map_.flag_or("irreversible", !reads);
    call_.headers = read_pairs("headers", false);
    call_.query = read_pairs("query", true);
    if (map_.has("body")) {
      if (reads) map_.complain(map_.find("body")->at, "'body' does not belong to get: use query");
      call_.body = read_body(*map_.find("body"));
    }
    if (const yaml::Node* result = map_.find("result")) {
      load_call_result(*result, file_, call_, loading_);
    }
    return std::move(call_);
  }

 private:
  void read_address() {
    const char* key = nullptr;
    int given = 0;
    for (const Verb& verb : kVerbs) {
      if (!map_.has(verb.key)) continue;
      ++given;
      key = verb.key;
      call_.method = verb.method;
    }
    if (given != 1) {
      map_.complain(map_.node().at, "a call has one address: get, post, put, patch or delete");
      if (given == 0) return;
    }
    call_.url = map_.text_or(key, "");
    if (call_.url.empty()) return;
    const yaml::Mark at = map_.find(key)->at;
    if (!call_.url.starts_with("self:/") && !call_.url.starts_with("https://") &&
        !call_.url.starts_with("http://") && !call_.url.starts_with("${")) {
      map_.complain(at, "an address begins with https:// or self:/");
    }
    check_text(call_.url, at);
    check_host(at);
  }

  /// Who is called is the author's choice, never the customer's.
  void check_host(yaml::Mark at) {
    std::string before;  // what precedes the piece
    for (const CallPiece& piece : cut_call_text(call_.url)) {
      const std::size_t host = before.find("://");
      const bool in_path =
          call_.url.starts_with("self:/") ||
          before.find_first_of("/?", host == std::string::npos ? 0 : host + 3) != std::string::npos;
      if (piece.kind == CallPiece::Kind::argument && !in_path) {
        map_.complain(at, "'{" + piece.text + "}' may not be part of the host");
        return;
      }
      before += piece.text;
    }
  }

  void read_limits() {
    call_.timeout = map_.duration_or("timeout", call_.timeout);
    if (call_.timeout < Millis(1) || call_.timeout > kTimeoutMax) {
      map_.complain(map_.node().at, "'timeout' must be from 1ms to 60s");
    }
    call_.within = map_.duration_or("within", std::max(call_.within, call_.timeout));
    if (map_.has("within") && (call_.within < call_.timeout || call_.within > kTimeoutMax)) {
      map_.complain(map_.find("within")->at, "'within' must be from the timeout to 60s");
    }
  }

  std::vector<std::pair<std::string, std::string>> read_pairs(const char* key, bool holes) {
    std::vector<std::pair<std::string, std::string>> pairs;
    const yaml::Node* node = map_.find(key);
    if (node == nullptr) return pairs;
    const yaml::Map map(file_, *node, loading_.mistakes);
    for (const auto& [name, value] : map.node().entries) {
      if (holes && unquoted(value)) continue;
      std::string text = map.text(name.scalar);
      if (holes) check_text(text, value.at);
      pairs.emplace_back(name.scalar, std::move(text));
    }
    return pairs;
  }

  CallBody read_body(const yaml::Node& node) {
    CallBody body;
    if (++body_parts_ == kBodyPartsMax) {
      map_.complain(node.at,
                    "this body is too large: at most " + std::to_string(kBodyPartsMax) + " values");
    }
    if (body_parts_ >= kBodyPartsMax || unquoted(node)) return body;
    if (node.is_sequence()) {
      body.kind = CallBody::Kind::list;
      for (const yaml::Node& item : node.items) body.items.push_back(read_body(item));
    } else if (node.is_map()) {
      body.kind = CallBody::Kind::map;
      for (const auto& [key, value] : node.entries) {
        body.keys.push_back(key.scalar);
        body.items.push_back(read_body(value));
      }
    } else if (const auto flag = yaml::as_flag(node)) {
      body.value = *flag;
    } else if (const auto number = yaml::as_number(node)) {
      body.value = *number;
    } else if (node.is_scalar()) {
      check_text(node.scalar, node.at);
      body.value = node.scalar;
    }
    return body;
  }

  /// YAML reads `{number}` as a map; what is meant is the argument.
  bool unquoted(const yaml::Node& node) {
    if (!node.is_map() || node.entries.size() != 1 || !node.entries[0].value.is_null())
      return false;
    const std::string& name = node.entries[0].key.scalar;
    map_.complain(node.at, "write the argument in quotes: '{" + name + "}'");
    return true;
  }

  /// A brace that is no `{argument}` would be sent as it stands.
  void check_text(const std::string& text, yaml::Mark at) {
    for (const CallPiece& piece : cut_call_text(text)) {
      if (piece.kind != CallPiece::Kind::text) continue;
      if (piece.text.find_first_of("{}") == std::string::npos) continue;
      map_.complain(at, "a brace belongs to an argument, like {number}: letters, digits, _ and -");
      return;
    }
  }

  const std::string& file_;
  Loading& loading_;
  yaml::Map map_;
  CallSpec call_;
  std::size_t body_parts_ = 0;
};

}  // namespace

void load_calls(const yaml::Document& document, Loading& loading) {
  if (document.root.is_null()) return;
  if (!document.root.is_sequence()) {
    loading.mistakes.add(document.file, document.root.at, "a list of calls is expected: - call: …");
    loading.mistakes.leave_unread(document.file);
    return;
  }
  for (const yaml::Node& node : document.root.items) {
    CallSpec call = CallReader(node, document.file, loading).read();
    if (call.name.empty()) continue;
    const auto [found, added] = loading.places.try_emplace(
        "call " + call.name, document.file + ":" + std::to_string(node.at.line));
    if (!added) {
      loading.mistakes.add(document.file, node.at,
                           "call '" + call.name + "' is already defined at " + found->second);
      continue;
    }
    loading.program.calls.emplace(call.name, std::move(call));
  }
}

}  // namespace wasl::flows
