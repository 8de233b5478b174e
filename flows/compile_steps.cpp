// What a step says, asks, keeps, or ends with.
#include "wasl/core/text.hpp"

#include "flows/compiler.hpp"

namespace wasl::flows {
namespace {

constexpr Millis kReminderMax{365LL * 24 * 3600 * 1000};

std::size_t buttons_of(const Slot& slot) {
  return slot.type == SlotType::yes_no ? 2 : slot.values.size();
}

}  // namespace

std::string Compiler::answer_key(const std::string& key) const {
  return key.find('.') == std::string::npos ? flow_.name + "." + key : key;
}

void Compiler::say(const yaml::Map& map) {
  map.only({"say", "args", "id"});
  SayStep step;
  step.answer = answer_key(map.text("say"));
  Said said{file_, map.find("say")->at, step.answer, false, false, 0, {}};
  step.args = arguments(map.find("args"), &said.args);
  loading_.said.push_back(std::move(said));
  emit(std::move(step), map.node().at);
}

void Compiler::ask(const yaml::Map& map) {
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

void Compiler::set(const yaml::Map& map) {
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

void Compiler::check_set(const Slot& slot, const Expression& value, yaml::Mark at) {
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

void Compiler::branch(const yaml::Map& map) {
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

void Compiler::handoff(const yaml::Map& map) {
  map.only({"handoff", "id"});
  const yaml::Map inner(file_, *map.find("handoff"), loading_.mistakes);
  inner.only({"reason", "team"});
  HandoffStep step{inner.text("reason"), inner.text_or("team", "")};
  if (!step.reason.empty() && !is_name(step.reason)) {
    complain(inner.find("reason")->at, "a reason is one word, like lost or refund");
  }
  if (!step.team.empty() && !contains(loading_.known.teams, step.team)) {
    complain_missing("handoff.yml", inner.find("team")->at,
                     unknown("team", step.team, loading_.known.teams));
  }
  emit(std::move(step), map.node().at);
}

void Compiler::end(const yaml::Map& map) {
  map.only({"end", "id"});
  EndStep step{map.text("end")};
  if (!step.outcome.empty() && !is_name(step.outcome)) {
    complain(map.find("end")->at, "an outcome is one word, like resolved");
  }
  emit(std::move(step), map.node().at);
}

void Compiler::remind(const yaml::Map& map) {
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

void Compiler::remind_when(const yaml::Map& map, RemindStep& step) {
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

std::optional<Expression> Compiler::expression_of(Kind kind, const yaml::Node& node) {
  std::optional<Expression> value = expression(node);
  if (!value || value->type.kind == kind) return value;
  const auto* written = std::get_if<std::string>(&value->nodes.back().value);
  if (written != nullptr && reads_as(kind, *written)) return value;
  complain(node.at, std::string(describe(kind)) + " is expected, this is " +
                        std::string(describe(value->type.kind)));
  return std::nullopt;
}

}  // namespace wasl::flows
