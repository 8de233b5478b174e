#include "bot/test_report.hpp"

#include "wasl/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wasl::bot {
namespace {

using Kind = DiffRow::Kind;

constexpr std::size_t kWidthMax = 48;

/// What it costs to end the alignment of the first `i` with the first `j`: a row that stands alone
/// costs 1, one that differs as much as the two it could be.
using Costs = std::vector<std::vector<std::size_t>>;

Costs costs_of(const std::vector<ExpectedAnswer>& expected,
               const std::vector<TestFailure::Came>& came) {
  Costs costs(expected.size() + 1, std::vector<std::size_t>(came.size() + 1));
  for (std::size_t i = 0; i <= expected.size(); ++i) {
    for (std::size_t j = 0; j <= came.size(); ++j) {
      if (i == 0 || j == 0) {
        costs[i][j] = i + j;
        continue;
      }
      const std::size_t change = matches(expected[i - 1], came[j - 1]) ? 0 : 2;
      costs[i][j] =
          std::min({costs[i - 1][j - 1] + change, costs[i - 1][j] + 1, costs[i][j - 1] + 1});
    }
  }
  return costs;
}

std::string left_of(const DiffRow& row) {
  if (row.expected == nullptr) return "";
  return row.expected->answer.empty() ? "any answer" : row.expected->answer;
}

std::string right_of(const DiffRow& row) {
  if (row.came == nullptr) return "nothing";
  return fmt::format("{} \"{}\"", row.came->answer.empty() ? "-" : row.came->answer,
                     row.came->text);
}

std::string how_understood(const Understanding& understood) {
  std::string told = "no intent";
  if (!understood.intents.empty()) {
    const IntentScore& best = understood.intents.front();
    told = fmt::format("{} {:.2f} by {}", best.intent, best.confidence, best.source);
  }
  return fmt::format("{}; {}: {}", told, name(understood.decision), understood.why);
}

std::string table_of(const TestFailure& failure) {
  const auto rows = aligned(failure.expected, failure.came);
  std::size_t width = std::string_view("expected").size();
  for (const DiffRow& row : rows) width = std::max(width, left_of(row).size());
  width = std::min(width, kWidthMax);
  std::string table = fmt::format("    {:<{}}  {}\n", "expected", width, "actual");
  if (rows.empty()) table += fmt::format("    {:<{}}  {}\n", "nothing", width, "nothing");
  for (const DiffRow& row : rows) {
    constexpr char kMarks[] = {'=', '!', '-', '+'};
    table += fmt::format("  {} {:<{}}  {}\n", kMarks[static_cast<std::size_t>(row.kind)],
                         row.expected == nullptr ? "nothing" : left_of(row), width, right_of(row));
    const bool right_key = row.kind == Kind::differs && row.came->answer == row.expected->answer;
    if (right_key || (row.kind == Kind::differs && row.expected->answer.empty())) {
      table += fmt::format("    its text lacks \"{}\"\n", row.expected->says);
    }
  }
  return table;
}

}  // namespace

bool matches(const ExpectedAnswer& expected, const TestFailure::Came& came) {
  if (!expected.answer.empty() && came.answer != expected.answer) return false;
  return came.text.find(expected.says) != std::string::npos;
}

std::vector<DiffRow> aligned(const std::vector<ExpectedAnswer>& expected,
                             const std::vector<TestFailure::Came>& came) {
  const Costs costs = costs_of(expected, came);
  std::vector<DiffRow> rows;
  std::size_t i = expected.size();
  std::size_t j = came.size();
  while (i > 0 || j > 0) {
    const bool same = i > 0 && j > 0 && matches(expected[i - 1], came[j - 1]);
    if (i > 0 && j > 0 && costs[i][j] == costs[i - 1][j - 1] + (same ? 0 : 2)) {
      --i;
      --j;
      rows.push_back({same ? Kind::same : Kind::differs, &expected[i], &came[j]});
    } else if (i > 0 && costs[i][j] == costs[i - 1][j] + 1) {
      rows.push_back({Kind::missing, &expected[--i], nullptr});
    } else {
      rows.push_back({Kind::extra, nullptr, &came[--j]});
    }
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

std::string to_text(const TestFailure& failure) {
  if (!failure.end.empty()) {
    return yaml::to_string({failure.file, failure.at, failure.test + ": " + failure.end}) + "\n";
  }
  std::string text = yaml::to_string({failure.file, failure.at, failure.test}) + "\n";
  text += fmt::format("    {:<10}  {}\n", failure.tapped ? "tapped" : "visitor", failure.visitor);
  if (failure.understood) {
    text += fmt::format("    {:<10}  {}\n", "understood", how_understood(*failure.understood));
  }
  return text + table_of(failure);
}

}  // namespace wasl::bot
