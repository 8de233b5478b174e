#include "tests/simulation/people.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace wasl::simulation {
namespace {

using handoff::Trigger;
using nlohmann::json;

bool is_type(const std::string& frame, std::string_view type) {
  return frame.find("\"type\":\"" + std::string(type) + "\"") != std::string::npos;
}

// The console's word for a trigger; empty: agents have none.
std::string_view command_of(Trigger trigger) {
  switch (trigger) {
    case Trigger::agent_reply:
      return "say";
    case Trigger::accept:
    case Trigger::decline:
    case Trigger::take:
    case Trigger::assign:
    case Trigger::transfer:
    case Trigger::snooze:
    case Trigger::note:
    case Trigger::return_to_bot:
    case Trigger::resolve:
    case Trigger::done:
      return handoff::name(trigger);
    default:
      return "";
  }
}

double usual(Trigger trigger) {
  switch (trigger) {
    case Trigger::agent_reply:
      return 6.0;
    case Trigger::done:
      return 2.0;
    case Trigger::resolve:
      return 1.0;
    case Trigger::take:
    case Trigger::assign:
      return 0.05;
    default:
      return 0.3;
  }
}

}  // namespace

Agent::Agent(World& world, AgentFacts facts, std::string token)
    : world_(world), id_(facts.id), token_(std::move(token)) {
  world_.judge.agents[id_] = std::move(facts);
  world_.timeline.in(world_.chance.between(0, 20 * kSecond), nullptr, [this] { live(); });
}

void Agent::live() {
  const std::int64_t wait_max = facts().roams ? kSecond : 5 * kSecond;
  world_.timeline.in(world_.chance.between(200 * kMs, wait_max), nullptr, [this] { live(); });
  if (!wire_) {
    if (world_.ending() || world_.chance.one_in(3)) connect();
    return;
  }
  if (!snapshot_) return;
  Chance& chance = world_.chance;
  if (!world_.ending() && chance.one_in(70)) {
    world_.event("leaves", id_);
    facts().ready_since = -1;
    std::exchange(wire_, nullptr)->leave();
    snapshot_ = false;
    return;
  }
  if (facts().roams && !std::exchange(away_, true)) {
    wire_->say(json{{"type", "presence"}, {"state", "away"}}.dump());
    return;
  }
  if (facts().roams) return act();
  // Some go home a little early, so that a few still wait when the desk closes.
  const Time soon = wall(world_.timeline.now() + 25 * kSecond);
  const bool closes = open_at(wall(world_.timeline.now())) && !open_at(soon);
  if (closes && world_.judge.visits(State::queued, Trigger::hours_close) < kRare) {
    if (facts().ready_since < 0 || chance.one_in(2)) return;
    facts().ready_since = -1;
    wire_->say(json{{"type", "presence"}, {"state", "away"}}.dump());
    return;
  }
  if (facts().ready_since < 0 ? !chance.one_in(4) : chance.one_in(200)) {
    const char* states[] = {"online", "online", "away", "offline"};
    const std::string state =
        facts().ready_since < 0 || world_.ending() ? "online" : chance.pick(states);
    if (state != "online") facts().ready_since = -1;
    wire_->say(json{{"type", "presence"}, {"state", state}}.dump());
    return;
  }
  act();
}

void Agent::connect() {
  Machine* machine = world_.some_machine();
  if (machine == nullptr) return;
  world_.event("connects", id_);
  snapshot_ = away_ = false;
  wire_ = world_.connect_agent(*machine, token_, *this, [this](const std::string& frame) {
    world_.judge.agent_frame(id_, frame);
  });
  wire_->say(json{{"type", "hello"}, {"token", token_}}.dump());
}

void Agent::cut_off() {
  world_.event("cut off", id_);
  wire_.reset();
  snapshot_ = false;
  facts().ready_since = -1;
}

void Agent::hears(const std::string& frame) {
  if (is_type(frame, "snapshot")) {
    snapshot_ = true;
    const json value = json::parse(frame);
    facts().ready_since =
        value.value("presence", "") == "online" ? world_.timeline.now() : std::int64_t{-1};
    return;
  }
  if (is_type(frame, "presence")) {
    const json value = json::parse(frame);
    if (value["agent"] != id_) return;
    facts().ready_since = value["state"] == "online" ? world_.timeline.now() : std::int64_t{-1};
    return;
  }
  if (!is_type(frame, "offer")) return;
  const json offer = json::parse(frame);
  const std::int64_t wait = world_.chance.one_in(6) ? world_.chance.between(kSecond, 70 * kSecond)
                                                    : world_.chance.between(kSecond, 9 * kSecond);
  world_.timeline.in(
      wait, nullptr,
      [this, conversation = offer["conversation"].get<std::string>(),
       epoch = offer["epoch"].get<std::uint64_t>()] { answer_offer(conversation, epoch); });
}

void Agent::answer_offer(const std::string& conversation, std::uint64_t epoch) {
  if (!wire_ || !snapshot_) return;
  const bool flees = world_.judge.visits(State::offered, Trigger::agent_gone) < kRare;
  if (flees && !world_.ending() && world_.chance.one_in(5)) {
    facts().ready_since = -1;
    wire_->say(json{{"type", "presence"}, {"state", "offline"}}.dump());
    return;
  }
  if (world_.chance.one_in(12)) return;  // away from the desk
  const bool accepts = !world_.chance.one_in(6);
  command(accepts ? "accept" : "decline", conversation, epoch, "");
}

void Agent::command(const std::string& type, const std::string& conversation, std::uint64_t epoch,
                    const std::string& rest) {
  json frame = rest.empty() ? json::object() : json::parse(rest);
  frame["type"] = type;
  frame["client_id"] = id_ + "-" + std::to_string(++said_);
  frame["conversation"] = conversation;
  frame["epoch"] = epoch;
  const int times = world_.chance.one_in(40) ? 2 : 1;
  for (int i = 0; i < times; ++i) {
    wire_->say(frame.dump(), [this, type, conversation] {
      world_.event("commands", id_ + " " + type + " " + conversation.substr(0, 6));
    });
  }
}

// What an agent may do somewhere; rarely visited moves are tried more often.
void Agent::act() {
  const auto& live = world_.judge.live();
  if (live.empty() || world_.ending()) return;
  Chance& chance = world_.chance;
  struct Way {
    const Truth* truth;
    Trigger trigger;
    double weight;
  };
  std::vector<Way> ways;
  double sum = 0;
  const std::size_t from = chance.below(live.size());
  for (std::size_t i = 0; i < live.size(); ++i) {
    const Truth* truth = world_.judge.find(live[(from + i) % live.size()]);
    const handoff::Record& record = truth->now.record;
    const bool own = record.owner.id == id_;
    if (!own && i > 12 && !facts().roams) continue;  // a look at some, and at all of one's own
    Trigger last = Trigger::deadline;
    for (const handoff::Move& move : handoff::moves()) {
      if (move.from != record.state || move.on == last || command_of(move.on).empty()) continue;
      last = move.on;
      const bool answers = move.on == Trigger::accept || move.on == Trigger::decline;
      if (answers) continue;  // when it rings
      double weight = usual(move.on);
      const bool supervisors = move.on == Trigger::assign;
      if (supervisors && !facts().supervisor) continue;
      const bool anybodys = supervisors || move.on == Trigger::note || move.on == Trigger::take;
      if (!own && !anybodys) weight *= facts().supervisor ? 0.05 : 0.01;
      if (move.on == Trigger::snooze && own && world_.judge.rare(State::snoozed)) weight = 8;
      if (world_.judge.visits(record.state, move.on) < kRare) {
        weight = record.state == State::offering ? 3 : 20;  // visitors need it more
      }
      ways.push_back({truth, move.on, weight});
      sum += weight;
    }
  }
  double at = sum * static_cast<double>(chance.below(1'000'000)) / 1'000'000.0;
  for (const Way& way : ways) {
    at -= way.weight;
    if (at > 0) continue;
    const char* outcomes[] = {"solved", "solved", "unsolved", "spam"};
    json rest{{"text", "words"},
              {"reason", "because"},
              {"outcome", chance.pick(outcomes)},
              {"note", "noted"}};
    if (way.trigger != Trigger::agent_reply && way.trigger != Trigger::note) rest.erase("text");
    const char* colleagues[] = {"amal", "omar", "lina", "zaid", "huda", "noor"};
    const char* teams[] = {"parcels", "general"};
    if (way.trigger == Trigger::assign) {
      rest["agent"] = facts().roams && chance.one_in(2) ? id_ : chance.pick(colleagues);
    }
    if (way.trigger == Trigger::transfer) {
      rest["to"] = chance.one_in(2) ? json{{"agent", chance.pick(colleagues)}}
                                    : json{{"team", chance.pick(teams)}};
    }
    if (way.trigger == Trigger::snooze) {
      const std::int64_t wait =
          chance.between(3 * kSecond, chance.one_in(2) ? 12 * kSecond : 3 * kMinute);
      rest["until"] = iso8601(wall(world_.timeline.now() + wait));
    }
    std::uint64_t epoch = way.truth->now.record.epoch;
    if (epoch > 0 && chance.one_in(15)) --epoch;  // what was on the screen is old
    return command(std::string(command_of(way.trigger)), way.truth->now.id, epoch, rest.dump());
  }
}

}  // namespace wasl::simulation
