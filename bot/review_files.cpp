#include "bot/review_files.hpp"

#include "wasl/core/text.hpp"
#include "wasl/core/yaml.hpp"

#include "bot/bot.hpp"
#include "bot/example_edit.hpp"

#include <fstream>
#include <map>
#include <optional>
#include <sstream>

namespace wasl::bot {
namespace {

constexpr std::size_t kReviewedMax = 1'000'000;  // lines that are read

std::string read_file(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// Whole or not at all: a new file takes the place of the old one.
Result<Done> replace_file(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::path fresh = file;
  fresh += ".new";
  std::error_code error;
  {
    std::ofstream stream(fresh, std::ios::binary);
    stream << text;
    if (!stream.flush()) {
      return Error{Error::Code::unavailable, fresh.string() + " cannot be written"};
    }
  }
  const auto mode = std::filesystem::status(file, error).permissions();
  if (!error && mode != std::filesystem::perms::unknown && std::filesystem::exists(file, error)) {
    std::filesystem::permissions(fresh, mode, error);
  }
  std::filesystem::rename(fresh, file, error);
  if (error) return Error{Error::Code::unavailable, file.string() + ": " + error.message()};
  return Done{};
}

/// The file below `intents/` that declares `intent`.
std::optional<std::string> declared_in(const std::filesystem::path& folder,
                                       const std::string& intent) {
  yaml::Mistakes ignored;  // the folder has been loaded before
  for (const yaml::Document& document : yaml::load_folder(folder, "intents", ignored)) {
    for (const yaml::Node& item : document.root.items) {
      const yaml::Node* name = item.find("intent");
      if (name != nullptr && name->scalar == intent) return document.file;
    }
  }
  return std::nullopt;
}

/// The lines for each block of examples.
std::map<std::string, std::vector<std::string>> by_group(const std::vector<Sentence>& sentences) {
  std::map<std::string, std::vector<std::string>> groups;
  for (const Sentence& one : sentences) {
    std::string example = as_example(one.text);
    if (!example.empty()) groups[one.group].push_back(std::move(example));
  }
  return groups;
}

/// How many of the examples `before` had not.
std::size_t added_in(const std::string& before, const std::vector<Sentence>& sentences) {
  std::set<std::string> lines;
  for (const std::string_view line : split(before, '\n')) lines.emplace(trim(line));
  std::size_t added = 0;
  for (const auto& [group, examples] : by_group(sentences)) {
    for (const std::string& one : examples) added += lines.insert(one).second ? 1 : 0;
  }
  return added;
}

Result<std::string> with_examples(std::string text, const std::string& intent,
                                  const std::vector<Sentence>& sentences) {
  for (const auto& [group, examples] : by_group(sentences)) {
    auto longer = add_examples(text, intent, group, examples);
    if (!longer) return longer.error();
    text = std::move(*longer);
  }
  return text;
}

}  // namespace

std::filesystem::path reviewed_path(const std::filesystem::path& store_file) {
  std::filesystem::path file = store_file;
  file += ".reviewed";
  return file;
}

std::set<std::string> read_reviewed(const std::filesystem::path& file) {
  std::set<std::string> keys;
  std::ifstream stream(file);
  std::string line;
  while (keys.size() < kReviewedMax && std::getline(stream, line)) {
    if (!line.empty()) keys.insert(line);
  }
  return keys;
}

Result<Done> remember_reviewed(const std::filesystem::path& file,
                               const std::vector<Sentence>& sentences) {
  std::ofstream stream(file, std::ios::app);
  for (const Sentence& one : sentences) stream << one.key << '\n';
  if (!stream.flush()) {
    return Error{Error::Code::unavailable, file.string() + " cannot be written"};
  }
  return Done{};
}

Result<AddedExamples> add_to_folder(const std::filesystem::path& folder, const std::string& intent,
                                    const std::vector<Sentence>& sentences) {
  std::string file = declared_in(folder, intent).value_or("");
  const bool fresh = file.empty() && intent == kOutOfScopeIntent;
  if (fresh) file = "intents/out_of_scope.yml";
  if (file.empty()) return Error{Error::Code::not_found, "no file declares '" + intent + "'"};

  const std::filesystem::path path = folder / file;
  std::error_code error;
  const bool existed = std::filesystem::exists(path, error);
  const std::string before = existed ? read_file(path) : "";
  std::string start = before;
  if (fresh) {
    if (!start.empty() && start.back() != '\n') start += '\n';
    start += "- intent: oos\n";
  }
  const auto after = with_examples(start, intent, sentences);
  if (!after) return Error{after.error().code, file + ": " + after.error().what};
  if (auto written = replace_file(path, *after); !written) return written.error();

  yaml::Mistakes mistakes;
  if (load_bot(folder, false, mistakes) == nullptr) {
    const auto undone = existed ? replace_file(path, before) : Result<Done>(Done{});
    if (!existed) std::filesystem::remove(path, error);
    if (!undone) return undone.error();
    return Error{Error::Code::invalid_input,
                 "nothing was added: " + yaml::to_string(mistakes.sorted().front())};
  }
  return AddedExamples{file, added_in(before, sentences)};
}

}  // namespace wasl::bot
