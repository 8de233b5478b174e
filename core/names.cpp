// Every enum that is stored or sent has one table of its names; both directions read it.

#include "wasl/core/event.hpp"
#include "wasl/core/language.hpp"
#include "wasl/core/understanding.hpp"

#include <array>
#include <utility>

namespace wasl {
namespace {

template <typename E, typename Table>
std::string_view find_name(const Table& table, E value) {
  for (const auto& [entry, text] : table) {
    if (entry == value) return text;
  }
  return "";
}

template <typename E, typename Table>
std::optional<E> find_value(const Table& table, std::string_view text) {
  for (const auto& [entry, entry_text] : table) {
    if (entry_text == text) return entry;
  }
  return std::nullopt;
}

constexpr std::array<std::pair<Language, std::string_view>, 3> kLanguages{{
    {Language::und, "und"},
    {Language::ar, "ar"},
    {Language::en, "en"},
}};

constexpr std::array<std::pair<Dialect, std::string_view>, 7> kDialects{{
    {Dialect::none, ""},
    {Dialect::msa, "msa"},
    {Dialect::gulf, "gulf"},
    {Dialect::egyptian, "egyptian"},
    {Dialect::levantine, "levantine"},
    {Dialect::iraqi, "iraqi"},
    {Dialect::maghrebi, "maghrebi"},
}};

constexpr std::array<std::pair<State, std::string_view>, 10> kStates{{
    {State::bot, "bot"},
    {State::offering, "offering"},
    {State::promised, "promised"},
    {State::queued, "queued"},
    {State::offered, "offered"},
    {State::human, "human"},
    {State::snoozed, "snoozed"},
    {State::wrap_up, "wrap_up"},
    {State::resolved, "resolved"},
    {State::closed, "closed"},
}};

constexpr std::array<std::pair<OwnerKind, std::string_view>, 5> kOwners{{
    {OwnerKind::bot, "bot"},
    {OwnerKind::queue, "queue"},
    {OwnerKind::agent, "agent"},
    {OwnerKind::system, "system"},
    {OwnerKind::none, "none"},
}};

constexpr std::array<std::pair<Party, std::string_view>, 4> kParties{{
    {Party::visitor, "visitor"},
    {Party::bot, "bot"},
    {Party::agent, "agent"},
    {Party::system, "system"},
}};

constexpr std::array<std::pair<Decision, std::string_view>, 3> kDecisions{{
    {Decision::act, "act"},
    {Decision::ask_which, "ask_which"},
    {Decision::not_understood, "not_understood"},
}};

}  // namespace

std::string_view name(Language language) {
  return find_name(kLanguages, language);
}
Language language_of(std::string_view name) {
  return find_value<Language>(kLanguages, name).value_or(Language::und);
}

std::string_view name(State state) {
  return find_name(kStates, state);
}
std::optional<State> state_of(std::string_view name) {
  return find_value<State>(kStates, name);
}

std::string_view visible_name(State state) {
  switch (state) {
    case State::bot:
    case State::offering:
      return "bot";
    case State::queued:
    case State::offered:
      return "waiting";
    case State::human:
    case State::snoozed:
    case State::wrap_up:
      return "human";
    case State::promised:
      return "promised";
    case State::resolved:
    case State::closed:
      return "resolved";
  }
  return "bot";
}

std::string_view name(OwnerKind kind) {
  return find_name(kOwners, kind);
}
std::optional<OwnerKind> owner_kind_of(std::string_view name) {
  return find_value<OwnerKind>(kOwners, name);
}

std::string_view name(Party party) {
  return find_name(kParties, party);
}
std::optional<Party> party_of(std::string_view name) {
  return find_value<Party>(kParties, name);
}

std::string_view name(Dialect dialect) {
  return find_name(kDialects, dialect);
}
Dialect dialect_of(std::string_view name) {
  return find_value<Dialect>(kDialects, name).value_or(Dialect::none);
}

std::string_view name(Decision decision) {
  return find_name(kDecisions, decision);
}
Decision decision_of(std::string_view name) {
  return find_value<Decision>(kDecisions, name).value_or(Decision::not_understood);
}

const MoodSignal* Understanding::find_mood(std::string_view signal) const {
  for (const MoodSignal& found : mood) {
    if (found.signal == signal) return &found;
  }
  return nullptr;
}

std::string_view Event::kind() const {
  constexpr std::array<std::string_view, 10> kKinds{
      "message", "note", "state",      "owner", "understood",
      "slot",    "call", "escalation", "flow",  "unanswered"};
  static_assert(std::variant_size_v<EventBody> == kKinds.size());
  return kKinds[body.index()];
}

bool Event::visible() const {
  return std::holds_alternative<MessageSaid>(body) || std::holds_alternative<StateChanged>(body) ||
         std::holds_alternative<OwnerChanged>(body);
}

}  // namespace wasl
