#include "tests/simulation/world.hpp"

#include "bot/accounts.hpp"
#include "bot/console_session.hpp"
#include "bot/desk_loop.hpp"
#include "bot/outbox_sender.hpp"
#include "bot/resume.hpp"
#include "bot/visitor_session.hpp"
#include "tests/simulation/people.hpp"

#include <algorithm>

namespace wasl::simulation {
namespace {

constexpr int kVisitors = 45;
constexpr int kChats = 8;
constexpr std::size_t kLogged = 40;
constexpr std::size_t kShards = 2;

}  // namespace

/// Wake-ups between the nodes: late, and some are lost.
class Rumours final : public bot::Wakeups {
 public:
  Rumours(World& world, Machine& from)
      : world_(world), name_("n" + std::to_string(from.number)), from_(from) {}

  void changed(const std::string& conversation, std::uint64_t last_seq) override {
    tell([conversation, last_seq](bot::Node& node) { node.woken(conversation, last_seq); });
  }
  void agent(const std::string& agent, int connections, handoff::Presence presence) override {
    tell([name = name_, agent, connections, presence](bot::Node& node) {
      node.desk->agent_elsewhere(name, agent, connections, presence);
    });
  }

 private:
  void tell(const std::function<void(bot::Node&)>& what) {
    if (world_.options.mutant == "wakeups_lost") return;
    for (const auto& machine : world_.machines_) {
      if (machine.get() == &from_ || !machine->up()) continue;
      if (!world_.weather.calm && world_.chance.one_in(20)) continue;  // lost
      world_.timeline.in(world_.chance.between(500, 20 * kMs), machine->life,
                         [machine = machine.get(), what] { what(*machine->node); });
    }
  }

  World& world_;
  std::string name_;
  Machine& from_;
};

World::World(const Options& given, std::shared_ptr<const bot::Bot> with)
    : options(given),
      bot(std::move(with)),
      chance(given.seed),
      judge(timeline, *bot, weather),
      store(mutate_store(given.mutant, store::make_memory_store())) {
  set_up_agents();
  for (int i = 0; i < options.nodes; ++i) {
    machines_.push_back(std::make_unique<Machine>());
    machines_.back()->number = i;
  }
  for (auto& machine : machines_) start(*machine);
  for (int i = 0; i < kVisitors; ++i) visitors_.push_back(std::make_unique<Visitor>(*this, i));
  for (int i = 0; i < kChats; ++i) chats_.push_back(std::make_unique<Chat>(*this, i));
  timeline.in(kSecond, nullptr, [this] { look(); });
  timeline.in(30 * kSecond, nullptr, [this] { mishap(); });
  timeline.in(10 * kSecond, nullptr, [this] { change_weather(); });
}

World::~World() {
  for (auto& machine : machines_) {
    if (machine->up()) crash(*machine);
  }
  timeline.clear();
}

void World::set_up_agents() {
  const struct {
    const char* id;
    std::vector<std::string> languages;
    std::vector<std::string> skills;
    int capacity;
    bool supervisor;
    bool roams = false;
  } people[] = {
      {"amal", {}, {"parcels"}, 3, false},
      {"omar", {"ar", "en"}, {"parcels"}, 2, false},
      {"lina", {"en"}, {}, 2, false},
      {"zaid", {"ar"}, {"parcels"}, 3, false},
      {"huda", {}, {"parcels"}, 2, true},
      {"noor", {"en"}, {"parcels"}, 1, false},
      {"sami", {}, {"parcels"}, 12, true, true},
  };
  for (const auto& person : people) {
    store::AgentRow row;
    row.id = person.id;
    row.email = std::string(person.id) + "@example.com";
    row.name = person.id;
    row.role = person.supervisor ? "supervisor" : "agent";
    row.languages = person.languages;
    row.skills = person.skills;
    row.capacity = person.capacity;
    if (options.mutant == "capacity_ignored") row.capacity = 50;
    if (options.mutant == "agent_overlooked" && row.id == "amal") row.capacity = 0;
    (void)store->put_agent(row);
    const std::string token = "token of " + row.id;
    (void)store->put_session({bot::token_hash(token), row.id, kStart + std::chrono::years(20)});
    agents_.push_back(
        std::make_unique<Agent>(*this,
                                AgentFacts{row.id, row.languages, row.skills, person.capacity,
                                           person.supervisor, person.roams, -1},
                                token));
  }
}

void World::start(Machine& machine) {
  event("starts", "n" + std::to_string(machine.number));
  machine.life = std::make_shared<bool>(true);
  machine.up_since = timeline.now();
  machine.wires.clear();
  judge.restarted();
  machine.node = std::make_unique<bot::Node>();
  bot::Node& node = *machine.node;
  const auto loop = [&] {
    return std::make_unique<SimLoop>(timeline, chance, weather, machine.life);
  };
  node.bot = bot;
  node.clock = std::make_unique<SimClock>(timeline, machine.clock_wrong);
  node.random = std::make_unique<SimRandom>(chance.number());
  auto reader = store->reader();
  auto threads = std::make_unique<SimStore>(
      timeline, chance, weather, machine.life, *store, std::move(*reader),
      [this, number = machine.number](const Decision& decision, const store::Commit& commit,
                                      const store::CommitOutcome& outcome) {
        constexpr const char* kKinds[] = {"commit", "conflict", "duplicate", "unavailable"};
        event(kKinds[static_cast<std::size_t>(outcome.kind)],
              "n" + std::to_string(number) + " " + commit.after.id.substr(0, 6) + " #" +
                  std::to_string(commit.after.last_seq) + " " + commit.after.state);
        judge.executed(number, decision, commit, outcome);
      },
      SimStore::Faults{options.mutant == "ack_before_commit"});
  SimStore* deciding = threads.get();
  node.store = std::move(threads);
  node.decide = [this, deciding](const bot::Bot& with, flows::Renderer& renderer,
                                 const bot::Conversation& before, const bot::Input& input,
                                 const bot::World& around) {
    bot::Turn turn = bot::decide(with, renderer, before, input, around);
    if (!options.mutant.empty()) {
      mutate_turn(options.mutant, with, renderer, before, input, around, turn, chance);
    }
    const auto* ordered = std::get_if<bot::DeskOrdered>(&input);
    if (options.mutant == "oldest_passed_over" && ordered != nullptr &&
        ordered->order.kind == handoff::Order::Kind::offer && judge.first_in_line(before.id)) {
      turn = {};
      turn.refused = "bad_state";
    }
    event("decides", before.id.substr(0, 6) + (turn.refused.empty() ? "" : " " + turn.refused));
    deciding->decided({input, turn.moves, before, wall(timeline.now())});
    return turn;
  };
  node.http = std::make_unique<SimHttp>(
      timeline, chance, weather, machine.life,
      [this, number = machine.number](const channels::OutgoingRequest& request, bool answer_lost) {
        event(answer_lost ? "in vain" : "request",
              "n" + std::to_string(number) + " " + request.url + request.body.substr(0, 50));
        return serve(request);
      },
      [this, number = machine.number](const std::string& url,
                                      channels::OutgoingResponse& response) {
        judge.call_answered(number, url, response);
        const bool spoils = options.mutant == "call_given_up_at_once" && response.status != 200;
        if (spoils && url.find("/bot") == std::string::npos) response.status = 400;
      });
  for (std::size_t i = 0; i < kShards; ++i) {
    node.shards.push_back(std::make_unique<bot::Shard>(node, loop()));
  }
  node.desk = std::make_unique<bot::DeskLoop>(node, loop());
  node.accounts = std::make_unique<bot::Accounts>(node);
  node.outbox = std::make_unique<bot::OutboxSender>(node, loop());
  node.calls = std::make_unique<bot::BusinessCalls>(node, loop());
  node.watch = std::make_unique<bot::Watch>(node, loop());
  if (options.nodes > 1) node.wakeups = std::make_unique<Rumours>(*this, machine);
  auto resumed = bot::read_live(*store);
  if (!resumed) return judge.fail(5, "a node cannot start: " + resumed.error().what);
  bot::resume(node, std::move(*resumed));
}

void World::collect_counters(const Machine& machine) {
  for (const auto& shard : machine.node->shards) sweeper_found += shard->counters().sweeper_found;
}

void World::crash(Machine& machine) {
  event("dies", "n" + std::to_string(machine.number));
  ++crashes;
  collect_counters(machine);
  *machine.life = false;
  for (const auto& weak : machine.wires) {
    if (const auto wire = weak.lock()) wire->cut();
  }
  machine.wires.clear();
  machine.node.reset();
  judge.restarted();
}

Machine* World::some_machine() {
  std::vector<Machine*> up;
  for (const auto& machine : machines_) {
    if (machine->up()) up.push_back(machine.get());
  }
  return up.empty() ? nullptr : chance.pick(up);
}

std::shared_ptr<Wire> World::connect_visitor(Machine& machine, Peer& peer, Wire::Sent sent) {
  auto wire = std::make_shared<Wire>(timeline, chance, machine.life, peer, std::move(sent));
  wire->callbacks = bot::open_visitor_session(*machine.node, chance.below(kShards), wire);
  machine.wires.push_back(wire);
  return wire;
}

std::shared_ptr<Wire> World::connect_agent(Machine& machine, const std::string& /*token*/,
                                           Peer& peer, Wire::Sent sent) {
  auto wire = std::make_shared<Wire>(timeline, chance, machine.life, peer, std::move(sent));
  wire->callbacks = bot::open_console_session(*machine.node, chance.below(kShards), wire, "");
  machine.wires.push_back(wire);
  return wire;
}

void World::event(const char* kind, const std::string& what) {
  ++events;
  const auto mix = [this](std::string_view text) {
    for (const char c : text) {
      fingerprint = (fingerprint ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
  };
  const std::string at = std::to_string(timeline.now());
  mix(at);
  mix(kind);
  mix(what);
  std::string line =
      iso8601(wall(timeline.now())) + " " + std::to_string(events) + " " + kind + " " + what;
  if (options.trace) std::fprintf(stderr, "%s\n", line.c_str());
  log.push_back(std::move(line));
  if (log.size() > kLogged) log.pop_front();
}

// Nodes die and come back; now and then all are down for hours or days.
void World::mishap() {
  timeline.in(chance.between(15 * kSecond, 4 * kMinute), nullptr, [this] { mishap(); });
  if (ending_) return;
  if (chance.one_in(12)) {
    for (auto& machine : machines_) {
      if (machine->up()) crash(*machine);
    }
    const std::int64_t hours = chance.one_in(2) ? chance.between(1, 80) : 0;
    timeline.skip(hours * kHour + chance.between(kSecond, 50 * kMinute));
    event("time passes", std::to_string(hours) + " h");
    for (auto& machine : machines_) start(*machine);
    return;
  }
  if (chance.one_in(3)) return;
  Machine& machine = *chance.pick(machines_);
  if (!machine.up()) return;
  crash(machine);
  if (options.mutant == "wall_clock") machine.clock_wrong = Millis{3'600'000};
  timeline.in(chance.between(kSecond, 90 * kSecond), nullptr, [this, &machine] {
    if (!machine.up()) start(machine);
  });
}

void World::change_weather() {
  timeline.in(chance.between(5 * kSecond, 2 * kMinute), nullptr, [this] { change_weather(); });
  if (ending_) return;
  weather.slow_disk = chance.one_in(15);
  weather.bad_calls = chance.one_in(4);
}

void World::look() {
  timeline.in(kSecond, nullptr, [this] { look(); });
  if (some_machine() == nullptr) judge.restarted();
  judge.look(judge.agents);
  std::uint64_t found = sweeper_found;
  for (const auto& machine : machines_) {
    if (!machine->up()) continue;
    for (const auto& shard : machine->node->shards) found += shard->counters().sweeper_found;
  }
  if (found > 0) judge.fail(5, "something waited without a timer until the sweeper came");
}

// The other side: a shop's order system and the messenger's provider.
channels::OutgoingResponse World::serve(const channels::OutgoingRequest& request) {
  channels::OutgoingResponse response;
  const bool provider = request.url.find("/bot") != std::string::npos;
  const bool fails = !weather.calm && chance.one_in(weather.bad_calls ? 2 : 12);
  if (fails) {
    response.status = chance.one_in(4) ? 429 : 503;
    return response;
  }
  response.status = 200;
  if (provider) {
    judge.provider_got(request.url + request.body);
    response.body = R"({"ok":true})";
    return response;
  }
  if (chance.one_in(6)) response.status = 404;
  response.body = R"({"status":"moving"})";
  return response;
}

bool World::run() {
  while (events < options.events && !judge.failure && timeline.step()) {
  }
  if (judge.failure) return false;
  // Then everybody is well and says nothing more: all that is open must settle.
  ending_ = true;
  weather = {};
  weather.calm = true;
  weather.trouble_until = timeline.now();
  for (auto& machine : machines_) {
    if (!machine->up()) start(*machine);
  }
  const std::int64_t end = timeline.now() + 25 * kMinute;
  while (timeline.now() < end && !judge.failure && timeline.step()) {
  }
  for (const auto& visitor : visitors_) {
    if (!judge.failure) visitor->conclude();
  }
  if (!judge.failure) judge.conclude();
  return !judge.failure;
}

}  // namespace wasl::simulation
