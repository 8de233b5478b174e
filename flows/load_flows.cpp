// flows/*.yml → flat instructions: first every flow without its steps, then the steps, which may
// name any flow.
//
// The steps of a flow stand in file order, ended by an `end: resolved` of ours; the bodies of
// on_fail, on_error and on_not_found follow behind it, each ended by a jump back to where the flow
// goes on.  So nothing but `if` needs a jump around, and falling through means what it says.
#include "wasl/core/text.hpp"

#include "flows/load.hpp"

#include <algorithm>
#include <deque>

namespace wasl::flows {
namespace {

const std::vector<std::string> kStepNames{"say", "ask",    "set",    "if",      "call", "goto",
                                          "do",  "search", "remind", "handoff", "end"};
constexpr Millis kReminderMax{365LL * 24 * 3600 * 1000};

std::size_t buttons_of(const Slot& slot) {
  return slot.type == SlotType::yes_no ? 2 : slot.values.size();
}

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

class Compiler {
 public:
  Compiler(const std::string& file, Flow& flow, Loading& loading)
      : file_(file), flow_(flow), loading_(loading) {}

  void compile(const yaml::Node* slots, const yaml::Node& steps) {
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

 private:
  /// A body that stands behind the flow, and who jumps to it.
  struct Later {
    const yaml::Node* steps = nullptr;  ///< or hand over for `reason`
    std::string reason;
    std::uint32_t from = 0;
    std::vector<std::uint32_t AskStep::*> of_ask;
    std::vector<std::uint32_t CallStep::*> of_call;
    std::vector<std::uint32_t SearchStep::*> of_search = {};
  };

  void complain(yaml::Mark at, std::string what) {
    loading_.broken.insert(flow_.name);
    loading_.mistakes.add(file_, at, std::move(what));
  }

  std::uint32_t emit(Instruction instruction, yaml::Mark at) {
    flow_.code.push_back(std::move(instruction));
    flow_.marks.push_back(at);
    body_of_.push_back(entries_.size() - 1);
    return static_cast<std::uint32_t>(flow_.code.size() - 1);
  }
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(flow_.code.size()); }

  void make_scope() {
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

  /// What slots must fulfil.  Their own name stands for the value that was said.
  void checks(const yaml::Node& slots) {
    for (Slot& slot : flow_.slots) {
      const yaml::Node* spec = slots.find(slot.name);
      const yaml::Node* check = spec == nullptr ? nullptr : spec->find("check");
      if (check == nullptr) continue;
      slot.check = expression(*check);
      if (slot.check && slot.check->type.kind != Kind::flag) {
        complain(check->at, "a condition is expected, this is " +
                                std::string(describe(slot.check->type.kind)));
      }
    }
  }

  void block(const yaml::Node& steps) {
    if (steps.is_null()) return;
    if (!steps.is_sequence()) return complain(steps.at, "a list of steps is expected: - say: …");
    for (const yaml::Node& node : steps.items) {
      if (flow_.code.size() > kInstructionsMax) return;
      step(node);
    }
  }

  void step(const yaml::Node& node) {
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

  void label(const yaml::Map& map) {
    if (!map.has("id")) return;
    const std::string id = map.text("id");
    if (!labels_.try_emplace(id, here()).second) {
      complain(map.find("id")->at, "another step has the id '" + id + "'");
    }
  }

  std::string answer_key(const std::string& key) const {
    return key.find('.') == std::string::npos ? flow_.name + "." + key : key;
  }

  void say(const yaml::Map& map) {
    map.only({"say", "args", "id"});
    SayStep step;
    step.answer = answer_key(map.text("say"));
    Said said{file_, map.find("say")->at, step.answer, false, false, 0, {}};
    step.args = arguments(map.find("args"), &said.args);
    loading_.said.push_back(std::move(said));
    emit(std::move(step), map.node().at);
  }

  void ask(const yaml::Map& map) {
    map.only({"ask", "args", "max_tries", "on_fail", "id"});
    AskStep step;
    step.slot = map.text("ask");
    step.answer = flow_.name + ".ask_" + step.slot;
    const Slot* slot = flow_.find_slot(step.slot);
    if (slot == nullptr) {
      complain(map.find("ask")->at, unknown("slot", step.slot, slot_names()));
    } else {
      const bool checks = slot->check.has_value();
      Said said{file_, map.find("ask")->at, step.answer, true, checks, buttons_of(*slot), {}};
      step.args = arguments(map.find("args"), &said.args);
      loading_.said.push_back(std::move(said));
    }
    step.max_tries = static_cast<int>(map.whole_or("max_tries", 3, 1, 10));
    const std::uint32_t at = emit(std::move(step), map.node().at);
    later_.push_back({map.find("on_fail"), "lost", at, {&AskStep::on_fail}, {}});
  }

  void set(const yaml::Map& map) {
    map.only({"set", "id"});
    SetStep step;
    const yaml::Map slots(file_, *map.find("set"), loading_.mistakes);
    for (const auto& [name, node] : slots.node().entries) {
      const Slot* slot = flow_.find_slot(name.scalar);
      if (slot == nullptr) {
        complain(name.at, unknown("slot", name.scalar, slot_names()));
        continue;
      }
      std::optional<Expression> value = expression(node);
      if (!value) continue;
      check_set(*slot, *value, node.at);
      step.slots.push_back({name.scalar, std::move(*value)});
    }
    emit(std::move(step), map.node().at);
  }

  void check_set(const Slot& slot, const Expression& value, yaml::Mark at) {
    const Type want = flows::type_of(slot);
    const Type& have = value.type;
    if (have.kind == Kind::none) return;
    if (want.kind == Kind::choice && (have.kind == Kind::text || have.kind == Kind::choice)) {
      std::vector<std::string> given = have.choices;
      const auto* literal = std::get_if<std::string>(&value.nodes.back().value);
      if (literal != nullptr) given = {*literal};
      for (const std::string& word : given) {
        if (!contains(want.choices, word)) {
          complain(at, "'" + word + "' is no value of slot '" + slot.name + "'" +
                           did_you_mean(word, want.choices));
        }
      }
      return;
    }
    const auto* written = std::get_if<std::string>(&value.nodes.back().value);
    const bool as_text = want.kind == Kind::date || want.kind == Kind::time;
    if (as_text && have.kind == Kind::text && written != nullptr) {
      if (reads_as(want.kind, *written)) return;
      return complain(at, want.kind == Kind::date ? "write a date like \"2026-12-01\""
                                                  : "write a time like \"17:30\"");
    }
    const bool fits =
        want.kind == have.kind || (want.kind == Kind::text && have.kind == Kind::choice);
    if (!fits) {
      complain(at, "slot '" + slot.name + "' holds " + std::string(describe(want.kind)) +
                       ", this is " + std::string(describe(have.kind)));
    }
  }

  void branch(const yaml::Map& map) {
    map.only({"if", "then", "else", "id"});
    BranchStep step;
    const yaml::Node& condition = *map.find("if");
    if (std::optional<Expression> when = expression(condition)) {
      if (when->type.kind != Kind::flag) {
        complain(condition.at,
                 "a condition is expected, this is " + std::string(describe(when->type.kind)));
      }
      step.when = std::move(*when);
    }
    const std::uint32_t at = emit(std::move(step), map.node().at);
    if (map.has("then")) {
      block(*map.find("then"));
    } else {
      complain(map.node().at, "missing 'then'");
    }
    if (map.has("else")) {
      const std::uint32_t over = emit(JumpStep{}, {});
      std::get<BranchStep>(flow_.code[at]).otherwise = here();
      block(*map.find("else"));
      std::get<JumpStep>(flow_.code[over]).to = here();
    } else {
      std::get<BranchStep>(flow_.code[at]).otherwise = here();
    }
  }

  void call(const yaml::Map& map) {
    map.only({"call", "with", "save", "on_error", "on_not_found", "id"});
    CallStep step;
    step.call = map.text("call");
    std::vector<Said::Given> given;
    step.args = arguments(map.find("with"), &given);
    step.save = map.text_or("save", "");
    check_save(map, step.save);
    if (const CallSpec* spec = loading_.program.find_call(step.call)) {
      check_with(*spec, given, map);
    } else {
      complain(map.find("call")->at, unknown("call", step.call, keys_of(loading_.program.calls)));
    }
    const std::uint32_t at = emit(std::move(step), map.node().at);
    Later error{map.find("on_error"), "backend_error", at, {}, {&CallStep::on_error}};
    if (map.has("on_not_found")) {
      later_.push_back({map.find("on_not_found"), "", at, {}, {&CallStep::on_not_found}});
    } else {
      error.of_call.push_back(&CallStep::on_not_found);
    }
    later_.push_back(std::move(error));
  }

  void check_save(const yaml::Map& map, const std::string& save) {
    if (save.empty()) return;
    if (!is_name(save) || save.find('.') != std::string::npos || is_taken(save)) {
      complain(map.find("save")->at, "'" + save + "' is no name: letters, digits and _");
    }
  }

  void search(const yaml::Map& map) {
    map.only({"search", "save", "on_not_found", "id"});
    SearchStep step;
    if (const yaml::Node& words = *map.find("search"); !words.is_null()) {
      step.words = expression(words);
      if (step.words && step.words->type.kind != Kind::text &&
          step.words->type.kind != Kind::choice) {
        complain(words.at,
                 "a text is searched for, this is " + std::string(describe(step.words->type.kind)));
      }
    }
    step.save = map.text("save");
    check_save(map, step.save);
    if (flow_.saves.count(step.save) > 0 || flow_.returns.count(step.save) > 0) {
      complain(map.find("save")->at, "'" + step.save + "' already holds another result");
    }
    const std::uint32_t at = emit(std::move(step), map.node().at);
    later_.push_back({map.find("on_not_found"), "lost", at, {}, {}, {&SearchStep::on_not_found}});
  }

  void subflow(const yaml::Map& map) {
    map.only({"do", "with", "save", "id"});
    DoStep step;
    step.flow = map.text("do");
    step.save = map.text_or("save", "");
    check_save(map, step.save);
    std::vector<Said::Given> given;
    step.args = arguments(map.find("with"), &given);
    const Flow* other = loading_.program.find_flow(step.flow);
    if (other == nullptr) {
      complain(map.find("do")->at, unknown("flow", step.flow, keys_of(loading_.program.flows)));
    } else {
      check_given(*other, step.args, given);
      loading_.done.push_back({file_, map.find("do")->at, flow_.name, step.flow});
    }
    emit(std::move(step), map.node().at);
  }

  void check_given(const Flow& other, const std::vector<Argument>& args,
                   const std::vector<Said::Given>& given) {
    for (const Said::Given& one : given) {
      const Slot* slot = other.find_slot(one.name);
      const auto arg = std::find_if(args.begin(), args.end(),
                                    [&](const Argument& a) { return a.name == one.name; });
      if (slot == nullptr) {
        complain(one.at, "flow '" + other.name + "' has no slot '" + one.name + "'" +
                             did_you_mean(one.name, slots_of(other)));
      } else if (arg != args.end()) {
        check_set(*slot, arg->value, one.at);
      }
    }
  }

  /// Every `{argument}` is given; where arguments are not the body, there is room for no other.
  void check_with(const CallSpec& spec, const std::vector<Said::Given>& given,
                  const yaml::Map& map) {
    const std::vector<std::string> wanted = arguments_of(spec);
    for (const std::string& name : wanted) {
      const bool found = std::any_of(given.begin(), given.end(),
                                     [&](const auto& arg) { return arg.name == name; });
      if (!found) {
        complain(map.find("call")->at,
                 "call '" + spec.name + "' needs '" + name + "': add it to with");
      }
    }
    for (const Said::Given& arg : given) {
      if (!sends_rest(spec) && !contains(wanted, arg.name)) {
        complain(arg.at, "call '" + spec.name + "' does not use '" + arg.name + "'" +
                             did_you_mean(arg.name, wanted));
      }
    }
  }

  void jump(const yaml::Map& map) {
    map.only({"goto", "id"});
    const std::uint32_t at = emit(JumpStep{}, map.node().at);
    gotos_.emplace_back(at, map.find("goto"));
  }

  void link(std::uint32_t at, const yaml::Node& target) {
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

  /// Where `at`, or the step whose body it is in, stands in `body`; nothing when it is outside.
  [[nodiscard]] std::optional<std::uint32_t> leaving(std::uint32_t at, std::size_t body) const {
    while (body_of_[at] != body) {
      if (body_of_[at] == 0) return std::nullopt;
      at = entries_[body_of_[at]];
    }
    return at;
  }

  /// The slots asked from one step to another behind it.
  [[nodiscard]] std::vector<std::string> asked_between(std::uint32_t from, std::uint32_t to) const {
    std::vector<std::string> slots;
    for (std::uint32_t i = from; i <= to; ++i) {
      const auto* ask = std::get_if<AskStep>(&flow_.code[i]);
      if (ask != nullptr && !contains(slots, ask->slot)) slots.push_back(ask->slot);
    }
    return slots;
  }

  void remind(const yaml::Map& map) {
    map.only({"remind", "args", "after", "on", "at", "before", "cancel", "id"});
    RemindStep step;
    step.answer = answer_key(map.text("remind"));
    step.cancel = map.flag_or("cancel", false);
    Said said{file_, map.find("remind")->at, step.answer, false, false, 0, {}};
    step.args = arguments(map.find("args"), &said.args);
    if (step.cancel) {
      for (const char* key : {"args", "after", "on", "at", "before"}) {
        if (map.has(key))
          complain(map.find(key)->at, "a cancelled reminder needs no '" + std::string(key) + "'");
      }
      loading_.forgotten.push_back(std::move(said));
    } else {
      remind_when(map, step);
      loading_.reminders.insert(step.answer);
      loading_.said.push_back(std::move(said));
    }
    emit(std::move(step), map.node().at);
  }

  void remind_when(const yaml::Map& map, RemindStep& step) {
    if (map.has("after") == map.has("on")) {
      return complain(map.node().at, "a reminder comes `after` a while or `on` a date: write one");
    }
    if (map.has("after")) {
      step.after = map.duration_or("after", Millis{0});
      if (*step.after > kReminderMax) {
        complain(map.find("after")->at, "a reminder comes within 365d");
      }
      for (const char* key : {"at", "before"}) {
        if (map.has(key)) complain(map.find(key)->at, "'" + std::string(key) + "' goes with 'on'");
      }
      return;
    }
    if (auto on = expression_of(Kind::date, *map.find("on"))) step.on = std::move(*on);
    if (map.has("at")) step.at = expression_of(Kind::time, *map.find("at"));
    step.before = map.duration_or("before", Millis{0});
    if (step.before > kReminderMax) complain(map.find("before")->at, "write at most 365d");
  }

  /// An expression of that kind; a date or time may be written out, in quotes.
  std::optional<Expression> expression_of(Kind kind, const yaml::Node& node) {
    std::optional<Expression> value = expression(node);
    if (!value || value->type.kind == kind) return value;
    const auto* written = std::get_if<std::string>(&value->nodes.back().value);
    if (written != nullptr && reads_as(kind, *written)) return value;
    complain(node.at, std::string(describe(kind)) + " is expected, this is " +
                          std::string(describe(value->type.kind)));
    return std::nullopt;
  }

  void handoff(const yaml::Map& map) {
    map.only({"handoff", "id"});
    const yaml::Map inner(file_, *map.find("handoff"), loading_.mistakes);
    inner.only({"reason", "team"});
    HandoffStep step{inner.text("reason"), inner.text_or("team", "")};
    if (!step.reason.empty() && !is_name(step.reason)) {
      complain(inner.find("reason")->at, "a reason is one word, like lost or refund");
    }
    if (!step.team.empty() && !contains(loading_.known.teams, step.team)) {
      complain(inner.find("team")->at, unknown("team", step.team, loading_.known.teams));
    }
    emit(std::move(step), map.node().at);
  }

  void end(const yaml::Map& map) {
    map.only({"end", "id"});
    EndStep step{map.text("end")};
    if (!step.outcome.empty() && !is_name(step.outcome)) {
      complain(map.find("end")->at, "an outcome is one word, like resolved");
    }
    emit(std::move(step), map.node().at);
  }

  std::vector<Argument> arguments(const yaml::Node* node, std::vector<Said::Given>* given) {
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

  std::optional<Expression> expression(const yaml::Node& node) {
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
    complain(at, mistake.what);
    return std::nullopt;
  }

  void place(const Later& body) {
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

  [[nodiscard]] std::vector<std::string> slot_names() const { return slots_of(flow_); }

  const std::string& file_;
  Flow& flow_;
  Loading& loading_;
  Scope scope_;
  std::vector<std::size_t> body_of_;        ///< of each instruction; 0: the flow itself
  std::vector<std::uint32_t> entries_{0U};  ///< of each body: the step that enters it
  std::map<std::string, std::uint32_t, std::less<>> labels_;
  std::vector<std::pair<std::uint32_t, const yaml::Node*>> gotos_;
  std::deque<Later> later_;
};

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
    start.complain(at, unknown("intent", flow.intent, loading.known.intents));
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
    loading.mistakes.add(place.file, place.at, unknown("reminder", place.answer, known));
  }
}

}  // namespace wasl::flows
