// Conditions of flows.  What is accepted evaluates for any values, and to a value of its type.
#include "flows/expression.hpp"

#include "wasl/flows/step.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using namespace wasl::flows;
using fuzz::require;

const Scope& scope() {
  static const Scope names = [] {
    Scope all = built_in_names();
    all["n"] = {Kind::number, {}};
    all["t"] = {Kind::text, {}};
    all["d"] = {Kind::date, {}};
    all["h"] = {Kind::time, {}};
    all["f"] = {Kind::flag, {}};
    all["c"] = {Kind::choice, {"small", "large"}};
    return all;
  }();
  return names;
}

const Values& values(int which) {
  static const Values none;
  static const Values right{{"n", 3.0},
                            {"t", std::string("word")},
                            {"d", std::string("2026-11-22")},
                            {"h", std::string("17:30")},
                            {"f", true},
                            {"c", std::string("small")}};
  static const Values wrong{{"n", std::string("3")},        {"t", 1.0},
                            {"d", std::string("tomorrow")}, {"h", std::string("25:99")},
                            {"f", std::string("yes")},      {"c", false}};
  return which == 0 ? none : which == 1 ? right : wrong;
}

void check_nodes(const Expression& expression, std::size_t bytes) {
  require(expression.nodes.size() <= bytes, "an expression is not larger than its text");
  for (std::size_t i = 0; i < expression.nodes.size(); ++i) {
    const Expression::Node& node = expression.nodes[i];
    using Op = Expression::Op;
    if (node.op == Op::literal || node.op == Op::name) continue;
    require(node.left < i, "children come before parents");
    require(node.op == Op::in || node.right < i, "children come before parents");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ExpressionMistake mistake;
  const auto expression = parse_expression(text, scope(), mistake);
  if (!expression) {
    require(!mistake.what.empty() && mistake.offset <= size, "a mistake has words and a place");
    return 0;
  }
  check_nodes(*expression, size);
  for (int which = 0; which < 3; ++which) {
    static const Customer customer{"Noura", "", true};
    const Facts facts{values(which),
                      which == 1,
                      "web",
                      "2026-11-22",
                      "12:00",
                      "ar",
                      which == 0 ? nullptr : &customer};
    const Value value = evaluate(*expression, facts);
    require(value == evaluate(*expression, facts), "evaluating twice gives the same");
    const bool condition =
        expression->nodes.back().op != Expression::Op::name && expression->type.kind == Kind::flag;
    require(!condition || std::holds_alternative<bool>(value), "a condition is true or false");
  }
  return 0;
}
