// Steps that ask something else and keep what it gives: calls, articles and other flows.
#include "wasl/core/text.hpp"

#include "flows/compiler.hpp"

namespace wasl::flows {

void Compiler::call(const yaml::Map& map) {
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
    complain_missing("calls", map.find("call")->at,
                     unknown("call", step.call, keys_of(loading_.program.calls)));
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

void Compiler::search(const yaml::Map& map) {
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

void Compiler::check_save(const yaml::Map& map, const std::string& save) {
  if (save.empty()) return;
  if (!is_name(save) || save.find('.') != std::string::npos || is_taken(save)) {
    complain(map.find("save")->at, "'" + save + "' is no name: letters, digits and _");
  }
}

void Compiler::check_with(const CallSpec& spec, const std::vector<Said::Given>& given,
                          const yaml::Map& map) {
  const std::vector<std::string> wanted = arguments_of(spec);
  for (const std::string& name : wanted) {
    const bool found =
        std::any_of(given.begin(), given.end(), [&](const auto& arg) { return arg.name == name; });
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

void Compiler::subflow(const yaml::Map& map) {
  map.only({"do", "with", "save", "id"});
  DoStep step;
  step.flow = map.text("do");
  step.save = map.text_or("save", "");
  check_save(map, step.save);
  std::vector<Said::Given> given;
  step.args = arguments(map.find("with"), &given);
  const Flow* other = loading_.program.find_flow(step.flow);
  if (other == nullptr) {
    complain_missing("flows", map.find("do")->at,
                     unknown("flow", step.flow, keys_of(loading_.program.flows)));
  } else {
    check_given(*other, step.args, given);
    loading_.done.push_back({file_, map.find("do")->at, flow_.name, step.flow});
  }
  emit(std::move(step), map.node().at);
}

void Compiler::check_given(const Flow& other, const std::vector<Argument>& args,
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

}  // namespace wasl::flows
