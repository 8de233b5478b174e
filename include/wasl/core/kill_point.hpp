#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>

/// Places where a test may end the program as a power cut would, between two steps of its work.
///
/// Built with WASL_KILL_POINTS (the presets for development) and started with WASL_KILL_AT=name:n
/// in the environment, the program sends itself SIGKILL when it passes `name` for the n-th time.
/// Without the variable a pass costs one relaxed load; in a release build it is no code at all.
namespace wasl {

/// All of them, in the order a message meets them.  Tests read this table: one name a line.
inline constexpr std::array<std::string_view, 48> kKillPoints{
    "start.opening",        // the store's log is about to be moved into the database
    "start.opened",         // the store is open, nothing is read from it yet
    "start.resumed",        // deadlines, queue and outbox run; nobody is accepted yet
    "visitor.frame",        // a frame arrived
    "visitor.saved",        // a new visitor is stored, not welcomed yet
    "visitor.welcomed",     // the welcome is queued, history is not
    "webhook.received",     // a provider's update arrived
    "webhook.answering",    // it is stored, the provider does not know it yet
    "agent.command",        // an agent's command arrived
    "agent.acknowledging",  // it is stored, the agent does not know it yet
    "turn.received",        // an input reached its conversation
    "turn.loaded",          // its conversation was read from the store
    "turn.decided",         // what to do is decided, nothing of it is stored
    "turn.queued",          // handed to the store's writer
    "store.taken",          // the writer took a batch
    "commit.begun",         // a transaction is open
    "commit.row",           // one decision of it is written
    "commit.written",       // all are written, COMMIT is next
    "commit.done",          // COMMIT returned
    "slots.moving",         // slots were copied to their table, COMMIT is to come
    "slots.moved",          // a batch is all there, memory still has it
    "store.committed",      // the group is stored, nobody was told
    "store.told",           // one of the group was told
    "turn.back",            // the shard hears that its turn is stored
    "turn.applied",         // it is the conversation's present, nobody was told
    "publish.acked",        // the ack is queued, the events are not
    "turn.published",       // visitors and agents were told, the desk was not
    "turn.desk_told",       // the desk was told
    "turn.finished",        // all is told
    "desk.card",            // the desk hears of a conversation
    "desk.updated",         // the desk knows, its orders are not given
    "desk.order",           // an order is about to be given
    "desk.offer",           // an offer is about to ring
    "deadline.fired",       // a deadline came, its turn has not begun
    "call.starting",        // a business call is about to be made
    "call.returned",        // its result arrived, nothing of it is stored
    "outbox.read",          // rows to be sent were read
    "outbox.sending",       // a row is about to be sent
    "outbox.answered",      // the provider answered, the row does not say so
    "outbox.marking",       // the row is about to be marked
    "outbox.marked",        // the row is marked
    "checkpoint.before",    // the log is about to be moved into the database
    "checkpoint.after",     // it was moved
    "drain.begun",          // SIGTERM arrived
    "drain.closing",        // turns are finished, sockets are not closed
    "stop.begun",           // sockets are closed, threads run
    "stop.store",           // the store is about to be closed
    "stop.done",            // the store is closed
};

/// A name of the table; any other one does not compile.
class KillPoint {
 public:
  consteval KillPoint(const char* name) : name_(name) {
    if (std::find(kKillPoints.begin(), kKillPoints.end(), name_) == kKillPoints.end()) {
      throw "not in kKillPoints";
    }
  }
  [[nodiscard]] constexpr std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

#ifdef WASL_KILL_POINTS

namespace kill_points {
extern const std::atomic<bool> armed;
void pass(std::string_view name);
}  // namespace kill_points

/// Ends the program here when WASL_KILL_AT says so.  Any thread.
inline void kill_point(KillPoint point) {
  if (kill_points::armed.load(std::memory_order_relaxed)) kill_points::pass(point.name());
}

#else

inline void kill_point(KillPoint /*point*/) {}

#endif

}  // namespace wasl
