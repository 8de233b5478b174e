// The YAML tree says where things stand; the change is made in the lines of the text.  Leaves out
// what nobody writes by hand, like flow maps over several lines: then it says how to write it.
#include "bot/example_edit.hpp"

#include "wasl/core/text.hpp"
#include "wasl/core/yaml.hpp"

#include <algorithm>

namespace wasl::bot {
namespace {

constexpr std::size_t kExampleCharsMax = 500;

std::size_t indent_of(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first == std::string_view::npos ? line.size() : first;
}

bool blank(std::string_view line) {
  return trim(line).empty();
}

class Editor {
 public:
  Editor(std::string_view yaml, std::string_view group, const std::vector<std::string>& sentences)
      : group_(group), sentences_(sentences) {
    for (const std::string_view line : split(yaml, '\n')) lines_.emplace_back(line);
    if (lines_.back().empty()) lines_.pop_back();  // what follows the last line break
    crlf_ = !lines_.empty() && lines_.front().ends_with('\r');
  }

  Result<std::string> add_to(const yaml::Node& intent) {
    const auto named = std::find_if(intent.entries.begin(), intent.entries.end(),
                                    [](const auto& entry) { return entry.key.scalar == "intent"; });
    const std::size_t line = line_of(named->key.at);
    if (lines_[line].find('{') < column_of(named->key.at)) return no_place();
    for (const auto& [key, value] : intent.entries) {
      if (key.scalar != "examples") continue;
      if (value.is_null()) return begin_below(line_of(key.at), column_of(key.at));
      return add_below(key, value);
    }
    const std::size_t indent = column_of(named->key.at);
    insert(line + 1, {std::string(indent, ' ') + "examples:"});
    return begin_below(line + 1, indent);
  }

 private:
  static std::size_t line_of(yaml::Mark at) { return static_cast<std::size_t>(at.line - 1); }
  static std::size_t column_of(yaml::Mark at) { return static_cast<std::size_t>(at.column - 1); }
  static Error no_place() {
    return {Error::Code::invalid_input,
            "nothing can be added to examples written in braces: write each language below "
            "'examples:', like 'en: |'"};
  }

  Result<std::string> add_below(const yaml::Node& key, const yaml::Node& examples) {
    if (!examples.is_map() || examples.entries.empty()) return no_place();
    if (line_of(examples.entries.front().key.at) == line_of(key.at)) return no_place();
    for (const auto& [group, block] : examples.entries) {
      if (group.scalar == group_) return add_to_block(group, block);
    }
    const yaml::Node& last = examples.entries.back().key;
    return add_block(end_of(line_of(last.at), column_of(last.at)), column_of(last.at));
  }

  Result<std::string> begin_below(std::size_t line, std::size_t indent) {
    return add_block(line + 1, indent + 2);
  }

  Result<std::string> add_block(std::size_t before, std::size_t indent) {
    std::vector<std::string> block{std::string(indent, ' ') + group_ + ": |"};
    for (const std::string& one : sentences_) block.push_back(std::string(indent + 2, ' ') + one);
    insert(before, block);
    return whole();
  }

  Result<std::string> add_to_block(const yaml::Node& group, const yaml::Node& block) {
    const std::size_t line = line_of(group.at);
    const std::size_t indent = column_of(group.at);
    const std::size_t end = end_of(line, indent);
    const std::string_view after =
        trim(std::string_view(lines_[line]).substr(lines_[line].find(':', indent) + 1));
    const std::vector<std::string> fresh = not_yet_in(block.scalar);
    if (!after.starts_with('|')) {  // one sentence on the line itself becomes a block of its own
      if (end != line + 1 || block.scalar.find('\n') != std::string::npos) return no_place();
      lines_[line] = std::string(indent, ' ') + group_ + ": |" + (crlf_ ? "\r" : "");
      insert(line + 1, {std::string(indent + 2, ' ') + std::string(trim(block.scalar))});
      return append(line + 2, indent + 2, fresh);
    }
    const std::size_t inner = end > line + 1 ? indent_of(lines_[line + 1]) : indent + 2;
    return append(end, inner, fresh);
  }

  Result<std::string> append(std::size_t before, std::size_t indent,
                             const std::vector<std::string>& fresh) {
    std::vector<std::string> added;
    for (const std::string& one : fresh) added.push_back(std::string(indent, ' ') + one);
    insert(before, added);
    return whole();
  }

  [[nodiscard]] std::vector<std::string> not_yet_in(std::string_view block) const {
    std::vector<std::string> known;
    for (const std::string_view line : split(block, '\n')) known.emplace_back(trim(line));
    std::vector<std::string> fresh;
    for (const std::string& one : sentences_) {
      if (std::find(known.begin(), known.end(), one) == known.end()) fresh.push_back(one);
    }
    return fresh;
  }

  /// The line after what belongs to the key at `line`, without empty lines at its end.
  [[nodiscard]] std::size_t end_of(std::size_t line, std::size_t indent) const {
    std::size_t end = line + 1;
    for (std::size_t i = line + 1; i < lines_.size(); ++i) {
      if (blank(lines_[i])) continue;
      if (indent_of(lines_[i]) <= indent) break;
      end = i + 1;
    }
    return end;
  }

  void insert(std::size_t before, std::vector<std::string> added) {
    for (std::string& line : added) {
      if (crlf_) line += '\r';
    }
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(before), added.begin(), added.end());
  }

  [[nodiscard]] std::string whole() const {
    std::string text;
    for (const std::string& line : lines_) text += line + "\n";
    return text;
  }

  std::string group_;
  const std::vector<std::string>& sentences_;
  std::vector<std::string> lines_;
  bool crlf_ = false;
};

}  // namespace

std::string as_example(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '{' || c == '}';
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return std::string(trim(first_code_points(trim(line), kExampleCharsMax)));
}

Result<std::string> add_examples(std::string_view yaml, std::string_view intent,
                                 std::string_view group,
                                 const std::vector<std::string>& sentences) {
  yaml::Mistakes mistakes;
  const auto document = yaml::parse(yaml, "", mistakes);
  if (!document) {
    return Error{Error::Code::invalid_input, yaml::to_string(mistakes.sorted().front())};
  }
  for (const yaml::Node& item : document->root.items) {
    const yaml::Node* name = item.find("intent");
    if (name == nullptr || name->scalar != intent) continue;
    return Editor(yaml, group, sentences).add_to(item);
  }
  return Error{Error::Code::not_found, "no intent '" + std::string(intent) + "' here"};
}

}  // namespace wasl::bot
