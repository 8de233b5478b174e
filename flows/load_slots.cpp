// The `slots` of a flow: what it may ask for, and what an answer must look like.
#include "wasl/core/text.hpp"

#include "flows/load.hpp"
#include "flows/slots.hpp"
#include "flows/words.hpp"

#include <array>
#include <map>

namespace wasl::flows {
namespace {

constexpr std::size_t kSlotsMax = 50;

constexpr std::array<std::pair<std::string_view, SlotType>, 12> kSlotTypes{
    {{"text", SlotType::text},
     {"number", SlotType::number},
     {"money", SlotType::money},
     {"date", SlotType::date},
     {"time", SlotType::time},
     {"phone", SlotType::phone},
     {"email", SlotType::email},
     {"choice", SlotType::choice},
     {"yes_no", SlotType::yes_no},
     {"yes/no", SlotType::yes_no},
     {"pattern", SlotType::pattern},
     {"entity", SlotType::entity}}};

class SlotReader {
 public:
  SlotReader(const std::string& file, Flow& flow, Loading& loading)
      : file_(file), flow_(flow), loading_(loading) {}

  void read(const yaml::Node& node) {
    const yaml::Map map(file_, node, loading_.mistakes);
    if (map.node().entries.size() > kSlotsMax) map.complain(node.at, "too many slots");
    for (const auto& [name, spec] : map.node().entries) {
      if (!is_name(name.scalar) || name.scalar.find('.') != std::string::npos ||
          name.scalar.find('-') != std::string::npos) {
        map.complain(name.at, "'" + name.scalar + "' is no slot name: letters, digits and _");
      } else if (is_taken(name.scalar)) {
        map.complain(name.at,
                     "'" + name.scalar + "' has a meaning of its own: name the slot otherwise");
      }
      flow_.slots.push_back(slot(name.scalar, spec));
      flow_.slots.back().at = name.at;
    }
  }

 private:
  Slot slot(const std::string& name, const yaml::Node& node) {
    Slot slot;
    slot.name = name;
    const yaml::Map map(file_, node, loading_.mistakes);
    map.only({"type", "entity", "pattern", "values", "currency", "check"});
    read_type(map, slot);
    for (const auto& [key, type] : {std::pair{"entity", SlotType::entity},
                                    {"pattern", SlotType::pattern},
                                    {"values", SlotType::choice},
                                    {"currency", SlotType::money}}) {
      if (map.has(key) && slot.type != type) {
        map.complain(map.find(key)->at, "'" + std::string(key) + "' does not belong to this type");
      }
    }
    if (slot.type == SlotType::entity) read_entity(map, slot);
    if (slot.type == SlotType::pattern) read_pattern(map, slot);
    if (slot.type == SlotType::choice) read_values(map, slot);
    if (slot.type == SlotType::money) read_currency(map, slot);
    return slot;
  }

  static void read_type(const yaml::Map& map, Slot& slot) {
    const std::string word = map.text("type");
    std::vector<std::string> names;
    for (const auto& [name, type] : kSlotTypes) {
      names.emplace_back(name);
      if (word != name) continue;
      slot.type = type;
      return;
    }
    if (!word.empty()) map.complain(map.find("type")->at, unknown("slot type", word, names));
  }

  void read_entity(const yaml::Map& map, Slot& slot) const {
    slot.entity = map.text("entity");
    if (slot.entity.empty() || contains(loading_.known.entities, slot.entity)) return;
    map.complain_missing("intents", map.find("entity")->at,
                         unknown("entity", slot.entity, loading_.known.entities));
  }

  static void read_pattern(const yaml::Map& map, Slot& slot) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    auto pattern = std::make_shared<const RE2>(map.text("pattern"), options);
    if (!pattern->ok()) {
      map.complain(map.find("pattern")->at, "this pattern cannot be read: " + pattern->error());
    }
    slot.pattern = std::move(pattern);
  }

  static void read_currency(const yaml::Map& map, Slot& slot) {
    slot.currency = map.text("currency");
    static const RE2 code("[A-Z]{3}");
    if (slot.currency.empty() || RE2::FullMatch(slot.currency, code)) return;
    map.complain(map.find("currency")->at,
                 "a currency is written as its three letters, like SAR or EGP");
  }

  void read_values(const yaml::Map& map, Slot& slot) const {
    const yaml::Node* values = map.find("values");
    if (values == nullptr || !values->is_map() || values->entries.empty()) {
      map.complain(values == nullptr ? map.node().at : values->at,
                   "a choice needs its values: {small: {ar: …, en: …}, …}");
      return;
    }
    if (values->entries.size() > kButtonsMax) {
      map.complain(values->at, "at most " + std::to_string(kButtonsMax) + " values fit as buttons");
    }
    for (const auto& [value, titles] : values->entries) {
      if (!is_name(value.scalar)) {
        map.complain(value.at, "'" + value.scalar + "' is no value: letters, digits, _ - .");
      }
      const std::string id = "value:" + slot.name + "=" + value.scalar;
      if (id.size() > kButtonBytesMax) {
        map.complain(value.at, "the button id '" + id + "' is longer than " +
                                   std::to_string(kButtonBytesMax) + " bytes");
      }
      const yaml::Map inner(file_, titles, loading_.mistakes);
      for (const auto& [key, title] : inner.node().entries) {
        if (loading_.program.languages.count(key.scalar) > 0) continue;
        std::vector<std::string> languages;
        for (const auto& [language, tag] : loading_.program.languages)
          languages.push_back(language);
        inner.complain(key.at, unknown("language", key.scalar, languages));
      }
      slot.values.push_back(read_choice(value.scalar, inner));
    }
    tell_doubles(map, slot, *values);
  }

  /// `{ar: صغير, en: [Small, the little one]}`: of a list the first is the title.
  [[nodiscard]] Choice read_choice(const std::string& value, const yaml::Map& map) const {
    Titles titles;
    std::vector<std::string> others;
    for (const auto& [language, tag] : loading_.program.languages) {
      const yaml::Node* node = map.find(language);
      if (node == nullptr) {
        map.complain(map.node().at, "'" + value + "' has no title in '" + language + "'");
        continue;
      }
      if (!node->is_sequence()) {
        const std::string text = map.text(language);
        titles[language] = read_title(map, node->at, text);
        continue;
      }
      if (node->items.empty()) map.complain(node->at, "a title is missing here");
      for (const yaml::Node& item : node->items) {
        if (!item.is_scalar() || fold(item.scalar).empty()) {
          map.complain(item.at, "words are expected here");
        } else if (&item == &node->items.front()) {
          titles[language] = read_title(map, item.at, item.scalar);
        } else {
          others.push_back(item.scalar);
        }
      }
    }
    return make_choice(value, std::move(titles), others);
  }

  /// Words that stand for two values would never be understood.
  static void tell_doubles(const yaml::Map& map, const Slot& slot, const yaml::Node& values) {
    std::map<std::string, const Choice*> taken;
    std::size_t i = 0;
    for (const auto& [value, titles] : values.entries) {
      const Choice& choice = slot.values[i++];
      for (const std::string& name : choice.names) {
        const Choice*& first = taken.try_emplace(name, &choice).first->second;
        if (first == &choice) continue;
        map.complain(value.at, "'" + name + "' stands for '" + first->value + "' and for '" +
                                   choice.value + "'");
      }
    }
  }

  const std::string& file_;
  Flow& flow_;
  Loading& loading_;
};

}  // namespace

void load_slots(const yaml::Node& node, const std::string& file, Flow& flow, Loading& loading) {
  SlotReader(file, flow, loading).read(node);
}

}  // namespace wasl::flows
