// A compiled flow is a flat list with jumps; its picture has a node for each instruction that can
// be reached and no node for a jump.  What a failing ask or call leads to is drawn dashed, also
// where the author wrote nothing and the flow hands over by itself.
#include "wasl/flows/graph.hpp"

#include "wasl/core/check.hpp"

#include "flows/describe.hpp"
#include "flows/excerpt.hpp"

#include <map>
#include <tuple>

namespace wasl::flows {
namespace {

using Kind = GraphNode::Kind;

constexpr std::size_t kTextCharsMax = 140;
constexpr std::string_view kAnyTeam = "any team";

const CompiledProgram& compiled(const Program& program) {
  const auto* own = dynamic_cast<const CompiledProgram*>(&program);
  WASL_CHECK(own != nullptr);  // load_program makes no other
  return *own;
}

/// The first variant of an answer; "" when it has none in `language`.
std::string said_text(const CompiledProgram& program, std::string_view answer,
                      const std::string& language) {
  const Answer* found = program.find_answer(answer);
  if (found == nullptr) return "";
  const auto texts = found->say.find(language);
  if (texts == found->say.end() || texts->second.empty()) return "";
  return excerpt(texts->second.front().source, kTextCharsMax);
}

std::string written(const std::vector<Argument>& args, std::string_view sign) {
  std::string list;
  for (const Argument& arg : args) {
    list += (list.empty() ? "" : ", ") + arg.name + std::string(sign) + arg.value.source;
  }
  return list;
}

/// As an author writes it: `36h`, `2d`.
std::string duration_text(Millis duration) {
  constexpr std::pair<std::int64_t, std::string_view> kUnits[] = {
      {86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}};
  for (const auto& [size, unit] : kUnits) {
    if (duration.count() % size == 0) {
      return std::to_string(duration.count() / size) + std::string(unit);
    }
  }
  return std::to_string(duration.count()) + "ms";
}

/// When a reminder comes: `on day, at at, before 2h`.
std::string moment_of(const RemindStep& remind) {
  if (remind.cancel) return "cancel";
  if (remind.after) return "after " + duration_text(*remind.after);
  std::string text = "on " + remind.on.source;
  if (remind.at) text += ", at " + remind.at->source;
  if (remind.before.count() > 0) text += ", before " + duration_text(remind.before);
  return text;
}

/// Edges between the same two nodes of the same kind are one, with both labels.
void add_edge(Graph& graph, GraphEdge edge) {
  for (GraphEdge& known : graph.edges) {
    if (known.from != edge.from || known.to != edge.to || known.failure != edge.failure) continue;
    if (!edge.label.empty()) known.label += (known.label.empty() ? "" : ", ") + edge.label;
    return;
  }
  graph.edges.push_back(std::move(edge));
}

class FlowDrawing {
 public:
  FlowDrawing(const CompiledProgram& program, const Flow& flow, std::string language)
      : program_(program), flow_(flow), language_(std::move(language)) {}

  Graph draw() {
    graph_.title = flow_.name;
    graph_.nodes.push_back(
        {Kind::start, flow_.name, flow_.intent.empty() ? "" : "intent " + flow_.intent});
    connect(0, 0, "", false);
    for (std::size_t next = 0; next < open_.size(); ++next) step(open_[next]);
    return std::move(graph_);
  }

 private:
  /// The instruction that a jump to `at` arrives at in the end.
  [[nodiscard]] std::uint32_t landing(std::uint32_t at) const {
    for (std::size_t jumps = 0; jumps < flow_.code.size(); ++jumps) {
      const auto* jump = std::get_if<JumpStep>(&flow_.code[at]);
      if (jump == nullptr) break;
      at = jump->to;
    }
    return at;
  }

  void connect(std::size_t from, std::uint32_t to, std::string label, bool failure) {
    to = landing(to);
    const auto [known, fresh] = nodes_.try_emplace(to, graph_.nodes.size());
    if (fresh) {
      graph_.nodes.emplace_back();
      open_.push_back(to);
    }
    add_edge(graph_, {from, known->second, std::move(label), failure});
  }

  void step(std::uint32_t at) {
    const std::size_t node = nodes_.at(at);
    graph_.nodes[node] = describe(flow_.code[at]);
    leave(node, at);
  }

  [[nodiscard]] GraphNode describe(const Instruction& instruction) const {
    const auto [kind, text] = std::visit(
        Overloaded{
            [&](const SayStep& say) { return std::pair(Kind::say, text_of(say.answer)); },
            [&](const AskStep& ask) {
              return std::pair(Kind::ask, text_of(ask.answer) + values_of(ask));
            },
            [](const SetStep& set) { return std::pair(Kind::set, written(set.slots, " = ")); },
            [](const BranchStep& branch) { return std::pair(Kind::branch, branch.when.source); },
            [](const JumpStep&) { return std::pair(Kind::set, std::string("itself")); },
            [](const CallStep& call) { return std::pair(Kind::call, written(call.args, ": ")); },
            [](const DoStep& part) { return std::pair(Kind::subflow, written(part.args, ": ")); },
            [&](const RemindStep& remind) { return std::pair(Kind::remind, when(remind)); },
            [](const SearchStep& search) {
              return std::pair(Kind::search, search.words ? search.words->source : std::string());
            },
            [](const HandoffStep& handoff) { return std::pair(Kind::handoff, handoff.team); },
            [](const EndStep& end) { return std::pair(Kind::end, end.outcome); },
        },
        instruction);
    return {kind, title_of(instruction, flow_), text};
  }

  void leave(std::size_t node, std::uint32_t at) {
    const std::uint32_t next = at + 1;
    std::visit(Overloaded{
                   [&](const SayStep&) { connect(node, next, "", false); },
                   [&](const AskStep& ask) {
                     connect(node, next, "", false);
                     connect(node, ask.on_fail, "on_fail after " + std::to_string(ask.max_tries),
                             true);
                   },
                   [&](const SetStep&) { connect(node, next, "", false); },
                   [&](const BranchStep& branch) {
                     connect(node, next, "then", false);
                     connect(node, branch.otherwise, "else", false);
                   },
                   [](const JumpStep&) {},  // only one to itself stays a node
                   [&](const CallStep& call) {
                     connect(node, next, call.save, false);
                     connect(node, call.on_not_found, "on_not_found", true);
                     connect(node, call.on_error, "on_error", true);
                   },
                   [&](const DoStep& part) { connect(node, next, part.save, false); },
                   [&](const RemindStep&) { connect(node, next, "", false); },
                   [&](const SearchStep& search) {
                     connect(node, next, search.save, false);
                     connect(node, search.on_not_found, "on_not_found", true);
                   },
                   [](const HandoffStep&) {},
                   [](const EndStep&) {},
               },
               flow_.code[at]);
  }

  [[nodiscard]] std::string text_of(const std::string& answer) const {
    return said_text(program_, answer, language_);
  }

  /// When a reminder comes, and its text.
  [[nodiscard]] std::string when(const RemindStep& remind) const {
    const std::string text = remind.cancel ? "" : text_of(remind.answer);
    return moment_of(remind) + (text.empty() ? "" : "\n" + text);
  }

  /// The buttons under a question, each on a line.
  [[nodiscard]] std::string values_of(const AskStep& ask) const {
    const Slot* slot = flow_.find_slot(ask.slot);
    std::string list;
    if (slot == nullptr) return list;
    for (const Choice& choice : slot->values) list += "\n[" + choice.title(language_) + "]";
    return list;
  }

  const CompiledProgram& program_;
  const Flow& flow_;
  std::string language_;
  Graph graph_;
  std::map<std::uint32_t, std::size_t> nodes_;  ///< by instruction
  std::vector<std::uint32_t> open_;             ///< in the order they were met
};

class OverviewDrawing {
 public:
  OverviewDrawing(const CompiledProgram& program, std::string language)
      : program_(program), language_(std::move(language)) {}

  Graph draw() {
    graph_.title = "overview";
    graph_.sideways = true;
    for (const auto& [intent, flow] : program_.starts) {
      if (program_.find_flow(flow) == nullptr) continue;
      add_edge(graph_, {node(Kind::intent, intent), flow_node(flow), "", false});
    }
    for (const auto& [name, flow] : program_.flows) uses_of(flow);
    return std::move(graph_);
  }

 private:
  std::size_t node(Kind kind, const std::string& title, std::string text = "") {
    const auto [known, fresh] = nodes_.try_emplace({kind, title}, graph_.nodes.size());
    if (fresh) graph_.nodes.push_back({kind, title, std::move(text)});
    return known->second;
  }

  std::size_t flow_node(const std::string& name) {
    const Titles& titles = program_.find_flow(name)->titles;
    const auto title = titles.find(language_);
    return node(Kind::flow, name, title == titles.end() ? "" : title->second);
  }

  void uses_of(const Flow& flow) {
    const std::size_t from = flow_node(flow.name);
    for (std::size_t at = 0; at < flow.code.size(); ++at) {
      const bool own = at >= flow.marks.size() || flow.marks[at].line == 0;
      std::visit(Overloaded{
                     [](const SayStep&) {},
                     [](const AskStep&) {},
                     [](const SetStep&) {},
                     [](const BranchStep&) {},
                     [](const JumpStep&) {},
                     [&](const CallStep& call) {
                       once({from, node(Kind::call, call.call), "", false});
                     },
                     [&](const DoStep& part) {
                       if (program_.find_flow(part.flow) == nullptr) return;
                       once({from, flow_node(part.flow), "do", false});
                     },
                     [](const RemindStep&) {},
                     [](const SearchStep&) {},
                     [&](const HandoffStep& handoff) {
                       const std::string team =
                           handoff.team.empty() ? std::string(kAnyTeam) : handoff.team;
                       once({from, node(Kind::team, team), handoff.reason, own});
                     },
                     [](const EndStep&) {},
                 },
                 flow.code[at]);
    }
  }

  /// A flow that calls twice has one arrow.
  void once(GraphEdge edge) {
    const auto key = std::tuple(edge.from, edge.to, edge.label, edge.failure);
    if (!drawn_.try_emplace(key, true).second) return;
    add_edge(graph_, std::move(edge));
  }

  const CompiledProgram& program_;
  std::string language_;
  Graph graph_;
  std::map<std::pair<Kind, std::string>, std::size_t> nodes_;
  std::map<std::tuple<std::size_t, std::size_t, std::string, bool>, bool> drawn_;
};

}  // namespace

std::optional<Graph> flow_graph(const Program& program, std::string_view flow,
                                const std::string& language) {
  const CompiledProgram& own = compiled(program);
  const Flow* found = own.find_flow(flow);
  if (found == nullptr) return std::nullopt;
  return FlowDrawing(own, *found, language).draw();
}

Graph overview_graph(const Program& program, const std::string& language) {
  return OverviewDrawing(compiled(program), language).draw();
}

}  // namespace wasl::flows
