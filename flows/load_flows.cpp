// flows/*.yml: first every flow without its steps, then the steps (compile.cpp), which may name any
// flow.
#include "wasl/core/text.hpp"

#include "flows/compiler.hpp"

namespace wasl::flows {
namespace {

/// What the steps below `node` keep under a name, and how they end.
void collect(const yaml::Node& node, const std::string& file, Flow& flow, Loading& loading) {
  for (const yaml::Node& item : node.items) collect(item, file, flow, loading);
  for (const auto& [key, value] : node.entries) {
    if (!value.is_scalar()) collect(value, file, flow, loading);
  }
  const yaml::Node* end = node.find("end");
  if (end != nullptr && end->is_scalar() && !contains(flow.outcomes, end->scalar)) {
    flow.outcomes.push_back(end->scalar);
  }
  const yaml::Node* save = node.find("save");
  if (save == nullptr || !save->is_scalar()) return;
  if (node.find("search") != nullptr) flow.searches.push_back(save->scalar);
  for (auto& [kind, names] : {std::pair{"call", &flow.saves}, {"do", &flow.returns}}) {
    const yaml::Node* source = node.find(kind);
    if (source == nullptr || !source->is_scalar()) continue;
    const auto& others = names == &flow.saves ? flow.returns : flow.saves;
    const auto other = others.find(save->scalar);
    const auto [found, added] = names->try_emplace(save->scalar, source->scalar);
    if (other == others.end() && (added || found->second == source->scalar)) continue;
    const std::string& holds = other == others.end() ? found->second : other->second;
    loading.mistakes.add(file, save->at,
                         "'" + save->scalar + "' already holds the result of " + holds);
  }
}

Titles read_flow_title(const yaml::Map& map, Loading& loading) {
  if (!map.has("title")) return {};
  const yaml::Map inner(map.file(), *map.find("title"), loading.mistakes);
  for (const auto& [key, title] : inner.node().entries) {
    if (loading.program.languages.count(key.scalar) > 0) continue;
    std::vector<std::string> languages;
    for (const auto& [language, tag] : loading.program.languages) languages.push_back(language);
    inner.complain(key.at, unknown("language", key.scalar, languages));
  }
  return read_titles(inner, "this flow", loading);
}

void read_start(const yaml::Map& map, Flow& flow, Loading& loading) {
  if (!map.has("start")) return;
  const yaml::Map start(map.file(), *map.find("start"), loading.mistakes);
  start.only({"intent"});
  flow.intent = start.text("intent");
  if (flow.intent.empty()) return;
  const yaml::Mark at = start.find("intent")->at;
  if (!contains(loading.known.intents, flow.intent)) {
    start.complain_missing("intents", at, unknown("intent", flow.intent, loading.known.intents));
  }
  const auto [other, added] = loading.program.starts.try_emplace(flow.intent, flow.name);
  if (!added) {
    start.complain(at, "intent '" + flow.intent + "' already starts flow '" + other->second + "'");
  }
}

void load_flow(const yaml::Node& node, const std::string& file, Loading& loading) {
  const yaml::Map map(file, node, loading.mistakes);
  map.only({"flow", "description", "title", "start", "help", "slots", "steps"});
  Flow flow;
  flow.name = map.text("flow");
  flow.description = map.text_or("description", "");
  if (flow.name.empty()) return;
  if (!is_name(flow.name) || flow.name.find('.') != std::string::npos) {
    map.complain(map.find("flow")->at,
                 "'" + flow.name + "' is no flow name: letters, digits and _");
  }
  const auto [place, added] =
      loading.places.try_emplace("flow " + flow.name, file + ":" + std::to_string(node.at.line));
  if (!added) {
    map.complain(map.find("flow")->at,
                 "flow '" + flow.name + "' is already defined at " + place->second);
    return;
  }
  flow.titles = read_flow_title(map, loading);
  read_start(map, flow, loading);
  flow.help = static_cast<int>(map.whole_or("help", 0, 1, 99));
  if (map.has("slots")) load_slots(*map.find("slots"), file, flow, loading);
  const yaml::Node* steps = map.find("steps");
  if (steps != nullptr) {
    collect(*steps, file, flow, loading);
  } else {
    map.complain(node.at, "missing 'steps'");
  }
  if (!contains(flow.outcomes, "resolved")) flow.outcomes.emplace_back("resolved");
  flow.file = file;
  loading.unread.push_back({flow.name, file, node.at, map.has("start"), map.find("slots"), steps});
  const std::string name = flow.name;
  loading.program.flows.emplace(name, std::move(flow));
}

}  // namespace

void load_flows(const yaml::Document& document, Loading& loading) {
  if (document.root.is_null()) return;
  if (!document.root.is_sequence()) {
    loading.mistakes.add(document.file, document.root.at, "a list of flows is expected: - flow: …");
    loading.mistakes.leave_unread(document.file);
    return;
  }
  for (const yaml::Node& node : document.root.items) load_flow(node, document.file, loading);
}

void compile_flows(Loading& loading) {
  for (const Unread& unread : loading.unread) {
    Flow& flow = loading.program.flows.find(unread.flow)->second;
    if (unread.steps != nullptr) {
      Compiler(unread.file, flow, loading).compile(unread.slots, *unread.steps);
    } else {
      loading.broken.insert(flow.name);
    }
  }
  for (const Said& place : loading.forgotten) {
    if (loading.reminders.count(place.answer) > 0) continue;
    const std::vector<std::string> known(loading.reminders.begin(), loading.reminders.end());
    loading.mistakes.add_missing("flows", place.file, place.at,
                                 unknown("reminder", place.answer, known));
  }
}

}  // namespace wasl::flows
