#pragma once

#include "flows/expression.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The words and signs of an expression.
namespace wasl::flows {

struct Token {
  enum class Kind { end, name, number, text, sign };
  Kind kind = Kind::end;
  std::string text;
  std::size_t at = 0;
};

/// Thrown by tokens_of and the parser, caught in parse_expression: unwinds at the first mistake.
struct Stop {
  ExpressionMistake mistake;
};

/// The last one is the end.  Throws Stop.
[[nodiscard]] std::vector<Token> tokens_of(std::string_view text);

}  // namespace wasl::flows
