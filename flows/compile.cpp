// Steps → flat instructions.
//
// The steps of a flow stand in file order, ended by an `end: resolved` of ours; the bodies of
// on_fail, on_error and on_not_found follow behind it, each ended by a jump back to where the flow
// goes on.  So nothing but `if` needs a jump around, and falling through means what it says.
#include "wasl/core/text.hpp"

#include "flows/compiler.hpp"

namespace wasl::flows {
namespace {

const std::vector<std::string> kStepNames{"say", "ask",    "set",    "if",      "call", "goto",
                                          "do",  "search", "remind", "handoff", "end"};

Type type_of(const CallSpec::Field& field) {
  using FieldType = CallSpec::Field::Type;
  switch (field.type) {
    case FieldType::number:
    case FieldType::money:
      return {Kind::number, {}};
    case FieldType::date:
      return {Kind::date, {}};
    case FieldType::time:
      return {Kind::time, {}};
    case FieldType::flag:
      return {Kind::flag, {}};
    case FieldType::choice:
      return {Kind::choice, field.choices};
    case FieldType::text:
      break;
  }
  return {Kind::text, {}};
}

}  // namespace

void Compiler::compile(const yaml::Node* slots, const yaml::Node& steps) {
  make_scope();
  if (slots != nullptr) checks(*slots);
  block(steps);
  emit(EndStep{"resolved"}, {});
  while (!later_.empty() && flow_.code.size() <= kInstructionsMax) {
    const Later body = later_.front();
    later_.pop_front();
    place(body);
  }
  if (flow_.code.size() > kInstructionsMax) {
    return complain(steps.at, "this flow is too long; split it");
  }
  for (const auto& [at, target] : gotos_) link(at, *target);
}

void Compiler::complain(yaml::Mark at, std::string what) {
  loading_.broken.insert(flow_.name);
  loading_.mistakes.add(file_, at, std::move(what));
}

std::uint32_t Compiler::emit(Instruction instruction, yaml::Mark at) {
  flow_.code.push_back(std::move(instruction));
  flow_.marks.push_back(at);
  body_of_.push_back(entries_.size() - 1);
  return static_cast<std::uint32_t>(flow_.code.size() - 1);
}

void Compiler::make_scope() {
  scope_ = built_in_names();
  for (const Slot& slot : flow_.slots) scope_[slot.name] = flows::type_of(slot);
  for (const auto& [save, call] : flow_.saves) {
    const CallSpec* spec = loading_.program.find_call(call);
    if (spec == nullptr) continue;
    for (const auto& field : spec->result) scope_[save + "." + field.name] = type_of(field);
  }
  for (const auto& [save, name] : flow_.returns) {
    const Flow* subflow = loading_.program.find_flow(name);
    if (subflow == nullptr) continue;
    for (const Slot& slot : subflow->slots) scope_[save + "." + slot.name] = flows::type_of(slot);
    scope_[save + ".outcome"] = {Kind::choice, subflow->outcomes};
  }
  for (const std::string& save : flow_.searches) {
    for (const std::string_view value : kArticleValues) {
      scope_[save + "." + std::string(value)] = {Kind::text, {}};
    }
  }
}

void Compiler::checks(const yaml::Node& slots) {
  for (Slot& slot : flow_.slots) {
    const yaml::Node* spec = slots.find(slot.name);
    const yaml::Node* check = spec == nullptr ? nullptr : spec->find("check");
    if (check == nullptr) continue;
    slot.check = expression(*check);
    if (slot.check && slot.check->type.kind != Kind::flag) {
      complain(check->at,
               "a condition is expected, this is " + std::string(describe(slot.check->type.kind)));
    }
  }
}

void Compiler::block(const yaml::Node& steps) {
  if (steps.is_null()) return;
  if (!steps.is_sequence()) return complain(steps.at, "a list of steps is expected: - say: …");
  for (const yaml::Node& node : steps.items) {
    if (flow_.code.size() > kInstructionsMax) return;
    step(node);
  }
}

void Compiler::step(const yaml::Node& node) {
  if (!node.is_map() || node.entries.empty()) {
    return complain(node.at, "a step is expected, like `say: …`");
  }
  std::string kind;
  for (const auto& [key, value] : node.entries) {
    if (!contains(kStepNames, key.scalar)) continue;
    if (!kind.empty()) {
      return complain(key.at,
                      "'" + kind + "' and '" + key.scalar + "' are two steps: begin each with -");
    }
    kind = key.scalar;
  }
  const auto& first = node.entries.front().key;
  if (kind.empty()) return complain(first.at, unknown("step", first.scalar, kStepNames));
  const yaml::Map map(file_, node, loading_.mistakes);
  label(map);
  if (kind == "say") say(map);
  if (kind == "ask") ask(map);
  if (kind == "set") set(map);
  if (kind == "if") branch(map);
  if (kind == "call") call(map);
  if (kind == "goto") jump(map);
  if (kind == "do") subflow(map);
  if (kind == "remind") remind(map);
  if (kind == "search") search(map);
  if (kind == "handoff") handoff(map);
  if (kind == "end") end(map);
}

void Compiler::label(const yaml::Map& map) {
  if (!map.has("id")) return;
  const std::string id = map.text("id");
  if (!labels_.try_emplace(id, here()).second) {
    complain(map.find("id")->at, "another step has the id '" + id + "'");
  }
}

void Compiler::jump(const yaml::Map& map) {
  map.only({"goto", "id"});
  const std::uint32_t at = emit(JumpStep{}, map.node().at);
  gotos_.emplace_back(at, map.find("goto"));
}

void Compiler::link(std::uint32_t at, const yaml::Node& target) {
  const auto found = labels_.find(target.scalar);
  if (found == labels_.end()) {
    complain(target.at, unknown("step id", target.scalar, keys_of(labels_)));
  } else {
    auto& jump = std::get<JumpStep>(flow_.code[at]);
    jump.to = found->second;
    const auto from = leaving(at, body_of_[jump.to]);
    if (from) {
      jump.forgets = asked_between(jump.to, *from);
    } else {
      complain(target.at,
               "a goto may leave on_fail, on_error and on_not_found, but not enter them");
    }
  }
}

std::optional<std::uint32_t> Compiler::leaving(std::uint32_t at, std::size_t body) const {
  while (body_of_[at] != body) {
    if (body_of_[at] == 0) return std::nullopt;
    at = entries_[body_of_[at]];
  }
  return at;
}

std::vector<std::string> Compiler::asked_between(std::uint32_t from, std::uint32_t to) const {
  std::vector<std::string> slots;
  for (std::uint32_t i = from; i <= to; ++i) {
    const auto* ask = std::get_if<AskStep>(&flow_.code[i]);
    if (ask != nullptr && !contains(slots, ask->slot)) slots.push_back(ask->slot);
  }
  return slots;
}

std::vector<Argument> Compiler::arguments(const yaml::Node* node, std::vector<Said::Given>* given) {
  std::vector<Argument> args;
  if (node == nullptr) return args;
  const yaml::Map map(file_, *node, loading_.mistakes);
  for (const auto& [name, value] : map.node().entries) {
    std::optional<Expression> parsed = expression(value);
    // A broken argument still counts as given, so that one mistake is told once.
    Said::Given arg{name.scalar, {Kind::none, {}}, name.at};
    if (parsed) {
      arg.type = parsed->type;
      if (arg.type.kind == Kind::none) complain(value.at, "an argument needs a value");
      args.push_back({name.scalar, std::move(*parsed)});
    }
    given->push_back(std::move(arg));
  }
  return args;
}

void Compiler::complain_missing(std::string_view part, yaml::Mark at, std::string what) {
  loading_.broken.insert(flow_.name);
  loading_.mistakes.add_missing(part, file_, at, std::move(what));
}

std::string_view Compiler::part_missing_for(std::string_view name) const {
  const std::string_view saved = name.substr(0, name.find('.'));
  if (const auto call = flow_.saves.find(saved); call != flow_.saves.end()) {
    return loading_.program.find_call(call->second) == nullptr ? "calls" : "";
  }
  if (const auto sub = flow_.returns.find(saved); sub != flow_.returns.end()) {
    return loading_.program.find_flow(sub->second) == nullptr ? "flows" : "";
  }
  return "";
}

std::optional<Expression> Compiler::expression(const yaml::Node& node) {
  if (!node.is_scalar()) {
    complain(node.at, "a value or a condition is expected here");
    return std::nullopt;
  }
  ExpressionMistake mistake;
  std::optional<Expression> parsed = parse_expression(node.scalar, scope_, mistake);
  if (parsed) return parsed;
  yaml::Mark at = node.at;
  at.column +=
      (node.quoted ? 1 : 0) +
      static_cast<int>(code_points(std::string_view(node.scalar).substr(0, mistake.offset)));
  complain_missing(part_missing_for(mistake.unknown), at, mistake.what);
  return std::nullopt;
}

void Compiler::place(const Later& body) {
  const std::uint32_t start = here();
  for (const auto member : body.of_ask) std::get<AskStep>(flow_.code[body.from]).*member = start;
  for (const auto member : body.of_call) {
    std::get<CallStep>(flow_.code[body.from]).*member = start;
  }
  for (const auto member : body.of_search) {
    std::get<SearchStep>(flow_.code[body.from]).*member = start;
  }
  entries_.push_back(body.from);
  if (body.steps == nullptr) {
    emit(HandoffStep{body.reason, ""}, {});
  } else {
    block(*body.steps);
    emit(JumpStep{body.from + 1}, {});
  }
}

}  // namespace wasl::flows
