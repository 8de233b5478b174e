#pragma once

// The edges of a node, simulated: its threads, clock, randomness, disk, network and the systems it
// calls.  Everything happens on one thread, in virtual time, at moments the seed chooses.

#include "wasl/channels/http_client.hpp"
#include "wasl/channels/listener.hpp"
#include "wasl/store/store_threads.hpp"

#include "bot/clock.hpp"
#include "bot/loop.hpp"
#include "bot/random.hpp"
#include "bot/turn.hpp"
#include "tests/simulation/chance.hpp"
#include "tests/simulation/timeline.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wasl::simulation {

/// How kind the world is at present.
struct Weather {
  bool calm = false;               ///< nothing goes wrong any more
  bool slow_disk = false;          ///< a write takes up to two seconds
  bool bad_calls = false;          ///< business systems mostly fail
  std::int64_t trouble_until = 0;  ///< up to then nobody is judged by their speed

  void trouble(std::int64_t until) { trouble_until = std::max(trouble_until, until); }
};

class SimClock final : public bot::Clock {
 public:
  SimClock(const Timeline& timeline, const Millis& wrong) : timeline_(timeline), wrong_(wrong) {}
  [[nodiscard]] Time now() const override { return wall(timeline_.now()) + wrong_; }

 private:
  const Timeline& timeline_;
  const Millis& wrong_;
};

class SimRandom final : public bot::Random {
 public:
  explicit SimRandom(std::uint64_t seed) : chance_(seed) {}
  [[nodiscard]] std::uint64_t seed() override { return chance_.number(); }
  [[nodiscard]] std::string hex(std::size_t bytes) override;
  [[nodiscard]] std::string ticket() override;

 private:
  Chance chance_;
};

class SimLoop final : public bot::Loop {
 public:
  SimLoop(Timeline& timeline, Chance& chance, const Weather& weather, Life life)
      : timeline_(timeline), chance_(chance), weather_(weather), life_(std::move(life)) {}
  void post(std::function<void()> work) override;
  void after(Millis wait, std::function<void()> work) override;

 private:
  Timeline& timeline_;
  Chance& chance_;
  const Weather& weather_;
  Life life_;
  std::int64_t last_ = 0;  ///< when what was posted last runs
};

/// What was decided, on its way to the store.
struct Decision {
  bot::Input input;
  std::vector<handoff::Move> moves;
  bot::Conversation before;  ///< as the node believed
  Time at{};
};

/// The two threads of a node's store, as queues.
class SimStore final : public store::StoreThreads {
 public:
  /// Hears of every decision as it is executed.
  using Seen =
      std::function<void(const Decision&, const store::Commit&, const store::CommitOutcome&)>;
  struct Faults {
    bool ack_before_commit = false;
  };
  SimStore(Timeline& timeline, Chance& chance, Weather& weather, Life life, store::Store& truth,
           std::unique_ptr<store::Store> reader, Seen seen, Faults faults);

  /// Says of the commit that follows by what it was decided.
  void decided(Decision decision) { next_ = std::move(decision); }

  bool commit(store::Commit decision, std::function<void(store::CommitOutcome)> done) override;
  Lane& add_lane(std::function<void(std::vector<store::Delivery>)> deliver) override;
  bool commit(store::Commit decision, Lane& lane, std::uint64_t token) override;
  bool write(std::function<void(store::Store&)> work) override;
  bool read(std::function<void(store::Store&)> work) override;
  [[nodiscard]] bool healthy() const override { return timeline_.now() >= broken_until_; }
  [[nodiscard]] std::string trouble() const override { return healthy() ? "" : "the disk is full"; }
  [[nodiscard]] Counts counts() const override { return {}; }
  void stop() override {}

 private:
  struct Waiting {
    Decision decision;
    store::Commit commit;
    std::function<void(store::CommitOutcome)> done;
  };
  using Work = std::function<void(store::Store&)>;
  struct SimLane final : Lane {
    std::function<void(std::vector<store::Delivery>)> deliver;
    std::vector<store::Delivery> gathered;
  };

  void deliver_lanes();
  std::int64_t disk_time();
  void wake_writer();
  void write_some();
  void execute(std::vector<Waiting>& group);

  Timeline& timeline_;
  Chance& chance_;
  Weather& weather_;
  Life life_;
  store::Store& truth_;
  std::unique_ptr<store::Store> reader_;
  Seen seen_;
  Faults faults_;
  std::optional<Decision> next_;
  std::deque<std::variant<Waiting, Work>> writes_;
  std::vector<std::unique_ptr<SimLane>> lanes_;
  bool writing_ = false;
  std::int64_t last_read_ = 0;
  std::int64_t broken_until_ = 0;
};

/// Answers for the business systems and the provider, late, wrongly or not at all.
class SimHttp final : public channels::HttpClient {
 public:
  /// What the other side does when the request arrives there.
  using Serve =
      std::function<channels::OutgoingResponse(const channels::OutgoingRequest&, bool answer_lost)>;
  /// Sees every answer before the node does, and may spoil it.
  using Answered = std::function<void(const std::string& url, channels::OutgoingResponse&)>;
  SimHttp(Timeline& timeline, Chance& chance, Weather& weather, Life life, Serve serve,
          Answered answered)
      : timeline_(timeline),
        chance_(chance),
        weather_(weather),
        life_(std::move(life)),
        serve_(std::move(serve)),
        answered_(std::move(answered)) {}
  void send(channels::OutgoingRequest request,
            std::function<void(channels::OutgoingResponse)> done) override;
  void set_hosts(std::vector<std::string> /*hosts*/) override {}

 private:
  Timeline& timeline_;
  Chance& chance_;
  Weather& weather_;
  Life life_;
  Serve serve_;
  Answered answered_;
};

/// Somebody at the far end of a connection.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void hears(const std::string& frame) = 0;
  virtual void cut_off() = 0;
};

/// One connection.  Frames keep their order each way; either side may end it.
class Wire final : public channels::Socket, public std::enable_shared_from_this<Wire> {
 public:
  /// Sees every frame as the server sends it, before any network.
  using Sent = std::function<void(const std::string& frame)>;
  Wire(Timeline& timeline, Chance& chance, Life server, Peer& peer, Sent sent)
      : timeline_(timeline),
        chance_(chance),
        server_(std::move(server)),
        peer_(&peer),
        sent_(std::move(sent)) {}

  channels::SocketCallbacks callbacks;

  // The server's side.
  void send(std::string frame) override;
  void close(std::uint16_t code, std::string reason) override;
  void when_light(std::function<void()> then) override;

  // The peer's.
  void say(std::string frame, std::function<void()> arrived = {});
  /// The peer goes away; the server hears of it a little later, if it still runs.
  void leave();
  /// The server is gone.
  void cut();
  [[nodiscard]] bool open() const { return open_ && *server_; }

 private:
  Timeline& timeline_;
  Chance& chance_;
  Life server_;
  Peer* peer_;
  Sent sent_;
  bool open_ = true;
  bool told_server_ = false;
  std::int64_t last_out_ = 0;
  std::int64_t last_in_ = 0;
};

}  // namespace wasl::simulation
