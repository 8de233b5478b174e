#include "flows/expression_tokens.hpp"

#include "wasl/core/text.hpp"

namespace wasl::flows {
namespace {

bool name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a `-` here subtracts, instead of beginning a number.
bool after_value(const std::vector<Token>& tokens) {
  if (tokens.empty()) return false;
  const Token& last = tokens.back();
  if (last.kind == Token::Kind::sign) return last.text == ")";
  if (last.kind != Token::Kind::name) return true;
  for (const std::string_view word : {"and", "or", "not", "in"}) {
    if (last.text == word) return false;
  }
  return true;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t i = 0;
  while (i < text.size()) {
    const char c = text[i];
    const std::size_t start = i;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++i;
    } else if (name_start(c)) {
      while (i < text.size() && (name_start(text[i]) || digit(text[i]) || text[i] == '.')) ++i;
      tokens.push_back({Token::Kind::name, std::string(text.substr(start, i - start)), start});
    } else if (digit(c) ||
               (c == '-' && !after_value(tokens) && i + 1 < text.size() && digit(text[i + 1]))) {
      ++i;
      while (i < text.size() && (digit(text[i]) || text[i] == '.')) ++i;
      tokens.push_back({Token::Kind::number, std::string(text.substr(start, i - start)), start});
    } else if (c == '"' || c == '\'') {
      const std::size_t close = text.find(c, i + 1);
      if (close == std::string_view::npos) throw Stop{{start, "this text has no closing quote"}};
      tokens.push_back(
          {Token::Kind::text, std::string(text.substr(start + 1, close - start - 1)), start});
      i = close + 1;
    } else {
      const std::string_view two = text.substr(i, 2);
      const bool pair = two == "==" || two == "!=" || two == "<=" || two == ">=";
      if (!pair && std::string_view("<>()[],+-").find(c) == std::string_view::npos) {
        std::string what = "'";
        what += first_code_points(text.substr(i), 1);
        what += "' has no meaning here";
        if (c == '=') what += "; write == to compare";
        throw Stop{{start, what}};
      }
      i += pair ? 2 : 1;
      tokens.push_back({Token::Kind::sign, std::string(text.substr(start, i - start)), start});
    }
  }
  tokens.push_back({Token::Kind::end, "", text.size()});
  return tokens;
}

}  // namespace wasl::flows
