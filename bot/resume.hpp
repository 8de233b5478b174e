#pragma once

#include "wasl/core/result.hpp"
#include "wasl/handoff/desk.hpp"
#include "wasl/store/store.hpp"

#include "bot/conversation.hpp"

#include <cstdint>
#include <vector>

namespace wasl::bot {

class Node;

/// What a starting node takes from the store.
struct Resumed {
  std::uint64_t position = 0;  ///< of the list of changes, before the rest was read
  std::vector<Conversation> live;
  std::vector<handoff::DeskAgent> agents;
};

/// Blocking.  A conversation that cannot be read is logged and left out.
[[nodiscard]] Result<Resumed> read_live(store::Store& store);

/// Everything that waited when the last server ended waits on: deadlines, queue, open calls.  For a
/// node with all its parts, before its threads run.
void resume(Node& node, Resumed resumed);

}  // namespace wasl::bot
