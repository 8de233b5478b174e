// The page goes from the whole to the single sentence: figures and what they mean, pictures with
// their tables, confusions with what was said, each intent.  What is long is folded or counted, so
// that a model of hundreds of intents still gives a page that opens on a phone.

#include "bot/eval_report.hpp"

#include "bot/eval_pictures.hpp"
#include "bot/eval_report_style.hpp"
#include "bot/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

namespace wasl::bot {
namespace {

using intents::BarEffect;
using intents::BarRange;
using intents::Evaluation;
using intents::IntentResult;

constexpr std::size_t kPairsMax = 30;
constexpr std::size_t kPairsOpen = 6;
constexpr std::size_t kSentenceMax = 300;

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f} %", 100.0 * *share) : std::string("–");
}

std::string name_of(std::string_view intent) {
  return "<bdi>" + html(intent.empty() ? "(nothing)" : intent) + "</bdi>";
}

std::string rows_of(std::size_t rows) {
  return fmt::format("{} {}", rows, rows == 1 ? "row" : "rows");
}

std::string range_of(const BarRange& range) {
  if (range.high - range.low < 0.0005) return fmt::format("{:.3f}", range.low);
  return fmt::format("{:.3f} to {:.3f}, each fold its own", range.low, range.high);
}

/// A table that scrolls in its own box where the screen is narrow.
std::string table(std::string_view name, const std::vector<std::string>& heads,
                  const std::string& body) {
  std::string result = fmt::format(
      R"(<div class="wide" role="region" tabindex="0" aria-label="{}"><table><thead><tr>)",
      html(name));
  for (const std::string& head : heads) result += "<th scope=\"col\">" + head + "</th>";
  return result + "</tr></thead><tbody>\n" + body + "</tbody></table></div>\n";
}

std::string row(const std::vector<std::string>& cells) {
  std::string result = "<tr>";
  for (const std::string& one : cells) result += "<td>" + one + "</td>";
  return result + "</tr>\n";
}

std::string folded(std::string_view summary, const std::string& inside) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", summary, inside);
}

void card(std::string& out, std::string_view name, const std::string& figure,
          std::string_view meaning) {
  fmt::format_to(std::back_inserter(out),
                 "<div><dt>{}</dt><dd class=\"figure\">{}</dd><dd>{}</dd></div>\n", name, figure,
                 meaning);
}

std::string headline(const Evaluation& e) {
  std::string out = "<dl class=\"cards\">\n";
  card(out, "Rows", fmt::format("{}", e.rows),
       fmt::format("Messages judged; {} of them are out of scope.", e.details.oos_rows));
  card(out, "Best guess right", percent(e.accuracy_in_scope_top1),
       "Of the in-scope messages, how many have the right intent on top, whatever was decided.");
  card(out, "Right and not refused", percent(e.accuracy_in_scope_joint),
       "The same, but a message judged out of scope counts as wrong.");
  if (e.oos_recall) {
    card(out, "Out of scope, found", percent(e.oos_recall),
         "Of the messages that are none of the bot’s business, how many it sees as such.");
    card(out, "Out of scope, true", percent(e.oos_precision),
         "Of the messages it judges out of scope, how many really are.");
    card(out, "Out of scope, AUROC", percent(e.oos_auroc),
         "How surely a strange message scores above a familiar one, wherever the bar is: 50 % is "
         "chance.");
  }
  card(out, "Macro F1", percent(e.macro_f1),
       "Precision and recall in one, the mean over intents: a rare intent counts as much as a "
       "common one.");
  card(out, "Calibration error", fmt::format("{:.3f}", e.ece),
       "How far a claimed confidence lies from how often it is right, on average: 0.03 is 3 "
       "points.");
  if (e.us_p50 > 0.0) {
    card(out, "Time of one message", fmt::format("{:.1f} µs", e.us_p50),
         fmt::format(
             "The median; 99 % take at most {:.1f} µs. In a cross-validation: scoring alone.",
             e.us_p99));
  }
  return out + "</dl>\n";
}

std::string matrix(const Evaluation& e) {
  return fmt::format(
      "<h2>What is taken for what</h2>\n"
      "<p>Down: what was meant. Across: what it was taken for, by number. Blue is right, orange is "
      "wrong, stronger is more; every number is a count of rows, and hovering names them.{}{}</p>\n"
      "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Confusion matrix\">\n{}"
      "</div>\n",
      e.details.oos_rows > 0
          ? " <b>oos</b> is out of scope."
          : " A judgement of out of scope does not count here: no row is out of scope.",
      e.per_intent.size() >= kMatrixIntentsFew ? " Of so many intents only those with confusions "
                                                 "have lines of their own, the worst first."
                                               : "",
      matrix_picture(e));
}

std::string confusions(const Evaluation& e) {
  std::string out = "<h2>Worst confusions</h2>\n";
  const auto& pairs = e.details.confused;
  if (pairs.empty()) return out + "<p>None: every row was understood.</p>\n";
  out += "<ol class=\"confused\">\n";
  const std::size_t shown = std::min(pairs.size(), kPairsMax);
  for (std::size_t i = 0; i < shown; ++i) {
    fmt::format_to(std::back_inserter(out),
                   "<li data-rows=\"{}\"><details{}><summary><b>{}</b> taken for <b>{}</b>: "
                   "{}</summary>\n<ul>\n",
                   pairs[i].rows, i < kPairsOpen ? " open=\"open\"" : "", name_of(pairs[i].truth),
                   name_of(pairs[i].taken), rows_of(pairs[i].rows));
    for (const std::string& text : pairs[i].texts) {
      out += "<li dir=\"auto\">" + html(text, kSentenceMax) + "</li>\n";
    }
    out += "</ul>\n";
    if (pairs[i].texts.size() < pairs[i].rows) {
      fmt::format_to(std::back_inserter(out), "<p class=\"dim\">and {} more</p>\n",
                     pairs[i].rows - pairs[i].texts.size());
    }
    out += "</details></li>\n";
  }
  out += "</ol>\n";
  if (shown < pairs.size()) {
    std::size_t rows = 0;
    for (std::size_t i = shown; i < pairs.size(); ++i) rows += pairs[i].rows;
    fmt::format_to(std::back_inserter(out),
                   "<p class=\"dim\" data-rows=\"{}\">And {} more pairs with {} together.</p>\n",
                   rows, pairs.size() - shown, rows_of(rows));
  }
  return out;
}

std::string calibration(const Evaluation& e) {
  std::string body;
  const auto& bins = e.details.calibration;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const double count = static_cast<double>(bins.size());
    const bool any = bins[i].rows > 0;
    body +=
        row({fmt::format("{:.2f} – {:.2f}", static_cast<double>(i) / count,
                         static_cast<double>(i + 1) / count),
             fmt::format("{}", bins[i].rows), any ? fmt::format("{:.3f}", bins[i].confidence) : "–",
             any ? percent(bins[i].accuracy) : "–"});
  }
  return fmt::format(
      "<h2>Is its confidence honest?</h2>\n<figure>\n{}<figcaption>On the dotted line, what it "
      "claims is what it keeps; below it, it is too sure. The bars are the counts of in-scope rows "
      "at each confidence. Expected calibration error {:.3f}.</figcaption></figure>\n{}",
      calibration_picture(bins), e.ece,
      folded("The same in numbers",
             table("Calibration", {"confidence", "rows", "claimed, mean", "right"}, body)));
}

std::string effects_table(std::string_view name, const std::vector<BarEffect>& effects) {
  std::string body;
  for (std::size_t i = 0; i < effects.size(); i += 5) {
    const BarEffect& one = effects[i];
    body += row({fmt::format("{:.2f}", one.bar), percent(one.acted), percent(one.wrong),
                 percent(one.caught)});
  }
  return table(name, {"bar", "acted on", "wrong of acts", "out of scope left alone"}, body);
}

std::string trade_off(const Evaluation& e) {
  const auto& d = e.details;
  return fmt::format(
      "<h2>If the bars were elsewhere</h2>\n"
      "<p>The bot acts on a message when it is likely enough, leads the next guess clearly, and is "
      "not out of scope. Each picture moves one bar and leaves the other.</p>\n"
      "<p><span class=\"key acted\"></span>acted on, of the in-scope messages<br/>"
      "<span class=\"key wrong\"></span>wrong, of all acts<br/>{}"
      "<span class=\"key bar\"></span>the chosen bar</p>\n"
      "<div class=\"pair-of-charts\">\n"
      "<figure>\n{}<figcaption>The confidence to act from; chosen: {}.</figcaption></figure>\n"
      "<figure>\n{}<figcaption>The score from which a message is out of scope; chosen: {}."
      "</figcaption></figure>\n</div>\n{}",
      d.oos_rows > 0
          ? "<span class=\"key caught\"></span>left alone, of the out-of-scope messages<br/>"
          : "",
      trade_off_picture(d.by_act_bar, d.act_bar, "confidence to act from"), range_of(d.act_bar),
      trade_off_picture(d.by_oos_bar, d.oos_bar, "score that is out of scope"), range_of(d.oos_bar),
      folded("The same in numbers", "<h3>The confidence to act from</h3>\n" +
                                        effects_table("Bar of acting", d.by_act_bar) +
                                        "<h3>The score that is out of scope</h3>\n" +
                                        effects_table("Bar of being out of scope", d.by_oos_bar)));
}

std::string intents_table(std::string_view name, std::vector<IntentResult> results) {
  std::stable_sort(results.begin(), results.end(),
                   [](const IntentResult& a, const IntentResult& b) { return a.f1 < b.f1; });
  std::string body;
  for (const IntentResult& one : results) {
    body += row({name_of(one.intent), fmt::format("{}", one.rows), percent(one.precision),
                 percent(one.recall), percent(one.f1)});
  }
  return table(name, {"intent", "rows", "precision", "recall", "F1"}, body);
}

std::string languages(const Evaluation& e) {
  std::string out;
  std::string body;
  for (const auto& [name, one] : e.per_language) {
    body += row({html(name), fmt::format("{}", one.rows), percent(one.accuracy_in_scope_top1),
                 percent(one.accuracy_in_scope_joint), percent(one.oos_recall),
                 percent(one.oos_auroc), percent(one.macro_f1), fmt::format("{:.3f}", one.ece)});
  }
  if (body.empty()) return out;
  out += "<h2>By language</h2>\n";
  out += table("By language",
               {"language", "rows", "best guess right", "right and not refused",
                "out of scope found", "AUROC", "macro F1", "calibration error"},
               body);
  return out;
}

std::string each_intent(const Evaluation& e) {
  std::string out =
      "<h2>Each intent</h2>\n<p>Worst first. Precision: of the rows taken for it, how many were. "
      "Recall: of its rows, how many were taken for it.</p>\n";
  out += intents_table("Each intent", e.per_intent);
  if (e.per_language.size() < 2) return out;
  for (const auto& [name, one] : e.per_language) {
    out +=
        folded("Each intent, " + html(name), intents_table("Each intent, " + name, one.per_intent));
  }
  return out;
}

}  // namespace

std::string eval_report(const ReportSubject& subject, const Evaluation& e) {
  return fmt::format(
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
             "<meta http-equiv=\"Content-Security-Policy\" "
             "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
             "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n"
             "<h1><bdi>{0}</bdi></h1>\n<p class=\"dim\">{2}</p>\n",
             html(subject.title), kEvalReportStyle, html(subject.method)) +
         headline(e) + languages(e) + matrix(e) + confusions(e) + calibration(e) + trade_off(e) +
         each_intent(e) + "</main>\n</body>\n</html>\n";
}

}  // namespace wasl::bot
