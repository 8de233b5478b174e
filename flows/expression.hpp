#pragma once

#include "wasl/flows/program.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The small language of conditions and arguments: `order.status == "shipped" and not hours.open`.
namespace wasl::flows {

struct Customer;  // step.hpp

/// Values: a date is a text like `2026-12-01`, perhaps with a time and an offset behind it; a time
/// (of day) is a text like `17:30`.
enum class Kind { none, flag, number, text, date, time, choice };

struct Type {
  Kind kind = Kind::none;
  std::vector<std::string> choices;  ///< of a choice
};

/// `a text`, `a number`, …, for messages.
[[nodiscard]] std::string_view describe(Kind kind);

/// Names an expression may use, with their types.
using Scope = std::map<std::string, Type, std::less<>>;

/// What names stand for while a flow runs.
struct Facts {
  const Values& slots;
  bool hours_open = true;
  std::string_view channel = {};
  std::string_view today = {};  ///< the customer's date
  std::string_view clock = {};  ///< the customer's time of day
  std::string_view language = {};
  const Customer* customer = nullptr;
};

/// What every expression may use: `today`, `customer.name`, …
[[nodiscard]] const Scope& built_in_names();
/// Whether a slot or a result of this name would hide something.
[[nodiscard]] bool is_taken(std::string_view name);

/// Minutes since midnight of `17:30`; nothing for anything else.
[[nodiscard]] std::optional<int> minute_of_day(std::string_view text);
/// Whether `text` is a value of a kind that is written as a text: a date or a time.
[[nodiscard]] bool reads_as(Kind kind, std::string_view text);

/// A checked expression; evaluating it cannot fail.
struct Expression {
  enum class Op { literal, name, negate, both, either, eq, ne, lt, le, gt, ge, in, plus, minus };
  struct Node {
    Op op = Op::literal;
    Kind kind = Kind::none;   ///< of the operands of a comparison, else of the node
    Value value;              ///< of a literal
    std::string name;         ///< of a slot or a result
    std::vector<Value> list;  ///< right side of `in`
    std::uint32_t left = 0;
    std::uint32_t right = 0;
  };
  Type type;
  std::vector<Node> nodes;  ///< children before parents; the last is the root
  std::string source;       ///< as it was written
};

/// Why a text is no expression: a sentence, and where in the text.
struct ExpressionMistake {
  std::size_t offset = 0;
  std::string what;
  std::string unknown = {};  ///< the name, if that is what is wrong
};

/// Reads and type-checks `text`; on a mistake fills `mistake` and gives nothing.
/// At most 1,000 bytes and 32 levels, so that hostile files cost little.
[[nodiscard]] std::optional<Expression> parse_expression(std::string_view text, const Scope& scope,
                                                         ExpressionMistake& mistake);

/// An unset name is none; comparing with none by order is false.
[[nodiscard]] Value evaluate(const Expression& expression, const Facts& facts);

/// A truth value as it stands; anything else is false.
[[nodiscard]] bool truth(const Value& value);

}  // namespace wasl::flows
