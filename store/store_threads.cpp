// Two threads, two bounded queues.
//
// The writer takes all that waits, commits neighbouring decisions together, up to a group, and
// tells each lane of its outcomes at once; a rare write between decisions keeps its place in line.
// What arrives meanwhile is the next group, so groups grow with the load and cost nothing when
// there is none.  On a disk so fast that they stay small under a full load, the cost of a
// transaction would be most of what a decision costs; then the writer lets a group grow a while.

#include "wasl/store/store_threads.hpp"

#include "wasl/core/kill_point.hpp"

#include "store/work_queue.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace wasl::store {
namespace {

constexpr std::size_t kGroupMax = 512;
constexpr std::uint64_t kLogBytesIdle = 1U << 20U;  // checkpoint when nothing comes
constexpr std::uint64_t kLogBytesLong = 8U << 20U;  // checkpoint when the queue is short
constexpr std::uint64_t kLogBytesMax = 64U << 20U;  // checkpoint whatever waits
constexpr std::size_t kQueueShort = 16;
constexpr std::size_t kGroupGood = 64;  // a larger group is not cheaper for each decision
constexpr std::size_t kManyPerSecond = 10'000;
constexpr std::chrono::milliseconds kRateWindow{20};
constexpr std::chrono::microseconds kLingerStep{300};
constexpr std::chrono::milliseconds kLingerMax{8};
constexpr std::chrono::milliseconds kIdle{200};
constexpr std::chrono::milliseconds kRetryAfter{1000};  // of a probe, and of a failed checkpoint

using Work = std::function<void(Store&)>;

class ThreadsLane final : public StoreThreads::Lane {
 public:
  explicit ThreadsLane(std::function<void(std::vector<Delivery>)> deliver)
      : deliver_(std::move(deliver)) {}

  /// Of the writing thread alone.  True: the first of its group.
  bool gather(std::uint64_t token, CommitOutcome outcome) {
    gathered_.push_back({token, std::move(outcome)});
    return gathered_.size() == 1;
  }
  void deliver() { deliver_(std::exchange(gathered_, {})); }

 private:
  std::function<void(std::vector<Delivery>)> deliver_;
  std::vector<Delivery> gathered_;
};

/// How much arrives, by windows of time.
class Arrivals {
 public:
  void note(std::size_t count) {
    const auto now = std::chrono::steady_clock::now();
    count_ += count;
    const auto passed = now - since_;
    if (passed < kRateWindow) return;
    const std::chrono::duration<double> seconds = passed;
    many_ = static_cast<double>(count_) >= kManyPerSecond * seconds.count();
    count_ = 0;
    since_ = now;
  }
  [[nodiscard]] bool many() const { return many_; }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  std::size_t count_ = 0;
  bool many_ = false;
};

/// Who waits for an outcome.
struct Ticket {
  ThreadsLane* lane = nullptr;  ///< null: `done` is called instead
  std::uint64_t token = 0;
  std::function<void(CommitOutcome)> done;
};

struct Decision {
  Commit commit;
  Ticket ticket;
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

  Lane& add_lane(std::function<void(std::vector<Delivery>)> deliver) override {
    const std::lock_guard lock(lanes_mutex_);
    return *lanes_.emplace_back(std::make_unique<ThreadsLane>(std::move(deliver)));
  }

  bool commit(Commit decision, Lane& lane, std::uint64_t token) override {
    return writes_.push(
        Decision{std::move(decision), {static_cast<ThreadsLane*>(&lane), token, {}}});
  }
  bool commit(Commit decision, std::function<void(CommitOutcome)> done) override {
    return writes_.push(Decision{std::move(decision), {nullptr, 0, std::move(done)}});
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
    while (writes_.take(batch, patience())) {
      if (batch.empty()) {
        if (!healthy()) static_cast<void>(store_->probe());  // its outcome is in trouble()
        note_trouble(store_->trouble());
        tend_log(true);
        continue;
      }
      kill_point("store.taken");
      arrivals_.note(batch.size());
      write_batch(batch);
      batch.clear();
      if (arrivals_.many()) writes_.linger(kGroupGood, kLingerStep, kLingerMax);
    }
  }

  /// How long to wait for work before there is something else to do.
  [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const {
    if (!healthy()) return kRetryAfter;
    if (store_->log_bytes() < kLogBytesIdle) return std::nullopt;
    return std::chrono::steady_clock::now() < next_checkpoint_ ? kRetryAfter : kIdle;
  }

  void write_batch(std::vector<Write>& batch) {
    for (Write& write : batch) {
      if (auto* decision = std::get_if<Decision>(&write)) {
        group_.push_back(std::move(decision->commit));
        tickets_.push_back(std::move(decision->ticket));
        if (group_.size() == kGroupMax) commit_group();
        continue;
      }
      commit_group();
      writes_.begun(1);
      std::get<Work>(write)(*store_);
      note_trouble(store_->trouble());
    }
    commit_group();
    tend_log(false);
  }

  void commit_group() {
    if (group_.empty()) return;
    writes_.begun(group_.size());
    std::vector<CommitOutcome> outcomes = store_->commit(group_);
    std::uint64_t written = 0;
    for (const CommitOutcome& outcome : outcomes) {
      written += outcome.kind == CommitOutcome::Kind::committed ? 1U : 0U;
    }
    decisions_ += written;
    transactions_ += written > 0 ? 1U : 0U;
    note_trouble(store_->trouble());
    kill_point("store.committed");
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      tell(tickets_[i], std::move(outcomes[i]));
      kill_point("store.told");
    }
    for (ThreadsLane* lane : told_) lane->deliver();
    told_.clear();
    group_.clear();
    tickets_.clear();
    tend_log(false);
  }

  void tell(const Ticket& ticket, CommitOutcome outcome) {
    if (ticket.lane == nullptr) return ticket.done(std::move(outcome));
    if (ticket.lane->gather(ticket.token, std::move(outcome))) told_.push_back(ticket.lane);
  }

  /// Checkpoints stall the writer, so they wait for a quiet moment, but not for ever.
  void tend_log(bool idle) {
    const std::uint64_t log_bytes = store_->log_bytes();
    if (log_bytes < (idle ? kLogBytesIdle : kLogBytesLong)) return;
    if (log_bytes < kLogBytesMax && writes_.size() > kQueueShort) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_checkpoint_) return;
    static_cast<void>(store_->checkpoint(false));
    if (store_->log_bytes() >= kLogBytesIdle) next_checkpoint_ = now + kRetryAfter;
  }

  void read_loop() {
    std::vector<Work> batch;
    while (reads_.take(batch, std::nullopt)) {
      for (Work& work : batch) {
        reads_.begun(1);
        work(*reader_);
        work = nullptr;
        const std::string damage = reader_->trouble();
        if (!damage.empty()) note_damage(damage);
      }
      batch.clear();
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
  WorkQueue<Write> writes_;
  WorkQueue<Work> reads_;

  std::atomic<bool> healthy_ = true;
  mutable std::mutex trouble_mutex_;
  std::string trouble_;
  std::string damage_;
  std::atomic<std::uint64_t> transactions_ = 0;
  std::atomic<std::uint64_t> decisions_ = 0;

  std::mutex lanes_mutex_;
  std::vector<std::unique_ptr<ThreadsLane>> lanes_;

  // Of the writing thread alone.
  std::vector<Commit> group_;
  std::vector<Ticket> tickets_;
  std::vector<ThreadsLane*> told_;
  Arrivals arrivals_;
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
