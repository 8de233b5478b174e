// The golden files are read by people: `WASL_WRITE_GOLDEN=1 flows_test` writes them anew, and the
// difference belongs into the commit that causes it.
#include "wasl/flows/graph.hpp"

#include "flows/excerpt.hpp"
#include "tests/flows/bot_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace wasl::flows::test {
namespace {

std::shared_ptr<const Program> program_of(const BotFolder& folder) {
  std::shared_ptr<const Program> program;
  for (const std::string& mistake : mistakes_of(folder, &program)) ADD_FAILURE() << mistake;
  return program;
}

std::shared_ptr<const Program> shop() {
  const BotFolder folder;
  write_shop(folder);
  return program_of(folder);
}

void expect_golden(const std::string& name, const std::string& text) {
  const auto file = std::filesystem::path(WASL_SOURCE_DIR) / "tests/flows/golden" / name;
  if (std::getenv("WASL_WRITE_GOLDEN") != nullptr) std::ofstream(file) << text;
  std::ostringstream wanted;
  wanted << std::ifstream(file).rdbuf();
  EXPECT_EQ(text, wanted.str()) << file;
}

const GraphNode* find(const Graph& graph, std::string_view title) {
  const auto found = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                  [&](const GraphNode& node) { return node.title == title; });
  return found == graph.nodes.end() ? nullptr : &*found;
}

const GraphEdge* edge(const Graph& graph, std::string_view from, std::string_view to) {
  for (const GraphEdge& one : graph.edges) {
    if (graph.nodes[one.from].title == from && graph.nodes[one.to].title == to) return &one;
  }
  return nullptr;
}

TEST(Graph, GoldenFiles) {
  const auto program = shop();
  ASSERT_NE(program, nullptr);
  for (const std::string language : {"en", "ar"}) {
    for (const std::string flow : {"track_order", "get_refund"}) {
      const auto graph = flow_graph(*program, flow, language);
      ASSERT_TRUE(graph) << flow;
      expect_golden(flow + "." + language + ".dot", to_dot(*graph));
      expect_golden(flow + "." + language + ".mmd", to_mermaid(*graph));
    }
    const Graph overview = overview_graph(*program, language);
    expect_golden("overview." + language + ".dot", to_dot(overview));
    expect_golden("overview." + language + ".mmd", to_mermaid(overview));
  }
}

TEST(Graph, HasNoNodeForAJumpAndDrawsFailuresDashed) {
  const auto graph = flow_graph(*shop(), "track_order", "en");
  ASSERT_TRUE(graph);
  const GraphEdge* none = edge(*graph, "call orders.lookup", "say not_found");
  ASSERT_NE(none, nullptr);
  EXPECT_TRUE(none->failure);
  EXPECT_EQ(none->label, "on_not_found");
  const GraphEdge* yes = edge(*graph, "if", "say shipped");
  ASSERT_NE(yes, nullptr);
  EXPECT_FALSE(yes->failure);
  EXPECT_EQ(yes->label, "then");
  EXPECT_NE(edge(*graph, "say shipped", "end"), nullptr) << "over the jump around else";
  EXPECT_EQ(find(*graph, "goto"), nullptr);
  EXPECT_EQ(find(*graph, "if")->text, "order.status == \"shipped\"");
}

TEST(Graph, ShowsTheHandoffAFlowMakesByItself) {
  const auto graph = flow_graph(*shop(), "get_refund", "en");
  ASSERT_TRUE(graph);
  const GraphEdge* lost = edge(*graph, "ask order_number", "handoff lost");
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->label, "on_fail after 3");
  EXPECT_TRUE(lost->failure);
  EXPECT_EQ(find(*graph, "ask reason")->text, "Why?\n[It is damaged]\n[Another reason]");
}

TEST(Graph, ALoopAndAnUnknownFlow) {
  const BotFolder folder;
  folder.write("flows/a.yml", R"(
- flow: greet
  start: {intent: greet}
  slots: {city: {type: entity, entity: city}}
  steps:
    - ask: city
      id: again
    - say: hello
    - if: city == "riyadh"
      then: [{goto: again}]
)");
  folder.write("answers/a.yml",
               "greet: {ask_city: {ar: أين, en: Where}, hello: {ar: أهلًا, en: Hello}}\n");
  const auto program = program_of(folder);
  ASSERT_NE(program, nullptr);
  const auto graph = flow_graph(*program, "greet", "en");
  ASSERT_TRUE(graph);
  EXPECT_NE(edge(*graph, "if", "ask city"), nullptr);
  EXPECT_FALSE(flow_graph(*program, "nothing", "en"));
}

TEST(Graph, ASubflowIsANodeAndAFlowOfTheOverview) {
  const BotFolder folder;
  folder.write("flows/a.yml", R"(
- flow: greet
  start: {intent: greet}
  steps: [{do: place, save: at}, {say: hello}]
- flow: place
  slots: {city: {type: entity, entity: city}}
  steps: [{ask: city}]
)");
  folder.write("answers/a.yml",
               "greet: {hello: {ar: أهلًا, en: Hello}}\nplace: {ask_city: {ar: أين, en: Where}}\n");
  const auto program = program_of(folder);
  ASSERT_NE(program, nullptr);
  const auto graph = flow_graph(*program, "greet", "en");
  ASSERT_TRUE(graph);
  ASSERT_NE(edge(*graph, "do place", "say hello"), nullptr);
  EXPECT_EQ(edge(*graph, "do place", "say hello")->label, "at");
  const Graph overview = overview_graph(*program, "en");
  ASSERT_NE(edge(overview, "greet", "place"), nullptr);
  EXPECT_EQ(edge(overview, "greet", "place")->label, "do");
  EXPECT_EQ(flow_graph(*program, "place", "en")->nodes[0].text, "") << "no intent starts it";
}

TEST(Graph, WhatAnAuthorWroteStaysALabel) {
  Graph graph;
  graph.title = "\"; evil [\\";
  graph.nodes.push_back(
      {GraphNode::Kind::say, "say \"x\"] ; n9 -> n8", "a\\N & <b> #quot; %%{init}%%"});
  graph.nodes.push_back({GraphNode::Kind::end, "end", "`**bold**` ))) \n\x01 |pipe|"});
  graph.edges.push_back({0, 1, "a\"b|c\\", true});
  expect_golden("hostile.dot", to_dot(graph));
  expect_golden("hostile.mmd", to_mermaid(graph));
}

TEST(Excerpt, IsTheTextAsSkimmed) {
  struct Row {
    const char* source;
    const char* shown;
  };
  for (const Row& row : {
           Row{"Your order {number} arrives on {eta, date, ::dMMMM}.",
               "Your order {number} arrives on {eta}."},
           {"{count, plural, one {one item} other {# items}}", "{count} items"},
           {"{x, select, none {nothing} other {{x} there}}", "{x} there"},
           {"two\n  lines", "two lines"},
           {"open {brace", "open {brace}"},
           {"", ""},
           {"أين طلبك {number}؟", "أين طلبك {number}؟"},
       }) {
    EXPECT_EQ(excerpt(row.source, 80), row.shown) << row.source;
  }
  EXPECT_EQ(excerpt("السلام عليكم ورحمة الله", 10), "السلام عل…");
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "{a, select, other {";
  EXPECT_LE(excerpt(deep, 50).size(), 60U);
}

}  // namespace
}  // namespace wasl::flows::test
