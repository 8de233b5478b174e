// A graph as text for the two programs that draw it.  Nodes are called n0, n1, …, so nothing an
// author wrote is ever more than a label.
#include "wasl/core/text.hpp"
#include "wasl/flows/graph.hpp"

#include <array>

namespace wasl::flows {
namespace {

constexpr std::size_t kLineCharsMax = 34;
constexpr std::size_t kKinds = static_cast<std::size_t>(GraphNode::Kind::team) + 1;
const std::string kIsolateRight = "\u2067";  // what follows runs from right to left,
const std::string kIsolateEnd = "\u2069";    // up to here

/// How a kind of node looks.  The colours are light, so that black text is read on each.
struct Look {
  std::string_view name;
  std::string_view dot;
  std::string_view open;  ///< Mermaid's brackets
  std::string_view close;
  std::string_view fill;
};

const Look& look_of(GraphNode::Kind kind) {
  static constexpr std::array<Look, kKinds> kLooks{{
      {"start", "shape=ellipse", "([", "])", "#e8e8e8"},
      {"say", "shape=box", "(", ")", "#e3f1ff"},
      {"ask", "shape=hexagon", "{{", "}}", "#fff3c9"},
      {"set", "shape=note", "[", "]", "#f2f2f2"},
      {"branch", "shape=diamond", "{", "}", "#ffffff"},
      {"call", "shape=component", "[(", ")]", "#e6f5e1"},
      {"subflow", "shape=box3d", "[[", "]]", "#e3f1ff"},
      {"remind", "shape=cds", ">", "]", "#efe6fb"},
      {"search", "shape=folder", "[/", "/]", "#e6f5e1"},
      {"handoff", "shape=invhouse", "[\\", "/]", "#ffe1da"},
      {"end", "shape=ellipse, peripheries=2", "(((", ")))", "#e8e8e8"},
      {"intent", "shape=ellipse", "([", "])", "#e8e8e8"},
      {"flow", "shape=box", "(", ")", "#e3f1ff"},
      {"team", "shape=invhouse", "[\\", "/]", "#ffe1da"},
  }};
  return kLooks[static_cast<std::size_t>(kind)];
}

/// `text` in lines of at most kLineCharsMax, broken at spaces; a longer word stays whole.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view paragraph : split(text, '\n')) {
    std::string line;
    for (const std::string_view word : split(paragraph, ' ')) {
      if (word.empty()) continue;
      if (!line.empty() && code_points(line) + 1 + code_points(word) > kLineCharsMax) {
        lines.push_back(std::move(line));
        line.clear();
      }
      if (!line.empty()) line += ' ';
      line += word;
    }
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

template <typename Escape>
std::string label_of(const GraphNode& node, std::string_view line_break, Escape escape) {
  // Graphviz and browsers order a line from left to right unless it says otherwise.
  const bool leftwards = has_arabic(node.text);
  std::string label = escape(node.title);
  for (const std::string& line : lines_of(node.text)) {
    label += line_break;
    label += leftwards ? kIsolateRight + escape(line) + kIsolateEnd : escape(line);
  }
  return label;
}

/// Inside Graphviz's quotes: a backslash begins an escape, `&` an entity.
std::string dot_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    if (c == '&') {
      escaped += "&amp;";
    } else {
      escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

/// Inside Mermaid's quotes: what could begin markdown, a directive, HTML or an entity is written as
/// an entity.
std::string mermaid_text(std::string_view text) {
  constexpr std::string_view kMeaning = "\"#&<>%`\\";
  std::string escaped;
  for (const char c : text) {
    if (kMeaning.find(c) != std::string_view::npos) {
      escaped += "#" + std::to_string(static_cast<int>(c)) + ";";
    } else {
      escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

std::string id(std::size_t node) {
  return "n" + std::to_string(node);
}

}  // namespace

std::string to_dot(const Graph& graph) {
  std::string text = "digraph \"" + dot_text(graph.title) + "\" {\n";
  if (graph.sideways) text += "  rankdir=LR;\n";
  text +=
      "  node [fontname=\"sans-serif\", fontsize=11, style=filled];\n"
      "  edge [fontname=\"sans-serif\", fontsize=9];\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    const Look& look = look_of(node.kind);
    text += "  " + id(i) + " [" + std::string(look.dot) + ", fillcolor=\"" +
            std::string(look.fill) + "\", label=\"" + label_of(node, "\\n", dot_text) + "\"];\n";
  }
  for (const GraphEdge& edge : graph.edges) {
    text += "  " + id(edge.from) + " -> " + id(edge.to);
    std::string style;
    if (!edge.label.empty()) style = "label=\"" + dot_text(edge.label) + "\"";
    if (edge.failure) style += std::string(style.empty() ? "" : ", ") + "style=dashed";
    if (!style.empty()) text += " [" + style + "]";
    text += ";\n";
  }
  return text + "}\n";
}

std::string to_mermaid(const Graph& graph) {
  std::string text = std::string("flowchart ") + (graph.sideways ? "LR" : "TD") + "\n";
  std::array<bool, kKinds> used{};
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    const Look& look = look_of(node.kind);
    used[static_cast<std::size_t>(node.kind)] = true;
    text += "  " + id(i) + std::string(look.open) + "\"" + label_of(node, "<br>", mermaid_text) +
            "\"" + std::string(look.close) + ":::kind_" + std::string(look.name) + "\n";
  }
  for (const GraphEdge& edge : graph.edges) {
    text += "  " + id(edge.from) + (edge.failure ? " -.->" : " -->");
    if (!edge.label.empty()) text += "|\"" + mermaid_text(edge.label) + "\"|";
    text += " " + id(edge.to) + "\n";
  }
  for (std::size_t kind = 0; kind < used.size(); ++kind) {
    if (!used[kind]) continue;
    const Look& look = look_of(static_cast<GraphNode::Kind>(kind));
    text += "  classDef kind_" + std::string(look.name) + " fill:" + std::string(look.fill) +
            ",stroke:#444,color:#000\n";
  }
  return text;
}

}  // namespace wasl::flows
