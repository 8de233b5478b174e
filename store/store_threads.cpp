// Two threads, two bounded queues.
//
// The writer takes all that waits, up to a group, and commits neighbouring decisions together; a
// rare write between them keeps its place in line.  What arrives meanwhile is the next group, so
// groups grow with the load and cost nothing when there is none.

#include "wasl/store/store_threads.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace wasl::store {
namespace {

constexpr std::size_t kGroupMax = 512;
constexpr std::uint64_t kLogBytesLong = 8U << 20U;  // checkpoint when the queue is short
constexpr std::uint64_t kLogBytesMax = 64U << 20U;  // checkpoint whatever waits
constexpr std::size_t kQueueShort = 16;
constexpr std::chrono::seconds kRetryAfter{1};  // of a probe, and of a failed checkpoint

using Work = std::function<void(Store&)>;

struct Decision {
  Commit commit;
  std::function<void(CommitOutcome)> done;
};

/// A bounded queue between many threads and one.
template <typename Item>
class Queue {
 public:
  explicit Queue(std::size_t size_max) : size_max_(size_max) {}

  bool push(Item item) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || items_.size() >= size_max_) return false;
      items_.push_back(std::move(item));
    }
    filled_.notify_one();
    return true;
  }

  /// Waits for items, for `patience` at most, and moves up to `count_max` of them to `into`.
  /// False: closed and empty.
  bool take(std::vector<Item>& into, std::size_t count_max,
            std::optional<std::chrono::seconds> patience) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return closed_ || !items_.empty(); };
    if (patience) {
      filled_.wait_for(lock, *patience, ready);
    } else {
      filled_.wait(lock, ready);
    }
    for (; !items_.empty() && into.size() < count_max; items_.pop_front()) {
      into.push_back(std::move(items_.front()));
    }
    return !into.empty() || !closed_;
  }

  /// Refuses what comes from now on.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_one();
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  const std::size_t size_max_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Item> items_;
  bool closed_ = false;
};

class Threads final : public StoreThreads {
 public:
  Threads(std::unique_ptr<Store> store, std::unique_ptr<Store> reader, std::size_t pending_max)
      : store_(std::move(store)),
        reader_(std::move(reader)),
        writes_(pending_max),
        reads_(pending_max) {
    note_trouble(store_->trouble());
    writer_thread_ = std::thread([this] { write_loop(); });
    reader_thread_ = std::thread([this] { read_loop(); });
  }

  ~Threads() override { Threads::stop(); }

  bool commit(Commit decision, std::function<void(CommitOutcome)> done) override {
    return writes_.push(Decision{std::move(decision), std::move(done)});
  }
  bool write(Work work) override { return writes_.push(std::move(work)); }
  bool read(Work work) override { return reads_.push(std::move(work)); }

  [[nodiscard]] bool healthy() const override { return healthy_.load(); }
  [[nodiscard]] std::string trouble() const override {
    const std::lock_guard lock(trouble_mutex_);
    return damage_.empty() ? trouble_ : damage_;
  }
  [[nodiscard]] Counts counts() const override {
    return {transactions_.load(), decisions_.load(), writes_.size()};
  }

  void stop() override {
    std::call_once(stopped_, [this] {
      writes_.close();
      reads_.close();
      reader_thread_.join();
      writer_thread_.join();
      // Beyond here the store is ours alone.
      reader_.reset();
      static_cast<void>(store_->checkpoint(true));  // what fails is made up for when it is opened
      store_.reset();
    });
  }

 private:
  using Write = std::variant<Decision, Work>;

  void write_loop() {
    std::vector<Write> batch;
    for (;;) {
      batch.clear();
      const bool well = healthy();
      if (!writes_.take(batch, kGroupMax, well ? std::nullopt : std::optional(kRetryAfter))) return;
      if (batch.empty()) {
        static_cast<void>(store_->probe());  // its outcome is in trouble()
      }
      write_batch(batch);
      note_trouble(store_->trouble());
      tend_log();
    }
  }

  void write_batch(std::vector<Write>& batch) {
    group_.clear();
    waiting_.clear();
    for (Write& write : batch) {
      if (auto* decision = std::get_if<Decision>(&write)) {
        group_.push_back(std::move(decision->commit));
        waiting_.push_back(std::move(decision->done));
      } else {
        commit_group();
        std::get<Work>(write)(*store_);
      }
    }
    commit_group();
  }

  void commit_group() {
    if (group_.empty()) return;
    std::vector<CommitOutcome> outcomes = store_->commit(group_);
    std::uint64_t written = 0;
    for (const CommitOutcome& outcome : outcomes) {
      written += outcome.kind == CommitOutcome::Kind::committed ? 1U : 0U;
    }
    decisions_ += written;
    transactions_ += written > 0 ? 1U : 0U;
    note_trouble(store_->trouble());
    for (std::size_t i = 0; i < outcomes.size(); ++i) waiting_[i](std::move(outcomes[i]));
    group_.clear();
    waiting_.clear();
  }

  /// Checkpoints stall the writer, so they wait for a quiet moment, but not for ever.
  void tend_log() {
    const std::uint64_t log_bytes = store_->log_bytes();
    if (log_bytes < kLogBytesLong) return;
    if (log_bytes < kLogBytesMax && writes_.size() > kQueueShort) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_checkpoint_) return;
    static_cast<void>(store_->checkpoint(false));
    if (store_->log_bytes() >= kLogBytesLong) next_checkpoint_ = now + kRetryAfter;
  }

  void read_loop() {
    std::vector<Work> batch;
    while (reads_.take(batch, 1, std::nullopt)) {
      batch.front()(*reader_);
      batch.clear();
      const std::string damage = reader_->trouble();
      if (!damage.empty()) note_damage(damage);
    }
  }

  /// What the latest write showed.
  void note_trouble(const std::string& what) {
    if (what.empty() && healthy()) return;  // as always
    const std::lock_guard lock(trouble_mutex_);
    trouble_ = what;
    healthy_ = trouble_.empty() && damage_.empty();
  }

  /// What a reader found; no write makes it good again.
  void note_damage(const std::string& what) {
    const std::lock_guard lock(trouble_mutex_);
    damage_ = what;
    healthy_ = false;
  }

  std::unique_ptr<Store> store_;
  std::unique_ptr<Store> reader_;
  Queue<Write> writes_;
  Queue<Work> reads_;

  std::atomic<bool> healthy_ = true;
  mutable std::mutex trouble_mutex_;
  std::string trouble_;
  std::string damage_;
  std::atomic<std::uint64_t> transactions_ = 0;
  std::atomic<std::uint64_t> decisions_ = 0;

  // Of the writing thread alone.
  std::vector<Commit> group_;
  std::vector<std::function<void(CommitOutcome)>> waiting_;
  std::chrono::steady_clock::time_point next_checkpoint_;

  std::once_flag stopped_;
  std::thread writer_thread_;
  std::thread reader_thread_;
};

}  // namespace

Result<std::unique_ptr<StoreThreads>> StoreThreads::start(std::unique_ptr<Store> store,
                                                          std::size_t pending_max) {
  Result<std::unique_ptr<Store>> reader = store->reader();
  if (!reader) return reader.error();
  return std::unique_ptr<StoreThreads>(
      std::make_unique<Threads>(std::move(store), std::move(*reader), pending_max));
}

}  // namespace wasl::store
