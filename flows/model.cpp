#include "flows/model.hpp"

#include "wasl/core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace wasl::flows {
namespace {

template <typename Found>
const Found* find_in(const std::map<std::string, Found, std::less<>>& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

std::string to_text(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr) return "";
  char digits[40];
  const bool whole = std::abs(*number) < 1e15 && *number == std::floor(*number);
  (void)std::snprintf(digits, sizeof digits, whole ? "%.0f" : "%.15g", *number);
  return digits;
}

std::string_view entity_of(const Slot& slot) {
  switch (slot.type) {
    case SlotType::entity:
      return slot.entity;
    case SlotType::money:
      return "amount";
    case SlotType::date:
    case SlotType::time:
    case SlotType::phone:
    case SlotType::email:
      return name(slot.type);
    default:
      return "";
  }
}

std::string_view name(SlotType type) {
  static constexpr std::array<std::string_view, 11> names{"text",   "number",  "money", "date",
                                                          "time",   "phone",   "email", "choice",
                                                          "yes_no", "pattern", "entity"};
  return names[static_cast<std::size_t>(type)];
}

Type type_of(const Slot& slot) {
  switch (slot.type) {
    case SlotType::number:
    case SlotType::money:
      return {Kind::number, {}};
    case SlotType::date:
      return {Kind::date, {}};
    case SlotType::time:
      return {Kind::time, {}};
    case SlotType::yes_no:
      return {Kind::flag, {}};
    case SlotType::choice: {
      Type type{Kind::choice, {}};
      for (const Choice& choice : slot.values) type.choices.push_back(choice.value);
      return type;
    }
    default:
      return {Kind::text, {}};
  }
}

const Slot* Flow::find_slot(std::string_view slot) const {
  const auto found =
      std::find_if(slots.begin(), slots.end(), [&](const Slot& s) { return s.name == slot; });
  return found == slots.end() ? nullptr : &*found;
}

std::size_t Answer::variants() const {
  std::size_t fewest = say.empty() ? 0 : say.begin()->second.size();
  for (const auto& [language, texts] : say) fewest = std::min(fewest, texts.size());
  return fewest;
}

const CallSpec* CompiledProgram::find_call(std::string_view name) const {
  return find_in(calls, name);
}

std::vector<std::string> CompiledProgram::call_names() const {
  std::vector<std::string> names;
  for (const auto& [name, call] : calls) names.push_back(name);
  return names;
}

std::vector<std::string> CompiledProgram::flow_names() const {
  std::vector<std::string> names;
  for (const auto& [name, flow] : flows) names.push_back(name);
  return names;
}

const Flow* CompiledProgram::find_flow(std::string_view name) const {
  return find_in(flows, name);
}

const Flow* CompiledProgram::flow_of(std::string_view intent) const {
  const std::string* name = find_in(starts, intent);
  return name == nullptr ? nullptr : find_flow(*name);
}

const Answer* CompiledProgram::find_answer(std::string_view key) const {
  return find_in(answers, key);
}

std::string CompiledProgram::title_of(std::string_view intent, const std::string& language) const {
  const Flow* flow = flow_of(intent);
  if (flow != nullptr) {
    const auto own = flow->titles.find(language);
    if (own != flow->titles.end()) return own->second;
  }
  if (const Titles* titles = find_in(button_titles, intent)) {
    const auto shared = titles->find(language);
    if (shared != titles->end()) return shared->second;
  }
  const std::string shown =
      flow != nullptr && !flow->description.empty() ? flow->description : std::string(intent);
  if (code_points(shown) <= kTitleCharsMax) return shown;
  return std::string(first_code_points(shown, kTitleCharsMax - 1)) + "…";
}

std::vector<std::string> CompiledProgram::help_menu() const {
  std::vector<std::pair<int, std::string>> places;
  for (const auto& [name, flow] : flows) {
    if (flow.help > 0) places.emplace_back(flow.help, flow.intent);
  }
  std::sort(places.begin(), places.end());
  std::vector<std::string> intents;
  for (std::size_t i = 0; i < places.size() && i < kHelpMax; ++i) {
    intents.push_back(places[i].second);
  }
  return intents;
}

}  // namespace wasl::flows
