// What an expression gives: parse_expression.cpp has checked it, so nothing here can fail.
#include "flows/expression.hpp"

#include "wasl/core/time.hpp"
#include "wasl/flows/step.hpp"

#include <chrono>
#include <cmath>

namespace wasl::flows {
namespace {

using Op = Expression::Op;

bool digit(char c) {
  return c >= '0' && c <= '9';
}

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

Value evaluate(const Expression& expression, const Facts& facts) {
  if (expression.nodes.empty()) return Value{};
  return evaluate_node(expression, static_cast<std::uint32_t>(expression.nodes.size() - 1), facts);
}

bool truth(const Value& value) {
  const bool* flag = std::get_if<bool>(&value);
  return flag != nullptr && *flag;
}

}  // namespace wasl::flows