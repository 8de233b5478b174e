#include "tests/simulation/judge_change.hpp"
#include "tests/simulation/people.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace wasl::simulation {
namespace {

using handoff::Trigger;
using nlohmann::json;

constexpr std::int64_t kPatience = 2 * kSecond;
constexpr const char* kCalmTexts[] = {"how long", "track",       "تتبع الطرد من فضلك",
                                      "thanks",   "qwrtp zxcvb", "كم يستغرق"};
constexpr const char* kAngryTexts[] = {"this is terrible, you are useless!!!",
                                       "you don't understand anything",
                                       "NO!!! THIS IS WRONG AGAIN AND AGAIN", "qwrtp zxcvb"};
constexpr const char* kAskTexts[] = {"I want to talk to a human", "refund", "أريد موظف"};

}  // namespace

Visitor::Visitor(World& world, int number)
    : world_(world),
      name_("v" + std::to_string(number)),
      parcel_("A-" + std::to_string(1000 + number)) {
  world_.timeline.in(world_.chance.between(0, 60 * kSecond), nullptr, [this] { live(); });
}

void Visitor::live() {
  const Truth* truth = world_.judge.find(conversation_);
  const State state = truth == nullptr ? State::bot : truth->now.record.state;
  // What soon passes is met by who is quick.
  const bool passes = in(state, {State::offering, State::offered, State::snoozed});
  const std::int64_t wait_max = passes && world_.judge.rare(state) ? 2 * kSecond : 7 * kSecond;
  world_.timeline.in(world_.chance.between(200 * kMs, wait_max), nullptr, [this] { live(); });
  if (!wire_) {
    if (world_.ending() || !world_.chance.one_in(4)) connect();
    return;
  }
  if (!welcome_) return;
  for (auto& [client_id, pending] : pending_) {
    // No answer for a while: sent again, as a browser does.
    if (pending.sent < 0 || world_.timeline.now() - pending.sent > 8 * kSecond) send(client_id);
  }
  look();
  if (world_.ending()) return;
  // Silence, so that what is due in this state comes; more of it where that was rare.
  const bool rare = world_.judge.visits(state, Trigger::deadline) < kRare;
  if (world_.timeline.now() < silent_until_) return;
  if (rare && world_.chance.one_in(4)) {
    const bool passes_soon = in(state, {State::offering, State::offered, State::wrap_up});
    silent_until_ = world_.timeline.now() + (passes_soon ? 35 * kSecond : 3 * kMinute);
    return;
  }
  // Who has been given back is never asked whether to be connected: only who begins anew is.
  const bool stale = truth != nullptr && truth->now.record.bot_returns > 0;
  if (state == State::resolved && stale && world_.judge.rare(State::offering)) {
    if (!world_.chance.one_in(3)) silent_until_ = world_.timeline.now() + 75 * kSecond;
  }
  const bool back_is_rare = world_.judge.visits(state, Trigger::customer_back) < kRare;
  const bool waits = state == State::queued || state == State::offered;
  if (world_.chance.one_in(waits && back_is_rare ? 5 : 25)) {
    world_.event("leaves", name_);
    const auto wire = std::exchange(wire_, nullptr);
    wire->leave();
    welcome_ = false;
    return;
  }
  if (pending_.size() < 4) act();
}

void Visitor::connect() {
  Machine* machine = world_.some_machine();
  if (machine == nullptr) return;
  world_.event("connects", name_);
  welcome_ = false;
  connected_ = world_.timeline.now();
  for (auto& [client_id, pending] : pending_) pending.sent = pending.arrived = -1;
  auto last = std::make_shared<std::uint64_t>(last_seq_);
  auto conversation = std::make_shared<std::string>(conversation_);
  auto visitor = std::make_shared<std::string>();
  wire_ = world_.connect_visitor(
      *machine, *this, [this, last, conversation, visitor](const std::string& f) {
        if (f.find("\"type\":\"welcome\"") != std::string::npos) {
          const json welcome = json::parse(f);
          const std::string id = welcome["conversation"];
          if (id != *conversation) *last = 0;
          *conversation = id;
          // By the wire: a welcome that never arrived made a visitor whom nobody knows of.
          const auto row = world_.store->visitor_by_token(
              bot::token_hash(welcome["visitor_token"].get<std::string>()));
          if (row && *row) *visitor = (**row).id;
          const std::uint64_t told = welcome["last_seq"];
          if (told < *last) {
            world_.judge.fail(14, name_ + ": told of " + std::to_string(told) +
                                      " events, has seen " + std::to_string(*last));
          }
          return;
        }
        world_.judge.visitor_frame(*visitor, *conversation, *last, f);
      });
  json hello{{"type", "hello"},
             {"locale", name_.back() % 3 == 0 ? "ar-SA" : "en-GB"},
             {"timezone", "Asia/Riyadh"}};
  if (!token_.empty()) {
    hello["visitor_token"] = token_;
    hello["conversation"] = conversation_;
    hello["last_seq"] = last_seq_;
  }
  wire_->say(hello.dump());
}

void Visitor::cut_off() {
  wire_.reset();
  welcome_ = false;
  world_.event("cut off", name_);
}

void Visitor::hears(const std::string& frame) {
  const json value = json::parse(frame);
  const std::string type = value["type"];
  if (type == "welcome") {
    token_ = value["visitor_token"];
    const std::string id = value["conversation"];
    if (id != conversation_) {
      conversation_ = id;
      last_seq_ = 0;
      seen_.clear();
    }
    welcome_ = true;
    connected_ = world_.timeline.now();
    return;
  }
  if (type == "ack") return answered(value["client_id"]);
  if (type == "error") {
    if (value.contains("client_id")) {
      const std::string client_id = value["client_id"];
      const std::string code = value["code"];
      const auto pending = pending_.find(client_id);
      if (pending == pending_.end()) return;
      if (code == "busy" || code == "too_fast" || code == "unavailable") {
        pending->second.sent = world_.timeline.now() - 7 * kSecond;  // again in a second
        pending->second.arrived = -1;
      } else {
        answered(client_id);
      }
    }
    return;
  }
  if (type == "message" || type == "state" || type == "owner") {
    const std::uint64_t seq = value["seq"];
    seen_.insert(seq);
    last_seq_ = std::max(last_seq_, seq);
  }
}

// 4: whoever was heard gets an answer soon.
void Visitor::answered(const std::string& client_id) {
  const auto pending = pending_.find(client_id);
  if (pending == pending_.end()) return;
  const std::int64_t arrived = pending->second.arrived;
  if (arrived >= 0 && world_.timeline.now() - arrived > kPatience + 200 * kMs &&
      world_.judge.quiet(world_.timeline.now() - arrived + 15 * kSecond)) {
    world_.judge.fail(4, name_ + ": " + client_id + " was acknowledged only after " +
                             std::to_string((world_.timeline.now() - arrived) / kMs) + " ms");
  }
  pending_.erase(pending);
}

void Visitor::send(const std::string& client_id) {
  Pending& pending = pending_.at(client_id);
  pending.sent = world_.timeline.now();
  const int times = world_.chance.one_in(30) ? 2 : 1;  // twice, as a nervous network does
  for (int i = 0; i < times; ++i) {
    wire_->say(pending.frame, [this, client_id] {
      world_.event("hears", name_ + " " + client_id);
      const auto found = pending_.find(client_id);
      if (found != pending_.end() && found->second.arrived < 0) {
        found->second.arrived = world_.timeline.now();
      }
    });
  }
}

void Visitor::say(std::string body) {
  const std::string client_id = name_ + "-" + std::to_string(++said_);
  json frame = json::parse(body);
  frame["client_id"] = client_id;
  pending_[client_id] = {frame.dump()};
  send(client_id);
}

// What a customer may do in the conversation's state; rarely visited moves are tried more often.
void Visitor::act() {
  const Truth* truth = world_.judge.find(conversation_);
  const State state = truth == nullptr ? State::bot : truth->now.record.state;
  const auto text = [](const char* what) {
    return json{{"type", "message"}, {"text", what}}.dump();
  };
  const auto tap = [](const char* what) {
    return json{{"type", "message"}, {"button", what}}.dump();
  };
  const auto choose = [](const char* what) {
    return json{{"type", "choose"}, {"option", what}, {"contact", "0500"}}.dump();
  };
  Chance& chance = world_.chance;
  struct Way {
    Trigger trigger;
    std::string body;
    double weight;
  };
  const bool begins_anew = state == State::bot && truth != nullptr &&
                           truth->now.record.bot_returns > 0 && world_.judge.rare(State::offering);
  std::vector<Way> ways{
      {Trigger::customer_message, text(chance.pick(kCalmTexts)), 3.0},
      {Trigger::customer_message, text(("track " + parcel_).c_str()), 0.6},
      {Trigger::soft_offer, text(chance.pick(kAngryTexts)),
       state == State::bot && world_.judge.rare(State::offering) ? 6.0 : 2.0},
      {Trigger::handoff, chance.one_in(4) ? tap("handoff:asked") : text(chance.pick(kAskTexts)),
       1.0},
      {Trigger::visitor_end, R"({"type":"end"})", begins_anew ? 6.0 : 0.15},
      {Trigger::choose_wait, choose("wait"), 0.2},
      {Trigger::choose_bot, choose("bot"), 0.2},
      {Trigger::choose_cancel, choose("cancel"), state == State::promised ? 1.5 : 0.2},
      {Trigger::choose_callback, choose("callback"), 0.2},
      {Trigger::choose_message, choose("leave_message"), 0.2},
      {Trigger::complain, choose("complaint"), 0.2},
  };
  if (state == State::offering) {
    ways.push_back({Trigger::offer_refused, tap("handoff:no"), 2.0});
    ways.push_back({Trigger::handoff, tap("handoff:yes"), 2.0});
    for (Way& way : ways) {  // what is said instead of yes or no is a no
      if (way.trigger == Trigger::customer_message) way.trigger = Trigger::offer_refused;
    }
    // What is chosen on a card from a wait that is over is a message.
    ways.push_back({Trigger::customer_message, choose("wait"), 0.5});
  }
  if (state == State::bot && world_.judge.rare(State::offering)) {
    for (Way& way : ways) {
      if (way.trigger == Trigger::handoff) way.weight = 0.15;
    }
  }
  double sum = 0;
  for (Way& way : ways) {
    const bool legal = std::any_of(
        handoff::moves().begin(), handoff::moves().end(),
        [&](const handoff::Move& move) { return move.from == state && move.on == way.trigger; });
    const auto seen = world_.judge.visits(state, way.trigger);
    if (!legal) way.weight *= 0.05;
    if (legal && seen < kRare) way.weight = 8;
    sum += way.weight;
  }
  double at = sum * static_cast<double>(chance.below(1'000'000)) / 1'000'000.0;
  for (const Way& way : ways) {
    at -= way.weight;
    if (at > 0) continue;
    return say(way.body);
  }
}

// 14: whoever stays connected has all there is; 4: whoever was heard is answered.
void Visitor::look() {
  const std::int64_t now = world_.timeline.now();
  if (!wire_ || !welcome_ || !world_.judge.quiet(25 * kSecond)) return;
  for (const auto& [client_id, pending] : pending_) {
    if (pending.arrived >= 0 && pending.arrived > connected_ &&
        now - pending.arrived > 5 * kSecond) {
      return world_.judge.fail(4, name_ + ": " + client_id + " was heard, but not answered");
    }
  }
  const Truth* truth = world_.judge.find(conversation_);
  if (truth == nullptr || now - connected_ < 12 * kSecond) return;
  for (auto it = truth->visible.rbegin(); it != truth->visible.rend(); ++it) {
    const auto& [seq, at] = *it;
    if (now - at < 10 * kSecond) continue;
    if (at < connected_ - kMinute && seen_.contains(seq)) break;
    if (!seen_.contains(seq) && !truth->unseen_by_sender.contains(seq)) {
      return world_.judge.fail(14, name_ + ": never got event " + std::to_string(seq) + " of " +
                                       conversation_.substr(0, 6));
    }
  }
}

void Visitor::conclude() {
  if (!pending_.empty()) {
    return world_.judge.fail(4, name_ + ": " + pending_.begin()->first + " was never answered");
  }
  const Truth* truth = world_.judge.find(conversation_);
  if (truth == nullptr) return;
  for (const auto& [seq, at] : truth->visible) {
    if (!seen_.contains(seq) && !truth->unseen_by_sender.contains(seq)) {
      return world_.judge.fail(14, name_ + ": never got event " + std::to_string(seq));
    }
  }
}

}  // namespace wasl::simulation
