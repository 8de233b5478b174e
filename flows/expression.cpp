// Recursive descent, one function per level of precedence:
//   either := both ("or" both)*            both := negation ("and" negation)*
//   negation := "not" negation | comparison
//   comparison := sum ((== != < <= > >=) sum | ["not"] "in" "[" literals "]")?
//   sum := primary (("+" | "-") primary)*
//   primary := literal | name | "(" either ")"
// Types are checked on the way, so that evaluation needs no error path.  Comparisons do not chain.
#include "flows/expression.hpp"

#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"
#include "wasl/core/time.hpp"
#include "wasl/flows/step.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

namespace wasl::flows {
namespace {

constexpr std::size_t kBytesMax = 1000;
constexpr int kDepthMax = 32;

using Op = Expression::Op;

struct Token {
  enum class Kind { end, name, number, text, sign };
  Kind kind = Kind::end;
  std::string text;
  std::size_t at = 0;
};

bool name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// Thrown and caught inside this file only: unwinds the descent at the first mistake.
struct Stop {
  ExpressionMistake mistake;
};

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
      fail_at(token.at, what);
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

template <typename Thing>
int sign_of(const Thing& left, const Thing& right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}

/// Two moments as moments; a day and anything by the calendar, where it was written.
std::optional<int> order_of_dates(std::string_view left, std::string_view right) {
  constexpr std::size_t kDayBytes = 10;
  const auto from = parse_iso8601(left);
  const auto to = parse_iso8601(right);
  if (!from || !to) return std::nullopt;
  if (left.size() > kDayBytes && right.size() > kDayBytes) return sign_of(*from, *to);
  return sign_of(left.substr(0, kDayBytes), right.substr(0, kDayBytes));
}

/// -1, 0, 1; nothing when there is no order between them.
std::optional<int> order(Kind kind, const Value& a, const Value& b) {
  if (kind == Kind::number) {
    const double* left = std::get_if<double>(&a);
    const double* right = std::get_if<double>(&b);
    if (left == nullptr || right == nullptr) return std::nullopt;
    return sign_of(*left, *right);
  }
  const auto* left = std::get_if<std::string>(&a);
  const auto* right = std::get_if<std::string>(&b);
  if (left == nullptr || right == nullptr) return std::nullopt;
  if (kind == Kind::date) return order_of_dates(*left, *right);
  const auto from = minute_of_day(*left);
  const auto to = minute_of_day(*right);
  if (!from || !to) return std::nullopt;
  return sign_of(*from, *to);
}

bool same(Kind kind, const Value& a, const Value& b) {
  if (kind == Kind::date || kind == Kind::time) {
    if (const auto sign = order(kind, a, b)) return *sign == 0;
  }
  return a == b;
}

/// The day of a date, where it was written.
std::optional<std::chrono::sys_days> day_of(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  const auto at = parse_iso8601(std::string_view(*text).substr(0, 10));
  if (!at) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*at);
}

Value add_days(std::chrono::sys_days day, double days) {
  constexpr double kDaysMax = 400'000;
  if (!(std::abs(days) < kDaysMax)) return Value{};
  day += std::chrono::days(static_cast<int>(std::floor(days)));
  const int year = static_cast<int>(std::chrono::year_month_day(day).year());
  if (year < 1 || year > 9999) return Value{};
  return iso8601(Time(day)).substr(0, 10);
}

Value add(bool plus, const Value& a, const Value& b) {
  const double* number = std::get_if<double>(&b);
  if (const double* left = std::get_if<double>(&a); left != nullptr && number != nullptr) {
    const double sum = plus ? *left + *number : *left - *number;
    return std::isfinite(sum) ? Value(sum) : Value{};
  }
  const auto day = day_of(a);
  if (!day) return Value{};
  if (number != nullptr) return add_days(*day, plus ? *number : -*number);
  const auto other = day_of(b);
  if (!other) return Value{};
  return static_cast<double>((*day - *other).count());
}

Value text_or_none(std::string_view text) {
  return text.empty() ? Value{} : Value(std::string(text));
}

Value look_up(const std::string& name, const Facts& facts) {
  const auto found = facts.slots.find(name);
  if (found != facts.slots.end()) return found->second;
  if (name == "hours.open") return facts.hours_open;
  if (name == "channel") return text_or_none(facts.channel);
  if (name == "language") return text_or_none(facts.language);
  if (name == "today") return text_or_none(facts.today);
  if (name == "now") return text_or_none(facts.clock);
  if (facts.customer == nullptr) return Value{};
  if (name == "customer.name") return text_or_none(facts.customer->name);
  if (name == "customer.contact") return text_or_none(facts.customer->contact);
  if (name == "customer.reachable") return facts.customer->reachable;
  return Value{};
}

Value evaluate_node(const Expression& expression, std::uint32_t index, const Facts& facts) {
  const Expression::Node& node = expression.nodes[index];
  const auto left = [&] { return evaluate_node(expression, node.left, facts); };
  const auto right = [&] { return evaluate_node(expression, node.right, facts); };
  switch (node.op) {
    case Op::literal:
      return node.value;
    case Op::name:
      return look_up(node.name, facts);
    case Op::negate:
      return !truth(left());
    case Op::both:
      return truth(left()) && truth(right());
    case Op::either:
      return truth(left()) || truth(right());
    case Op::eq:
      return same(node.kind, left(), right());
    case Op::ne:
      return !same(node.kind, left(), right());
    case Op::in: {
      const Value value = left();
      for (const Value& item : node.list) {
        if (same(node.kind, value, item)) return true;
      }
      return false;
    }
    case Op::plus:
    case Op::minus:
      return add(node.op == Op::plus, left(), right());
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
      break;
  }
  const std::optional<int> sign = order(node.kind, left(), right());
  if (!sign) return false;
  switch (node.op) {
    case Op::lt:
      return *sign < 0;
    case Op::le:
      return *sign <= 0;
    case Op::gt:
      return *sign > 0;
    default:
      return *sign >= 0;
  }
}

}  // namespace

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::none:
      return "nothing";
    case Kind::flag:
      return "a yes or no";
    case Kind::number:
      return "a number";
    case Kind::text:
      return "a text";
    case Kind::date:
      return "a date";
    case Kind::time:
      return "a time of day";
    case Kind::choice:
      return "a choice";
  }
  return "nothing";
}

const Scope& built_in_names() {
  static const Scope names{{"hours.open", {Kind::flag, {}}},
                           {"channel", {Kind::text, {}}},
                           {"language", {Kind::choice, {"ar", "en"}}},
                           {"today", {Kind::date, {}}},
                           {"now", {Kind::time, {}}},
                           {"customer.name", {Kind::text, {}}},
                           {"customer.contact", {Kind::text, {}}},
                           {"customer.reachable", {Kind::flag, {}}}};
  return names;
}

bool is_taken(std::string_view name) {
  for (const std::string_view word : {"and", "or", "not", "in", "true", "false", "none"}) {
    if (name == word) return true;
  }
  for (const auto& [known, type] : built_in_names()) {
    if (name == std::string_view(known).substr(0, known.find('.'))) return true;
  }
  return false;
}

std::optional<int> minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (!digit(text[i])) return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

bool reads_as(Kind kind, std::string_view text) {
  return kind == Kind::time ? minute_of_day(text).has_value() : parse_iso8601(text).has_value();
}

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

Value evaluate(const Expression& expression, const Facts& facts) {
  if (expression.nodes.empty()) return Value{};
  return evaluate_node(expression, static_cast<std::uint32_t>(expression.nodes.size() - 1), facts);
}

bool truth(const Value& value) {
  const bool* flag = std::get_if<bool>(&value);
  return flag != nullptr && *flag;
}

}  // namespace wasl::flows
