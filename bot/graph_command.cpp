// `wasl graph`: the picture of a bot's flows, for people and for their documents.

#include "wasl/core/text.hpp"
#include "wasl/flows/graph.hpp"

#include "bot/bot.hpp"
#include "bot/commands.hpp"
#include "bot/model_commands.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

extern char** environ;

namespace wasl::bot {
namespace {

constexpr int kUsage = 2;
constexpr int kEnvironment = 4;

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Runs Graphviz between two unnamed files, so that neither side can wait for the other.
std::optional<std::string> draw_with_graphviz(const std::string& dot, std::string& failure) {
  failure = "Graphviz is needed for SVG and `dot` could not be run: install graphviz";
  const File in(std::tmpfile());
  const File out(std::tmpfile());
  if (!in || !out || std::fwrite(dot.data(), 1, dot.size(), in.get()) != dot.size()) {
    failure = "no temporary file could be written";
    return std::nullopt;
  }
  std::rewind(in.get());

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), 0);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), 1);
  const char* arguments[] = {"dot", "-Tsvg", nullptr};
  pid_t child = 0;
  const int spawned =
      posix_spawnp(&child, "dot", &actions, nullptr, const_cast<char* const*>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (spawned != 0) return std::nullopt;
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return std::nullopt;
  if (WEXITSTATUS(status) == 127) return std::nullopt;  // there is no such program
  if (WEXITSTATUS(status) != 0) {
    failure = "Graphviz could not draw this";
    return std::nullopt;
  }

  std::string svg;
  char block[65536];
  std::rewind(out.get());
  while (const std::size_t read = std::fread(block, 1, sizeof block, out.get())) {
    svg.append(block, read);
  }
  return svg;
}

int write_out(const std::string& text, const std::filesystem::path& file) {
  if (file.empty()) {
    std::cout << text << std::flush;
    return 0;
  }
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  if (!stream.flush()) {
    fmt::print(stderr, "wasl: {} cannot be written\n", file.string());
    return kEnvironment;
  }
  return 0;
}

std::optional<std::string> chosen_language(const Config& config, const std::string& wanted) {
  if (wanted.empty()) return std::string(name(config.default_language));
  if (config.languages.count(wanted) > 0) return wanted;
  std::vector<std::string> languages;
  for (const auto& [language, tag] : config.languages) languages.push_back(language);
  fmt::print(stderr, "wasl: this bot does not speak '{}'{}\n", wanted,
             did_you_mean(wanted, languages));
  return std::nullopt;
}

}  // namespace

int run_graph(const CommandOptions& options, const GraphOptions& graph) {
  yaml::Mistakes mistakes;
  const auto bot = load_bot(options.bot, false, mistakes);
  if (!bot) return report_mistakes(mistakes, false);
  const auto language = chosen_language(bot->config, graph.language);
  if (!language) return kUsage;

  std::optional<flows::Graph> drawn;
  if (graph.flow.empty()) {
    drawn = flows::overview_graph(*bot->program, *language);
  } else {
    drawn = flows::flow_graph(*bot->program, graph.flow, *language);
  }
  if (!drawn) {
    fmt::print(stderr, "wasl: unknown flow '{}'{}\n", graph.flow,
               did_you_mean(graph.flow, bot->program->flow_names()));
    return kUsage;
  }
  if (graph.format == "mermaid") return write_out(flows::to_mermaid(*drawn), graph.out);
  const std::string dot = flows::to_dot(*drawn);
  if (graph.format == "dot") return write_out(dot, graph.out);
  std::string failure;
  const auto svg = draw_with_graphviz(dot, failure);
  if (!svg) {
    fmt::print(stderr, "wasl: {}\n", failure);
    return kEnvironment;
  }
  return write_out(*svg, graph.out);
}

}  // namespace wasl::bot
