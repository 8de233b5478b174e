// The SQLite store: one transaction per group of decisions, and the care for a failing disk.
//
// Decisions check before they write (sqlite_decisions.cpp): with one writer and an open
// transaction nobody can come between.  The unique constraints stand behind these checks; one that
// fires here means that stored rows contradict each other, which is damage.
//
// A stranger's lock is waited for, two seconds for a group; once that was in vain, the groups
// behind it fail at once until a write succeeds.
//
// After damage was found, by any instance, nothing is written any more: what we would add could
// rest on something that is not true.  After any other failure the next write is simply tried.

#include "wasl/core/kill_point.hpp"
#include "wasl/store/store.hpp"

#include "store/damage_alarm.hpp"
#include "store/decision.hpp"
#include "store/people.hpp"
#include "store/slot_memory.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_conversations.hpp"
#include "store/sqlite_file.hpp"
#include "store/sqlite_open.hpp"
#include "store/sqlite_outbox.hpp"
#include "store/sqlite_people.hpp"
#include "store/sqlite_writing.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace wasl::store {
namespace sqlite {
namespace {

std::string describe(const std::filesystem::path& file, const Failure& failure) {
  return fmt::format("the database {} {}: {}", file.string(),
                     failure.damage() ? "is damaged" : "does not work", failure.what());
}

class SqliteStore final : public Store {
 public:
  SqliteStore(Connection connection, std::filesystem::path file, std::shared_ptr<DamageAlarm> alarm,
              std::shared_ptr<SlotMemory> slots)
      : file_(std::move(file)),
        alarm_(std::move(alarm)),
        slots_(std::move(slots)),
        connection_(std::move(connection)),
        conversations_(connection_),
        outbox_(connection_),
        people_(connection_) {}

  /// Makes this the instance that writes.
  void own(FileLock lock, std::size_t slots_max) {
    lock_.emplace(std::move(lock));
    writing_ = std::make_unique<Writing>(connection_, conversations_, *slots_, slots_max);
    writing_->notice_strangers();
    sqlite3_wal_hook(connection_.get(), &on_log_growth, writing_.get());
  }

  /// What waits in memory need not be read at the next start; what fails is made up for there.
  ~SqliteStore() override { static_cast<void>(move_slots()); }

  std::vector<CommitOutcome> commit(std::span<const Commit> decisions) override {
    for (const Commit& decision : decisions) check_decision(decision);
    const Result<Done> refused = may_write();
    if (!refused) return all_unavailable(decisions, refused.error().what);

    std::vector<CommitOutcome> outcomes;
    outcomes.reserve(decisions.size());
    const Result<Done> written = attempt([&] {
      writing_->begin.run();
      if (writing_->notice_strangers()) remember_anew();
      writing_->slots.begin();
      look_at_all();
      kill_point("commit.begun");
      for (const Commit& decision : decisions) {
        outcomes.push_back(writing_->decisions.write(decision));
        kill_point("commit.row");
      }
      writing_->slots.move_some();
      kill_point("commit.written");
      writing_->commit.run();
      kill_point("commit.done");
      writing_->slots.committed();
    });
    if (!written) return all_unavailable(decisions, written.error().what);
    return outcomes;
  }

  Result<std::optional<ConversationRow>> conversation(std::string_view id) override {
    return reading_log([&] { return conversations_.find(id); });
  }
  Result<std::vector<EventRow>> events(std::string_view conversation, std::uint64_t after,
                                       std::size_t count_max) override {
    return reading_log([&] { return conversations_.events(conversation, after, count_max); });
  }
  Result<Done> for_each_live(const std::function<bool(ConversationRow)>& work) override {
    return reading_log([&] {
      conversations_.each_live(work);
      return Done{};
    });
  }
  Result<std::vector<Overdue>> overdue(Time before, std::size_t count_max) override {
    return reading_log([&] { return conversations_.overdue(before, count_max); });
  }
  Result<Changes> changed(std::uint64_t after, std::size_t count_max) override {
    return reading([&] { return conversations_.changed(after, count_max); });
  }
  Result<std::uint64_t> position() override {
    return reading([&] { return conversations_.position(); });
  }
  Result<std::vector<ConversationRow>> history(std::string_view visitor,
                                               std::size_t count_max) override {
    return reading_log([&] { return conversations_.history(visitor, count_max); });
  }
  Result<std::optional<Seen>> seen(std::string_view scope, std::string_view key) override {
    return reading_log([&] { return conversations_.seen(scope, key); });
  }

  Result<Done> put_visitor(const VisitorRow& visitor) override {
    return writing([&] { people_.put_visitor(visitor); }, visitor_conflict(visitor));
  }
  Result<std::optional<VisitorRow>> visitor(std::string_view id) override {
    return reading([&] { return people_.visitor(id); });
  }
  Result<std::optional<VisitorRow>> visitor_by_token(std::string_view token_hash) override {
    return reading([&] { return people_.visitor_by_token(token_hash); });
  }
  Result<std::optional<VisitorRow>> visitor_by_external(std::string_view channel,
                                                        std::string_view external_id) override {
    return reading([&] { return people_.visitor_by_external(channel, external_id); });
  }

  Result<std::vector<OutboxRow>> due_outbox(Time now, std::size_t count_max) override {
    return reading([&] { return outbox_.due(now, count_max); });
  }
  Result<Done> update_outbox(const OutboxRow& read, const OutboxRow& row) override {
    if (!valid_outbox_status(row.status)) return bad_outbox_status(row.status);
    auto updated = Outbox::Updated::done;
    Result<Done> written = writing([&] {
      writing_->begin.run();
      updated = outbox_.update(read, row);
      writing_->commit.run();
    });
    if (!written || updated == Outbox::Updated::done) return written;
    return updated == Outbox::Updated::missing ? no_outbox_row(row.id) : outbox_conflict(row.id);
  }
  Result<std::uint64_t> remove_sent(Time before, std::size_t count_max) override {
    std::uint64_t removed = 0;
    const Result<Done> written = writing([&] { removed = outbox_.remove_sent(before, count_max); });
    if (!written) return written.error();
    return removed;
  }
  Result<std::uint64_t> count_outbox(std::string_view status) override {
    return reading([&] { return outbox_.count(status); });
  }

  Result<Done> put_agent(const AgentRow& given) override {
    const Result<AgentRow> agent = storable(given);
    if (!agent) return agent.error();
    return writing([&] { people_.put_agent(*agent); }, email_conflict(*agent));
  }
  Result<std::vector<AgentRow>> agents() override {
    return reading([&] { return people_.agents(); });
  }
  Result<Done> put_session(const SessionRow& session) override {
    return writing([&] { people_.put_session(session); });
  }
  Result<std::optional<SessionRow>> session(std::string_view token_hash) override {
    return reading([&] { return people_.session(token_hash); });
  }
  Result<Done> remove_session(std::string_view token_hash) override {
    return writing([&] { people_.remove_session(token_hash); });
  }
  Result<Done> remove_sessions_of(std::string_view agent) override {
    return writing([&] { people_.remove_sessions_of(agent); });
  }

  Result<std::unique_ptr<Store>> reader() override {
    return reading([&]() -> std::unique_ptr<Store> {
      return std::make_unique<SqliteStore>(open_reader(file_), file_, alarm_, slots_);
    });
  }

  [[nodiscard]] std::string trouble() const override {
    std::string damage = alarm_->what();
    return damage.empty() ? trouble_ : damage;
  }
  Result<Done> probe() override {
    return writing([&] { writing_->probe.run(); });
  }
  [[nodiscard]] std::uint64_t log_bytes() const override {
    return writing_ ? writing_->log_pages * writing_->page_size : 0;
  }
  Result<Done> checkpoint(bool all) override;

 private:
  static int on_log_growth(void* writing, sqlite3* /*handle*/, const char* /*name*/, int pages) {
    static_cast<Writing*>(writing)->log_pages = static_cast<std::uint64_t>(pages);
    return SQLITE_OK;
  }

  Result<Done> may_write() const {
    if (!writing_) return only_reads();
    const std::string damage = alarm_->what();
    if (damage.empty()) return Done{};
    return Error{Error::Code::unavailable, "nothing is written any more, since " + damage};
  }

  /// Runs `work`, which reads.
  template <typename Work>
  auto reading(Work work) -> Result<decltype(work())> {
    try {
      return work();
    } catch (const Failure& failure) {
      return explain(failure);
    }
  }

  /// The same for work that needs the log's index: the database and the memory it sees fit each
  /// other.  The writer, whom nobody changes anything under, sees all there is.
  template <typename Work>
  auto reading_log(Work work) -> Result<decltype(work())> {
    return reading([&] {
      if (writing_) {
        look_at_all();
        return work();
      }
      for (;;) {
        const Snapshot snapshot(connection_);
        if (conversations_.look_from(*slots_)) return work();
      }
    });
  }

  /// A transaction that only reads: one state of the database for its life.
  class Snapshot {
   public:
    explicit Snapshot(const Connection& connection) : connection_(connection) {
      connection_.run("BEGIN");
    }
    ~Snapshot() { sqlite3_exec(connection_.get(), "COMMIT", nullptr, nullptr, nullptr); }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   private:
    const Connection& connection_;
  };

  void look_at_all() {
    conversations_.look_from(*slots_->view(SlotMemory::kAllRows, SlotMemory::kAllRows));
  }

  /// A stranger wrote: what we remember may be wrong.
  void remember_anew() {
    writing_->decisions.forget();
    load_slots(connection_, *slots_);
    writing_->slots.begin_anew();
  }

  /// Moves all slots from memory to their table.
  Result<Done> move_slots() {
    if (!writing_ || !alarm_->what().empty()) return Done{};
    return attempt([&] {
      while (writing_->slots.begin_all()) {
        writing_->begin.run();
        if (writing_->notice_strangers()) remember_anew();
        writing_->slots.move_all();
        writing_->commit.run();
        writing_->slots.committed();
      }
    });
  }

  /// Runs `work`, which is one transaction; a broken constraint gives `conflict`.
  template <typename Work>
  Result<Done> writing(Work work, const Error& conflict = {}) {
    Result<Done> allowed = may_write();
    if (!allowed) return allowed;
    bool refused = false;
    Result<Done> written = attempt([&] {
      try {
        work();
      } catch (const Failure& failure) {
        if (!failure.constraint() || conflict.what.empty()) throw;
        refused = true;
      }
    });
    if (refused) return conflict;
    return written;
  }

  /// Runs `work` and remembers whether the disk took it; what wrote nothing tells nothing.
  template <typename Work>
  Result<Done> attempt(Work work) {
    try {
      const std::int64_t before = connection_.changes();
      work();
      if (connection_.changes() != before && !trouble_.empty()) {
        trouble_.clear();
        wait_for_locks(connection_, kLockWait);
      }
      return Done{};
    } catch (const Failure& failure) {
      roll_back();
      Error error = failure.constraint() ? explain(damaged(failure.what())) : explain(failure);
      trouble_ = error.what;
      wait_for_locks(connection_, kLockWaitInTrouble);
      return error;
    }
  }

  void roll_back() noexcept {
    if (writing_) {
      writing_->decisions.forget();
      writing_->slots.rolled_back();
    }
    // SQLite has often done so by itself; a failing ROLLBACK leaves nothing written either.
    if (connection_.in_transaction()) {
      sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }

  Error explain(const Failure& failure) {
    std::string what = describe(file_, failure);
    if (failure.damage()) alarm_->raise(what);
    return {Error::Code::unavailable, std::move(what)};
  }

  static std::vector<CommitOutcome> all_unavailable(std::span<const Commit> decisions,
                                                    const std::string& what) {
    std::vector<CommitOutcome> outcomes;
    for (const Commit& decision : decisions) outcomes.push_back(unavailable(decision, what));
    return outcomes;
  }

  std::filesystem::path file_;
  std::shared_ptr<DamageAlarm> alarm_;
  std::shared_ptr<SlotMemory> slots_;
  std::optional<FileLock> lock_;  // of the writing instance; released after the connection closed
  Connection connection_;         // before all that holds statements of it
  Conversations conversations_;
  Outbox outbox_;
  People people_;
  std::unique_ptr<Writing> writing_;  ///< of the writing instance alone
  std::string trouble_;
};

Result<Done> SqliteStore::checkpoint(bool all) {
  if (!writing_) return only_reads();
  if (all) {
    Result<Done> moved = move_slots();
    if (!moved) return moved;
  }
  kill_point("checkpoint.before");
  int log = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(
      connection_.get(), nullptr, all ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
      &log, &moved);
  kill_point("checkpoint.after");
  if (code != SQLITE_OK) return explain(Failure(code, sqlite3_errmsg(connection_.get())));
  if (log == moved) writing_->log_pages = 0;  // the next write begins the log anew
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Store>> open(const std::filesystem::path& given, std::size_t slots_max) {
  std::error_code error;
  const auto file = std::filesystem::weakly_canonical(std::filesystem::absolute(given), error);
  if (!error) std::filesystem::create_directories(file.parent_path(), error);
  if (error) {
    return Error{Error::Code::unavailable,
                 fmt::format("cannot make the folder of {}: {}", given.string(), error.message())};
  }
  Result<FileLock> lock = FileLock::take(file);
  if (!lock) return lock.error();
  try {
    auto slots = std::make_shared<SlotMemory>();
    auto store = std::make_unique<SqliteStore>(open_writer(file, *slots), file,
                                               std::make_shared<DamageAlarm>(), slots);
    store->own(std::move(*lock), slots_max);
    return std::unique_ptr<Store>(std::move(store));
  } catch (const Failure& failure) {
    return Error{Error::Code::unavailable, describe(file, failure)};
  }
}

}  // namespace sqlite

Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file) {
  return sqlite::open(file, sqlite::kSlotsMax);
}

}  // namespace wasl::store
