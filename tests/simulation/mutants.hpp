#pragma once

#include "wasl/store/store.hpp"

#include "bot/turn.hpp"
#include "tests/simulation/chance.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::simulation {

/// One thing broken on purpose, to prove that the judge would see it.
struct Mutant {
  std::string_view name;
  int invariant;  ///< the one of design/handoff.md that must catch it
  std::string_view what;
};
[[nodiscard]] const std::vector<Mutant>& mutants();
[[nodiscard]] const Mutant* find_mutant(std::string_view name);

/// What the mutant does to decisions; nothing for one that lives elsewhere.  `after` is edited.
void mutate_turn(std::string_view mutant, const bot::Bot& bot, flows::Renderer& renderer,
                 const bot::Conversation& before, const bot::Input& input, const bot::World& world,
                 bot::Turn& turn, Chance& chance);

/// What the mutant does to the store; `store` itself for one that lives elsewhere.
[[nodiscard]] std::unique_ptr<store::Store> mutate_store(std::string_view mutant,
                                                         std::unique_ptr<store::Store> store);

}  // namespace wasl::simulation
