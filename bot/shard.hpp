#pragma once

#include "wasl/channels/listener.hpp"
#include "wasl/store/store_threads.hpp"

#include "bot/loop.hpp"
#include "bot/metrics.hpp"
#include "bot/serving.hpp"
#include "bot/turn.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace wasl::bot {

class Node;

/// What the desk tells every shard, as a whole, whenever it changes.
struct DeskView {
  bool hours_open = true;
  std::optional<Time> next_open;
  bool rostered = false;
  bool anyone_online = false;
  std::size_t waiting = 0;
  std::set<std::string, std::less<>> connected;  ///< agents with a console
  std::set<std::string, std::less<>> free;       ///< of them, online and with room for one more
  bool operator==(const DeskView&) const = default;
};

/// Who a new conversation belongs to.
struct Origin {
  std::string visitor;
  std::string channel = "web";
  std::string address;
  std::string customer;
  std::string page;
  std::string locale;
  std::string timezone;
};

/// What became of an input.
struct Answer {
  enum class Kind { committed, duplicate, refused, busy, too_fast, unavailable };
  Kind kind = Kind::committed;
  std::uint64_t seq = 0;
  std::uint64_t epoch = 0;
  std::string code;  ///< of a refusal
  Millis retry_after{0};
};

/// Somebody who watches a conversation: a visitor's socket or an agent's console.  Used only on
/// the conversation's shard.
struct Subscriber {
  std::shared_ptr<channels::Socket> socket;
  bool agent = false;
  std::uint64_t sent_seq = 0;
  bool catching_up = true;  ///< history is still being sent: pages bring the new events too
  bool gone = false;
};

/// An input on its way to its conversation.
struct Envelope {
  std::string conversation;
  Input input;
  std::string dedupe_scope;  ///< with `dedupe_key`; empty: none
  std::string dedupe_key;
  std::shared_ptr<const Origin> origin;     ///< used when the conversation is new
  std::shared_ptr<Subscriber> sender;       ///< gets an ack instead of its own message
  std::vector<std::string> outbox;          ///< extra payloads to the provider
  std::function<void(const Answer&)> done;  ///< on the shard; may be empty
  std::optional<Time> not_after;            ///< too late then: refused, as nobody waits for it
  int tries = 0;
};

/// One thread's conversations.  Every change of a conversation happens here, one after the other:
/// decide (bot/turn.cpp), commit, then publish.  All methods run on the shard's own thread, but for
/// post().
class Shard {
 public:
  Shard(Node& node, std::unique_ptr<Loop> loop);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// Runs `work` on this shard.  Any thread.
  void post(std::function<void()> work);
  /// Runs `work` here after a while, unless the server ends first.
  void after(Millis wait, std::function<void()> work);

  void submit(Envelope envelope);

  /// Sends history after `last_seq`, then whatever happens.  `ready` runs with the conversation
  /// just before the history is sent, on the shard; it is null when there is none yet.  For an
  /// agent it also gets the transcript (at most 10,000 events), for the packet.
  using AttachReady = std::function<void(const Conversation*, const std::vector<Event>&)>;
  void attach(const std::string& conversation, std::shared_ptr<Subscriber> subscriber,
              std::uint64_t last_seq, AttachReady ready);
  void detach(const std::string& conversation, const std::shared_ptr<Subscriber>& subscriber);

  /// Sends a frame that is not an event (queue, typing) to the visitors of a conversation.
  void tell_visitors(const std::string& conversation, const std::string& frame);
  void tell_agents(const std::string& conversation, const std::string& frame);

  /// Wakes a conversation at its deadline; used at start for everything that waits.
  void schedule(const std::string& conversation, Time deadline);

  /// After a restart: a waiting visitor who is not back soon counts as gone.
  void expect_visitor(const std::string& conversation);

  /// Another node has written event `last_seq`.  What is older here is read again: subscribers get
  /// what they miss, the desk its card; should the other node fail, its deadline is kept here too.
  void woken(const std::string& conversation, std::uint64_t last_seq);
  /// The store says that this was due at `deadline`.  When nothing here is about to happen to it,
  /// it is woken now, counted and logged: something had forgotten it.
  void overdue(const std::string& conversation, Time deadline);

  void set_desk(std::shared_ptr<const DeskView> view) { desk_ = std::move(view); }
  [[nodiscard]] const DeskView& desk() const { return *desk_; }
  [[nodiscard]] const Bot& bot() const { return *serving_.present().bot; }
  [[nodiscard]] flows::Renderer& renderer() { return *serving_.present().renderer; }
  /// The folder was loaded again: what begins from now on begins with `bot`.
  void set_bot(std::shared_ptr<const Bot> bot);
  [[nodiscard]] const Counters& counters() const { return counters_; }

  /// Refuses new input; `idle` runs once nothing is under way.
  void drain(std::function<void()> idle);

 private:
  struct Live;
  struct Timers;
  /// A turn that is being committed.
  struct Pending {
    std::string conversation;
    Envelope envelope;
    Turn turn;
  };

  Live& live(const std::string& conversation);
  void load(const std::string& conversation);
  void loaded(const std::string& conversation, Result<std::optional<store::ConversationRow>> row);
  /// Submits what the server itself has to say.
  void bring(const std::string& conversation, Input input);
  void pump(Live& live);
  void go_on(Live& live);
  void reload(Live& live);
  void take_over(Live& live);
  void open_call_found(Live& live, Millis age);
  void watch_visitors(Live& live, bool may_have_left);
  void run(Live& live, Envelope envelope);
  void committed(Pending pending, const store::CommitOutcome& outcome);
  void tell_desk(Live& live, bool moved);
  void tell_desk_what_waits();
  void publish(Live& live, const Envelope& envelope, const Turn& turn);
  void attached(const std::string& conversation, const std::shared_ptr<Subscriber>& subscriber,
                std::uint64_t last_seq, const AttachReady& ready);
  void start_call(const Conversation& conversation);
  void finish(const Envelope& envelope, const Answer& answer);
  void refuse(Envelope envelope, const Answer& answer);
  void send_page(const std::string& conversation, const std::shared_ptr<Subscriber>& subscriber);
  void read_events(const std::string& conversation, const std::shared_ptr<Subscriber>& subscriber,
                   std::uint64_t after, std::size_t count_max,
                   std::function<void(std::vector<Event>)> then);
  void not_stored(Envelope envelope, const Answer& answer);
  [[nodiscard]] World world(const Conversation& conversation) const;
  [[nodiscard]] Millis read_after(const Live& live) const;
  [[nodiscard]] store::Commit make_commit(const Conversation& before, const Turn& turn,
                                          const Envelope& envelope) const;
  void arm_timer();
  void on_timer();
  void sweep();
  void check_drained();

  Node& node_;
  std::unique_ptr<Loop> loop_;
  Serving serving_;
  std::shared_ptr<const DeskView> desk_;
  std::unordered_map<std::string, std::unique_ptr<Live>> live_;
  std::unique_ptr<Timers> timers_;
  Counters counters_;
  std::function<void()> on_idle_;
  store::StoreThreads::Lane& lane_;  ///< brings the outcomes of this shard's commits
  std::unordered_map<std::uint64_t, Pending> pending_;  ///< by token
  std::uint64_t last_token_ = 0;
  std::vector<std::string> desk_waits_;  ///< conversations whose cards can wait a little
};

}  // namespace wasl::bot
