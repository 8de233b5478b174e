#pragma once

#include "wasl/flows/program.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Pictures of a bot's flows: a program becomes a graph, a graph becomes text that Graphviz or
/// Mermaid draws.
namespace wasl::flows {

struct GraphNode {
  enum class Kind {
    start,
    say,
    ask,
    set,
    branch,
    call,
    subflow,
    remind,
    search,
    handoff,
    end,
    intent,
    flow,
    team
  };
  Kind kind = Kind::say;
  std::string title;  ///< in the words of the flow language: `ask order_number`
  std::string text;   ///< what a customer reads, or a condition; may be empty
  bool operator==(const GraphNode&) const = default;
};

struct GraphEdge {
  std::size_t from = 0;  ///< of Graph::nodes
  std::size_t to = 0;
  std::string label;
  bool failure = false;  ///< on_fail, on_error, on_not_found: drawn dashed
  bool operator==(const GraphEdge&) const = default;
};

struct Graph {
  std::string title;
  bool sideways = false;  ///< from left to right instead of down
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
};

/// The steps of one flow that can be reached, with what is said in `language`; nothing when there
/// is no such flow.
[[nodiscard]] std::optional<Graph> flow_graph(const Program& program, std::string_view flow,
                                              const std::string& language);

/// Which intent starts which flow, and which calls and teams the flows use.
[[nodiscard]] Graph overview_graph(const Program& program, const std::string& language);

/// In Graphviz's language.  Whatever the labels hold, they stay labels.
[[nodiscard]] std::string to_dot(const Graph& graph);
/// Likewise as a Mermaid flowchart.
[[nodiscard]] std::string to_mermaid(const Graph& graph);

}  // namespace wasl::flows
