#pragma once

#include "wasl/core/time.hpp"
#include "wasl/flows/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::flows {

/// What a call sends as JSON: a value, or a list or map of such.
struct CallBody {
  enum class Kind { value, list, map };
  Kind kind = Kind::value;
  Value value;                         ///< a text may hold `{argument}` and `${NAME}`
  std::vector<CallBody> items = {};    ///< of a list or a map
  std::vector<std::string> keys = {};  ///< of a map: one for each item
};

/// How to reach a business system; one entry of `calls/*.yml` (docs/calls.md).
struct CallSpec {
  std::string name;
  std::string method;  ///< GET, POST, PUT, PATCH or DELETE
  std::string url;     ///< with `{argument}`; may start with `self:`
  Millis timeout{3000};
  Millis within{10'000};  ///< for all attempts and the waits between them
  int retries = 0;
  bool idempotent = false;    ///< asking twice is as good as once
  bool irreversible = false;  ///< only after the customer's yes
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> query;
  std::optional<CallBody> body;
  struct Field {
    enum class Type { text, number, money, date, time, flag, choice };
    std::string name;
    Type type = Type::text;
    bool optional = false;
    std::vector<std::string> choices;
    std::vector<std::string> from = {};  ///< the way to it through the JSON; empty: its name
  };
  std::vector<Field> result;
};

/// A piece of a call's text.
struct CallPiece {
  enum class Kind { text, argument, environment };
  Kind kind = Kind::text;
  std::string text;  ///< as written; of an argument: its name
  bool operator==(const CallPiece&) const = default;
};
/// Cuts `order-{number}` or `Bearer ${TOKEN}` where something is put in.
[[nodiscard]] std::vector<CallPiece> cut_call_text(std::string_view text);

/// The arguments that address, query and body name, each once, in order.
[[nodiscard]] std::vector<std::string> arguments_of(const CallSpec& spec);

/// Whether arguments that nothing names are sent as the body: a POST, PUT or PATCH without `body`.
[[nodiscard]] bool sends_rest(const CallSpec& spec);

}  // namespace wasl::flows
