#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace wasl::store {

/// An entry of the log's index: `owner` and `tag` lead to row `row`.
struct Slot {
  std::int64_t owner = 0;
  std::int64_t tag = 0;  ///< of a row, as tag_of(); negative: of a key, as tag_of_key()
  std::int64_t row = 0;
  bool operator==(const Slot&) const = default;
};

/// Slots in the order of their rows.  A later one takes the place of one with its owner and tag,
/// but who may not see its row still finds the one before.
///
/// No locks of its own.
class SlotBatch {
 public:
  void add(const Slot& slot);
  /// Makes room for so many.
  void reserve(std::size_t count);
  /// Takes the last one back.
  void remove_last();
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::int64_t last_row() const {
    return entries_.empty() ? 0 : entries_.back().slot.row;
  }

  // Rows beyond `row_max` do not exist for these.

  [[nodiscard]] std::optional<std::int64_t> find(std::int64_t owner, std::int64_t tag,
                                                 std::int64_t row_max) const;
  /// Of the rows of a conversation.
  [[nodiscard]] std::optional<Slot> newest(std::int64_t owner, std::int64_t row_max) const;
  /// Appends the slots of a conversation's rows, the newest first.
  void collect(std::int64_t owner, std::int64_t row_max, std::vector<Slot>& into) const;

  /// By owner and tag, of each only the latest.
  [[nodiscard]] std::vector<Slot> sorted() const;

 private:
  /// A chain has the rows of one owner, or one key.
  struct Chain {
    std::int64_t owner = 0;
    std::int64_t key_tag = 0;  ///< 0: of rows
    bool operator==(const Chain&) const = default;
  };
  struct Entry {
    Slot slot;
    std::uint32_t before = 0;  ///< of the same chain, counted from 1; 0: none
  };
  static Chain chain_of(std::int64_t owner, std::int64_t tag) { return {owner, tag < 0 ? tag : 0}; }
  /// Calls `visit` with the chain's slots, the latest first, while it gives true.
  template <typename Visit>
  void walk(const Chain& chain, std::int64_t row_max, Visit visit) const;

  /// Where in `latest_` the chain is, or is to be.
  [[nodiscard]] std::size_t place_of(const Chain& chain) const;
  void spread(std::size_t places);

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> latest_;  ///< of each chain, counted from 1; a hash table, 0: free
};

class SlotMemory;

/// What of a SlotMemory belongs to one state of the database; stays so while it lives.
class SlotView {
 public:
  SlotView() = default;

  [[nodiscard]] std::optional<std::int64_t> find(std::int64_t owner, std::int64_t tag) const;
  [[nodiscard]] std::optional<Slot> newest(std::int64_t owner) const;
  /// The slots of a conversation's rows in memory, the oldest first, of each tag the latest.
  [[nodiscard]] std::vector<Slot> rows_of(std::int64_t owner) const;
  /// All of them, by owner and tag.
  [[nodiscard]] std::vector<Slot> all() const;

 private:
  friend class SlotMemory;
  SlotMemory* memory_ = nullptr;
  std::shared_ptr<const SlotBatch> old_;    ///< being moved to the table; changes no more
  std::shared_ptr<const SlotBatch> young_;  ///< still grows
  std::int64_t row_max_ = 0;
};

/// The slots of the log's newest rows, which the table `slot` may not have yet.
///
/// One thread changes it, the one that writes; views are taken and used on any thread.  The caller
/// bounds it: see SlotKeeper.
class SlotMemory {
 public:
  SlotMemory() : young_(std::make_shared<SlotBatch>()) {}

  static constexpr std::int64_t kAllRows = std::numeric_limits<std::int64_t>::max();

  /// What belongs to a state of the database whose newest row is `row_max` and whose table is
  /// complete up to row `complete_to`.  Nothing: that state is too old.
  [[nodiscard]] std::optional<SlotView> view(std::int64_t row_max, std::int64_t complete_to);

  // Of the writing thread.

  void add(const Slot& slot);
  /// How many there are in the young batch, and the way back to fewer.
  [[nodiscard]] std::size_t young_size() const { return young_->size(); }
  void shrink(std::size_t young_size);
  /// Makes the young batch the old one.  REQUIRES: there is no old one.
  std::shared_ptr<const SlotBatch> retire();
  /// The table has all of the old batch, and so is complete up to row `complete_to`.
  void drop_old(std::int64_t complete_to);
  /// Has `slots` and nothing else: the table is complete up to row `complete_to`.
  void reset(std::int64_t complete_to, SlotBatch slots);

 private:
  friend class SlotView;
  std::mutex mutex_;
  std::shared_ptr<SlotBatch> old_;
  std::shared_ptr<SlotBatch> young_;
  std::int64_t complete_to_ = 0;
};

}  // namespace wasl::store
