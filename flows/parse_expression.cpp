// Recursive descent, one function per level of precedence:
//   either := both ("or" both)*            both := negation ("and" negation)*
//   negation := "not" negation | comparison
//   comparison := sum ((== != < <= > >=) sum | ["not"] "in" "[" literals "]")?
//   sum := primary (("+" | "-") primary)*
//   primary := literal | name | "(" either ")"
// Types are checked on the way, so that evaluation needs no error path.  Comparisons do not chain.
#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"

#include "flows/expression.hpp"
#include "flows/expression_tokens.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace wasl::flows {
namespace {

constexpr std::size_t kBytesMax = 1000;
constexpr int kDepthMax = 32;

using Op = Expression::Op;

class Parser {
 public:
  Parser(std::string_view text, const Scope& scope) : tokens_(tokens_of(text)), scope_(scope) {}

  Expression parse() {
    Part root = either();
    if (peek().kind != Token::Kind::end) {
      fail("'" + peek().text + "' was not expected here");
    }
    // The root must be the last node; a name or literal in brackets may leave it elsewhere.
    WASL_CHECK(root.node + 1 == result_.nodes.size());
    result_.type = std::move(root.type);
    return std::move(result_);
  }

 private:
  struct Part {
    std::uint32_t node = 0;
    Type type;
    std::size_t at = 0;
  };

  [[nodiscard]] const Token& peek() const { return tokens_[next_]; }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return peek().kind == Token::Kind::name && peek().text == word;
  }
  bool take_word(std::string_view word) {
    if (!is_word(word)) return false;
    ++next_;
    return true;
  }
  bool take_sign(std::string_view sign) {
    if (peek().kind != Token::Kind::sign || peek().text != sign) return false;
    ++next_;
    return true;
  }
  [[noreturn]] void fail(std::string what) const { throw Stop{{peek().at, std::move(what)}}; }
  [[noreturn]] static void fail_at(std::size_t at, std::string what) {
    throw Stop{{at, std::move(what)}};
  }

  Part add(Expression::Node node, Type type, std::size_t at) {
    result_.nodes.push_back(std::move(node));
    return {static_cast<std::uint32_t>(result_.nodes.size() - 1), std::move(type), at};
  }

  Part join(Op op, Kind kind, const Part& left, const Part& right) {
    Expression::Node node;
    node.op = op;
    node.kind = kind;
    node.left = left.node;
    node.right = right.node;
    return add(std::move(node), {Kind::flag, {}}, left.at);
  }

  static void want_flag(const Part& part, std::string_view word) {
    if (part.type.kind == Kind::flag) return;
    fail_at(part.at, "'" + std::string(word) + "' needs a condition here, this is " +
                         std::string(describe(part.type.kind)));
  }

  Part either() {
    const Depth guard(*this);
    Part left = both();
    while (take_word("or")) {
      const Part right = both();
      want_flag(left, "or");
      want_flag(right, "or");
      left = join(Op::either, Kind::flag, left, right);
    }
    return left;
  }

  Part both() {
    Part left = negation();
    while (take_word("and")) {
      const Part right = negation();
      want_flag(left, "and");
      want_flag(right, "and");
      left = join(Op::both, Kind::flag, left, right);
    }
    return left;
  }

  Part negation() {
    const Depth guard(*this);
    if (!take_word("not")) return comparison();
    const Part part = negation();
    want_flag(part, "not");
    return join(Op::negate, Kind::flag, part, part);
  }

  Part comparison() {
    Part left = sum();
    if (is_word("in")) return membership(left, false);
    if (is_word("not") && tokens_[next_ + 1].kind == Token::Kind::name &&
        tokens_[next_ + 1].text == "in") {
      ++next_;
      return membership(left, true);
    }
    static constexpr std::array<std::pair<std::string_view, Op>, 6> signs{{{"==", Op::eq},
                                                                           {"!=", Op::ne},
                                                                           {"<", Op::lt},
                                                                           {"<=", Op::le},
                                                                           {">", Op::gt},
                                                                           {">=", Op::ge}}};
    for (const auto& [sign, op] : signs) {
      if (!take_sign(sign)) continue;
      const Part right = sum();
      const Kind kind = comparable(op, left, right);
      return join(op, kind, left, right);
    }
    return left;
  }

  /// Numbers, and days: a date and a number of days give a date, two dates a number of days.
  Part sum() {
    Part left = primary();
    while (true) {
      const bool plus = take_sign("+");
      if (!plus && !take_sign("-")) return left;
      const Part right = primary();
      const Kind a = left.type.kind;
      const Kind b = right.type.kind;
      const bool days = a == Kind::date && (b == Kind::number || (b == Kind::date && !plus));
      if (!days && !(a == Kind::number && b == Kind::number)) {
        fail_at(right.at, std::string(describe(b)) + " cannot be " +
                              (plus ? "added to " : "taken from ") + std::string(describe(a)));
      }
      left = join(plus ? Op::plus : Op::minus, a, left, right);
      left.type = {days && b == Kind::number ? Kind::date : Kind::number, {}};
    }
  }

  Part membership(const Part& left, bool negated) {
    ++next_;  // "in"
    if (!take_sign("[")) fail("'in' needs a list, like [\"a\", \"b\"]");
    Expression::Node node;
    node.op = Op::in;
    node.kind = left.type.kind;
    node.left = left.node;
    do {
      const Token token = peek();
      if (token.kind == Token::Kind::end || token.kind == Token::Kind::sign) {
        fail("a text or a number is missing in the list");
      }
      const Part item = primary();
      const Expression::Node literal = result_.nodes.back();
      if (literal.op != Op::literal) fail_at(item.at, "a list holds texts and numbers only");
      comparable(Op::eq, left, item);
      result_.nodes.pop_back();
      node.list.push_back(literal.value);
    } while (take_sign(","));
    if (!take_sign("]")) fail("the list is not closed by ]");
    Part part = add(std::move(node), {Kind::flag, {}}, left.at);
    return negated ? join(Op::negate, Kind::flag, part, part) : part;
  }

  /// The kind both sides are compared as; complains when they cannot be.
  Kind comparable(Op op, const Part& left, const Part& right) const {
    const bool order = op != Op::eq && op != Op::ne;
    Kind a = left.type.kind;
    Kind b = right.type.kind;
    if (!order && (a == Kind::none || b == Kind::none)) return a == Kind::none ? b : a;
    check_choice(left, right);
    check_choice(right, left);
    if (a == Kind::choice) a = Kind::text;
    if (b == Kind::choice) b = Kind::text;
    if (b == Kind::text) b = literal_as(a, right);
    if (a == Kind::text) a = literal_as(b, left);
    if (a != b) {
      fail_at(right.at, std::string(describe(left.type.kind)) + " cannot be compared with " +
                            std::string(describe(right.type.kind)));
    }
    if (order && a != Kind::number && a != Kind::date && a != Kind::time) {
      fail_at(left.at, "only numbers, dates and times have an order, this is " +
                           std::string(describe(left.type.kind)));
    }
    return a;
  }

  void check_choice(const Part& choice, const Part& literal) const {
    const Expression::Node& node = result_.nodes[literal.node];
    if (choice.type.kind != Kind::choice || node.op != Op::literal) return;
    const std::string* word = std::get_if<std::string>(&node.value);
    if (word == nullptr) return;
    for (const std::string& known : choice.type.choices) {
      if (known == *word) return;
    }
    fail_at(literal.at, "'" + *word + "' is never a value of '" + result_.nodes[choice.node].name +
                            "'" + did_you_mean(*word, choice.type.choices));
  }

  /// A text in quotes beside a date or a time is one, too.
  [[nodiscard]] Kind literal_as(Kind kind, const Part& part) const {
    const Expression::Node& node = result_.nodes[part.node];
    const std::string* word = std::get_if<std::string>(&node.value);
    const bool written = kind == Kind::date || kind == Kind::time;
    if (!written || node.op != Op::literal || word == nullptr) return Kind::text;
    if (!reads_as(kind, *word)) {
      fail_at(part.at, kind == Kind::date ? "write a date like \"2026-12-01\""
                                          : "write a time like \"17:30\"");
    }
    return kind;
  }

  Part literal(Value value, Kind kind, std::size_t at) {
    Expression::Node node;
    node.kind = kind;
    node.value = std::move(value);
    return add(std::move(node), {kind, {}}, at);
  }

  Part primary() {
    const Token token = peek();
    if (take_sign("(")) {
      Part part = either();
      if (!take_sign(")")) fail("a ) is missing");
      return part;
    }
    if (token.kind == Token::Kind::end) fail("something is missing here");
    if (token.kind == Token::Kind::sign) fail("'" + token.text + "' was not expected here");
    ++next_;
    if (token.kind == Token::Kind::text) return literal(token.text, Kind::text, token.at);
    if (token.kind == Token::Kind::number) {
      double number = 0.0;
      const char* const last = token.text.data() + token.text.size();
      const auto [end, error] = std::from_chars(token.text.data(), last, number);
      if (error != std::errc() || end != last) fail_at(token.at, "this is no number");
      return literal(number, Kind::number, token.at);
    }
    if (token.text == "true") return literal(true, Kind::flag, token.at);
    if (token.text == "false") return literal(false, Kind::flag, token.at);
    if (token.text == "none") return literal(Value{}, Kind::none, token.at);
    return name(token);
  }

  Part name(const Token& token) {
    for (const std::string_view word : {"and", "or", "not", "in"}) {
      if (token.text == word) fail_at(token.at, "'" + token.text + "' was not expected here");
    }
    const auto found = scope_.find(token.text);
    if (found == scope_.end()) {
      std::vector<std::string> names;
      for (const auto& [known, type] : scope_) names.push_back(known);
      std::string what = "unknown name '" + token.text + "'";
      const std::string near = did_you_mean(token.text, names);
      what += near.empty() ? "; a text goes in quotes: \"" + token.text + "\"" : near;
      throw Stop{{token.at, what, token.text}};
    }
    Expression::Node node;
    node.op = Op::name;
    node.kind = found->second.kind;
    node.name = token.text;
    return add(std::move(node), found->second, token.at);
  }

  struct Depth {
    explicit Depth(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDepthMax) parser_.fail("this is nested too deeply");
    }
    ~Depth() { --parser_.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    Parser& parser_;
  };

  std::vector<Token> tokens_;
  const Scope& scope_;
  std::size_t next_ = 0;
  int depth_ = 0;
  Expression result_;
};

}  // namespace

std::optional<Expression> parse_expression(std::string_view text, const Scope& scope,
                                           ExpressionMistake& mistake) {
  if (text.size() > kBytesMax) {
    mistake = {0, "this is too long for a condition"};
    return std::nullopt;
  }
  try {
    Expression parsed = Parser(text, scope).parse();
    parsed.source = trim(text);
    return parsed;
  } catch (Stop& stop) {
    mistake = std::move(stop.mistake);
    return std::nullopt;
  }
}

}  // namespace wasl::flows
