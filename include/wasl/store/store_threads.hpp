#pragma once

#include "wasl/store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wasl::store {

/// The outcome of one decision, for the one who waits for `token`.
struct Delivery {
  std::uint64_t token = 0;
  CommitOutcome outcome;
};

/// The two threads that own the store: one writes and groups commits, one reads.
///
/// All methods may be called from any thread and return at once.  Callbacks run on the store's
/// threads and must not block; a shard posts itself the result.
///
/// Group commit: the writer takes whatever is waiting and commits it, at most 512 decisions in one
/// transaction; when idle a decision waits for none but its own.  Checkpoints are made by the
/// writer alone, when nothing comes for a moment, or when the WAL is long and the queue is short.
class StoreThreads {
 public:
  /// At most `pending_max` decisions wait; past that commit() refuses.
  static Result<std::unique_ptr<StoreThreads>> start(std::unique_ptr<Store> store,
                                                     std::size_t pending_max = 65536);
  virtual ~StoreThreads() = default;  ///< as stop()

  /// Where the outcomes of one shard go: it is woken once for each group, not for each decision.
  class Lane {
   public:
    virtual ~Lane() = default;
  };
  /// `deliver` is called on the writing thread with all outcomes of a group that are for this lane,
  /// in the order of their commits; never with none.  The lane lives as long as this object.
  virtual Lane& add_lane(std::function<void(std::vector<Delivery>)> deliver) = 0;
  /// False when the queue is full or stopping: then nothing is delivered for `token`.
  virtual bool commit(Commit decision, Lane& lane, std::uint64_t token) = 0;
  /// The same for one who waits for this decision alone.
  virtual bool commit(Commit decision, std::function<void(CommitOutcome)> done) = 0;
  /// Runs `work` on the writing thread, for rare writes (visitors, agents, outbox).
  virtual bool write(std::function<void(Store&)> work) = 0;
  /// Runs `work` on the reading thread.
  virtual bool read(std::function<void(Store&)> work) = 0;

  /// Whether the last write reached the disk; false: read-only with an alarm.
  [[nodiscard]] virtual bool healthy() const = 0;
  /// Why it is not healthy, in one sentence; else empty.
  [[nodiscard]] virtual std::string trouble() const = 0;
  /// Transactions and decisions written so far; refused decisions do not count.
  struct Counts {
    std::uint64_t transactions = 0;
    std::uint64_t decisions = 0;
    std::size_t waiting = 0;  ///< decisions and writes in the queue now
  };
  [[nodiscard]] virtual Counts counts() const = 0;

  /// Finishes what waits, joins the threads, closes the store.  Not from a callback.
  virtual void stop() = 0;
};

}  // namespace wasl::store
