#pragma once

#include "store/slot_memory.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_conversations.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace wasl::store::sqlite {

/// Fills `memory` with the slots of the rows beyond the mark.  Throws Failure, also when one of
/// those rows is damaged: what it holds could not be found.
/// Cost: reads those rows, about 3 µs each; SlotKeeper bounds how many there are.
void load_slots(const Connection& connection, SlotMemory& memory);

/// Moves slots from memory to the table, a few with each group of decisions, in the order of the
/// table, so that a page of it is written once for many slots.
///
/// A mark beside the table says up to which row it is complete; it moves when a batch is through.
/// Until then the rows beyond it are read again after a crash, and a slot that was moved already
/// is found as it should be.
///
/// Of the writing thread.  Throws Failure.
class SlotKeeper {
 public:
  /// Begins to move when memory has more than `slots_max`; at most about 1.3 times as many wait.
  SlotKeeper(const Connection& connection, SlotMemory& memory, std::size_t slots_max);

  /// Before a transaction: notes where to go back to.
  void begin();
  /// At the end of a transaction.
  void move_some();
  /// The same to move a whole batch; false: there is none.
  bool begin_all();
  void move_all();
  void committed();
  void rolled_back();
  /// The memory was filled anew and nothing is under way.
  void begin_anew();

 private:
  void retire();
  void move(std::size_t count);
  void put(const Slot& slot);

  const Connection& connection_;
  SlotMemory& memory_;
  const std::size_t slots_max_;
  Statement insert_;
  Statement insert_many_;
  Statement replace_;
  Statement find_;
  Statement mark_;

  std::vector<Slot> moving_;  ///< by owner and tag
  std::size_t moved_ = 0;     ///< of them, committed
  std::size_t moved_now_ = 0;
  std::int64_t moving_to_ = 0;  ///< the newest row among them
  std::size_t young_before_;
};

}  // namespace wasl::store::sqlite
