#pragma once

#include "wasl/channels/http_client.hpp"
#include "wasl/store/store.hpp"

#include "bot/loop.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wasl::bot {

class Node;

/// Delivers the outbox: rows written in the transaction of the reply, sent in order per
/// conversation, again after a failure with back-off and jitter, dead after a day.  Among several
/// nodes each sends what it wrote, and after a while what another has left.  What was sent is kept
/// for a week, to look things up, and then removed.
///
/// Runs on the first shard's thread; wake() from any thread.
class OutboxSender {
 public:
  OutboxSender(Node& node, std::unique_ptr<Loop> loop);
  ~OutboxSender();
  OutboxSender(const OutboxSender&) = delete;
  OutboxSender& operator=(const OutboxSender&) = delete;

  /// There may be something to send.  Any thread; cheap when called often.
  void wake();
  /// A commit made here wrote rows for these events: they are this node's to send; other nodes
  /// leave them alone for a while.  Any thread.
  void wrote(const std::string& conversation, std::uint64_t first_seq, std::uint64_t last_seq);
  void start();
  void stop();

 private:
  void look();
  void remove_old();
  void send(const store::OutboxRow& row);
  void claim(store::OutboxRow row);
  void send_due(const std::vector<store::OutboxRow>& rows);
  void delivered(store::OutboxRow row, const channels::OutgoingResponse& response);

  Node& node_;
  std::unique_ptr<Loop> loop_;
  Alarm next_look_;
  Time next_removal_{};
  std::atomic<bool> woken_{false};
  std::set<std::pair<std::string, std::uint64_t>> ours_;  ///< event of each row written here
  /// Due rows of other nodes: since when we see them with that `next_at`.
  struct Theirs {
    Time next_at{};
    Time since{};
  };
  std::map<std::int64_t, Theirs> theirs_;
  std::map<std::string, Time> adopted_;  ///< conversations whose rows another node had left
  Millis patience_;                      ///< with those
  std::set<std::int64_t> under_way_;     ///< rows being sent, or whose outcome is being written
};

}  // namespace wasl::bot
