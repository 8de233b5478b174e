// Values of slots: what a message says for them, and whether they may be so.
#include "flows/dialogue.hpp"
#include "flows/slots.hpp"

#include <algorithm>

namespace wasl::flows {

std::optional<Value> Dialogue::read(const Slot& slot) {
  for (Value& value : readings(slot, turn_->text, turn_->understanding, program_.words)) {
    if (allows(slot, value)) return std::move(value);
  }
  return std::nullopt;
}

bool Dialogue::allows(const Slot& slot, const Value& value) {
  if (!slot.check) return true;
  Values slots = state().slots;
  slots[slot.name] = value;
  const Facts now = facts();
  const Facts then{slots,     now.hours_open, now.channel, now.today,
                   now.clock, now.language,   now.customer};
  if (truth(evaluate(*slot.check, then))) {
    if (refused_ == slot.name) refused_.clear();
    return true;
  }
  refused_ = slot.name;
  return false;
}

void Dialogue::fill_from_entities(Entities entities) {
  for (const Slot& slot : top_flow().slots) {
    const std::string_view wanted = entity_of(slot);
    if (wanted.empty() || filled(slot.name)) continue;
    const auto found = std::find_if(entities.begin(), entities.end(),
                                    [&](const auto& entity) { return entity.first == wanted; });
    if (found == entities.end()) continue;
    const std::optional<Value> value = from_entity(slot, found->second);
    if (!value || !allows(slot, *value)) continue;
    fill_given(slot.name, *value);
    entities.erase(found);
  }
  spare_ = std::move(entities);
}

}  // namespace wasl::flows
