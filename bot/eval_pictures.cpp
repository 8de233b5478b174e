// Pictures are drawn in units of a small screen (kWidth across), so that their letters stay
// readable on a phone; wider screens show them larger or side by side.

#include "bot/eval_pictures.hpp"

#include "bot/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

namespace wasl::bot {
namespace {

using intents::BarEffect;
using intents::CalibrationBin;

constexpr double kWidth = 400.0;
constexpr double kHeight = 300.0;
constexpr double kLeft = 44.0;
constexpr double kRight = 12.0;
constexpr double kTop = 12.0;
constexpr double kBottom = 44.0;

double x_of(double share) {
  return kLeft + std::clamp(share, 0.0, 1.0) * (kWidth - kLeft - kRight);
}
double y_of(double share) {
  return kHeight - kBottom - std::clamp(share, 0.0, 1.0) * (kHeight - kTop - kBottom);
}

/// The square from 0 to 1 both ways, with marks in percent.
std::string axes(std::string_view across, std::string_view up) {
  std::string svg;
  auto out = std::back_inserter(svg);
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    const double at = tenth / 10.0;
    fmt::format_to(
        out,
        R"(<line class="grid" x1="{0:.1f}" y1="{1:.1f}" x2="{0:.1f}" y2="{2:.1f}"/>)"
        R"(<line class="grid" x1="{3:.1f}" y1="{4:.1f}" x2="{5:.1f}" y2="{4:.1f}"/>)"
        R"(<text class="mark" x="{0:.1f}" y="{6:.1f}" text-anchor="middle">{7:.1f}</text>)"
        R"(<text class="mark" x="{8:.1f}" y="{9:.1f}" text-anchor="end">{10} %</text>)",
        x_of(at), y_of(0), y_of(1), x_of(0), y_of(at), x_of(1), y_of(0) + 15, at, kLeft - 5,
        y_of(at) + 4, tenth * 10);
    svg += '\n';
  }
  fmt::format_to(out,
                 R"(<text class="mark" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)"
                 R"(<text class="mark" x="{:.1f}" y="{:.1f}">{}</text>)",
                 x_of(0.5), kHeight - 10, html(across), kLeft + 4, kTop + 10, html(up));
  svg += '\n';
  return svg;
}

std::string chart(std::string_view described, const std::string& inside) {
  return fmt::format(R"(<svg class="chart" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)"
                     "\n{}</svg>\n",
                     kWidth, kHeight, html(described), inside);
}

template <class Share>
std::string line_of(const std::vector<BarEffect>& effects, const char* kind, const Share& share) {
  std::string points;
  for (const BarEffect& effect : effects) {
    fmt::format_to(std::back_inserter(points), "{:.1f},{:.1f} ", x_of(effect.bar),
                   y_of(share(effect)));
  }
  return fmt::format("<polyline class=\"line {}\" points=\"{}\"/>\n", kind, points);
}

// ---- The matrix

constexpr const char* kOutside = "oos";
constexpr const char* kOthers = "all others";
constexpr double kCell = 24.0;
constexpr double kNames = 190.0;
constexpr std::size_t kNameMax = 20;

struct Matrix {
  std::vector<std::string> names;
  bool others = false;  ///< the last name stands for all others
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> cells;  ///< (meant, taken)
};

/// Names in the order of the picture.
std::vector<std::string> names_shown(const intents::Evaluation& evaluation, bool& others) {
  std::map<std::string, std::size_t> wrong;
  for (const auto& intent : evaluation.per_intent) wrong[intent.intent];
  if (evaluation.details.oos_rows > 0) wrong[kOutside];
  for (const auto& pair : evaluation.details.confused) {
    wrong[pair.truth] += pair.rows;
    wrong[pair.taken] += pair.rows;
  }
  std::vector<std::pair<std::string, std::size_t>> order(wrong.begin(), wrong.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::size_t count = order.size();
  if (count > kMatrixIntentsFew) {
    const auto clean =
        std::find_if(order.begin(), order.end(), [](const auto& one) { return one.second == 0; });
    count = std::min(static_cast<std::size_t>(clean - order.begin()), kMatrixIntentsMax);
  }
  others = count < order.size();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(order[i].first);
  return names;
}

Matrix matrix_of(const intents::Evaluation& evaluation) {
  Matrix matrix;
  matrix.names = names_shown(evaluation, matrix.others);
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < matrix.names.size(); ++i) places[matrix.names[i]] = i;
  const std::size_t rest = matrix.names.size();
  const auto place = [&](const std::string& name) {
    const auto found = places.find(name);
    return found == places.end() ? rest : found->second;
  };
  std::map<std::string, std::size_t> right;
  for (const auto& intent : evaluation.per_intent) right[intent.intent] = intent.rows;
  if (evaluation.details.oos_rows > 0) right[kOutside] = evaluation.details.oos_rows;
  for (const auto& pair : evaluation.details.confused) {
    matrix.cells[{place(pair.truth), place(pair.taken)}] += pair.rows;
    right[pair.truth] -= pair.rows;
  }
  for (const auto& [name, rows] : right) {
    if (rows > 0) matrix.cells[{place(name), place(name)}] += rows;
  }
  if (matrix.others) matrix.names.emplace_back(kOthers);
  return matrix;
}

std::string short_count(std::size_t rows) {
  return rows < 1000 ? fmt::format("{}", rows) : fmt::format("{}k", (rows + 500) / 1000);
}

/// Fills never grow so strong that the count on them could not be read.
double strength(std::size_t rows, std::size_t most) {
  return 0.12 + 0.3 * std::sqrt(static_cast<double>(rows) / static_cast<double>(most));
}

std::string cell(const Matrix& matrix, std::size_t meant, std::size_t taken, std::size_t rows,
                 std::size_t most) {
  const bool own = meant == taken;
  const bool mixed = own && matrix.others && meant + 1 == matrix.names.size();
  const double x = kNames + static_cast<double>(taken) * kCell;
  const double y = static_cast<double>(meant + 1) * kCell;
  const std::string what =
      mixed ? std::string("all others, right or taken for one another")
      : own ? html(matrix.names[meant]) + " understood"
            : html(matrix.names[meant]) + " taken for " + html(matrix.names[taken]);
  return fmt::format(
      R"(<g class="cell" data-rows="{0}"><title>{1}: {0} {2}</title>)"
      R"(<rect class="{3}" x="{4:.0f}" y="{5:.0f}" width="{6:.0f}" height="{6:.0f}" )"
      R"(fill-opacity="{7:.2f}"/><text x="{8:.0f}" y="{9:.0f}" text-anchor="middle">{10}</text></g>)"
      "\n",
      rows, what, rows == 1 ? "row" : "rows", own ? "right" : "wrong", x, y, kCell - 1,
      strength(rows, most), x + kCell / 2, y + kCell / 2 + 4, short_count(rows));
}

}  // namespace

std::string matrix_picture(const intents::Evaluation& evaluation) {
  const Matrix matrix = matrix_of(evaluation);
  const std::size_t count = matrix.names.size();
  std::size_t most[2] = {1, 1};
  for (const auto& [at, rows] : matrix.cells) {
    std::size_t& worst = most[at.first == at.second ? 0 : 1];
    worst = std::max(worst, rows);
  }
  const double side = static_cast<double>(count) * kCell;
  std::string svg = fmt::format(
      R"(<svg class="matrix" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" )"
      R"(role="img" aria-label="Confusion matrix of {2} rows; the worst confusions are listed )"
      R"(below as text"><rect class="ground" x="{3:.0f}" y="{4:.0f}" width="{5:.0f}" )"
      R"(height="{5:.0f}"/>)"
      "\n",
      kNames + side + 2, side + kCell + 2, evaluation.rows, kNames, kCell, side);
  for (std::size_t i = 0; i < count; ++i) {
    const double middle = (static_cast<double>(i) + 0.5) * kCell + 4;
    fmt::format_to(
        std::back_inserter(svg),
        R"(<g><title>{0}</title><text x="{1:.0f}" y="{2:.0f}" text-anchor="end">{3}  {4})"
        R"(</text></g><g><title>{0}</title><text x="{5:.0f}" y="{6:.0f}" )"
        R"(text-anchor="middle">{4}</text></g>)"
        "\n",
        html(matrix.names[i]), kNames - 6, kCell + middle, html(matrix.names[i], kNameMax), i + 1,
        kNames + middle - 4, kCell - 7);
  }
  for (const auto& [at, rows] : matrix.cells) {
    svg += cell(matrix, at.first, at.second, rows, most[at.first == at.second ? 0 : 1]);
  }
  return svg + "</svg>\n";
}

std::string calibration_picture(const std::vector<CalibrationBin>& bins) {
  std::string svg = axes("confidence", "how often right");
  std::size_t most = 1;
  for (const CalibrationBin& bin : bins) most = std::max(most, bin.rows);
  const double width = 1.0 / static_cast<double>(std::max<std::size_t>(bins.size(), 1));
  std::string points;
  std::string dots;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const CalibrationBin& bin = bins[i];
    if (bin.rows == 0) continue;
    const double low = static_cast<double>(i) * width;
    const double tall = 0.25 * static_cast<double>(bin.rows) / static_cast<double>(most);
    const std::string title =
        fmt::format("confidence {:.2f} to {:.2f}: {} rows, {:.1f} % right, {:.1f} % claimed", low,
                    low + width, bin.rows, 100 * bin.accuracy, 100 * bin.confidence);
    fmt::format_to(std::back_inserter(svg),
                   R"(<rect class="count" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">)"
                   "<title>{}</title></rect>\n",
                   x_of(low) + 1, y_of(tall), x_of(width) - kLeft - 2, y_of(0) - y_of(tall), title);
    fmt::format_to(std::back_inserter(points), "{:.1f},{:.1f} ", x_of(bin.confidence),
                   y_of(bin.accuracy));
    fmt::format_to(std::back_inserter(dots),
                   R"(<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="4"><title>{}</title></circle>)"
                   "\n",
                   x_of(bin.confidence), y_of(bin.accuracy), title);
  }
  fmt::format_to(std::back_inserter(svg),
                 R"(<line class="ideal" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)"
                 R"(<polyline class="line acted" points="{}"/>)"
                 "\n",
                 x_of(0), y_of(0), x_of(1), y_of(1), points);
  return chart(
      "Calibration: how often the best guess is right, by its confidence; the table below "
      "has the figures",
      svg + dots);
}

std::string trade_off_picture(const std::vector<BarEffect>& effects,
                              const intents::BarRange& chosen, std::string_view label) {
  std::string svg = axes(label, "share of messages");
  fmt::format_to(std::back_inserter(svg),
                 R"(<rect class="chosen" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">)"
                 "<title>chosen: {:.3f} to {:.3f}</title></rect>\n",
                 x_of(chosen.low) - 1, y_of(1), x_of(chosen.high) - x_of(chosen.low) + 2,
                 y_of(0) - y_of(1), chosen.low, chosen.high);
  svg += line_of(effects, "acted", [](const BarEffect& effect) { return effect.acted; });
  svg += line_of(effects, "wrong", [](const BarEffect& effect) { return effect.wrong; });
  if (!effects.empty() && effects.front().caught) {
    svg += line_of(effects, "caught", [](const BarEffect& e) { return e.caught.value_or(0.0); });
  }
  return chart("What the bar does at each height; the table below has the figures", svg);
}

}  // namespace wasl::bot
