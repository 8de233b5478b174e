#include "intents/labelled_file.hpp"

#include "wasl/intents/clean.hpp"

#include "intents/model_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace wasl::intents {
namespace {

constexpr std::size_t kMistakesMax = 100;
constexpr std::size_t kLabelBytesMax = 200;

/// Where `text` stops to be UTF-8, in code points from 1; nothing when it is all well.
std::optional<int> broken_at(std::string_view text) {
  int column = 1;
  for (std::size_t at = 0; at < text.size(); ++column) {
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    if (c == 0xFFFD && text.substr(start, 3) != "\xEF\xBF\xBD") return column;
  }
  return std::nullopt;
}

int columns(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  }));
}

struct Wrong {
  int column = 1;
  std::string what;
};

std::optional<Wrong> wrong_with(std::string_view line) {
  if (line.size() > kLabelledLineBytesMax) {
    return Wrong{1, fmt::format("the line has {} bytes; at most {} are read", line.size(),
                                kLabelledLineBytesMax)};
  }
  if (const auto column = broken_at(line)) return Wrong{*column, "not UTF-8"};
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos) {
    return Wrong{columns(line) + 1, "no tab: a line is label<TAB>text"};
  }
  const std::string_view label = line.substr(0, tab);
  if (label.find_first_not_of(' ') == std::string_view::npos) return Wrong{1, "the label is empty"};
  if (label.size() > kLabelBytesMax) {
    return Wrong{1, fmt::format("the label has {} bytes; at most {} are allowed", label.size(),
                                kLabelBytesMax)};
  }
  if (line.find_first_not_of(" \t", tab) == std::string_view::npos) {
    return Wrong{columns(line.substr(0, tab)) + 2, "the text is empty"};
  }
  return std::nullopt;
}

}  // namespace

std::vector<LabelledRow> parse_labelled(std::string_view bytes, const std::string& file,
                                        yaml::Mistakes& mistakes) {
  std::vector<LabelledRow> rows;
  std::size_t found = 0;
  int number = 0;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (auto wrong = wrong_with(line)) {
      if (++found > kMistakesMax) {
        mistakes.add(file, {number, 1}, "and more: the first 100 are told");
        break;
      }
      mistakes.add(file, {number, wrong->column}, std::move(wrong->what));
      continue;
    }
    const std::size_t tab = line.find('\t');
    rows.push_back({std::string(line.substr(0, tab)), std::string(line.substr(tab + 1)), number});
  }
  return rows;
}

std::vector<LabelledRow> read_labelled(const std::filesystem::path& file,
                                       yaml::Mistakes& mistakes) {
  const auto bytes = read_file(file, kLabelledFileBytesMax);
  if (!bytes) {
    mistakes.add(file.string(), {1, 1}, bytes.error().what);
    return {};
  }
  const std::size_t before = mistakes.size();
  auto rows = parse_labelled(*bytes, file.string(), mistakes);
  if (rows.empty() && mistakes.size() == before) {
    mistakes.add(file.string(), {1, 1}, "no rows: a line is label<TAB>text");
  }
  return rows;
}

}  // namespace wasl::intents
